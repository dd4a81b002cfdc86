"""The process dies or sleeps between any two steps of sending; another one takes over: one message each, none lost."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest

from bot.domain.outbox import State
from tests.examples import one_in
from tests.schedules.conftest import copied
from tests.schedules.stage import Process, Stage, at

ASKED, CLOSED = "11-23 09:00", "11-24 15:30"
# Every step at which the process reaches out, by the part that does it.
STEPS = (
    ("deliveries", "claim"),
    ("gateway", "is_active"),
    ("gateway", "open_dm"),
    ("deliveries", "keep_dm"),
    ("contents", "read"),
    ("deliveries", "may_post"),
    ("client", "chat_postMessage"),
    ("client", "chat_update"),
    ("deliveries", "sent"),
    ("gateway", "find"),
    ("unclear_posts", "found"),
    ("unclear_posts", "not_found"),
    ("rhythm", "plan"),
    ("rhythm", "close"),
)
# Steps after which something is different.
WRITES = {"claim", "keep_dm", "may_post", "chat_postMessage", "sent", "found", "not_found", "plan"}


@pytest.fixture
def planned_url(request: pytest.FixtureRequest, live_template: Path, planned_template: Path) -> str:
    """Where a kill comes over planning, nothing is planned yet."""
    call = getattr(request.node, "callspec", None)
    kills_planning = call is not None and call.params.get("name") == "plan"
    return copied(live_template if kills_planning else planned_template, live_template.parent)


class Killed(BaseException):
    """Nothing of the program may catch this, as nothing can after a kill."""


def owner_of(stage: Stage, process: Process, part: str) -> Any:
    """The object on which a step is a method."""
    match part:
        case "gateway":
            return process.gateway
        case "client":
            return stage.client
        case _:
            return getattr(process.services, part)


def kill_at(owner: Any, name: str, *, after: bool, monkeypatch: pytest.MonkeyPatch) -> Callable[[], bool]:
    """The next time this step is taken the process dies, before or after it was done. Says whether it has."""
    step: Callable[..., Awaitable[Any]] = getattr(owner, name)
    died: list[bool] = []

    async def dying(*arguments: Any, **more: Any) -> Any:
        if died:
            return await step(*arguments, **more)
        if after:
            await step(*arguments, **more)
        died.append(True)
        raise Killed

    # slack_sdk's methods are told apart by their names.
    dying.__name__ = name
    monkeypatch.setattr(owner, name, dying)
    return lambda: bool(died)


@pytest.mark.in_part
@pytest.mark.parametrize(
    ("part", "name", "after"),
    one_in(3, [(part, name, after) for part, name in STEPS for after in (False, True) if not after or name in WRITES]),
)
async def test_a_kill_at_any_step_doubles_and_loses_nothing(
    stage: Stage, part: str, name: str, after: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    if name in {"find", "found"}:
        stage.sandbox.faults.add("chat.postMessage", "drop_after_accept")
    if name in {"find", "not_found"}:
        stage.sandbox.faults.add("chat.postMessage", "drop_before_accept")
    has_died = kill_at(owner_of(stage, stage.main, part), name, after=after, monkeypatch=monkeypatch)
    for moment in (ASKED, CLOSED) if name in {"chat_update", "close"} else (ASKED,):
        stage.set(moment)
        try:
            await stage.settle()
        except Killed:
            stage.processes.insert(0, stage.process("after the kill"))
            await stage.expire()
            await stage.hurry()
            await stage.settle()
    assert has_died(), "the step was never taken"
    rows = [row for row in await stage.rows() if row.due_at <= at(ASKED)]
    assert len(rows) == 4
    assert {row.state for row in rows} == {State.SENT}, await stage.unsettled()
    assert stage.sandbox.record.by_key("key") == {row.key: 1 for row in rows}


async def test_the_conversation_is_known_before_the_first_post_into_it(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    kill_at(stage.client, "chat_postMessage", after=True, monkeypatch=monkeypatch)
    stage.set("11-23 08:00")
    with pytest.raises(Killed):
        await stage.settle()
    ask = await stage.ask("imani")
    assert (ask.state, ask.channel_id, ask.ts) == (State.CLAIMED, "D0IMANI", None)
    (message,) = stage.dm("imani")
    stage.processes.insert(0, stage.process("after the kill"))
    await stage.expire()
    await stage.settle()
    assert (await stage.ask("imani")).ts == message.ts
    assert len(stage.posts) == 1


async def test_a_process_that_slept_through_its_lease_does_not_post(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = stage.process("other")
    read = stage.services.contents.read

    async def sleep_through_it(ids: Any) -> Any:
        found = await read(ids)
        await stage.expire()
        await other.reconciler.run()
        for _ in range(5):
            await stage.hurry()
            await other.round()
        return found

    monkeypatch.setattr(stage.services.contents, "read", sleep_through_it)
    stage.set("11-23 08:00")
    await stage.services.rhythm.plan()
    await stage.main.dispatcher.run()
    assert len(stage.posts) == 1
    ask = await stage.ask("imani")
    assert (ask.state, ask.attempts) == (State.SENT, 2)


async def test_a_process_whose_lease_ran_out_unnoticed_renews_it_and_posts(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nobody else can have posted it: the claim is still its own."""
    read = stage.services.contents.read
    slept: list[bool] = []

    async def sleep_through_it(ids: Any) -> Any:
        if not slept:
            slept.append(True)
            await stage.expire()
        return await read(ids)

    monkeypatch.setattr(stage.services.contents, "read", sleep_through_it)
    await stage.go("11-23 08:00")
    assert len(stage.posts) == 1
    assert (await stage.ask("imani")).attempts == 1
    assert not stage.calls("conversations.history")


