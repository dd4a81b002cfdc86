"""A machine's clock that is wrong: nothing new is planned or sent by it, coordinators hear why, and once it is right it
goes on. What it planned too far ahead is mended, and nothing comes twice by that."""

from __future__ import annotations

import socket
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import pytest
from structlog.testing import capture_logs

from bot.clock import FixedCalendar, SystemCalendar, SystemElapsedTime
from bot.doctor import _coalition
from bot.slack.blocks.home import home_view
from schedules.canvases import CanvasKeeper
from schedules.scheduler import Heartbeat, Ticks
from schedules.series import SeriesWatch
from tests.examples import one_in
from tests.schedules.stage import Process, Stage, until
from tests.schedules.test_canvases import channel_of
from tests.schedules.test_recovery import leave_marks_long_ago, the_recovery
from tests.series.publisher import publishing
from tests.slack.readable import dump


async def test_a_clock_that_stood_in_january_silences_nobody_until_january(asked: Stage) -> None:
    assert asked.dm("imani"), "asked"
    asked.calendar.set(datetime.fromisoformat("2027-01-06T12:00:00-06:00"))
    await asked.settle()
    posted = len(asked.posts)
    with capture_logs() as logs:
        await asked.go("11-24 12:00")
    assert [one["event"] for one in logs].count("planned_too_far_ahead") == 1
    assert len(asked.posts) == posted, "what was planned before is not planned again"
    before = len(asked.dm("imani"))
    await asked.go("12-01 10:00")
    assert [message.text for message in asked.dm("imani")[before:]], "the next check-in comes in its week"
    await asked.go("12-04 08:00")
    assert not asked.doubled


class Elapsed(SystemElapsedTime):
    """The elapsed time of a machine whose clock is `off`."""

    off = timedelta()

    def epoch(self) -> float:
        return super().epoch() + self.off.total_seconds()


class Machine(SystemCalendar):
    """Its clock, where it would otherwise show what the stage's does."""

    def __init__(self, right: FixedCalendar, elapsed: Elapsed) -> None:
        super().__init__()
        self._right, self._elapsed = right, elapsed

    def now(self) -> datetime:
        return self._right.now() + self._elapsed.off - self.ahead


@dataclass
class Other:
    """A process on a machine of its own, whose clock a test sets; started anew as often as it likes."""

    stage: Stage
    elapsed: Elapsed = field(default_factory=Elapsed)

    async def start(self, how: Callable[[Process], Mapping[str, Any]] = lambda _process: {}) -> Heartbeat:
        right = self.stage.calendar
        self.stage.calendar = Machine(right, self.elapsed)  # type: ignore[assignment]
        try:
            process = self.stage.process("other")
        finally:
            self.stage.calendar = right
        process.gateway._elapsed = self.elapsed
        assert await process.gateway.ask_time()
        return Heartbeat(process.services, process.workspaces, self.elapsed, **how(process))

    def told(self, who: str) -> list[str]:
        return [message.text for message in self.stage.dm(who) if "The clock of" in message.text]


@pytest.mark.in_part
@pytest.mark.parametrize("off", one_in(2, [timedelta(days=100), timedelta(minutes=2), timedelta(days=-3)]))
async def test_a_wrong_clock_plans_and_sends_nothing_but_what_coordinators_read_of_it(
    unplanned: Stage, off: timedelta
) -> None:
    other = Other(unplanned)
    unplanned.set("11-23 09:00")
    other.elapsed.off = off
    with capture_logs() as logs:
        await (await other.start()).settle()
        await (await other.start()).settle()
    assert {one["event"] for one in logs} >= {"clock_is_wrong"}
    for who in ("omar", "dana", "priya"):
        [told] = other.told(who)
        assert f"The clock of {socket.gethostname()} is off by more than a minute" in told
    assert not unplanned.dm("imani")
    assert not await unplanned.rows("prompts"), "nothing is planned"
    omar = await unplanned.actor("omar")
    page = await unplanned.services.home.page(omar, whole=True)
    assert "The clock of" in dump(home_view(page))
    findings = [
        one.text for one in await _coalition(unplanned.services, await unplanned.services.coalitions.find(None))
    ]
    assert any("so nothing new is planned or sent from there" in one for one in findings)


async def test_what_was_planned_waits_for_a_clock_that_is_right(stage: Stage) -> None:
    other = Other(stage)
    stage.set("11-23 08:40")
    await stage.services.rhythm.plan()
    stage.set("11-23 09:01")
    heartbeat = await other.start()
    other.elapsed.off = timedelta(days=100)
    await heartbeat.settle(limit=0.3)
    assert other.told("omar")
    assert not stage.dm("imani")
    other.elapsed.off = timedelta()
    await heartbeat.settle()
    assert stage.dm("imani")


