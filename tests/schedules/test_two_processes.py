"""Two processes on one PostgreSQL database: they share the work, and nothing is sent twice or overlooked."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import select, text

from bot.domain.outbox import State
from bot.domain.record import Record
from bot.services.access import Transaction
from bot.services.outbox import queue_updates, queue_updates_of
from bot.store.outbox import DeliveryItemRow, DeliveryRow
from tests.clocks import MovedClock
from tests.schedules.stage import Process, Stage, at, opened, until
from tests.schedules.test_claims import answer
from tests.services.stage import when_free

_BLOCKED = text("select count(*) from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'")

pytestmark = pytest.mark.postgres


@pytest.fixture
async def shared(postgres_live_url: str, sample: Record) -> AsyncIterator[Stage]:
    """The stage on PostgreSQL, with a second process."""
    async with opened(postgres_live_url, sample) as stage:
        stage.process("second")
        yield stage


async def together(stage: Stage) -> None:
    """Both processes work at the same time until nothing is left."""

    async def work(process: Process) -> None:
        while not await process.services.deliveries.is_settled():
            await when_free(process.round)
            await asyncio.sleep(0.005)

    for process in stage.processes:
        await process.services.rhythm.plan()
    await asyncio.wait_for(asyncio.gather(*(work(process) for process in stage.processes)), 30)


async def test_what_two_processes_hold_at_once_is_one_notice_for_each_coordinator(shared: Stage) -> None:
    shared.set("11-23 09:00")
    await shared.services.rhythm.plan()
    claimed = await shared.services.deliveries.claim()
    assert len(claimed) >= 3
    for one in claimed:
        await shared.services.deliveries.unclear(one.id, one.attempt, "Slack did not answer")
    holds = [
        shared.processes[number % 2].services.unclear_posts.hold(one.id, one.attempt, "Slack did not answer")
        for number, one in enumerate(claimed)
    ]
    await asyncio.gather(*holds)
    await together(shared)
    for who in ("omar", "dana", "priya"):
        [notice] = [message.text for message in shared.dm(who) if "it arrived" in message.text]
        assert notice.count("Held: the check-in message to") == len(claimed)


async def test_two_dispatchers_at_once_send_everything_once(shared: Stage) -> None:
    for moment in ("11-23 09:00", "11-25 07:30"):
        for kind in ("drop_after_accept", "drop_before_accept", "internal_error"):
            shared.sandbox.faults.add("chat.postMessage", kind)
        shared.set(moment)
        await asyncio.gather(*(when_free(process.services.rhythm.plan) for process in shared.processes))
        await together(shared)
    now = shared.processes[0].services.calendar.now()
    rows = [row for row in await shared.rows() if row.state not in {State.MISSED, State.DROPPED} and row.due_at <= now]
    assert len(rows) >= 14
    assert {row.state for row in rows} == {State.SENT}, await shared.unsettled()
    assert shared.sandbox.record.by_key("key") == {row.key: 1 for row in rows}
    channel = shared.sandbox.workspace.channel_called("lb-steering")
    assert channel is not None
    (head,) = channel.top_level()
    parts = sorted(await shared.rows("digest_reply"), key=lambda row: row.part_no)
    assert [reply.ts for reply in channel.replies(head.ts)] == [row.ts for row in parts]


async def test_both_plan_at_once_and_nothing_is_planned_twice(shared: Stage) -> None:
    shared.set("11-23 09:00")
    planned = await asyncio.gather(*(when_free(process.services.rhythm.plan) for process in shared.processes))
    assert sum(planned) >= 2
    asks = [row for row in await shared.rows("prompts") if row.due_at <= at("11-23 09:00")]
    assert len(asks) == 4


async def test_a_delivery_is_claimed_by_one_of_them(shared: Stage) -> None:
    shared.set("11-23 09:00")
    await shared.services.rhythm.plan()
    claims = await asyncio.gather(*(process.services.deliveries.claim() for process in shared.processes for _ in "12"))
    ids = [one.id for claim in claims for one in claim]
    assert sorted(ids) == sorted(set(ids))
    assert len(ids) == 4


async def test_a_dead_process_is_followed_up_by_the_other(shared: Stage) -> None:
    first, second = shared.processes
    shared.set("11-23 09:00")
    await first.services.rhythm.plan()
    assert len(await first.services.deliveries.claim()) == 4
    assert not await second.services.deliveries.claim()
    await shared.expire()
    shared.processes.remove(first)
    try:
        await shared.settle()
    finally:
        shared.processes.append(first)
    assert len(shared.posts) == 4
    assert {row.lease_owner for row in await shared.rows()} == {None}


async def test_a_bundle_takes_nothing_in_once_it_is_being_claimed(shared: Stage) -> None:
    """What would be added to a message that is just going out would never be seen."""
    first, second = shared.processes
    record = await shared.record()
    await shared.change(_with_job_quality(record, assessment="paused"))
    shared.set("11-23 08:40")
    await first.services.rhythm.plan()
    # Grant takes on a priority that was paused until now, and his clock has another name: there is more to bundle.
    changed = _with_job_quality(record, assessment="on_track", owner="grant")
    members = tuple(replace(m, timezone="America/Menominee") if m.id == "grant" else m for m in changed.members)
    await shared.change(replace(changed, members=members))
    ask = await shared.ask("grant")
    async with first.services.database.write() as session:
        (await session.get_one(DeliveryRow, ask.id, with_for_update=True)).state = State.CLAIMED
        await session.flush()
        await asyncio.wait_for(second.services.rhythm.plan(), 10)
    asks = [row for row in await shared.rows("prompts", to="grant") if row.due_at == at("11-23 09:00")]
    assert [row.state for row in asks] == [State.CLAIMED, State.PLANNED]


async def test_a_part_that_another_process_holds_is_not_overtaken(shared: Stage) -> None:
    """What is locked is passed over, but not by what has to come after it."""
    first, second = shared.processes
    shared.set("11-25 07:30")
    await first.services.rhythm.plan()
    for one in await first.services.deliveries.claim():
        await first.services.deliveries.sent(one.id, one.attempt, one.channel_id or "D1", f"{one.id}.000100", 0)
    parts = sorted(await shared.rows("digest_reply"), key=lambda row: row.part_no)
    async with first.services.database.write() as session:
        await session.get_one(DeliveryRow, parts[1].id, with_for_update=True)
        claimed = await asyncio.wait_for(second.services.deliveries.claim(), 10)
    assert [one.id for one in claimed] == [parts[0].id]
    assert not await second.services.deliveries.claim()


def _with_job_quality(record: Record, **changes: Any) -> Record:
    priorities = tuple(replace(p, **changes) if p.id == "job-quality" else p for p in record.priorities)
    return replace(record, priorities=priorities)


async def test_a_wish_for_an_update_waits_for_the_record_of_the_one_under_way(shared: Stage) -> None:
    """Else the newest content would never be shown: the update would be recorded as sent under its wish."""
    first, second = shared.processes
    shared.set("11-23 08:00")
    await first.services.rhythm.plan()
    await shared.settle()
    await answer(shared, "imani", "family-access", moved="First.")
    (claimed,) = await first.services.deliveries.claim()
    recorded: list[Any] = []
    async with second.services.database.write() as session:
        post = await session.get_one(DeliveryRow, (await shared.ask("imani")).id)
        await queue_updates_of(Transaction(session, shared.coalition_id, shared.calendar.now()), [post])
        recording = asyncio.create_task(
            first.services.deliveries.sent(claimed.id, claimed.attempt, "D0IMANI", claimed.ts or "", claimed.version)
        )
        recording.add_done_callback(recorded.append)

        async def waits() -> bool:
            async with shared.services.database.read() as watching:
                blocked = await watching.scalar(_BLOCKED)
            return bool(blocked)

        await until(waits)
        assert not recorded
    await recording
    update = await shared.one("prompts", operation="update", to="imani")
    assert (update.state, update.version) == (State.PLANNED, 2)


async def test_a_change_holds_off_the_claim_of_what_speaks_of_it(shared: Stage) -> None:
    """Else a message would go out as it was before the change, and nobody would know that it has to change."""
    first, second = shared.processes
    shared.set("11-23 08:00")
    await first.services.rhythm.plan()
    async with first.services.database.write() as session:
        items = select(DeliveryItemRow.round_subject_id).where(
            DeliveryItemRow.delivery_id == (await shared.ask("imani")).id
        )
        subjects = [one for one in await session.scalars(items) if one is not None]
        await queue_updates(Transaction(session, shared.coalition_id, shared.calendar.now()), subjects)
        assert not await second.services.deliveries.claim()
    assert len(await second.services.deliveries.claim()) == 1


async def test_a_process_that_stood_still_with_the_answer_asks_again_before_it_posts(
    shared: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Meanwhile the other one found that the message was not there, and posted it."""
    standing = MovedClock()
    third = shared.process("third", standing)
    ask, asked = third.services.deliveries.may_post, 0

    async def may_post(*about: Any, **others: Any) -> bool:
        nonlocal asked
        asked += 1
        answer = await ask(*about, **others)
        if not standing.ahead:
            standing.ahead = 100.0
            await shared.expire()
            await shared.settle()
        return answer

    monkeypatch.setattr(third.services.deliveries, "may_post", may_post)
    shared.set("11-23 08:00")
    await shared.services.rhythm.plan()
    await third.dispatcher.run()
    await shared.settle()
    assert not shared.doubled
    assert asked > 1
    assert {row.state for row in await shared.rows() if row.due_at <= shared.calendar.now()} == {State.SENT}
