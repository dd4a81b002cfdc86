"""Planning: who is asked about what and when, and that planning twice is planning once."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest
from sqlalchemy import func, select

from bot.clock import FixedCalendar
from bot.domain.record import Record
from bot.services import Services
from bot.store.checkins import RoundRow
from bot.store.digests import DigestRow
from tests.builders import away, day, organization, priority
from tests.examples import on, one_in
from tests.services.small import friday, small, weekly
from tests.services.stage import ZONE, Seen, Stage


async def staged_small(services: Services, calendar: FixedCalendar, record: Record) -> Stage:
    """The small coalition, live since Monday at seven, on the eve of its Tuesday round."""
    stage = await Stage.with_record(services, calendar, record)
    await stage.go_live()
    stage.at("2026-11-24T08:30")
    return stage


def asked(found: list[Seen]) -> list[tuple[str, str, str]]:
    """Who is asked about which priority; actions travel along."""
    checks = ("ask", "reminder", "delegate")
    return [(one.to, item, one.due) for one in found for item in one.items if item.split()[0] in checks]


async def test_the_samples_first_week(stage: Stage) -> None:
    """Moved to Monday with hours of its own; everybody is asked at nine on the owner's clock, Imani's an hour ahead.

    Half an hour before, those with open actions get their list, with the check-in where both come.
    """
    await stage.go_live()
    for moment, planned in (("07:00", 2), ("07:29", 0), ("07:31", 1), ("08:29", 2), ("08:31", 2)):
        stage.at(f"2026-11-23T{moment}")
        assert await stage.services.rhythm.plan() == planned, moment
    assert asked(await stage.deliveries("prompts")) == [
        ("imani", "ask family-access", "Mon Nov 23 08:00"),
        ("grant", "ask supplier-growth", "Mon Nov 23 09:00"),
        ("tom", "ask job-quality", "Mon Nov 23 09:00"),
        ("yolanda", "ask talent-pathways", "Mon Nov 23 09:00"),
        ("imani", "reminder family-access", "Tue Nov 24 06:00"),
        ("yolanda", "reminder talent-pathways", "Tue Nov 24 07:00"),
        ("grant", "reminder supplier-growth", "Tue Nov 24 07:00"),
        ("tom", "reminder job-quality", "Tue Nov 24 07:00"),
        ("luis", "delegate family-access", "Tue Nov 24 09:00"),
        ("helen", "delegate talent-pathways", "Tue Nov 24 10:00"),
        ("marcus", "delegate supplier-growth", "Tue Nov 24 10:00"),
        ("renata", "delegate job-quality", "Tue Nov 24 10:00"),
    ]
    found = await stage.deliveries("prompts")
    assert [(one.to, one.items[0], one.due) for one in found if one.items[0].startswith("action_list")] == [
        ("helen", "action_list 2026-11-23 A-103 A-101", "Mon Nov 23 07:30"),
        ("luis", "action_list 2026-11-23 A-302", "Mon Nov 23 07:30"),
        ("imani", "action_list 2026-11-23 A-304", "Mon Nov 23 08:00"),
        ("dana", "action_list 2026-11-23 A-502", "Mon Nov 23 08:30"),
        ("omar", "action_list 2026-11-23 A-205 A-501", "Mon Nov 23 08:30"),
        ("marcus", "action_list 2026-11-23 A-301 A-201", "Mon Nov 23 08:30"),
        ("grant", "action_list 2026-11-23 A-202 A-203", "Mon Nov 23 09:00"),
        ("tom", "action_list 2026-11-23 A-104 A-401", "Mon Nov 23 09:00"),
        ("yolanda", "action_list 2026-11-23 A-102", "Mon Nov 23 09:00"),
    ]
    assert {one.state for one in found} == {"planned"}
    [due] = [one for one in found if one.items[0].startswith("action_due")]
    assert (due.to, due.items, due.due) == ("marcus", ("action_due A-201 2026-11-26",), "Wed Nov 25 09:00"), (
        "his office is closed on Thanksgiving, the day after"
    )


async def test_planning_twice_changes_nothing(stage: Stage) -> None:
    await stage.go_live()
    stage.at("2026-11-25T07:31")
    assert await stage.services.rhythm.plan() > 0
    before = await stage.deliveries()
    for _time in range(2):
        assert await stage.services.rhythm.plan() == 0
    # A program that starts again knows nothing of what it looked at.
    again = Services(stage.services.database, stage.calendar, stage.services.deliveries.elapsed)
    assert await again.rhythm.plan() == 0
    assert await stage.deliveries() == before


async def test_the_moved_digest_goes_on_wednesday_and_not_on_friday(stage: Stage) -> None:
    await stage.go_live()
    for date in ("23", "24", "25", "26", "27", "28", "30"):
        stage.at(f"2026-11-{date}T12:00")
        await stage.services.rhythm.plan()
    stage.at("2026-12-04T07:30")
    await stage.services.rhythm.plan()
    async with stage.services.database.read() as session:
        dates = [row.due_at for row in await session.scalars(select(DigestRow).order_by(DigestRow.due_at))]
    assert dates == [stage.at("2026-11-25T07:30"), stage.at("2026-12-04T07:30")]
    first = [one for one in await stage.deliveries("digest_roll_up", "digest_channel") if one.due.startswith("Wed")]
    assert [(one.to, one.kind) for one in first] == [
        ("#lb-steering", "digest_roll_up"),
        ("#lb-talent", "digest_channel"),
        ("#lb-suppliers", "digest_channel"),
        ("#lb-access", "digest_channel"),
        ("#lb-job-quality", "digest_channel"),
    ]


async def test_a_round_has_its_windows_on_the_owners_clock(stage: Stage) -> None:
    stage = stage
    await stage.go_live()
    stage.at("2026-12-01T08:31")
    await stage.services.rhythm.plan()
    imani, grant = await stage.subject("family-access"), await stage.subject("supplier-growth")
    assert (imani.opens_at, imani.reminder_at, imani.delegate_at, imani.closes_at) == (
        stage.at("2026-12-01T08:00"),
        stage.at("2026-12-02T08:00"),
        stage.at("2026-12-02T13:00"),
        stage.at("2026-12-03T11:00"),
    )
    assert (grant.opens_at, grant.closes_at) == (stage.at("2026-12-01T09:00"), stage.at("2026-12-03T12:00"))
    async with stage.services.database.read() as session:
        assert await session.scalar(select(func.count(RoundRow.id)).where(RoundRow.day == day("2026-12-01"))) == 1


async def test_a_draft_plans_nothing(stage: Stage) -> None:
    stage.at("2026-11-25T08:00")
    assert await stage.services.rhythm.plan() == 0
    assert await stage.deliveries() == []


async def test_a_round_that_was_due_before_it_went_live_is_not_made_up(stage: Stage) -> None:
    stage.at("2026-11-23T08:30")
    await stage.go_live()
    await stage.services.rhythm.plan()
    asks = [one for one in asked(await stage.deliveries()) if one[1].startswith("ask")]
    assert [who for who, _item, _due in asks] == ["yolanda", "grant", "tom"], "Imani's round opened at eight"


@pytest.mark.in_part
@on("sqlite", "any_url")
async def test_an_away_owner_is_not_asked_but_the_stand_in(any_services: Services, calendar: FixedCalendar) -> None:
    record = small(ana={"away": (away("24", "25"),)})
    stage = await staged_small(any_services, calendar, record)
    await stage.services.rhythm.plan()
    assert asked(await stage.deliveries()) == [("ben", "delegate p1", "Tue Nov 24 09:00")]


@pytest.mark.in_part
@pytest.mark.parametrize(
    ("ana", "ben", "receivers"),
    one_in(
        2,
        [
            ({}, {}, ["ana", "ana", "ben"]),
            ({"away": (away("23", "23"), away("25", "30"))}, {}, ["ana", "ana", "ben"]),
            ({"away": (away("24", "24"),)}, {"away": (away("24", "24"),)}, []),  # Ben's own stand-in is not asked
            ({"away": (away("24", "24"),), "delegate": None}, {}, []),
            ({}, {"away": (away("24", "24"),)}, ["ana", "ana"]),
            ({"delegate": None}, {}, ["ana", "ana"]),
        ],
    ),
)
async def test_stand_ins_do_not_chain(
    services: Services, calendar: FixedCalendar, ana: dict[str, Any], ben: dict[str, Any], receivers: list[str]
) -> None:
    stage = await staged_small(services, calendar, small(ana=ana, ben=ben))
    await stage.services.rhythm.plan()
    assert [one.to for one in await stage.deliveries()] == receivers
    await stage.subject("p1")  # there is a round all the same


async def test_a_priority_that_rests_is_not_asked_about(services: Services, calendar: FixedCalendar) -> None:
    resting = [priority(f"p{n}", assessment=state) for n, state in enumerate(("paused", "complete", "not_started"))]
    stage = await staged_small(services, calendar, small(priorities=resting))
    await stage.services.rhythm.plan()
    assert {item for one in await stage.deliveries() for item in one.items} >= {"ask p2"}
    assert not any("p0" in item or "p1" in item for one in await stage.deliveries() for item in one.items)


@pytest.mark.in_part
@pytest.mark.parametrize(
    ("ana", "closed", "due"),
    one_in(
        2,
        [
            ({"timezone": "Asia/Tokyo"}, (), "Mon Nov 23 18:00"),  # nine on her own clock
            ({"timezone": "America/New_York"}, (), "Tue Nov 24 08:00"),
            ({}, ("24",), "Wed Nov 25 09:00"),  # her organization is closed: the same hour of the next open day
            ({}, ("24", "25"), "Thu Nov 26 09:00"),
        ],
    ),
)
async def test_when_the_ask_goes_out(
    services: Services, calendar: FixedCalendar, ana: dict[str, Any], closed: tuple[str, ...], due: str
) -> None:
    record = small(
        ana=ana, organizations=[organization(closed_days=tuple(day(one) for one in closed)), organization("other")]
    )
    stage = await Stage.with_record(services, calendar, record)
    await stage.go_live()
    for moment in ("2026-11-23T17:45", "2026-11-24T07:45", "2026-11-24T08:45"):
        stage.at(moment)
        await stage.services.rhythm.plan()
    found = await stage.deliveries(to="ana")
    assert [one.due for one in found if one.items == ("ask p1",)] == [due]
    # Where the ask had to wait until then, no reminder comes with it or before it.
    assert [one.due for one in found if "reminder p1" in one.items] == ([] if closed else [found[1].due])


async def test_what_no_open_hour_is_left_for_is_missed_with_its_reason(
    services: Services, calendar: FixedCalendar
) -> None:
    closed = organization(closed_days=(day("24"), day("25"), day("26")))
    stage = await staged_small(services, calendar, small(organizations=[closed, organization("other")]))
    await stage.services.rhythm.plan()
    assert {(one.to, one.state, one.reason) for one in await stage.deliveries()} == {
        (who, "missed", "no open hour of this person was left before the round closed") for who in ("ana", "ben")
    }


async def test_a_cadence_that_changes_is_planned_by_its_new_rule(services: Services, calendar: FixedCalendar) -> None:
    stage = await staged_small(services, calendar, small())
    stage.at("2026-11-23T08:00")
    assert await stage.services.rhythm.plan() == 0
    moved = weekly(rrule="FREQ=WEEKLY;BYDAY=WE", dtstart=datetime.fromisoformat("2026-01-07T10:00"))
    await stage.services.coalitions.import_record(small(cadences=[friday(), moved]))
    stage.at("2026-11-24T09:00")
    assert await stage.services.rhythm.plan() == 0
    stage.at("2026-11-25T09:31")
    assert await stage.services.rhythm.plan() == 1
    assert (await stage.deliveries())[0].due == "Wed Nov 25 10:00"


@pytest.mark.in_part
@pytest.mark.parametrize("rule", one_in(2, [("WE", "2026-01-07T10:00"), ("TU", "2026-01-06T14:00")]))
async def test_a_rule_that_changes_while_a_round_is_open_asks_nobody_a_second_time(
    services: Services, calendar: FixedCalendar, rule: tuple[str, str]
) -> None:
    stage = await Stage.with_record(services, calendar, small())
    await stage.link("ana", "ben", "lou")
    await stage.go_live()
    stage.at("2026-11-24T09:31")
    await stage.settle()
    day, first = rule
    changed = weekly(rrule=f"FREQ=WEEKLY;BYDAY={day}", dtstart=datetime.fromisoformat(first))
    await stage.services.coalitions.import_record(small(cadences=[friday(), changed]))
    # No screen promises what the new rule has before this round closes.
    following = datetime.fromisoformat(first).replace(month=12, day=2 if rule[0] == "WE" else 1, tzinfo=ZONE)
    assert (await stage.services.home.page(await stage.actor("ana"))).next_opens_at == following
    assert (await stage.services.checkin_rounds.status(await stage.actor("lou"), "")).next_at == following
    form = await stage.services.checkins.form(await stage.actor("ana"), (await stage.subject("p1")).id)
    assert form.next_opens_at == following
    for moment in ("2026-11-24T14:01", "2026-11-25T10:01", "2026-11-26T11:30"):
        stage.at(moment)
        await stage.settle()

    def asks(found: list[Seen]) -> list[str]:
        return [one.due for one in found if "ask p1" in one.items and "reminder p1" not in one.items]

    assert asks(await stage.deliveries()) == ["Tue Nov 24 09:00"]
    async with services.database.read() as session:
        assert [row.day.isoformat() for row in await session.scalars(select(RoundRow))] == ["2026-11-24"]
    stage.at("2026-12-02T10:01")
    await stage.settle()
    assert len(asks(await stage.deliveries())) == 2, "the next one by its new rule"


async def test_a_priority_that_is_added_later_owes_nothing_for_before(
    services: Services, calendar: FixedCalendar
) -> None:
    stage = await staged_small(services, calendar, small())
    await stage.services.rhythm.plan()
    stage.at("2026-11-24T12:00")
    priorities = [priority(channel="p-one"), priority("p2", owner="ben")]
    await stage.services.coalitions.import_record(small(priorities=priorities))
    await stage.services.rhythm.plan()
    assert not any("p2" in item for one in await stage.deliveries() for item in one.items)
    stage.at("2026-12-01T08:31")
    await stage.services.rhythm.plan()
    assert ("ben", "ask p2", "Tue Dec 01 09:00") in asked(await stage.deliveries())


async def test_rounds_close_on_time_and_their_messages_are_shown_anew(asked_at_nine: Stage) -> None:
    stage = asked_at_nine
    closes = {"family-access": "2026-11-24T14:00", "job-quality": "2026-11-24T15:00"}
    for name, moment in closes.items():
        assert (await stage.subject(name)).closes_at == stage.at(moment)
    stage.at("2026-11-24T13:59")
    assert await stage.services.rhythm.close() == 0
    stage.at("2026-11-24T14:00")
    assert await stage.services.rhythm.close() == 1
    assert [(one.to, one.kind) for one in await stage.deliveries("prompts update")] == [("imani", "prompts update")]
    stage.at("2026-11-24T16:00")
    assert await stage.services.rhythm.close() == 3
    assert (await stage.subject("job-quality")).closed_at == stage.at("2026-11-24T15:00"), "closed when it was over"
    assert await stage.services.rhythm.close() == 0


@pytest.mark.in_part
@on("postgres", "any_sample_url")
async def test_the_next_moment_at_which_anything_is_due(any_sample: Stage) -> None:
    stage = any_sample
    await stage.link()
    await stage.go_live()
    await stage.services.rhythm.plan()
    rhythm = stage.services.rhythm
    start, end = stage.calendar.now(), stage.at("2026-11-24T00:00")
    assert await rhythm.next_due(start, end) == stage.at("2026-11-23T07:30")
    assert await rhythm.next_due(start, stage.at("2026-11-23T07:29")) is None
    stage.at("2026-11-23T09:30")  # half past eight in Phoenix
    await stage.settle()
    # A new day by UTC, with which days come near.
    evening = stage.at("2026-11-23T18:00")
    assert await rhythm.next_due(stage.at("2026-11-23T09:30"), end) == evening
    # And the coalition's own, with which what was due is overdue.
    assert await rhythm.next_due(evening, end) == end
    assert await rhythm.next_due(end, stage.at("2026-11-24T05:59")) is None
    assert await rhythm.next_due(end, stage.at("2026-11-25T00:00")) == stage.at("2026-11-24T06:00")
