"""The occurrences ahead of a meeting, however far somebody looks."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from bot.domain import meetings
from bot.domain.record import Cadence, Move, Record

AFTER = datetime(2026, 11, 23, 13, tzinfo=UTC)


@pytest.fixture
def daily(sample: Record) -> Cadence:
    """A meeting of every day at nine, of which one is skipped and one moved beyond five weeks."""
    first = datetime.fromisoformat("2026-11-02T09:00")
    return replace(
        meetings.meetings(sample)[0],
        rrule="FREQ=DAILY",
        dtstart=first,
        exdates=(datetime.fromisoformat("2026-11-26T09:00"),),
        moves=(
            Move(original=datetime.fromisoformat("2026-11-27T09:00"), to=datetime.fromisoformat("2027-01-02T11:00")),
        ),
    )


def test_each_comes_once_and_in_its_order_however_many_are_asked_for(daily: Cadence) -> None:
    days = [datetime.fromisoformat("2026-11-23T09:00") + timedelta(days=number) for number in range(200)]
    expected = [day for day in days if day.day not in (26, 27) or day.month != 11]
    expected = sorted([*expected, datetime.fromisoformat("2027-01-02T11:00")])
    for count in (1, 2, 32, 33, 150):
        found = meetings.next_sittings(daily, AFTER, count)
        assert [one.occurrence.local for one in found] == expected[:count]


def test_a_rule_that_ends_gives_what_it_has(daily: Cadence) -> None:
    assert len(meetings.next_sittings(replace(daily, rrule="FREQ=DAILY;COUNT=100"), AFTER, 500)) == 78
