"""Words to the bot outlive the process that heard them: answered once it is started anew, by whoever is there, once."""

from __future__ import annotations

from typing import Any

import pytest
import structlog
from sqlalchemy import select, update

from bot.clock import SystemElapsedTime
from bot.sandbox.workspace import Message
from bot.services import Services
from bot.services.sending import Timing, Words
from bot.services.sending.inbox import OWED_FOR, TRIES
from bot.store.people import OwedWordsRow
from handlers.owed_words import OwedWords
from tests.handlers.stage import Stage, restarted, words
from tests.schedules.stage import until


async def owed(services: Services) -> list[OwedWordsRow]:
    async with services.database.read() as session:
        return list(await session.scalars(select(OwedWordsRow)))


def heard(stage: Stage) -> list[Message]:
    """What the bot has said to Tom."""
    return [message for message in stage.person("tom").dm() if message.from_bot]


async def forgotten(stage: Stage) -> None:
    """Returns once nothing is kept any more."""

    async def is_so() -> bool:
        return not await owed(stage.services)

    await until(is_so)


async def _asked_in_vain(stage: Stage) -> bool:
    return bool(stage.calls("conversations.history")) and not stage.edge.words_under_way


async def deaf(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    """From now on the process hears and writes down, and dies before it answers."""

    async def die(*_: Any) -> None:
        return

    monkeypatch.setattr("handlers.answer_words", die)


def late(stage: Stage) -> OwedWords:
    return OwedWords(stage.bolt, stage.edge, stage.bot.workspaces)


async def said_in_vain(stage: Stage, monkeypatch: pytest.MonkeyPatch, text: str, channel: str | None = None) -> None:
    with monkeypatch.context() as while_it_dies:
        await deaf(stage, while_it_dies)
        await stage.person("tom").says(text, *([channel] if channel else []))
        await stage.sandbox.settled()


async def test_words_in_a_direct_message_are_answered_after_the_restart(
    live: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    await said_in_vain(live, monkeypatch, "menu")
    assert len(heard(live)) == 1, "nothing yet but his check-in"
    [kept] = await owed(live.services)
    assert set(kept.body["event"]) <= {"type", "channel", "channel_type", "user", "team", "user_team", "text", "ts"}
    with structlog.testing.capture_logs() as logs:
        async with restarted(live) as another:
            assert await late(another).run() == 1
            answer = (await another.person("tom").hears(2))[-1]
            assert "Hi Tom." in words(answer)
            await forgotten(another)
            assert await late(another).run() == 0
    assert len(heard(live)) == 2
    assert "menu" not in str(logs)


async def test_a_mention_is_answered_after_the_restart(live: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    await said_in_vain(live, monkeypatch, f"<@{live.sandbox.bot_user_id}> menu", "lb-steering")
    tom = live.person("tom")
    assert not tom.ephemerals
    async with restarted(live) as another:
        assert await late(another).run() == 1
        await tom.until(lambda: tom.ephemerals)
        assert "Hi Tom." in words(tom.ephemerals[-1])
        await forgotten(another)


async def test_an_answer_that_had_gone_out_is_not_given_twice(live: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    """The process died after Slack had taken the answer, before it could forget the words."""
    forget = type(live.services.inbox).answered

    async def die(*_: Any) -> None:
        return

    monkeypatch.setattr(type(live.services.inbox), "answered", die)
    tom = live.person("tom")
    await tom.says("menu")
    await tom.hears(2)
    await live.sandbox.settled()
    assert len(await owed(live.services)) == 1
    monkeypatch.setattr(type(live.services.inbox), "answered", forget)
    async with restarted(live) as another:
        assert await late(another).run() == 1
        await forgotten(another)
    assert len(heard(live)) == 2


async def test_while_slack_cannot_be_asked_the_answer_waits(live: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    await said_in_vain(live, monkeypatch, "menu")
    async with restarted(live) as another:
        another.sandbox.faults.add("conversations.history", "error_500", times=1)
        assert await late(another).run() == 1
        await until(lambda: _asked_in_vain(another))
        assert len(heard(another)) == 1
        assert await late(another).run() == 0, "its own for now"
        await _end_leases(another.services)
        assert await late(another).run() == 1
        await another.person("tom").hears(2)


async def _end_leases(services: Services) -> None:
    async with services.database.write() as session:
        await session.execute(update(OwedWordsRow).values(lease_until=0.0))


async def test_what_is_answered_in_the_ordinary_way_leaves_nothing(live: Stage) -> None:
    tom = live.person("tom")
    for said in ("menu", "no such thing at all", "thanks"):
        before = len(heard(live))
        await tom.says(said)
        await tom.hears(before + 1)
    await forgotten(live)


WORDS = Words(event_id="Ev1", team_id="T1", body={"event_id": "Ev1", "event": {"text": "menu"}})


class Later(SystemElapsedTime):
    """Some seconds later."""

    ahead = 0.0

    def epoch(self) -> float:
        return super().epoch() + self.ahead


async def test_nobody_answers_after_an_hour(services: Services) -> None:
    services.database.elapsed = elapsed = Later()
    assert await services.inbox.first_time("Ev1", WORDS)
    elapsed.ahead = OWED_FOR + 1
    assert await services.inbox.take_owed(["T1"]) == ()
    assert not await owed(services)


async def test_words_that_end_every_process_are_given_up(services: Services) -> None:
    assert await services.inbox.first_time("Ev1", WORDS)
    for _ in range(TRIES - 1):
        await _end_leases(services)
        assert [one.body for one in await services.inbox.take_owed(["T1"])] == [WORDS.body]
    await _end_leases(services)
    assert await services.inbox.take_owed(["T1"]) == ()
    assert not await owed(services)


async def test_only_its_own_workspace_is_answered(services: Services) -> None:
    assert await services.inbox.first_time("Ev1", WORDS)
    await _end_leases(services)
    assert await services.inbox.take_owed(["T2"]) == ()
    assert len(await owed(services)) == 1


@pytest.mark.postgres
async def test_another_process_waits_for_the_end_of_the_lease(any_services: Services) -> None:
    """Where there may be several. On SQLite a process that is not this one has ended."""
    other = Services(any_services.database, any_services.calendar, SystemElapsedTime(), owner="other", timing=Timing())
    assert await other.inbox.first_time("Ev1", WORDS)
    taken = await any_services.inbox.take_owed(["T1"])
    if any_services.database.is_sqlite:
        assert taken == (WORDS,)
        return
    assert taken == ()
    await _end_leases(any_services)
    await other.inbox.keep_answering({"Ev1"})
    assert await any_services.inbox.take_owed(["T1"]) == ()
    await _end_leases(any_services)
    assert await any_services.inbox.take_owed(["T1"]) == (WORDS,)
    assert await other.inbox.take_owed(["T1"]) == ()
