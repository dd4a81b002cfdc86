"""What is sent is true at the moment it is sent: to whom, about what, at which hour, in one message, or not at all."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from sqlalchemy import select

from bot.demo import user_id_of
from bot.domain.outbox import State
from bot.domain.record import Away, Record
from bot.services.sending.leases import TRIES
from bot.slack.message import Message
from bot.slack.rendering import render
from bot.store.checkins import RoundSubjectRow
from bot.store.outbox import DeliveryRow
from bot.store.people import MemberRow, SlackAccountRow
from bot.store.priorities import PriorityRow
from tests.examples import one_in
from tests.schedules.stage import Stage

ANSWER = {"assessment": "on_track", "confidence": "7", "moved": "Moved.", "next": "Next."}

NAMES = {
    "talent-pathways": "Talent pathways",
    "supplier-growth": "Supplier and small-firm growth",
    "family-access": "Child care and commute access",
    "job-quality": "Job quality",
}


async def answer(stage: Stage, member: str, priority: str, form: str = "view-1", **values: str) -> None:
    """This member answers the newest round about a priority."""
    async with stage.services.database.read() as session:
        subject = await session.scalar(
            select(RoundSubjectRow.id)
            .join(PriorityRow, PriorityRow.id == RoundSubjectRow.priority_id)
            .where(PriorityRow.key == priority)
            .order_by(RoundSubjectRow.opens_at.desc())
            .limit(1)
        )
    assert subject is not None
    await stage.services.checkins.submit(await stage.actor(member), form, subject, ANSWER | values)


def member_changed(record: Record, key: str, **changes: Any) -> Record:
    return replace(record, members=tuple(replace(m, **changes) if m.id == key else m for m in record.members))


def owner_changed(record: Record, priority: str, owner: str) -> Record:
    changed = tuple(replace(p, owner=owner) if p.id == priority else p for p in record.priorities)
    return replace(record, priorities=changed)


def about(stage: Stage, member: str) -> list[list[str]]:
    """Which priorities each message to this member speaks of."""
    return [[key for key, name in NAMES.items() if name in str(message.blocks)] for message in stage.dm(member)]


async def test_who_answered_meanwhile_is_not_asked(stage: Stage) -> None:
    stage.set("11-23 07:45")
    await stage.services.rhythm.plan()
    stage.set("11-23 08:00")
    await answer(stage, "imani", "family-access")
    await stage.settle()
    ask = await stage.ask("imani")
    assert (ask.state, ask.reason) == (State.DROPPED, "already answered")
    assert not stage.posts


async def test_an_answer_between_claim_and_post_is_shown_by_the_message_in_the_end(stage: Stage) -> None:
    """The post is under way with the question; the answer comes before its timestamp is known."""

    async def answer_first(*arguments: Any, **more: Any) -> Any:
        await answer(stage, "imani", "family-access")
        return await post(*arguments, **more)

    post = stage.main.gateway.post
    stage.main.gateway.post = answer_first  # type: ignore[method-assign]
    await stage.go("11-23 08:00")
    (message,) = stage.dm("imani")
    assert message.edited is not None
    assert "is in: on track, confidence 7 of 10" in message.text
    update = await stage.one("prompts", operation="update", to="imani")
    assert update.state == State.SENT


async def test_updates_coalesce_to_the_newest(stage: Stage) -> None:
    await stage.go("11-23 08:00")
    for number, said in enumerate(("First.", "Second.", "Third.")):
        await answer(stage, "imani", "family-access", form=f"view-{number}", moved=said)
    await stage.settle()
    (message,) = stage.dm("imani")
    assert "Third." in str(message.blocks)
    assert len(stage.calls("chat.update")) == 1
    update = await stage.one("prompts", operation="update", to="imani")
    assert (update.state, update.version) == (State.SENT, 3)


async def test_an_answer_while_an_update_is_under_way_is_shown_by_another_one(stage: Stage) -> None:
    await stage.go("11-23 08:00")
    await answer(stage, "imani", "family-access", moved="First.")
    update = stage.main.gateway.update

    async def answer_again(*arguments: Any, **more: Any) -> Any:
        stage.main.gateway.update = update  # type: ignore[method-assign]
        outcome = await update(*arguments, **more)
        await answer(stage, "imani", "family-access", form="view-2", moved="Second.")
        return outcome

    stage.main.gateway.update = answer_again  # type: ignore[method-assign]
    await stage.settle()
    assert "Second." in str(stage.dm("imani")[0].blocks)
    assert len(stage.calls("chat.update")) == 2


async def test_an_update_of_a_message_that_is_gone_is_dropped(stage: Stage) -> None:
    await stage.go("11-23 08:00")
    (message,) = stage.dm("imani")
    del stage.sandbox.workspace.channels[message.channel].messages[message.ts]
    await answer(stage, "imani", "family-access")
    await stage.settle()
    update = await stage.one("prompts", operation="update", to="imani")
    assert (update.state, update.reason) == (State.DROPPED, "the message is gone")
    assert not stage.dm("imani")


@pytest.mark.in_part
@pytest.mark.parametrize("kind", one_in(2, ["internal_error", "drop_after_accept", "rate_limited"]))
async def test_an_update_without_a_clear_answer_is_simply_done_again(stage: Stage, kind: str) -> None:
    await stage.go("11-23 08:00")
    stage.sandbox.faults.add("chat.update", kind, seconds=60)
    await answer(stage, "imani", "family-access")
    await stage.go_to_rest("11-23 08:10")
    await stage.hurry()
    await stage.settle()
    assert "Moved." in str(stage.dm("imani")[0].blocks)
    assert len(stage.posts) == 1


async def test_a_new_owner_is_asked_instead_of_the_old_one(stage: Stage) -> None:
    stage.set("11-23 07:45")
    await stage.services.rhythm.plan()
    await stage.change(owner_changed(await stage.record(), "family-access", "grant"))
    await stage.go("11-23 08:00")
    assert not stage.dm("imani")
    ask = await stage.ask("imani")
    assert (ask.state, ask.reason) == (State.DROPPED, "somebody else is asked now")
    assert len(stage.dm("grant")) == 1
    assert about(stage, "grant") == [["family-access"]]


async def test_a_priority_that_changed_hands_leaves_the_rest_of_a_bundle_where_it_is(stage: Stage) -> None:
    await stage.change(owner_changed(await stage.record(), "job-quality", "grant"))
    stage.set("11-23 08:45")
    await stage.services.rhythm.plan()
    await stage.change(owner_changed(await stage.record(), "job-quality", "tom"))
    await stage.go("11-23 09:00")
    assert about(stage, "grant") == [["supplier-growth"]]
    assert about(stage, "tom") == [["job-quality"]]
    assert not stage.doubled


async def test_another_stand_in_is_asked_instead_of_the_old_one(asked: Stage) -> None:
    await asked.change(member_changed(await asked.record(), "imani", delegate="marcus"))
    await asked.go("11-24 12:00")
    assert not asked.dm("luis")
    assert about(asked, "marcus") == [["supplier-growth", "family-access"]]


async def test_without_a_stand_in_nobody_is_asked_to_stand_in(asked: Stage) -> None:
    await asked.change(member_changed(await asked.record(), "imani", delegate=None))
    await asked.go("11-24 12:00")
    assert not asked.dm("luis")
    assert (await asked.ask("luis")).state == State.DROPPED


async def test_nobody_is_written_to_at_night_however_late_it_is(stage: Stage) -> None:
    stage.set("11-23 07:45")
    await stage.services.rhythm.plan()
    # The bot was down since before eight and comes back at 10:30 PM in New York.
    await stage.go("11-23 21:30")
    assert not stage.dm("imani")
    ask = await stage.ask("imani")
    assert ask.state == State.PLANNED
    await stage.go("11-24 06:00")
    assert len(stage.dm("imani")) == 1


async def test_who_is_away_meanwhile_is_not_written_to(asked: Stage) -> None:
    away = Away(start=date(2026, 11, 24), end=date(2026, 11, 27))
    await asked.change(member_changed(await asked.record(), "yolanda", away=(away,)))
    await asked.go("11-24 09:00")
    assert len(asked.dm("yolanda")) == 1
    reminder = (await asked.rows("prompts", to="yolanda"))[1]
    assert (reminder.state, reminder.reason) == (
        State.MISSED, "no open hour of this person was left before the round closed"
    )  # fmt: skip


async def test_after_downtime_the_question_and_its_reminder_are_one_message(stage: Stage) -> None:
    stage.set("11-23 08:45")
    await stage.services.rhythm.plan()
    await stage.go("11-24 09:00")
    # What a decision owes in December is planned by now as well, and waits for its day.
    rows = [row for row in await stage.rows("prompts", to="yolanda") if row.due_at <= stage.calendar.now()]
    assert [row.state for row in rows] == [State.SENT, State.DROPPED]
    assert rows[1].reason == "sent together with an earlier message"
    assert about(stage, "yolanda") == [["talent-pathways"]]
    assert str(stage.dm("yolanda")[0].blocks).count("Last time") == 1


async def test_two_requests_that_waited_for_an_account_are_one_message_with_one_first_contact(draft: Stage) -> None:
    """Marcus stands in for two people; he is linked only after both requests were due."""
    stage = draft
    record = await stage.record()
    await stage.link(
        *(member.id for member in record.members if member.id != "marcus" and member.access != "email_only")
    )
    await stage.go_live()
    await stage.change(member_changed(record, "imani", delegate="marcus"))
    async with stage.services.database.write(stage.operator.author(stage.calendar.now())) as session:
        marcus = await session.scalar(
            select(SlackAccountRow)
            .join(MemberRow, MemberRow.id == SlackAccountRow.member_id)
            .where(MemberRow.key == "marcus")
        )
        assert marcus is not None
        await session.delete(marcus)
    await stage.go_to_rest("11-23 09:00")
    await stage.go_to_rest("11-24 10:45")
    assert (await stage.ask("marcus")).waiting
    await stage.link("marcus")
    await stage.settle()
    assert about(stage, "marcus") == [["supplier-growth", "family-access"]]


async def test_many_who_wait_for_an_account_keep_nobody_else_from_being_asked(stage: Stage) -> None:
    claimed = await _claims_behind(stage, waiting=45)
    assert claimed == ["imani"]


async def _claims_behind(stage: Stage, waiting: int) -> list[str]:
    """Who is claimed at once when so many rows before it have to wait."""
    stage.set("11-23 08:00")
    await stage.services.rhythm.plan()
    async with stage.services.database.write() as session:
        for number in range(waiting):
            session.add(
                DeliveryRow(
                    coalition_id=stage.coalition_id,
                    key=f"waits-{number}",
                    kind="digest_channel",
                    channel=f"nowhere-{number}",
                    planned_at=stage.calendar.now(),
                    due_at=stage.calendar.now().replace(hour=1),
                )
            )
    found = await stage.services.deliveries.claim()
    return [member for member in ("imani", "yolanda") if any(user_id_of(member) == one.user_id for one in found)]


async def test_a_person_with_a_new_account_is_never_written_to_in_the_old_conversation(stage: Stage) -> None:
    stage.sandbox.faults.add("chat.postMessage", "rate_limited", seconds=60)
    await stage.go_to_rest("11-23 08:00")
    assert (await stage.ask("imani")).channel_id == "D0IMANI"
    stranger = stage.sandbox.add_user("imani.new", id="U0NEW", real_name="Imani")
    await stage.services.people.link(stage.operator, "imani", stranger.team_id, stranger.id, by="command")
    await stage.hurry()
    await stage.settle()
    [told] = stage.dm("imani")
    assert "to another Slack account" in told.text, "but for the word that it is the old one"
    assert [post.channel for post in stage.posts if "Slack account" not in post.text] == ["D0NEW"]


async def test_a_pause_stops_what_is_claimed_but_not_yet_posted(stage: Stage) -> None:
    is_active = stage.main.gateway.is_active

    async def pause_first(user_id: str) -> Any:
        await stage.services.coalitions.pause(stage.operator)
        stage.wait_a_moment()
        return await is_active(user_id)

    stage.main.gateway.is_active = pause_first  # type: ignore[method-assign]
    await stage.go("11-23 08:00")
    assert not stage.posts
    assert (await stage.ask("imani")).state == State.PLANNED
    stage.main.gateway.is_active = is_active  # type: ignore[method-assign]
    await stage.services.coalitions.resume(stage.operator)
    await stage.settle()
    assert len(stage.posts) == 1


async def test_what_came_due_while_paused_is_missed_when_its_round_is_over(stage: Stage) -> None:
    stage.set("11-23 07:45")
    await stage.services.rhythm.plan()
    await stage.services.coalitions.pause(stage.operator)
    await stage.go("11-23 12:00")
    await stage.go("11-24 15:30")
    assert not stage.posts
    await stage.services.coalitions.resume(stage.operator)
    await stage.settle()
    assert (await stage.ask("imani")).state == State.MISSED
    assert not stage.posts


async def test_going_live_in_the_middle_of_a_window_asks_nobody_late(draft: Stage) -> None:
    await draft.link()
    draft.set("11-23 12:00")
    await draft.go_live()
    await draft.settle()
    await draft.go("11-24 12:00")
    assert not draft.posts


async def test_a_message_that_cannot_be_put_together_fails_with_its_reason_and_stops_nobody(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(kind: Any, content: Any) -> Message:
        if getattr(content, "receiver", None) == "grant":
            raise KeyError("nothing is like this")
        return render(kind, content)

    monkeypatch.setattr("schedules.lane.render", broken)
    await stage.go_to_rest("11-23 09:00")
    assert stage.dm("yolanda")
    assert stage.dm("tom")
    for _ in range(TRIES + 3):
        await stage.hurry()
        await stage.main.round()
    ask = await stage.ask("grant")
    assert (ask.state, ask.attempts) == (State.FAILED, TRIES)
    assert ask.reason == "it could not be put together; the log says more"
    assert not stage.calls("conversations.history")
    (notice,) = (one for one in stage.dm("dana") if one.text.startswith("Not sent: "))
    assert "the check-in message to Grant" in notice.text
    assert not stage.dm("grant")


async def test_a_message_that_could_not_be_put_together_for_a_moment_is_sent(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    failures = iter(range(100))

    def at_first(kind: Any, content: Any) -> Message:
        if next(failures) < 2:
            raise RuntimeError("not yet")
        return render(kind, content)

    monkeypatch.setattr("schedules.lane.render", at_first)
    await stage.go("11-23 08:00")
    assert (await stage.ask("imani")).state == State.SENT
    assert len(stage.posts) == 1


async def test_what_waits_long_for_its_turn_keeps_its_lease(stage: Stage) -> None:
    """However long Slack takes for those before it: else it would count as unclear though it was never posted."""
    slow = stage.slow_process()
    stage.set("11-23 09:00")
    await stage.services.rhythm.plan()
    assert await slow.dispatcher.run() >= 4
    rows = [row for row in await stage.rows() if row.due_at <= stage.calendar.now() and row.operation == "post"]
    assert {(row.state, row.attempts) for row in rows} == {(State.SENT, 1)}
    assert len(stage.posts) == len(rows) >= 4
