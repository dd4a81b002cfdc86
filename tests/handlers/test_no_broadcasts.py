"""Nobody's words call a whole channel: with “<!channel>” in every text of a coalition nothing that is sent holds it.

Every line that can be typed is typed, and a week's messages go out; what went over the wire is then read through. A
link beside it shows that people's words are escaped, not only the call taken out of them.
"""

from __future__ import annotations

import asyncio
import re
import shutil
from collections.abc import AsyncIterator, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from bot.clock import FixedCalendar, SystemElapsedTime
from bot.domain.record import Record
from bot.services import Services
from bot.slack.blocks.charts import Chart
from bot.slack.mrkdwn import disarm
from bot.store.database import Database, database_url
from tests.conftest import MONDAY_SEVEN
from tests.examples import is_whole, one_in
from tests.handlers.commands.rows import play
from tests.handlers.conftest import UNHURRIED, opened
from tests.handlers.stage import BLOCKER, SAID, Stage, Still, stage_of
from tests.handlers.test_every_command import ROWS
from tests.marked import marked
from tests.services.stage import rest_meetings

LINK = "<https://elsewhere.example|here>"
CALL = f"<!channel> {LINK}"
_CALLS = re.compile(r"<!(?!date\^-?\d+\^)")
# Of the golden paths the suite types a part, and none that rehearses the week ahead, which takes a second.
LINES_ONE_IN = 5
REHEARSING = {"week", "setup", "pause"}
PLAIN = {"alt_text", "alt_txt", "accessibility_label", "files", "caption", "raw_text"}


@pytest.fixture(scope="session")
def loud_monday(sqlite_template: Path, sample: Record, _no_proxy: None) -> tuple[Path, Still, Record]:
    """The database and Slack of that Monday, come to once."""
    record = marked(sample, CALL)
    path = sqlite_template.with_name("loud_monday.db")
    shutil.copy(sqlite_template, path)

    async def come_there() -> Still:
        calendar = FixedCalendar(MONDAY_SEVEN)
        database = Database(database_url(f"sqlite:///{path}"))
        services = Services(database, calendar, SystemElapsedTime(), owner="test", timing=UNHURRIED)
        await services.coalitions.import_record(record)
        async with stage_of(services, calendar, record) as running:
            await running.go_live(meetings=True)
            await running.go("11-23 09:00")
            await running.edge.drain()
            # What went over the wire until then is no longer there for those who begin here.
            assert calls(running) == set()
            still = Still.of(running)
        await database.close()
        return still

    return path, asyncio.run(come_there()), record


@pytest.fixture
async def loud(
    loud_monday: tuple[Path, Still, Record], tmp_path: Path, calendar: FixedCalendar
) -> AsyncIterator[Stage]:
    """Monday, 9:00 AM, in a coalition where every word calls everybody."""
    path, still, record = loud_monday
    copy = tmp_path / "loud.db"
    shutil.copy(path, copy)
    async with opened(f"sqlite:///{copy}", calendar, record, still, path) as running:
        yield running


def calls(stage: Stage) -> set[str]:
    """Where a call went out, or a link that somebody wrote."""
    found = set()
    for entry in stage.sandbox.wire.after():
        # What the bot called Slack with, and what it answered to what Slack brought.
        said = entry["request"] if entry["direction"] == "in" else entry["response"]
        for where, text in texts(said):
            is_plain = where.rpartition(".")[2] in PLAIN
            if _CALLS.search(text) or (LINK in text and not is_plain):
                found.add(f"{entry['name']} {where}: {text[:200]}")
    return found


def texts(value: Any, where: str = "") -> Iterator[tuple[str, str]]:
    """Every text that is shown but those in which Slack reads no marks."""
    if isinstance(value, dict):
        if value.get("type") == "plain_text":
            return
        if value.get("type") == "raw_text":
            # A table's cell: no marks are read in it, and still nothing of it may call anybody.
            yield f"{where}.raw_text", str(value.get("text"))
            return
        for name, one in value.items():
            if name not in {"value", "private_metadata", "state", "metadata", "initial_value"}:
                yield from texts(one, f"{where}.{name}")
    elif isinstance(value, list):
        for one in value:
            yield from texts(one, where)
    elif isinstance(value, str):
        yield where, value


async def _draw(_chart: Chart) -> bytes:
    return b"a picture"


async def test_a_weeks_messages_call_nobody(loud: Stage) -> None:
    loud.show_pictures(_draw)
    imani = loud.person("imani")
    [asked] = [one for one in imani.dm() if one.from_bot]
    await imani.press(asked, "Answer")
    await imani.until(lambda: imani.modal is not None and "Opening" not in str(imani.modal.body))
    said = {**SAID, BLOCKER: "Rent."}
    await imani.fill({_labelled(name): f"{text} {CALL}" if " " in text else text for name, text in said.items()})
    await imani.submit()
    for moment in ("11-24 07:00", "11-24 10:00", "11-24 15:05", "11-24 16:05", "11-25 07:31"):
        await loud.go(moment)
    # What came on Monday doesn't come again, but the agenda of a week later, and who is asked about a decision.
    await rest_meetings(loud.services, loud.bot.coalition_id, "checkin", "reminder", "digest")
    await loud.resume_meetings()
    await loud.go("12-02 14:00")
    assert {post.channel for post in loud.sandbox.record.posts} & {
        one.id for one in loud.sandbox.workspace.channels.values() if one.name == "lb-steering"
    }
    assert len(loud.sandbox.record.posts) > 30
    assert loud.calls("files.getUploadURLExternal")
    assert calls(loud) == set()


def _labelled(name: str) -> str:
    return f"{name} {disarm(CALL)}" if " " in name else name


@pytest.mark.in_part
@pytest.mark.parametrize("noun", ROWS)
async def test_no_line_calls_anybody(loud: Stage, noun: str) -> None:
    golden = [row for row in ROWS[noun] if row.is_golden and (row.line not in REHEARSING or is_whole())]
    rows = one_in(LINES_ONE_IN, golden)
    await play(loud, noun, [replace(row, press="", then="") for row in rows])
    await loud.edge.drain()
    assert calls(loud) == set()


# Where words leave for Slack: each takes a message or a view whole, or plain words that it escapes.
SENDING = {
    "bot/slack/gateway.py": {"chat_postEphemeral", "chat_postMessage", "chat_update"},
    "bot/slack/files.py": {"files_upload_v2"},
    "bot/slack/pictures.py": {"files_completeUploadExternal", "files_getUploadURLExternal"},
    "handlers/context.py": {"chat_postEphemeral", "chat_postMessage"},
}
_SENDS = re.compile(r"client\.(chat_(?!getPermalink)\w+|files_(?!info)\w+)")


def test_words_leave_at_few_places() -> None:
    root = Path(__file__).parents[2]
    found: dict[str, set[str]] = {}
    for folder in ("bot", "handlers", "schedules"):
        for path in (root / folder).rglob("*.py"):
            names = set(_SENDS.findall(path.read_text(encoding="utf-8")))
            if names and "sandbox" not in path.parts:
                found[str(path.relative_to(root))] = names
    assert found == SENDING