@pytest.mark.at_once
async def test_no_job_is_done_by_a_wrong_clock_and_each_by_a_right_one(asked: Stage) -> None:
    """There is a post to look for, and what an earlier run may have sent, a canvas to make and a series to look at."""
    channel_of(asked).is_ext_shared = False
    await asked.refresh()
    other, ticked = Other(asked), 0

    async def tick() -> None:
        nonlocal ticked
        ticked += 1

    async with publishing() as publisher:
        omar = await asked.actor("omar")
        said = {"provider": "csv", "address": publisher.says("/placed.csv", "period,share\n2026-H1,48.5\n")}
        said |= {"period_column": "period", "value_column": "share", "looks": "weekly"}
        await asked.services.series_plans.edit(omar, "tp-placed", "tp-placed", {}, said)
        asked.sandbox.faults.add("chat.postMessage", "drop_before_accept")
        asked.set("11-24 09:00")
        await asked.main.services.rhythm.plan()
        await asked.main.dispatcher.run()
        await asked.services.runs.begin(None)
        await leave_marks_long_ago(asked.url)
        await asked.services.runs.begin(None)
        asked.set("11-24 09:01")

        def everything(process: Process) -> Mapping[str, Any]:
            return {
                "ticks": Ticks(plan=600, dispatch=600, reconcile=0.02, canvases=0.02, housekeeping=0.02),
                "housekeeping": tick,
                "canvases": CanvasKeeper(process.services, process.workspaces),
                "series": SeriesWatch(process.services, publisher.reader(), pause=0),
            }

        async def done() -> Mapping[str, bool]:
            return {
                "looked": bool(asked.calls("conversations.history")),
                "recovered": (await the_recovery(asked)).ended_at is not None,
                "canvas": bool(asked.sandbox.workspace.canvases),
                "series": bool(publisher.asked),
            }

        heartbeat = await other.start(everything)
        other.elapsed.off = timedelta(days=100)
        heartbeat.start()
        try:
            await asked.sandbox.until(lambda: ticked > 5 and bool(other.told("omar")))
            assert not any((found := await done()).values()), found
            other.elapsed.off = timedelta()

            async def all_done() -> bool:
                return all((await done()).values())

            await until(all_done)
        finally:
            await heartbeat.stop()


async def test_it_goes_on_by_itself_when_the_clock_is_right_again(unplanned: Stage) -> None:
    other = Other(unplanned)
    unplanned.set("11-23 09:00")
    heartbeat = await other.start()
    other.elapsed.off = timedelta(days=100)
    await heartbeat.settle()
    assert not unplanned.dm("imani"), "one that leaps while it runs is noticed at once"
    other.elapsed.off = timedelta()
    await heartbeat.settle()
    assert unplanned.dm("imani"), "asked in time"
    [told] = other.told("omar")
    assert "is right again" in told
    page = await unplanned.services.home.page(await unplanned.actor("omar"), whole=True)
    assert "The clock of" not in dump(home_view(page))


async def test_a_machine_that_is_gone_is_wrong_no_more(stage: Stage) -> None:
    async def is_said() -> bool:
        page = await stage.services.home.page(await stage.actor("omar"), whole=True)
        findings = await _coalition(stage.services, await stage.services.coalitions.find(None))
        in_home = "The clock of" in dump(home_view(page))
        assert any("The clock of" in one.text for one in findings) is in_home
        return in_home

    other = Other(stage)
    stage.set("11-23 09:00")
    other.elapsed.off = timedelta(days=100)
    heartbeat = await other.start()
    await heartbeat.settle()
    assert await is_said()
    for minutes in (10, 20, 30):
        stage.set(f"11-23 09:{minutes}")
        # So much later that it says so again.
        heartbeat.clock._said_at = float("-inf")
        await heartbeat.settle()
        assert await is_said(), "it looks still"
    stage.set("11-23 09:44")
    assert await is_said()
    stage.set("11-23 09:46")
    assert not await is_said(), "nobody has looked from there for a quarter of an hour"
    assert len(other.told("omar")) == 1


async def test_others_go_on_while_one_clock_is_wrong(stage: Stage) -> None:
    other = Other(stage)
    stage.set("11-23 09:00")
    other.elapsed.off = timedelta(days=100)
    await (await other.start()).settle()
    await stage.settle()
    assert stage.dm("imani")
    assert not stage.doubled


async def test_a_machine_that_slept_asks_slack_and_goes_on(stage: Stage) -> None:
    other = Other(stage)
    stage.set("11-23 09:00")
    heartbeat = await other.start()
    gateway = stage.processes[-1].gateway
    # Elapsed time stood still for eight hours: what Slack said before is as far behind.
    gateway._slack_zero = (gateway._slack_zero or 0.0) - 8 * 3600
    assert gateway.slack_ahead < -7 * 3600
    await heartbeat.settle()
    assert stage.dm("imani")
    assert not other.told("omar")
