"""The digest and its thread: in order, under its own message, from what was composed once, whatever happens between."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from bot.domain.digests import compose
from bot.domain.outbox import State
from bot.domain.record import Record
from bot.sandbox.workspace import Channel
from bot.services.sending import Claimed
from bot.services.sending.leases import Tries
from bot.store.digests import DigestRow
from bot.store.outbox import DeliveryRow
from tests.examples import one_in
from tests.schedules.stage import Stage
from tests.schedules.test_crashes import Killed

FRIDAY = "11-25 07:30"  # the sample's digest is moved to Wednesday


@pytest.fixture
def stage(thread_due: Stage) -> Stage:
    return thread_due


def steering(stage: Stage) -> Channel:
    channel = stage.sandbox.workspace.channel_called("lb-steering")
    assert channel is not None
    return channel


async def thread_of(stage: Stage) -> list[str]:
    """Keys of the replies in the order in which they stand under the roll-up, which must be the only message."""
    channel = steering(stage)
    (head,) = channel.top_level()
    return [reply.metadata["event_payload"]["key"] for reply in channel.replies(head.ts) if reply.metadata]


async def planned(stage: Stage) -> list[str]:
    return [row.key for row in sorted(await stage.rows("digest_reply"), key=lambda row: row.part_no)]


async def test_after_weeks_asleep_the_late_digest_is_headed_by_the_week_in_which_it_was_due(monday: Stage) -> None:
    await monday.go("12-14 09:00")
    channel = monday.sandbox.workspace.channel_called("lb-steering")
    assert channel is not None
    [head] = channel.top_level()
    assert "Week of Dec 7" in str(head.blocks)
    priority = monday.sandbox.workspace.channel_called("lb-talent")
    assert priority is not None
    assert "week of Dec 7" in str([message.blocks for message in priority.top_level()])


async def test_the_parts_stand_in_order_under_the_digest(stage: Stage) -> None:
    await stage.go(FRIDAY)
    parts = await planned(stage)
    assert len(parts) == 5
    assert await thread_of(stage) == parts


@pytest.mark.in_part
@pytest.mark.parametrize(
    ("kind", "part"),
    one_in(
        3,
        [("drop_before_accept", 0), ("drop_after_accept", 0), ("drop_before_accept", 2), ("error_500_after_accept", 5)],
    ),
)
async def test_one_unclear_part_keeps_the_order(stage: Stage, kind: str, part: int) -> None:
    posts = iter(range(100))

    def is_it(arguments: dict[str, Any]) -> bool:
        return bool(arguments["channel"] == steering(stage).id and next(posts) == part)

    stage.sandbox.faults.add("chat.postMessage", kind, where=is_it)
    await stage.go(FRIDAY)
    assert await thread_of(stage) == await planned(stage)
    assert not stage.doubled


async def test_a_rate_limited_part_holds_back_those_after_it(stage: Stage) -> None:

    def is_reply(arguments: dict[str, Any]) -> bool:
        return "thread_ts" in arguments

    stage.sandbox.faults.add("chat.postMessage", "rate_limited", seconds=60, where=is_reply)
    await stage.go_to_rest(FRIDAY)
    assert not await thread_of(stage)
    await stage.hurry()
    await stage.settle()
    assert await thread_of(stage) == await planned(stage)


async def test_a_kill_in_a_thread_leaves_only_the_part_under_way_unclear(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nothing can have arrived of those that had their turn only after it, so that nobody has to look for them."""
    may_post = stage.services.deliveries.may_post

    async def dying(delivery_id: int, *more: Any, **others: Any) -> bool:
        row = next(row for row in await stage.rows() if row.id == delivery_id)
        found = await may_post(delivery_id, *more, **others)
        if row.part_no == 2:
            raise Killed
        return found

    monkeypatch.setattr(stage.services.deliveries, "may_post", dying)
    stage.set(FRIDAY)
    await stage.services.rhythm.plan()
    with pytest.raises(Killed):
        await stage.main.dispatcher.run()
    assert [row.state for row in await _parts(stage)] == [State.SENT, *[State.CLAIMED] * 4]
    stage.processes.insert(0, stage.process("after the kill"))
    await stage.expire()
    await stage.services.unclear_posts.expire_leases()
    assert [row.state for row in await _parts(stage)] == [State.SENT, State.AMBIGUOUS, *[State.PLANNED] * 3]
    assert not await stage.services.deliveries.claim(), "what is unclear holds up what comes after it"
    await stage.settle()
    assert await thread_of(stage) == await planned(stage)
    assert not stage.doubled


