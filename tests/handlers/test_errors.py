"""What goes wrong inside is told with a reference, and the log says where but never what people wrote."""

from __future__ import annotations

import asyncio
import sqlite3
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, closing
from pathlib import Path
from typing import Any

import pytest
import structlog

from bot.errors import UserError
from bot.services import Services
from bot.services.checkins import Checkins
from tests.handlers.stage import BLOCKER, SAID, Stage, words

pytestmark = pytest.mark.at_once


async def _raise(*_: Any, **__: Any) -> Any:
    raise RuntimeError("a secret that people wrote")


async def test_unexpected_error_of_a_form_keeps_it_and_names_a_reference(
    live: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    yolanda = live.person("yolanda")
    await yolanda.press(yolanda.dm()[0], "Answer")
    form = await yolanda.sees_modal("Weekly priority update")
    await yolanda.fill({**SAID, BLOCKER: "Pay."})
    monkeypatch.setattr(Checkins, "submit", _raise)
    with structlog.testing.capture_logs() as logs:
        assert await yolanda.submit() is None
    said = words(yolanda.modal)
    (entry,) = [line for line in logs if line["event"] == "handler_failed"]
    assert f"Something went wrong (ref {entry['ref']}). Your text is kept." in said
    assert "secret" not in str(entry)
    assert entry["error"] == "RuntimeError"
    await yolanda.close()
    assert yolanda.modal is not None
    assert yolanda.modal.id == form.id
    monkeypatch.undo()
    assert await yolanda.submit() is None


async def test_error_of_a_field_stands_under_it(live: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    async def refuse(*_: Any, **__: Any) -> Any:
        raise UserError("Shorten this.", field="moved")

    yolanda = live.person("yolanda")
    await yolanda.press(yolanda.dm()[0], "Answer")
    await yolanda.sees_modal("Weekly priority update")
    await yolanda.fill({**SAID, BLOCKER: "Pay."})
    monkeypatch.setattr(Checkins, "submit", refuse)
    assert await yolanda.submit() == {"question:moved": "Shorten this."}


async def test_unexpected_error_of_a_button_is_told_only_to_the_person(
    live: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    tom = live.person("tom")
    monkeypatch.setattr(Checkins, "repeat_last", _raise)
    with structlog.testing.capture_logs():
        await tom.press(tom.dm()[0], "No change since Nov 17")
        await tom.until(lambda: tom.ephemerals)
    assert "Something went wrong (ref " in words(tom.ephemerals[-1])


async def test_an_answer_that_finds_its_address_gone_comes_as_a_direct_message(
    live: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    tom = live.person("tom")
    before = len(tom.dm())
    monkeypatch.setattr(Checkins, "repeat_last", _raise)
    live.sandbox.settings.response_url_seconds = 0.0
    with structlog.testing.capture_logs() as logs:
        await tom.press(tom.dm()[0], "No change since Nov 17")
        await tom.until(lambda: len(tom.dm()) > before)
    assert "Something went wrong (ref " in words(tom.dm()[-1])
    [line] = [one for one in logs if one["event"] == "answer_not_taken"]
    assert line["status"] == 404


async def test_an_answer_that_slack_asks_to_wait_with_comes_then(live: Stage) -> None:
    tom = live.person("tom")
    live.sandbox.faults.add("chat.postMessage", "rate_limited", seconds=1)
    with structlog.testing.capture_logs() as logs:
        await tom.says("menu")
        messages = await tom.hears(2, timeout=10)
    assert "Hi Tom." in words(messages[-1])
    assert "handler_failed" not in {line["event"] for line in logs}


async def test_a_failure_after_the_answer_is_stored_is_not_told_as_one(live: Stage) -> None:
    """Home can't be shown, but the answer is in: the form closes as if nothing had happened."""
    yolanda = live.person("yolanda")
    await yolanda.press(yolanda.dm()[0], "Answer")
    await yolanda.sees_modal("Weekly priority update")
    await yolanda.fill({**SAID, BLOCKER: "Pay."})
    live.sandbox.faults.add("views.publish", "internal_error")
    assert await yolanda.submit() is None
    assert yolanda.modal is None
    await live.settle()
    assert "*In the way:* Pay." in words(yolanda.dm()[0])


async def test_an_event_that_cannot_be_taken_down_comes_again(live: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    """No row, no acknowledgement: Slack sends it again, and then it is done."""
    inbox = type(live.services.inbox)
    first_time = inbox.first_time
    failures = [1]

    async def fail_once(self: Any, event_id: str, *words: Any) -> bool:
        if failures:
            failures.pop()
            raise RuntimeError("the disk is full")
        return await first_time(self, event_id, *words)

    monkeypatch.setattr(inbox, "first_time", fail_once)
    live.sandbox.settings.retry_delays = (0.0, 0.0, 0.0)
    live.sandbox.settings.ack_seconds = 0.5
    tom = live.person("tom")
    await tom.says("menu")
    messages = await tom.hears(2, timeout=10)
    assert "Hi Tom." in words(messages[-1])


async def test_ids_of_events_are_forgotten_after_a_day(services: Services) -> None:
    assert await services.inbox.first_time("Ev1")
    assert not await services.inbox.first_time("Ev1")
    await services.inbox.forget_old()
    assert not await services.inbox.first_time("Ev1")
    moment = services.calendar.now()
    services.calendar.set(moment.replace(day=25))  # type: ignore[attr-defined]
    await services.inbox.forget_old()
    assert await services.inbox.first_time("Ev1")


async def test_home_says_that_something_went_wrong(live: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(type(live.services.home), "page", _raise)
    tom = live.person("tom")
    with structlog.testing.capture_logs():
        await tom.open_home()
        await tom.until(lambda: "Something went wrong (ref " in words(tom.home()))


@asynccontextmanager
async def written_elsewhere(stage: Stage) -> AsyncIterator[None]:
    """Another program holds the database all the time."""
    file = stage.services.database.url.database or ""
    holder = sqlite3.connect(file, isolation_level=None, check_same_thread=False)
    # What is being written is let to its end meanwhile.
    await asyncio.to_thread(holder.execute, "BEGIN IMMEDIATE")
    try:
        yield
    finally:
        holder.close()


async def test_a_database_that_somebody_else_holds_reads_as_busy_before_slack_gives_up(live: Stage) -> None:
    yolanda, tom = live.person("yolanda"), live.person("tom")
    await yolanda.press(yolanda.dm()[0], "Answer")
    form = await yolanda.sees_modal("Weekly priority update")
    await yolanda.fill({**SAID, BLOCKER: "Pay."})
    with structlog.testing.capture_logs() as logs:
        async with written_elsewhere(live):
            began = time.monotonic()
            assert await yolanda.submit() is None
            assert time.monotonic() - began < 3
            assert "I'm busy at the moment. Your text is kept. Try again in a minute." in words(yolanda.modal)
            await tom.press(tom.dm()[0], "No change since Nov 17")
            await tom.until(lambda: bool(tom.ephemerals))
            assert words(tom.ephemerals[-1]) == "I'm busy at the moment. Try again in a minute."
    assert "handler_failed" not in {line["event"] for line in logs}
    await yolanda.close()
    assert yolanda.modal is not None
    assert yolanda.modal.id == form.id
    assert await yolanda.submit() is None


def damage(file: Path) -> None:
    """Every page but the first turns to ones, after somebody wrote the last of it: nothing of it is in memory then."""
    with closing(sqlite3.connect(file)) as other:
        other.execute("INSERT INTO settings (name, value) VALUES ('damage', '')")
        other.commit()
        other.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    # In its place: a file that is empty for a moment would be none of a database.
    with file.open("r+b") as written:
        written.seek(4096)
        written.write(b"\xff" * (file.stat().st_size - 4096))


async def test_a_damaged_database_reads_as_that_and_the_log_names_the_mend(live: Stage) -> None:
    yolanda, tom = live.person("yolanda"), live.person("tom")
    await yolanda.press(yolanda.dm()[0], "Answer")
    await yolanda.sees_modal("Weekly priority update")
    await yolanda.fill({**SAID, BLOCKER: "Pay."})
    with structlog.testing.capture_logs() as logs:
        # What is being written is let to its end meanwhile.
        await asyncio.to_thread(damage, Path(live.services.database.url.database or ""))
        assert await yolanda.submit() is None
        assert "My database is damaged, so I can't do that. Whoever runs me finds in my log" in words(yolanda.modal)
        await tom.press(tom.dm()[0], "No change since Nov 17")
        await tom.until(lambda: bool(tom.ephemerals))
        assert "My database is damaged" in words(tom.ephemerals[-1])
    assert "handler_failed" not in {line["event"] for line in logs}
    assert any("backbeat restore FILE --replace" in str(line) for line in logs)
