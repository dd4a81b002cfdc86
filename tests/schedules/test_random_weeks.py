"""Weeks at random: faults, kills, pauses, answers, leaps in any order. Each message once at most, none lost unsaid."""

from __future__ import annotations

import asyncio
import shutil
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.domain.outbox import State
from bot.domain.record import Record
from bot.errors import UserError
from tests.examples import examples
from tests.schedules.stage import Stage, key_of, opened
from tests.schedules.test_claims import answer

MOMENTS = (
    "11-23 07:40",
    "11-23 08:00",
    "11-23 08:40",
    "11-23 09:00",
    "11-23 21:00",
    "11-24 06:00",
    "11-24 07:00",
    "11-24 10:00",
    "11-24 15:00",
    "11-25 07:20",
    "11-25 07:30",
)
LAST = "11-25 12:00"
KINDS = ("drop_before_accept", "drop_after_accept", "error_500", "error_500_after_accept", "internal_error")
METHODS = ("chat.postMessage", "chat.postMessage", "chat.update", "users.info", "conversations.open", "*")
OWNERS = (("yolanda", "talent-pathways"), ("grant", "supplier-growth"), ("imani", "family-access"))

leaps = st.tuples(st.just("go"), st.integers(1, 3))
faults = st.tuples(st.just("fault"), st.sampled_from(METHODS), st.sampled_from(KINDS), st.integers(1, 4))
limits = st.tuples(st.just("limit"), st.sampled_from(METHODS[:3]))
kills = st.tuples(
    st.just("kill"), st.sampled_from(["claim", "may_post", "sent", "keep_dm", "not_found", "found"]), st.booleans()
)
answers = st.tuples(st.just("answer"), st.sampled_from(OWNERS), st.integers(1, 3))
others = st.sampled_from([("pause",), ("resume",), ("refresh",), ("settle",), ("expire",), ("archive",)])
weeks = st.lists(st.one_of(leaps, leaps, faults, limits, kills, answers, others), min_size=3, max_size=14)


class Killed(BaseException):
    """The end of a process, which nothing catches."""


class Week:
    """One week on a stage, step by step."""

    def __init__(self, stage: Stage) -> None:
        self._stage = stage
        self._next = 0

    async def step(self, name: str, *what: Any) -> None:
        """Takes one step. A process that dies in it is followed by another one."""
        stage = self._stage
        try:
            match name, what:
                case "go", (count,):
                    self._next = min(self._next + count, len(MOMENTS) - 1)
                    await stage.go_to_rest(MOMENTS[self._next])
                case "fault", (method, kind, times):
                    stage.sandbox.faults.add(method, kind, times=times)
                case "limit", (method,):
                    stage.sandbox.faults.add(method, "rate_limited", seconds=60)
                case "kill", (step, after):
                    self._kill_at(step, after)
                case "answer", ((member, priority), confidence):
                    await self._answer(member, priority, confidence)
                case "pause", ():
                    await stage.services.coalitions.pause(stage.operator)
                case "resume", ():
                    await stage.services.coalitions.resume(stage.operator)
                case "refresh", ():
                    stage.sandbox.faults.clear()
                    await stage.refresh()
                case "settle", ():
                    await stage.hurry()
                    await stage.main.round()
                case "expire", ():
                    await stage.expire()
                    await stage.main.round()
                case "archive", ():
                    channel = stage.sandbox.workspace.channel_called("lb-suppliers")
                    assert channel is not None
                    channel.is_archived = not channel.is_archived
        except Killed:
            stage.processes.insert(0, stage.process("next"))

    async def finish(self) -> None:
        """Everything is well again, and the week goes to its end."""
        stage = self._stage
        stage.sandbox.faults.clear()
        channel = stage.sandbox.workspace.channel_called("lb-suppliers")
        assert channel is not None
        channel.is_archived = False
        stage.processes.insert(0, stage.process("last"))
        await stage.services.coalitions.resume(stage.operator)
        await stage.refresh()
        stage.set(LAST)
        for _ in range(3):
            await stage.expire()
            await stage.hurry()
            await stage.settle()

    def _kill_at(self, name: str, after: bool) -> None:
        services = self._stage.services
        part = services.unclear_posts if name in {"not_found", "found"} else services.deliveries
        step = getattr(part, name)

        async def dying(*arguments: Any, **more: Any) -> Any:
            setattr(part, name, step)
            if after:
                await step(*arguments, **more)
            raise Killed

        setattr(part, name, dying)

    async def _answer(self, member: str, priority: str, confidence: int) -> None:
        try:
            await answer(self._stage, member, priority, form=f"view-{self._next}-{confidence}", moved=f"{confidence}")
        except (UserError, AssertionError):
            # There is no round to answer yet.
            return

    async def check(self) -> None:
        """The promise: once, or the reason why not."""
        stage = self._stage
        arrived = Counter(key_of(post) for post in stage.posts)
        assert not [key for key, count in arrived.items() if count > 1]
        rows = {row.key: row for row in await stage.rows()}
        for row in rows.values():
            if row.state == State.SENT:
                assert arrived[row.key] == 1, row.reason
            elif row.due_at <= stage.calendar.now():
                assert row.state in {State.MISSED, State.DROPPED, State.FAILED}, (row.kind, row.state, row.reason)
                assert row.reason
                assert arrived[row.key] == 0, (row.kind, row.state, row.reason)
        assert set(arrived) <= set(rows)
        await self._check_digest(rows)

    async def _check_digest(self, rows: dict[str, Any]) -> None:
        stage = self._stage
        roll_up = await stage.one("digest_roll_up")
        assert roll_up.state == State.SENT
        channel = stage.sandbox.workspace.channel_called("lb-steering")
        assert channel is not None
        assert [message.ts for message in channel.top_level()] == [roll_up.ts]
        parts = sorted((row for row in rows.values() if row.kind == "digest_reply"), key=lambda row: row.part_no)
        assert [reply.ts for reply in channel.replies(roll_up.ts or "")] == [part.ts for part in parts]
        assert len(parts) == 5


# A failing week is shown with the record beside it, which is long.
@pytest.mark.filterwarnings("ignore:Generating overly large repr")
@given(weeks)
@settings(max_examples=examples(3), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whatever_happens_each_message_is_sent_once_or_it_is_said_why_not(
    live_template: Path, sample: Record, week: list[tuple[Any, ...]]
) -> None:
    path = live_template.with_name("week.db")
    for leftover in path.parent.glob("week.db*"):
        leftover.unlink()
    shutil.copy(live_template, path)

    async def play() -> None:
        async with opened(f"sqlite:///{path}", sample) as stage:
            played = Week(stage)
            for step in week:
                await played.step(*step)
            await played.finish()
            await played.check()

    asyncio.run(play())