async def test_those_that_wait_for_their_turn_keep_their_lease_and_count_as_not_begun(stage: Stage) -> None:
    first, *others = await _claim_thread(stage)
    assert [one.has_turn for one in (first, *others)] == [True, *[False] * 4]
    before = [row.lease_until for row in await _parts(stage)]
    await stage.expire()
    along = [one.id for one in others]
    assert await stage.services.deliveries.may_post(first.id, first.attempt, along=along)
    rows = await _parts(stage)
    assert all(row.lease_until and was and row.lease_until >= was for row, was in zip(rows, before, strict=True))
    assert [row.attempted_at is None for row in rows] == [False, *[True] * 4]
    assert not await stage.services.deliveries.may_post(others[0].id, others[0].attempt + 1, along=along[1:])


async def test_however_long_slack_takes_those_that_wait_for_their_turn_keep_their_lease(stage: Stage) -> None:
    slow = stage.slow_process()
    stage.set(FRIDAY)
    await stage.services.rhythm.plan()
    await slow.dispatcher.run()
    assert [(row.state, row.attempts) for row in await _parts(stage)] == [(State.SENT, 1)] * 5
    assert await thread_of(stage) == await planned(stage)


async def test_a_part_that_another_process_has_holds_up_those_after_it(stage: Stage) -> None:
    first, *_others = await _claim_thread(stage)
    for one in await _parts(stage):
        await stage.services.deliveries.give_back(one.id, one.attempts)
    async with stage.services.database.write() as session:
        (await session.get_one(DeliveryRow, first.id)).state = State.CLAIMED
    assert not await stage.process("other").services.deliveries.claim()


async def test_a_part_that_rests_holds_up_those_after_it_and_no_others(stage: Stage) -> None:
    claimed = await _claim_thread(stage)
    third = claimed[2]
    for one in claimed:
        await stage.services.deliveries.later(one.id, one.attempt, "not now", 60.0 if one is third else 0.0)
    again = await stage.services.deliveries.claim()
    assert [one.id for one in again] == [one.id for one in claimed[:2]]


async def _claim_thread(stage: Stage) -> tuple[Claimed, ...]:
    """The roll-up has gone, and all its parts are claimed."""
    stage.set(FRIDAY)
    await stage.services.rhythm.plan()
    deliveries = stage.services.deliveries
    for one in await deliveries.claim():
        await deliveries.sent(one.id, one.attempt, one.channel_id or "D1", f"{one.id}.000100", one.version)
    return await deliveries.claim(1)


async def _parts(stage: Stage) -> list[DeliveryRow]:
    return sorted(await stage.rows("digest_reply"), key=lambda row: row.part_no)


async def test_parts_wait_while_their_message_is_held_and_follow_when_it_is_sent_again(stage: Stage) -> None:
    await _hold_roll_up(stage)
    assert {row.state for row in await stage.rows("digest_reply")} == {State.PLANNED}
    assert await stage.services.deliveries.is_settled()
    roll_up = await stage.one("digest_roll_up")
    await stage.services.unclear_posts.resolve_held(await stage.actor("omar"), roll_up.id, arrived=False)
    await stage.settle()
    assert await thread_of(stage) == await planned(stage)


async def test_parts_are_never_put_beside_a_message_whose_place_nobody_knows(stage: Stage) -> None:
    await _hold_roll_up(stage)
    roll_up = await stage.one("digest_roll_up")
    await stage.services.unclear_posts.resolve_held(await stage.actor("omar"), roll_up.id, arrived=True)
    await stage.settle()
    assert not list(steering(stage).messages)
    replies = sorted(await stage.rows("digest_reply"), key=lambda row: row.part_no)
    assert [row.state for row in replies] == [State.FAILED] + [State.DROPPED] * 4
    assert {row.reason for row in replies} == {"where the message it belongs to is in Slack isn't known"}
    # Said once, in the notice about the message itself.
    [notice] = stage.dm("omar")
    assert notice.text.count("a reply under the weekly digest") == 1


async def _hold_roll_up(stage: Stage) -> None:
    channel = steering(stage)

    def is_roll_up(arguments: dict[str, Any]) -> bool:
        return bool(arguments["channel"] == channel.id)

    stage.sandbox.faults.add("chat.postMessage", "drop_before_accept", where=is_roll_up)
    stage.set(FRIDAY)
    await stage.services.rhythm.plan()
    await stage.main.dispatcher.run()
    roll_up = await stage.one("digest_roll_up")
    assert roll_up.state == State.AMBIGUOUS
    await stage.services.unclear_posts.hold(
        roll_up.id, roll_up.attempts, "the conversation can't be searched, since the app lacks a permission"
    )
    await stage.settle()


