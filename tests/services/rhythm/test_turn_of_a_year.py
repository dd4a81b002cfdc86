"""Over December 31 and February 29: everything comes as in any other week, and what recurs every year recurs."""

from __future__ import annotations

from datetime import date, time, timedelta
from typing import Any

import pytest

from bot.clock import FixedCalendar
from bot.domain.digests import compose
from bot.domain.funding import following_report
from bot.domain.metrics import next_period_end
from bot.domain.people import receiver_in
from bot.domain.plan import spread
from bot.domain.record import record as values
from bot.domain.rhythm import occurrences_between
from bot.services import Services
from bot.services.outbox import receivers_of
from tests.builders import at, cadence, day, meeting, metric, organization, outcome, priority, source
from tests.examples import one_in, part
from tests.services.small import friday, questions, small, weekly
from tests.services.stage import Stage
from tests.tables import on_each


async def coalition(services: Services, calendar: FixedCalendar, begin: str, **fields: Any) -> Stage:
    usual: dict[str, Any] = {
        "priorities": (priority(channel="p-one", metrics=(metric(),), outcomes=(outcome("o1", "2029-12-31"),)),),
        "cadences": (friday(), weekly(), meeting("talk", "2026-01-05T10:00", rrule="FREQ=WEEKLY;BYDAY=MO")),
        "question_sets": (questions(),),
    }
    found = await Stage.with_record(services, calendar, small(**(usual | fields)))
    found.at(f"{begin}T06:00")
    await found.link()
    await found.join_channels()
    await found.go_live(meetings=True)
    return found


async def lived(stage: Stage, first: str, days: int) -> list[str]:
    """What went out, as "day kind" with the items of people's messages."""
    begin = stage.at(f"{first}T00:01")
    for ahead in range(days):
        for minutes in part((541,), (450, 541)):
            stage.calendar.set(begin + timedelta(days=ahead, minutes=minutes - 1))
            await stage.settle()
    return [
        f"{one.due[:10]} {one.kind} {' '.join(one.items)}".strip()
        for one in await stage.deliveries("prompts", "digest_roll_up", "agenda")
        if one.state == "sent"
    ]


@pytest.mark.in_part
@pytest.mark.parametrize(
    ("begin", "asked", "digests", "met"),
    one_in(
        2,
        [
            # Over the end of 2026, of a year with 53 weeks.
            (
                "2026-12-21",
                ["Tue Dec 22", "Tue Dec 29", "Tue Jan 05"],
                ["Fri Dec 25", "Fri Jan 01", "Fri Jan 08"],
                ["Mon Dec 21", "Mon Dec 28", "Mon Jan 04"],
            ),
            # Over a leap day, which is a Tuesday.
            (
                "2028-02-21",
                ["Tue Feb 22", "Tue Feb 29"],
                ["Fri Feb 25", "Fri Mar 03"],
                ["Mon Feb 21", "Mon Feb 28"],
            ),
        ],
    ),
)
async def test_rounds_digests_and_meetings_go_on(
    services: Services,
    calendar: FixedCalendar,
    begin: str,
    asked: list[str],
    digests: list[str],
    met: list[str],
) -> None:
    stage = await coalition(services, calendar, begin)
    sent = await lived(stage, begin, 7 * len(asked))
    assert [one[:10] for one in sent if "prompts ask p1" in one] == asked
    assert [one[:10] for one in sent if "digest_roll_up" in one] == digests
    # Each a week ahead, beginning with the one that was due before.
    assert [one[:10] for one in sent if one.endswith("agenda")][1:] == met


@pytest.mark.in_part
async def test_a_week_over_two_years_is_one_week_in_the_digest(services: Services, calendar: FixedCalendar) -> None:
    stage = await coalition(services, calendar, "2026-12-28")
    sent = await lived(stage, "2026-12-28", 12)
    assert [one[:10] for one in sent if "digest_roll_up" in one] == ["Fri Jan 01", "Fri Jan 08"]
    record = await stage.record()
    # ISO's last week of 2026 has New Year's Day in it.
    assert compose(record, at("2027-01-01T07:30")).week == "2026-W53"
    assert compose(record, at("2027-01-04T07:30")).week == "2027-W01"
    silent = compose(record, at("2027-01-08T12:00")).priorities[0].standing.silent_rounds
    assert silent == 2, "both rounds count, whatever year they are of"


