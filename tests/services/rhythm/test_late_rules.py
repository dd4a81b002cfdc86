"""After downtime: an answer is asked for only while there is time, a digest goes out always, once, and marked late."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from sqlalchemy import select

from bot.clock import FixedCalendar
from bot.domain.checkins import Prompts
from bot.domain.digests import DigestPost, compose
from bot.domain.vocabularies import Assessment
from bot.errors import UserError
from bot.services import Services
from bot.slack.blocks.checkins import status_message
from bot.store.checkins import RoundRow, RoundSubjectRow
from bot.store.outbox import DeliveryRow
from tests.examples import on, one_in
from tests.services.lived import once
from tests.services.small import small
from tests.services.stage import ZONE, Seen, Stage
from tests.slack.readable import dump


@once
async def small_and_linked(services: Services, calendar: FixedCalendar) -> Stage:
    stage = await Stage.with_record(services, calendar, small())
    await stage.link("ana", "ben", "lou")
    await stage.join_channels()
    await stage.go_live()
    return stage


def states(found: list[Seen]) -> list[tuple[str, str, str | None]]:
    return [(one.items[0] if one.items else one.kind, one.state, one.reason) for one in found]


@pytest.mark.in_part
@on("postgres", "any_url")
async def test_planned_in_time_and_sent_too_late_is_missed(any_services: Services, calendar: FixedCalendar) -> None:
    stage = await small_and_linked(any_services, calendar)
    stage.at("2026-11-24T08:31")
    await stage.services.rhythm.plan()
    stage.at("2026-11-26T12:00")  # the very moment of the close
    assert [one.kind for one in await stage.settle()] == []
    found = await stage.deliveries("prompts")
    assert {one.state for one in found} <= {"missed", "dropped"}
    assert states(found)[0] == ("ask p1", "missed", "the check-in could not be sent before its round closed")
    assert (await stage.subject("p1")).asked_at is None, "nobody was asked, so nobody was silent"


async def test_up_to_the_close_it_is_still_asked(services: Services, calendar: FixedCalendar) -> None:
    stage = await small_and_linked(services, calendar)
    stage.at("2026-11-24T08:31")
    await stage.services.rhythm.plan()
    stage.at("2026-11-26T11:00")
    sent = await stage.settle()
    assert {one.user_id for one in sent} == {f"UANA{stage.coalition_id}", f"UBEN{stage.coalition_id}"}
    assert len(sent) == 2, "the ask and its reminder are one message now"
    assert (await stage.subject("p1")).asked_at == stage.calendar.now()


@pytest.mark.parametrize(("arrives", "asked"), [("2026-11-26T11:59", True), ("2026-11-26T12:00", False)])
async def test_what_arrives_after_the_close_asked_nobody(
    services: Services, calendar: FixedCalendar, arrives: str, asked: bool
) -> None:
    """Taken up in time, and there only once the round was over: nobody could answer, so nobody was silent."""
    stage = await small_and_linked(services, calendar)
    stage.at("2026-11-24T08:31")
    await stage.services.rhythm.plan()
    stage.at("2026-11-26T11:58")
    claimed = await stage.services.deliveries.claim()
    assert claimed
    stage.at(arrives)
    await stage.send(*claimed)
    assert ((await stage.subject("p1")).asked_at is not None) is asked


async def test_a_round_that_was_slept_through_is_planned_while_it_is_open(
    services: Services, calendar: FixedCalendar
) -> None:
    stage = await small_and_linked(services, calendar)
    stage.at("2026-11-25T10:00")
    await stage.settle()
    found = [one for one in await stage.deliveries("prompts") if one.state == "sent"]
    assert [one.to for one in found] == ["ana"]
    stage.at("2026-11-25T14:00")
    await stage.settle()
    assert "ben" in [one.to for one in await stage.deliveries("prompts") if one.state == "sent"]


async def test_of_several_missed_rounds_only_the_newest_is_planned(services: Services, calendar: FixedCalendar) -> None:
    stage = await small_and_linked(services, calendar)
    stage.at("2026-12-16T10:00")  # three rounds later, in the third one's window
    await stage.settle()
    async with stage.services.database.read() as session:
        assert [row.day.isoformat() for row in await session.scalars(select(RoundRow))] == ["2026-12-15"]
        assert [row.closed_at for row in await session.scalars(select(RoundSubjectRow))] == [None]
    assert "sent" in {one.state for one in await stage.deliveries("prompts", to="ana")}


async def test_a_newest_round_that_is_over_is_missed_and_closed(services: Services, calendar: FixedCalendar) -> None:
    stage = await small_and_linked(services, calendar)
    stage.at("2026-12-18T09:00")
    await stage.settle()
    asks = [one for one in await stage.deliveries("prompts") if one.items == ("ask p1",)]
    assert [(one.due, one.state) for one in asks] == [("Tue Dec 15 09:00", "missed")]
    subject = await stage.subject("p1")
    assert (subject.asked_at, subject.closed_at) == (None, subject.closes_at)
    record = await stage.record()
    assert [one.asked for one in record.rounds] == [False]


@pytest.mark.in_part
@pytest.mark.parametrize(
    ("moment", "late"),
    one_in(
        2,
        [
            ("2026-11-27T07:35", False),
            ("2026-11-27T07:30", False),
            ("2026-11-27T07:36", True),
            ("2026-11-28T09:00", True),
        ],
    ),
)
async def test_a_digest_is_sent_however_late_and_says_so(
    services: Services, calendar: FixedCalendar, moment: str, late: bool
) -> None:
    stage = await small_and_linked(services, calendar)
    stage.at(moment)
    sent = await stage.settle()
    [roll_up] = [one for one in sent if one.kind == "digest_roll_up"]
    content = await stage.services.contents.content(roll_up.id)
    assert isinstance(content, DigestPost)
    assert (content.late_since is not None) is late
    if late:
        assert content.late_since == stage.at("2026-11-27T07:30")


async def test_of_several_missed_digests_one_is_sent(services: Services, calendar: FixedCalendar) -> None:
    stage = await small_and_linked(services, calendar)
    stage.at("2026-12-19T09:00")
    sent = await stage.settle()
    assert sum(one.kind == "digest_roll_up" for one in sent) == 1
    assert [(one.due, one.state) for one in await stage.deliveries("digest_roll_up")] == [("Fri Dec 18 07:30", "sent")]
    assert await stage.settle() == [], "once"


async def test_planned_digests_that_could_not_be_sent_become_one(services: Services, calendar: FixedCalendar) -> None:
    """The bot was in no channel for two weeks: the next digest covers the whole gap."""
    stage = await Stage.with_record(services, calendar, small())
    await stage.go_live()
    for moment in ("2026-11-27T07:30", "2026-12-04T07:30"):
        stage.at(moment)
        await stage.settle()
    await stage.join_channels()
    await stage.services.deliveries.wake_waiting(stage.coalition_id)
    stage.at("2026-12-04T08:00")
    await stage.settle()
    assert [(one.due, one.state) for one in await stage.deliveries("digest_roll_up")] == [
        ("Fri Nov 27 07:30", "missed"),
        ("Fri Dec 04 07:30", "sent"),
    ]


async def test_nothing_is_sent_while_paused_and_the_late_rules_hold_after(
    services: Services, calendar: FixedCalendar
) -> None:
    stage = await small_and_linked(services, calendar)
    stage.at("2026-11-24T08:31")
    await stage.services.rhythm.plan()
    await stage.services.coalitions.pause(stage.operator)
    for moment in ("2026-11-24T09:00", "2026-11-26T12:01", "2026-11-27T07:30"):
        stage.at(moment)
        assert await stage.settle() == []
    stage.at("2026-11-27T09:00")
    await stage.services.coalitions.resume(stage.operator)
    sent = await stage.settle()
    assert {one.kind for one in sent} == {"digest_roll_up", "digest_reply", "digest_channel"}
    assert states(await stage.deliveries("prompts"))[0][:2] == ("ask p1", "missed")
    summary = await stage.services.coalitions.find(None)
    assert summary.state == "live"


async def test_a_late_digest_may_be_declined_when_sending_is_resumed(
    services: Services, calendar: FixedCalendar
) -> None:
    """A pause over two digests, ended on the eve of the third: only the regular one comes."""
    stage = await small_and_linked(services, calendar)
    stage.at("2026-11-25T10:00")
    await stage.settle()
    stage.at("2026-11-27T07:05")  # the first is planned already
    await stage.services.rhythm.plan()
    await stage.services.coalitions.pause(stage.operator)
    stage.at("2026-12-10T09:00")
    await stage.services.coalitions.resume(stage.operator, with_digests=False)
    assert not [one for one in await stage.settle() if one.kind.startswith("digest")]
    stage.at("2026-12-11T07:30")
    assert len([one for one in await stage.settle() if one.kind == "digest_roll_up"]) == 1
    found = await stage.deliveries("digest_roll_up")
    assert [(one.due, one.state) for one in found] == [("Fri Nov 27 07:30", "dropped"), ("Fri Dec 11 07:30", "sent")]


async def test_of_a_late_digest_and_one_that_follows_closely_the_next_may_be_left_out(
    services: Services, calendar: FixedCalendar
) -> None:
    """The program was off for weeks and begins again on the eve of the regular digest."""
    stage = await small_and_linked(services, calendar)
    stage.at("2026-12-10T09:00")
    await stage.settle()
    lou = await stage.actor("lou")
    overview = await services.digests.overview(lou)
    assert overview.close is not None
    assert (overview.close.due_at, overview.close.next_at) == (
        local("2026-12-04T07:30"),
        local("2026-12-11T07:30"),
    )
    page = await services.home.page(lou, whole=True)
    assert page.coordination is not None
    assert page.coordination.close == overview.close
    assert (await services.digests.overview(await stage.actor("ana"))).close is None, "nothing that she could do"
    stage.at("2026-12-11T07:10")
    await services.rhythm.plan()  # the regular one is planned, and nothing of it is out
    two = overview.close
    left = await services.digest_moves.leave_out(lou, two.cadence, two.slot)
    assert (left.at, left.next_at, left.already) == (two.next_at, local("2026-12-18T07:30"), False)
    assert (await services.digest_moves.leave_out(lou, two.cadence, two.slot)).already
    assert (await services.digests.overview(lou)).close is None
    question = await services.digests.ask_to_send(lou)
    assert question.what != "planned"
    for moment, digests in (("2026-12-11T07:30", 0), ("2026-12-14T09:00", 0), ("2026-12-18T07:30", 1)):
        stage.at(moment)
        sent = await stage.settle()
        assert sum(one.kind == "digest_roll_up" for one in sent) == digests, moment
    assert (await services.digests.overview(lou)).close is None, "in time"


@pytest.mark.in_part
@pytest.mark.parametrize("back", one_in(2, ["2026-12-09T07:29", "2026-12-05T09:00"]))
async def test_a_late_digest_long_before_the_next_asks_nothing(
    services: Services, calendar: FixedCalendar, back: str
) -> None:
    stage = await small_and_linked(services, calendar)
    stage.at(back)
    assert [one for one in await stage.settle() if one.kind == "digest_roll_up"]
    assert (await services.digests.overview(await stage.actor("lou"))).close is None


async def test_what_is_out_is_not_left_out_any_more(services: Services, calendar: FixedCalendar) -> None:
    stage = await small_and_linked(services, calendar)
    stage.at("2026-12-10T09:00")
    await stage.settle()
    lou = await stage.actor("lou")
    two = (await services.digests.overview(lou)).close
    assert two is not None
    stage.at("2026-12-11T07:30")
    await stage.settle()
    with pytest.raises(UserError, match="already out or on its way"):
        await services.digest_moves.leave_out(lou, two.cadence, two.slot)
    with pytest.raises(UserError, match="not in the plan anymore"):
        await services.digest_moves.leave_out(lou, two.cadence, two.slot + timedelta(hours=1))


def local(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZONE)


async def test_a_draft_sends_nothing_that_was_planned(services: Services, calendar: FixedCalendar) -> None:
    stage = await Stage.with_record(services, calendar, small())
    await stage.link("ana")
    moment = stage.calendar.now()
    ana = (await stage.actor("ana")).member_id
    async with stage.services.database.write() as session:
        session.add(
            DeliveryRow(
                coalition_id=stage.coalition_id,
                key="left over",
                kind="prompts",
                member_id=ana,
                planned_at=moment,
                due_at=moment,
            )
        )
    assert await stage.services.deliveries.claim() == ()


async def test_an_answer_before_the_reminder_ends_what_is_left(services: Services, calendar: FixedCalendar) -> None:
    stage = await small_and_linked(services, calendar)
    stage.at("2026-11-24T09:00")
    await stage.settle()
    await stage.answer("ana", "p1")
    stage.at("2026-11-25T15:00")
    sent = await stage.settle()
    assert {one.operation for one in sent} == {"update"}
    assert states(await stage.deliveries("prompts")) == [
        ("ask p1", "sent", None),
        ("reminder p1", "dropped", "already answered"),
        ("delegate p1", "dropped", "already answered"),
    ]


@pytest.mark.in_part
@on("sqlite", "any_url")
async def test_of_a_priority_that_was_paused_meanwhile_nobody_is_reminded(
    any_services: Services, calendar: FixedCalendar
) -> None:
    stage = await small_and_linked(any_services, calendar)
    stage.at("2026-11-24T09:00")
    await stage.settle()
    for assessment, moment in (("paused", "2026-11-25T09:00"), ("complete", "2026-11-25T15:00")):
        record = await stage.record()
        resting = tuple(replace(item, assessment=Assessment(assessment)) for item in record.priorities)
        await stage.services.coalitions.import_record(replace(record, priorities=resting), prefer_file=True)
        stage.at(moment)
        assert "post" not in {one.operation for one in await stage.settle()}
    resting_since = "the priority is paused or complete"
    assert states(await stage.deliveries("prompts")) == [
        ("ask p1", "sent", None),
        ("reminder p1", "dropped", resting_since),
        ("delegate p1", "dropped", resting_since),
    ]


async def test_a_message_that_goes_out_after_the_close_asked_nobody(reached: Stage) -> None:
    """Down from before the round opened until after its close: Grant's actions come, and nobody was asked by them."""
    stage = reached
    stage.at("2026-11-23T08:10")
    await stage.services.rhythm.plan()
    stage.at("2026-11-24T17:00")
    sent = await stage.settle()
    [message] = [one for one in sent if one.user_id == f"UGRANT{stage.coalition_id}" and one.kind == "prompts"]
    content = await stage.services.contents.content(message.id)
    assert isinstance(content, Prompts)
    assert [one.item for one in content.items] == ["action_list"], "a closed round is no news"
    assert (await stage.subject("supplier-growth")).asked_at is None
    status = await stage.services.checkin_rounds.status(await stage.actor("omar"), "weekly")
    said = dump(status_message(status))
    assert "asked" not in said.replace("not asked yet", "")
    assert "Grant Okafor, not reached: the check-in could not be sent before its round closed" in said
    record = await stage.record()
    before = compose(record, datetime.fromisoformat("2026-11-22T12:00:00-06:00"))
    now = compose(record, stage.calendar.now())
    silent = [next(one for one in digest.priorities if one.id == "supplier-growth") for digest in (before, now)]
    assert silent[0].standing.silent_rounds == silent[1].standing.silent_rounds
