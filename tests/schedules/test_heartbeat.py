"""The heartbeat: it settles what is due, survives what goes wrong in a job, ends with its posts finished."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import date
from typing import Any

import pytest

from bot.domain.decisions import NewDecision
from bot.domain.outbox import State
from bot.services.access import operator
from schedules.scheduler import Heartbeat, Ticks
from schedules.watchdog import Watchdog
from tests.examples import part
from tests.schedules.conftest import Opener
from tests.schedules.stage import IMPATIENT, Stage, at, until

pytestmark = pytest.mark.at_once


FAST = Ticks(plan=0.05, dispatch=0.05, reconcile=0.05)


@asynccontextmanager
async def beating(stage: Stage, **how: Any) -> AsyncIterator[Heartbeat]:
    """The heartbeat, started; a watchdog that fires fails the test."""
    fired: list[str] = []
    elapsed = stage.main.gateway._elapsed
    watchdog = Watchdog(elapsed, limit=30.0, on_silence=fired.append, interval=0.01)
    heartbeat = stage.heartbeat(**{"ticks": FAST, "watchdog": watchdog} | how)
    heartbeat.start()
    try:
        yield heartbeat
    finally:
        await heartbeat.stop()
    assert not fired


async def test_what_is_due_is_sent_without_being_asked(unplanned: Stage) -> None:
    async with beating(unplanned):
        unplanned.set("11-23 09:00")

        async def all_asked() -> bool:
            return len(unplanned.posts) == 4

        await until(all_asked)


async def test_a_commit_wakes_the_dispatcher_long_before_its_tick(stage: Stage) -> None:
    stage.set("11-23 08:00")
    async with beating(stage, ticks=Ticks(plan=600, dispatch=600, reconcile=600)):

        async def asked() -> bool:
            return bool(stage.posts)

        await until(asked)
        (message,) = stage.dm("imani")
        # The round is closed by hand, as a handler would change something, and the dispatcher is woken.
        stage.set("11-24 15:30")
        stage.services.deliveries.on_change()

        async def closed() -> bool:
            return message.edited is not None

        await until(closed)


async def test_a_new_post_goes_out_with_its_commit(stage: Stage) -> None:
    stage.set("11-23 10:00")
    async with beating(stage, ticks=Ticks(plan=600, dispatch=600, reconcile=600)) as heartbeat:

        async def asked_and_at_rest() -> bool:
            return bool(stage.posts) and not heartbeat._at_work and not heartbeat._wake.is_set()

        await until(asked_and_at_rest)
        before = len(stage.posts)
        new = NewDecision(title="Pay", decider="steering", needed_by=date(2026, 12, 11), options=("Yes", "No"))
        await stage.services.decisions.propose(await stage.actor("omar"), "token", new)

        async def posted() -> bool:
            return len(stage.posts) > before

        await until(posted)


async def test_what_somebody_waits_for_does_not_wait_for_planning(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    stage.set("11-23 08:00")
    async with beating(stage, ticks=Ticks(plan=600, dispatch=600, reconcile=600)) as heartbeat:

        async def asked_and_at_rest() -> bool:
            return bool(stage.posts) and not heartbeat._at_work and not heartbeat._wake.is_set()

        await until(asked_and_at_rest)
        (message,) = stage.dm("imani")
        planned = asyncio.Event()

        async def long_plan() -> int:
            await planned.wait()
            return 0

        monkeypatch.setattr(stage.services.rhythm, "plan", long_plan)
        imani = await stage.actor("imani")
        (mine,) = (await stage.services.checkins.mine(imani)).open
        said = {"assessment": "on_track", "confidence": "7", "moved": "Two are licensed.", "next": "A third."}
        await stage.services.checkins.submit(imani, "form", mine.subject_id, said)

        async def shown() -> bool:
            return "Two are licensed." in str(message.blocks)

        await until(shown)
        planned.set()


@pytest.mark.in_part
@pytest.mark.parametrize("started", part([True], [False, True]))
async def test_settling_does_everything_that_is_due(unplanned: Stage, started: bool) -> None:
    unplanned.sandbox.faults.add("chat.postMessage", "drop_after_accept", times=2)
    unplanned.sandbox.faults.add("chat.postMessage", "error_500", times=2)
    heartbeat = unplanned.heartbeat(ticks=Ticks(plan=600, dispatch=600, reconcile=600))
    if started:
        heartbeat.start()
    try:
        for moment in ("11-23 09:00", "11-25 07:30"):
            unplanned.set(moment)
            await heartbeat.settle()
            assert await unplanned.services.deliveries.is_settled()
            assert await unplanned.services.rhythm.is_settled()
    finally:
        await heartbeat.stop()
    assert len(list(_steering(unplanned).messages)) == 6
    assert not unplanned.doubled


def _steering(stage: Stage) -> Any:
    return stage.sandbox.workspace.channel_called("lb-steering")


async def test_settling_does_not_wait_for_what_a_person_has_to_do(draft: Stage) -> None:
    """Who has no e-mail in Slack is not linked, and the bot was thrown out of a channel."""
    await draft.go_live()
    _steering(draft).members.remove("U0SANDBOT")
    await draft.refresh()
    heartbeat = draft.heartbeat()
    began = time.monotonic()
    for moment in ("11-23 09:00", "11-25 07:30"):
        draft.set(moment)
        await heartbeat.settle(limit=60.0)
    assert time.monotonic() - began < 20
    waiting = [row for row in await draft.rows() if row.state == State.PLANNED and row.due_at <= at("11-25 07:30")]
    assert waiting
    assert all(row.waiting or row.parent_id is not None for row in waiting)


async def test_settling_gives_up_after_its_limit(stage: Stage) -> None:
    stage.sandbox.faults.add("chat.postMessage", "rate_limited", seconds=3600)
    stage.set("11-23 08:00")
    await stage.heartbeat().settle(limit=0.2)
    assert not stage.posts


async def test_rounds_close_and_messages_go_out_though_planning_goes_wrong(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    stage.set("11-23 09:00")
    await stage.services.rhythm.plan()

    async def broken() -> int:
        raise RuntimeError("planning is broken")

    monkeypatch.setattr(stage.services.rhythm, "plan", broken)
    async with beating(stage):

        async def all_asked() -> bool:
            return len(stage.posts) == 4

        await until(all_asked)
        stage.set("11-24 15:30")

        async def shown() -> bool:
            return all(message.edited is not None for message in stage.dm("imani"))

        await until(shown)


@pytest.mark.parametrize(
    ("part", "job"), [("deliveries", "claim"), ("unclear_posts", "expire_leases"), ("rhythm", "plan")]
)
async def test_a_job_that_raises_is_run_again(
    unplanned: Stage, part: str, job: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    owner = getattr(unplanned.services, part)
    body = getattr(owner, job)
    failures = iter(range(100))

    async def at_first(*arguments: Any, **more: Any) -> Any:
        if next(failures) < 3:
            raise RuntimeError("not now")
        return await body(*arguments, **more)

    monkeypatch.setattr(owner, job, at_first)
    unplanned.sandbox.faults.add("chat.postMessage", "drop_after_accept")
    unplanned.set("11-23 08:00")
    async with beating(unplanned):

        async def sent() -> bool:
            return any(row.state == State.SENT for row in await unplanned.rows("prompts", to="imani"))

        await until(sent)
    assert len(unplanned.posts) == 1


async def test_one_coalition_that_cannot_be_planned_is_not_the_others_trouble(
    unplanned: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    plan_one = unplanned.services.rhythm._plan_one
    other = await unplanned.services.coalitions.import_record(await unplanned.record(), as_key="river-forks")
    await unplanned.services.coalitions.go_live(operator(other.coalition_id or 0))

    async def broken(one: Any) -> int:
        if one.id == unplanned.coalition_id:
            raise RuntimeError("this one is broken")
        return await plan_one(one)

    monkeypatch.setattr(unplanned.services.rhythm, "_plan_one", broken)
    unplanned.set("11-23 09:00")
    with pytest.raises(ExceptionGroup, match="planning went wrong"):
        await unplanned.services.rhythm.plan()
    assert {row.coalition_id for row in await unplanned.rows()} == {other.coalition_id}


async def test_a_post_under_way_is_finished_before_the_end(stage: Stage) -> None:
    stage.sandbox.faults.add("chat.postMessage", "delay", seconds=0.3)
    stage.set("11-23 08:00")
    heartbeat = stage.heartbeat(ticks=FAST)
    heartbeat.start()

    async def under_way() -> bool:
        return bool(stage.sandbox.wire.after()) and any(
            row.state == State.CLAIMED and row.channel_id for row in await stage.rows("prompts", to="imani")
        )

    await until(under_way)
    await heartbeat.stop()
    ask = await stage.ask("imani")
    assert ask.state in {State.SENT, State.PLANNED}
    assert (ask.state == State.SENT) == bool(stage.posts)


async def test_what_has_not_begun_is_given_back_at_the_end(stage: Stage) -> None:
    """Three wait at Slack's door for the first one; ending takes no longer than that one."""
    stage.main.gateway._gate = asyncio.Semaphore(1)
    stage.sandbox.faults.add("chat.postMessage", "delay", times=100, seconds=0.3)
    stage.set("11-23 09:00")
    heartbeat = stage.heartbeat(ticks=FAST)
    heartbeat.start()

    async def first_is_out() -> bool:
        return len(stage.posts) >= 1

    await until(first_is_out)
    await heartbeat.stop()
    states = [row.state for row in await stage.rows("prompts") if row.due_at <= stage.calendar.now()]
    assert set(states) <= {State.SENT, State.PLANNED}
    assert states.count(State.SENT) == len(stage.posts) < 4
    stage.sandbox.faults.clear()
    await stage.settle()
    assert len(stage.posts) == 4
    assert not stage.doubled


async def test_the_end_does_not_wait_for_a_slack_that_never_answers(open_stage: Opener) -> None:
    async with open_stage(timing=IMPATIENT) as stage:
        stage.sandbox.faults.add("chat.postMessage", "withhold", seconds=60)
        stage.set("11-23 08:00")
        heartbeat = stage.heartbeat(ticks=FAST)
        heartbeat.start()

        async def accepted() -> bool:
            return len(stage.posts) == 1

        await until(accepted)
        began = time.monotonic()
        await heartbeat.stop()
        assert time.monotonic() - began < 5
        assert (await stage.ask("imani")).state == State.AMBIGUOUS


async def test_work_in_a_long_pass_is_a_sign_of_life(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    beats: list[str] = []
    watchdog = Watchdog(stage.main.gateway._elapsed, limit=30.0)
    monkeypatch.setattr(watchdog, "beat", beats.append)
    heartbeat = stage.heartbeat(watchdog=watchdog)
    stage.sandbox.faults.add("chat.postMessage", "drop_after_accept")
    stage.set("11-23 09:00")
    await heartbeat.settle()
    assert beats.count("dispatch") == 4
    assert "reconcile" in beats