@pytest.mark.in_part
async def test_days_that_are_closed_every_year_are_closed_the_next_year_too(
    services: Services, calendar: FixedCalendar
) -> None:
    """Otherwise the bot would write on Christmas from the second year on, without a word."""
    closed = organization(closed_yearly=("12-28", "12-29"))
    stage = await coalition(
        services, calendar, "2027-12-27", organizations=(closed, organization("other")), cadences=(weekly(), friday())
    )
    sent = await lived(stage, "2027-12-27", 10)
    asked = [one[:10] for one in sent if "prompts ask p1" in one]
    # Dec 28 is a Tuesday, and the round is open until Thursday noon.
    assert asked == ["Thu Dec 30", "Tue Jan 04"]


async def test_planning_and_sending_know_the_same_closed_days(services: Services, calendar: FixedCalendar) -> None:
    closed = organization(closed_days=(day("2027-05-03"),), closed_yearly=("12-28",))
    stage = await coalition(services, calendar, "2026-12-21", organizations=(closed, organization("other")))
    record, ana = await stage.record(), (await stage.actor("ana")).member_id
    planned = receiver_in(record, record.members[0], time(20), time(7))
    async with services.database.read(stage.coalition_id) as session:
        sending = (await receivers_of(session, [ana or 0]))[ana or 0]
    for on in ("2027-05-03", "2026-12-28", "2027-12-28"):
        assert planned.is_blocked(day(on)), on
        assert sending.is_blocked(day(on)), on
    assert not planned.is_blocked(day("2028-05-03"))


def test_yearly_closed_days_excuse_from_answering() -> None:
    closed = organization(closed_days=(day("2026-12-24"),), closed_yearly=("12-25", "02-29"))
    assert [closed.is_closed(day(one)) for one in ("2026-12-24", "2027-12-24", "2027-12-25", "2031-12-25")] == [
        True,
        False,
        True,
        True,
    ]
    assert closed.is_closed(day("2028-02-29"))
    assert not closed.is_closed(day("2027-02-28"))


def test_a_yearly_meeting_comes_every_year() -> None:
    """The forms keep a weekday and its place, so that no date is lost in years that are no leap years."""
    summit = cadence(
        "summit", kind="meeting", group="steering", audience=None, question_set=None,
        dtstart=at("2028-02-29T09:00").replace(tzinfo=None), rrule="FREQ=YEARLY;BYMONTH=2;BYDAY=-1TU",
    )  # fmt: skip
    found = [moment.year for _, moment in occurrences_between(summit, at("2028-01-01T00:00"), at("2033-01-01T00:00"))]
    assert found == [2028, 2029, 2030, 2031, 2032]


@on_each(
    ("end", "frequency", "following"),
    [
        ("2026-12-31", "annual", "2027-12-31"),
        ("2026-12-31", "quarterly", "2027-03-31"),
        ("2026-12-28", "weekly", "2027-01-04"),
        ("2028-02-29", "annual", "2029-02-28"),
        ("2027-02-28", "annual", "2028-02-29"),  # the last day of a month stays one
        ("2027-11-30", "quarterly", "2028-02-29"),
    ],
)
def test_periods_and_reports_follow_over_the_year(end: str, frequency: str, following: str) -> None:
    assert next_period_end(day(end), frequency) == day(following)
    if frequency != "weekly":
        owed = source("F-1", {"p1": 100}, report=values.FundingReport(frequency=frequency, next_due=day(end)))
        assert following_report(owed) == day(following)


def test_money_of_a_leap_year_adds_up() -> None:
    assert spread(731, date(2027, 1, 1), date(2028, 12, 31)) == {2027: 365, 2028: 366}  # type: ignore[arg-type]