async def test_a_held_part_does_not_keep_the_others_back(stage: Stage) -> None:

    def is_second_reply(arguments: dict[str, Any]) -> bool:
        return "thread_ts" in arguments and len(steering(stage).replies(arguments["thread_ts"])) == 1

    stage.sandbox.faults.add("chat.postMessage", "drop_after_accept", where=is_second_reply)
    stage.set(FRIDAY)
    await stage.services.rhythm.plan()
    await stage.main.dispatcher.run()
    (unclear,) = [row for row in await stage.rows("digest_reply") if row.state == State.AMBIGUOUS]
    assert unclear.part_no == 2
    await stage.services.unclear_posts.hold(unclear.id, unclear.attempts, "only direct messages can be searched")
    await stage.settle()
    assert await thread_of(stage) == await planned(stage)
    assert [row.state for row in await stage.rows("digest_reply")] == [
        State.SENT, State.HELD, State.SENT, State.SENT, State.SENT
    ]  # fmt: skip


async def test_a_thread_ends_where_somebody_deleted_its_message(stage: Stage) -> None:

    def is_reply(arguments: dict[str, Any]) -> bool:
        return "thread_ts" in arguments

    stage.sandbox.faults.add("chat.postMessage", "rate_limited", seconds=60, where=is_reply)
    await stage.go_to_rest(FRIDAY)
    channel = steering(stage)
    (head,) = channel.top_level()
    del channel.messages[head.ts]
    await stage.hurry()
    await stage.settle()
    assert {row.state for row in await stage.rows("digest_reply")} == {State.DROPPED}
    assert {row.reason for row in await stage.rows("digest_reply")} == {"the message it belongs to is gone"}
    assert not channel.messages
    assert not stage.dm("omar")


async def test_a_crash_between_parts_loses_none_and_changes_nothing_of_what_was_composed(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:

    class Crash(BaseException):
        pass

    record = await stage.record()
    sent = stage.services.deliveries.sent
    told = iter(range(100))

    async def crash(*arguments: Any, **how: Any) -> None:
        if next(told) == 3:
            raise Crash
        await sent(*arguments, **how)

    monkeypatch.setattr(stage.services.deliveries, "sent", crash)
    stage.set(FRIDAY)
    await stage.services.rhythm.plan()
    with pytest.raises(Crash):
        await stage.main.dispatcher.run()
    before = await _composed(stage)
    # The record changes while the bot is down; what goes out still belongs to what is out already.
    await stage.change(_with_renamed_priorities(record))
    stage.processes.insert(0, stage.process("after the restart"))
    await stage.expire()
    await stage.settle()
    assert await _composed(stage) == before
    assert await thread_of(stage) == await planned(stage)
    assert not stage.doubled
    assert not [post for post in stage.posts if "Renamed" in post.text]


async def _composed(stage: Stage) -> Any:
    async with stage.services.database.read() as session:
        digest = await session.get_one(DigestRow, (await stage.one("digest_roll_up")).digest_id)
        return digest.content


def _with_renamed_priorities(record: Record) -> Record:
    return replace(record, priorities=tuple(replace(one, name=f"Renamed {one.name}") for one in record.priorities))


async def test_a_digest_that_cannot_be_composed_fails_and_keeps_nobody_waiting(
    monday: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> object:
        raise ZeroDivisionError("no week is like this")

    monkeypatch.setattr("bot.services.digests.composed.compose", broken)
    # However long a round takes on a busy machine, what rests is tried again only when the test says so.
    monday.services.deliveries.tries = Tries(60.0)
    await monday.go_to_rest(FRIDAY)
    assert {row.state for row in await monday.rows("digest_roll_up", "digest_channel")} == {State.PLANNED}
    # Everybody else hears from the bot all the same.
    await monday.services.letters.send(await monday.actor("omar"), "a letter", ["yolanda"], "The offer is out.")
    await monday.main.round()
    assert monday.dm("yolanda")
    for _ in range(10):
        await monday.hurry()
        await monday.main.round()
    for row in await monday.rows("digest_roll_up", "digest_channel"):
        assert (row.state, row.reason) == (State.FAILED, "it could not be put together; the log says more")
    # One notice: the roll-up, the channels' editions and a copy by direct message, each kind once.
    [told] = [one.text for one in monday.dm("omar") if "Not sent: " in one.text]
    assert told.count("Not sent: ") == 3
    assert all(f"#lb-{name}" in told for name in ("talent", "suppliers", "job-quality", "access"))


async def test_a_digest_that_could_not_be_composed_for_a_moment_is_sent(
    monday: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    failures = iter(range(100))

    def at_first(*arguments: Any) -> object:
        if next(failures) < 3:
            raise RuntimeError("not yet")
        return compose(*arguments)

    monkeypatch.setattr("bot.services.digests.composed.compose", at_first)
    await monday.go(FRIDAY)
    assert {row.state for row in await monday.rows("digest_roll_up", "digest_channel", "digest_reply")} == {State.SENT}
    assert await thread_of(monday) == await planned(monday)
