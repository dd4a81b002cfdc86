"""Processes on machines whose clocks differ: leases, rests and looks go by the database's time, and nothing is sent
twice."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import datetime, timedelta

import pytest

from bot.clock import ElapsedTime, FixedCalendar, SystemCalendar
from bot.domain.outbox import State
from bot.domain.record import Record
from schedules.scheduler import Heartbeat
from tests.clocks import MovedClock
from tests.examples import part
from tests.schedules.stage import Stage, opened
from tests.services.stage import when_free

pytestmark = pytest.mark.postgres


@pytest.fixture
async def apart(postgres_live_url: str, sample: Record) -> AsyncIterator[Stage]:
    """The stage on PostgreSQL: one process is two minutes behind, and a second one two minutes ahead."""
    async with opened(postgres_live_url, sample) as stage:
        stage.processes.insert(
            0, stage.process("behind", MovedClock(-120), lease=20.0, looks=(10.0, 20.0, 30.0), retry=10.0)
        )
        stage.process("ahead", MovedClock(120), lease=20.0, looks=(10.0, 20.0, 30.0), retry=10.0)
        yield stage


async def test_nobody_ends_a_lease_by_another_clock(apart: Stage) -> None:
    behind, ahead = apart.main.services, apart.processes[-1].services
    apart.set("11-23 09:00")
    await behind.rhythm.plan()
    (claimed, *_) = await behind.deliveries.claim()
    assert await ahead.unclear_posts.expire_leases() == 0
    assert await behind.deliveries.may_post(claimed.id, claimed.attempt)
    assert await ahead.unclear_posts.expire_leases() == 0
    assert not await ahead.deliveries.claim()


async def test_nobody_looks_or_tries_again_before_its_time(apart: Stage) -> None:
    behind, ahead = apart.main.services, apart.processes[-1].services
    apart.set("11-23 09:00")
    await behind.rhythm.plan()
    first, second, *_ = await behind.deliveries.claim()
    await behind.deliveries.unclear(first.id, first.attempt, "Slack did not answer")
    await behind.deliveries.later(second.id, second.attempt, "Slack asks to wait", 10.0)
    assert not await ahead.unclear_posts.due(), "the first look is in ten seconds for everybody"
    assert not await ahead.deliveries.claim(), "and so is the next try"
    await apart.hurry()
    assert [one.id for one in await ahead.unclear_posts.due()] == [first.id]
    assert [one.id for one in await ahead.deliveries.claim()] == [second.id]


async def test_clocks_two_minutes_apart_and_a_slow_slack_double_nothing(apart: Stage) -> None:
    apart.set("11-23 09:00")
    await apart.main.services.rhythm.plan()
    apart.sandbox.faults.add("chat.postMessage", "delay", times=20, seconds=0.3)
    sending = asyncio.create_task(apart.main.dispatcher.run())
    while not sending.done():
        await when_free(apart.processes[-1].round)
        await asyncio.sleep(0.02)
    await sending
    assert len(apart.posts) >= 3
    assert not apart.doubled
    assert not [row for row in await apart.rows("prompts") if row.state == State.AMBIGUOUS]


MOMENTS = part(
    ("11-23 09:01", "11-24 10:01", "11-24 16:01", "11-25 08:01"),
    ("11-23 08:00", "11-23 08:01", "11-23 09:01", "11-24 09:01", "11-24 10:01", "11-24 16:01", "11-25 08:01"),
)


class Machine(SystemCalendar):
    """A calendar that is off by so many seconds from that of the stage, which is Slack's."""

    def __init__(self, right: FixedCalendar, seconds: float) -> None:
        super().__init__()
        self._right, self._off = right, timedelta(seconds=seconds)

    def now(self) -> datetime:
        return self._right.now() + self._off - self.ahead


@pytest.mark.in_part
async def test_calendars_that_differ_by_less_than_a_minute_do_no_harm(postgres_live_url: str, sample: Record) -> None:
    """Beyond that a process keeps still; until then it plans and sends by its own calendar."""
    async with opened(postgres_live_url, sample) as stage:
        right, heartbeats = stage.calendar, []
        for seconds in (-59, 59):
            elapsed: ElapsedTime = MovedClock(seconds)
            stage.calendar = Machine(right, seconds)  # type: ignore[assignment]
            process = stage.process(f"off by {seconds}", elapsed)
            process.gateway._elapsed = elapsed
            assert await process.gateway.ask_time()
            heartbeats.append(Heartbeat(process.services, process.workspaces, elapsed))
        stage.calendar = right
        # For one of them a check-in is due before it is for the other, and closed before it.
        for moment in MOMENTS:
            stage.set(moment)
            await asyncio.gather(*(when_free(heartbeat.settle) for heartbeat in heartbeats))
        due = [row for row in await stage.rows() if row.due_at <= right.now() and row.state != State.DROPPED]
        assert len(due) >= 10
        assert {row.state for row in due} == {State.SENT}, [
            (row.kind, row.due_at, row.reason) for row in due if row.state != State.SENT
        ]
        assert not stage.doubled
        assert len({(row.kind, row.member_id, row.channel, row.part_no, row.due_at) for row in due}) == len(due)