async def test_the_lease_is_asked_for_when_the_turn_comes_not_before(stage: Stage) -> None:
    """A turn can be long in coming, and another process may have taken over meanwhile."""
    stage.set("11-23 08:00")
    await stage.services.rhythm.plan()
    wait_turn = stage.main.gateway.wait_turn

    async def wait_long(channel_id: str) -> None:
        await wait_turn(channel_id)
        await stage.expire()
        await stage.services.unclear_posts.expire_leases()

    stage.main.gateway.wait_turn = wait_long  # type: ignore[method-assign]
    await stage.main.dispatcher.run()
    assert not stage.posts
    assert (await stage.ask("imani")).state == State.AMBIGUOUS
    stage.main.gateway.wait_turn = wait_turn  # type: ignore[method-assign]
    await stage.settle()
    assert len(stage.posts) == 1


async def test_a_post_renews_its_lease(stage: Stage) -> None:
    stage.set("11-23 08:00")
    await stage.services.rhythm.plan()
    (claimed,) = await stage.services.deliveries.claim()
    before = (await stage.ask("imani")).lease_until
    assert await stage.services.deliveries.may_post(claimed.id, claimed.attempt)
    row = await stage.ask("imani")
    assert row.lease_until is not None
    assert before is not None
    assert row.lease_until > before
    assert not await stage.services.deliveries.may_post(claimed.id, claimed.attempt + 1)
    assert not await stage.process("other").services.deliveries.may_post(claimed.id, claimed.attempt)


async def test_an_answer_that_comes_after_the_looks_still_counts(stage: Stage) -> None:
    """The post took so long that all looks found nothing, and it was planned anew: then Slack says it has it."""
    stage.set("11-23 08:00")
    await stage.services.rhythm.plan()
    deliveries = stage.services.deliveries
    (claimed,) = await deliveries.claim()
    await deliveries.unclear(claimed.id, claimed.attempt, "Slack did not answer")
    await stage.services.unclear_posts.not_sent(claimed.id, claimed.attempt)
    assert (await stage.ask("imani")).state == State.PLANNED
    await deliveries.sent(claimed.id, claimed.attempt, "D0IMANI", "1.000100", 0)
    await stage.settle()
    assert ((await stage.ask("imani")).state, (await stage.ask("imani")).ts) == (State.SENT, "1.000100")
    assert not stage.posts


async def test_what_others_left_unclear_is_settled_after_a_restart(stage: Stage) -> None:
    stage.set("11-23 09:00")
    await stage.services.rhythm.plan()
    deliveries = stage.services.deliveries
    first, *others = await deliveries.claim()
    await deliveries.unclear(first.id, first.attempt, "Slack did not answer")
    assert others
    stage.processes.insert(0, stage.process("after the restart"))
    assert not await stage.services.deliveries.is_settled()
    await stage.expire()
    await stage.settle()
    assert not stage.doubled
    assert len(stage.posts) == 4


async def test_a_look_of_another_process_counts_once(stage: Stage) -> None:
    stage.set("11-23 08:00")
    await stage.services.rhythm.plan()
    (claimed,) = await stage.services.deliveries.claim()
    await stage.services.deliveries.unclear(claimed.id, claimed.attempt, "Slack did not answer")
    await stage.hurry()
    processes = [stage.main, stage.process("second"), stage.process("third"), stage.process("fourth")]
    looks = [(await process.services.unclear_posts.due())[0] for process in processes]
    for process, look in zip(processes, looks, strict=True):
        await process.services.unclear_posts.not_found(look)
    row = await stage.ask("imani")
    assert (row.state, row.looks) == (State.AMBIGUOUS, 1)


async def test_an_outcome_that_cannot_be_written_down_is_found_by_a_look(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    sent = stage.services.deliveries.sent
    failures = iter(range(100))

    async def busy(*arguments: Any, **how: Any) -> None:
        if next(failures) == 0:
            raise OSError("the database is locked")
        await sent(*arguments, **how)

    monkeypatch.setattr(stage.services.deliveries, "sent", busy)
    stage.set("11-23 08:00")
    await stage.main.round()
    assert (await stage.ask("imani")).state == State.CLAIMED
    await stage.expire()
    await stage.settle()
    assert len(stage.posts) == 1
    assert (await stage.ask("imani")).state == State.SENT
