"""Cadences come round when their rule says, less what was skipped, at the times to which they were moved.

The zones' own clock changes have a file of their own, test_cadence_zones.py.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any

import pytest
from dateutil.rrule import rrulestr
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from bot.domain.cadence import (
    Occurrence,
    RuleError,
    Window,
    check_rule,
    describe,
    is_slot,
    latest_occurrence,
    next_occurrence,
    occurrences,
    occurrences_between,
    to_local,
    to_utc,
    window,
    zone_of,
)
from bot.domain.record import Cadence, Move
from tests.examples import examples

CHICAGO = "America/Chicago"


def wall(text: str) -> datetime:
    """A naive wall time."""
    moment = datetime.fromisoformat(text)
    assert moment.tzinfo is None
    return moment


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def cadence(rule: str, dtstart: str, **fields: Any) -> Cadence:
    usual = {"id": "it", "kind": "checkin", "name": "It", "timezone": CHICAGO}
    return Cadence(**{**usual, "rrule": rule, "dtstart": wall(dtstart), **fields})


def opens(it: Cadence, start: str, end: str) -> list[str]:
    return [f"{each.local:%Y-%m-%d %H:%M}" for each in occurrences(it, wall(start), wall(end))]


def days(it: Cadence, start: str, end: str) -> list[str]:
    return [f"{each.local:%Y-%m-%d}" for each in occurrences(it, wall(start), wall(end))]


CHECKIN = cadence(
    "FREQ=WEEKLY;BYDAY=TU",
    "2026-01-06T09:00",
    time_basis="member_local",
    audience="priority_owners",
    closes_after_hours=51,
    reminder_after_hours=24,
    delegate_after_hours=29,
    moves=(
        Move(
            original=wall("2026-11-24T09:00"),
            to=wall("2026-11-23T09:00"),
            closes_after_hours=30,
            reminder_after_hours=22,
            delegate_after_hours=25,
        ),
    ),
)


@pytest.mark.parametrize(
    ("rule", "dtstart", "start", "end", "expected"),
    [
        pytest.param(
            "FREQ=WEEKLY;BYDAY=TU", "2026-01-06T09:00", "2026-01-01", "2026-01-21",
            ["2026-01-06", "2026-01-13", "2026-01-20"], id="every week",
        ),
        pytest.param(
            "FREQ=WEEKLY;INTERVAL=2;BYDAY=MO", "2026-01-12T10:00", "2026-11-01", "2026-12-05",
            ["2026-11-02", "2026-11-16", "2026-11-30"], id="every second week keeps the weeks of its start",
        ),
        pytest.param(
            "FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,FR", "2026-01-16T10:00", "2026-01-01", "2026-02-20",
            ["2026-01-16", "2026-01-26", "2026-01-30", "2026-02-09", "2026-02-13"],
            id="every second week counts weeks, not days",
        ),
        pytest.param(
            "FREQ=WEEKLY;INTERVAL=2;BYDAY=SU,MO;WKST=SU", "2026-01-11T10:00", "2026-03-01", "2026-03-25",
            ["2026-03-08", "2026-03-09", "2026-03-22", "2026-03-23"], id="a week that begins on Sunday",
        ),
        pytest.param(
            "FREQ=WEEKLY;INTERVAL=2;BYDAY=SU,MO", "2026-01-11T10:00", "2026-03-01", "2026-03-25",
            ["2026-03-02", "2026-03-08", "2026-03-16", "2026-03-22"], id="a week that begins on Monday",
        ),
        pytest.param(
            "FREQ=DAILY;INTERVAL=10", "2026-01-01T08:00", "2026-12-01", "2027-01-01",
            ["2026-12-07", "2026-12-17", "2026-12-27"], id="every ten days",
        ),
        pytest.param(
            "FREQ=MONTHLY", "2026-01-31T08:00", "2026-01-01", "2026-09-01",
            ["2026-01-31", "2026-03-31", "2026-05-31", "2026-07-31", "2026-08-31"], id="the 31st skips short months",
        ),
        pytest.param(
            "FREQ=MONTHLY;BYMONTHDAY=-1", "2027-12-31T08:00", "2028-01-01", "2028-04-02",
            ["2028-01-31", "2028-02-29", "2028-03-31"], id="the last day of every month",
        ),
        pytest.param(
            "FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1", "2026-01-30T08:00", "2026-01-01", "2026-06-01",
            ["2026-01-30", "2026-02-27", "2026-03-31", "2026-04-30", "2026-05-29"], id="the last working day",
        ),
        pytest.param(
            "FREQ=MONTHLY;INTERVAL=3;BYDAY=-1FR", "2026-01-30T12:00", "2026-06-01", "2027-03-01",
            ["2026-07-31", "2026-10-30", "2027-01-29"], id="the last Friday of every third month",
        ),
        pytest.param(
            "FREQ=YEARLY;BYMONTH=1,4,7,10;BYMONTHDAY=20", "2026-01-20T09:00", "2026-04-21", "2027-02-01",
            ["2026-07-20", "2026-10-20", "2027-01-20"], id="four dates a year",
        ),
        pytest.param(
            "FREQ=YEARLY", "2024-02-29T09:00", "2024-01-01", "2033-01-01",
            ["2024-02-29", "2028-02-29", "2032-02-29"], id="a leap day",
        ),
        pytest.param(
            "FREQ=YEARLY;BYWEEKNO=20", "2026-05-13T09:00", "2026-01-01", "2029-01-01",
            ["2026-05-13", "2027-05-19", "2028-05-17"], id="a week of the year on the start's weekday",
        ),
        pytest.param(
            "FREQ=YEARLY;INTERVAL=2;BYYEARDAY=-1", "2025-12-31T09:00", "2026-01-01", "2031-01-01",
            ["2027-12-31", "2029-12-31"], id="the last day of every second year",
        ),
        pytest.param(
            "FREQ=MONTHLY;BYDAY=MO,2TH", "2026-01-05T09:00", "2026-01-01", "2026-02-01",
            ["2026-01-05", "2026-01-08", "2026-01-12", "2026-01-19", "2026-01-26"],
            id="every Monday and the second Thursday",
        ),
        pytest.param(
            "FREQ=WEEKLY;BYDAY=MO,WE,FR;BYSETPOS=2", "2026-01-07T09:00", "2026-01-01", "2026-01-22",
            ["2026-01-07", "2026-01-14", "2026-01-21"], id="the second of a week's days, also in its first week",
        ),
        pytest.param(
            "FREQ=WEEKLY;BYDAY=TU;COUNT=3", "2026-01-06T09:00", "2025-01-01", "2027-01-01",
            ["2026-01-06", "2026-01-13", "2026-01-20"], id="three times",
        ),
        pytest.param(
            "FREQ=WEEKLY;BYDAY=TU;COUNT=3", "2026-01-06T09:00", "2026-01-14", "2027-01-01",
            ["2026-01-20"], id="three times, asked from the middle",
        ),
        pytest.param(
            "FREQ=YEARLY;COUNT=1000", "2026-01-06T09:00", "2199-01-01", "2201-01-01",
            ["2199-01-06", "2200-01-06"], id="more times than a century holds",
        ),
        pytest.param(
            "FREQ=WEEKLY;BYDAY=TU;UNTIL=20260120", "2026-01-06T09:00", "2026-01-01", "2027-01-01",
            ["2026-01-06", "2026-01-13", "2026-01-20"], id="until a day, that day included",
        ),
        pytest.param(
            "FREQ=WEEKLY;BYDAY=TU;UNTIL=20260120T090000", "2026-01-06T09:00", "2026-01-01", "2027-01-01",
            ["2026-01-06", "2026-01-13", "2026-01-20"], id="until its own wall time",
        ),
        pytest.param(
            "FREQ=WEEKLY;BYDAY=TU;UNTIL=20260120T085959", "2026-01-06T09:00", "2026-01-01", "2027-01-01",
            ["2026-01-06", "2026-01-13"], id="until a second before",
        ),
        pytest.param(
            "FREQ=WEEKLY;BYDAY=TU;UNTIL=20260120T150000Z", "2026-01-06T09:00", "2026-01-01", "2027-01-01",
            ["2026-01-06", "2026-01-13", "2026-01-20"], id="until a moment in UTC",
        ),
        pytest.param(
            "FREQ=WEEKLY;BYDAY=TU;UNTIL=20260120T145959Z", "2026-01-06T09:00", "2026-01-01", "2027-01-01",
            ["2026-01-06", "2026-01-13"], id="until a second before, in UTC",
        ),
        pytest.param(
            "FREQ=WEEKLY;BYDAY=TU;COUNT=3", "2026-01-06T09:00", "2026-01-20T09:00", "2027-01-01",
            ["2026-01-20"], id="asked from its last time",
        ),
        pytest.param(
            "freq=weekly;byday=tu", "2026-01-06T09:00", "2026-01-01", "2026-01-10", ["2026-01-06"],
            id="small letters",
        ),
        pytest.param(
            "FREQ=DAILY", "2026-01-06T09:00", "2026-01-07T09:00", "2026-01-09T09:00", ["2026-01-07", "2026-01-08"],
            id="the start is included, the end is not",
        ),
        pytest.param("FREQ=DAILY", "2026-01-06T09:00", "2026-01-09", "2026-01-07", [], id="an empty range"),
        pytest.param("FREQ=DAILY", "2026-01-06T09:00", "2025-01-09", "2026-01-06T09:00", [], id="before the start"),
    ],
)  # fmt: skip
def test_rule_gives(rule: str, dtstart: str, start: str, end: str, expected: list[str]) -> None:
    check_rule(rule, wall(dtstart), CHICAGO)
    assert days(cadence(rule, dtstart), start, end) == expected


WEEKDAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")


@st.composite
def rules(draw: st.DrawFn) -> tuple[str, datetime]:
    """A rule that dateutil and RFC 5545 read alike, and a start that fits it."""
    frequency = draw(st.sampled_from(["DAILY", "WEEKLY", "MONTHLY", "YEARLY"]))
    parts = [f"FREQ={frequency}", f"INTERVAL={draw(st.integers(1, 5))}"]
    days = draw(st.lists(st.sampled_from(WEEKDAYS), unique=True, max_size=4))
    months = draw(st.lists(st.integers(1, 12), unique=True, max_size=3))
    if months and frequency != "WEEKLY":
        parts.append(f"BYMONTH={','.join(map(str, months))}")
    if frequency in ("MONTHLY", "YEARLY") and draw(st.booleans()):
        # dateutil would look for February 31 until the year 9999.
        some = [1, 2, 15, 28, -1, -2, *([] if months else [31])]
        month_days = draw(st.lists(st.sampled_from(some), unique=True, min_size=1, max_size=3))
        parts.append(f"BYMONTHDAY={','.join(map(str, month_days))}")
    elif days:
        place = str(draw(st.sampled_from([1, 2, -1]))) if frequency == "MONTHLY" and draw(st.booleans()) else ""
        parts.append(f"BYDAY={','.join(place + day for day in days)}")
        if frequency == "MONTHLY" and not place:
            parts.append(f"BYSETPOS={draw(st.sampled_from([1, 3, -1]))}")
    if frequency == "WEEKLY":
        parts.append(f"WKST={draw(st.sampled_from(WEEKDAYS))}")
    rule = ";".join(parts)
    begin = draw(st.datetimes(datetime(2020, 1, 1), datetime(2026, 12, 31))).replace(microsecond=0)  # noqa: DTZ001
    first = rrulestr(rule, dtstart=begin).after(begin, inc=True)
    # A start on the last of a month would otherwise be lost to rules that take their day from it.
    assume(first is not None and rrulestr(rule, dtstart=first)[0] == first)
    assert first is not None
    return rule, first


@given(rules(), st.integers(0, 12 * 365), st.integers(1, 800))
@settings(max_examples=examples(75), deadline=None)
@example(("FREQ=WEEKLY;INTERVAL=2;BYDAY=SU,MO;WKST=SU", wall("2026-01-11T10:00")), 55, 30)
def test_beginning_near_the_range_gives_what_beginning_at_the_start_gives(
    rule: tuple[str, datetime], offset: int, length: int
) -> None:
    text, dtstart = rule
    start = dtstart + timedelta(days=offset - 100)
    end = start + timedelta(days=length)
    expected = [slot for slot in rrulestr(text, dtstart=dtstart).between(start, end, inc=True) if slot < end]
    it = cadence(text, dtstart.isoformat())
    assert [each.slot for each in occurrences(it, start, end)] == expected


@given(rules(), st.integers(0, 2000))
@settings(max_examples=examples(37), deadline=None)
def test_next_and_latest_stand_on_both_sides_of_a_moment(rule: tuple[str, datetime], offset: int) -> None:
    text, dtstart = rule
    it = cadence(text, dtstart.isoformat())
    moment = to_utc(dtstart + timedelta(days=offset), CHICAGO)
    latest, following = latest_occurrence(it, moment), next_occurrence(it, moment)
    assert latest is not None
    assert following is not None
    assert latest[1] <= moment < following[1]
    assert occurrences_between(it, latest[1], following[1]) == [following]
    assert next_occurrence(it, latest[1]) == following
    assert latest_occurrence(it, following[1]) == following


def test_years_after_its_start_a_cadence_is_still_asked_quickly() -> None:
    it = cadence("FREQ=DAILY", "1970-01-01T09:00")
    moments = [utc("2199-03-01T00:00") + timedelta(days=day) for day in range(200)]
    for moment in moments:
        following = next_occurrence(it, moment)
        assert following is not None
        assert following[1] - moment <= timedelta(days=1)


@pytest.mark.parametrize(
    ("rule", "dtstart", "zone", "words"),
    [
        ("FREQ=HOURLY", "2026-01-06T09:00", CHICAGO, "Use DAILY, WEEKLY, MONTHLY or YEARLY"),
        ("FREQ=MINUTELY", "2026-01-06T09:00", CHICAGO, "Use DAILY"),
        ("FREQ=FORTNIGHTLY", "2026-01-06T09:00", CHICAGO, "Use DAILY"),
        ("BYDAY=TU", "2026-01-06T09:00", CHICAGO, "FREQ=WEEKLY"),
        ("", "2026-01-06T09:00", CHICAGO, "FREQ=WEEKLY"),
        ("every Tuesday", "2026-01-06T09:00", CHICAGO, "FREQ=WEEKLY"),
        ("FREQ=WEEKLY;BYDAY=TU;BYHOUR=9", "2026-01-06T09:00", CHICAGO, "Leave BYHOUR out"),
        ("FREQ=WEEKLY;BYDAY=TU;BYMINUTE=0", "2026-01-06T09:00", CHICAGO, "Leave BYMINUTE out"),
        ("FREQ=WEEKLY;BYDAY=TU;BYSECOND=0", "2026-01-06T09:00", CHICAGO, "Leave BYSECOND out"),
        ("FREQ=WEEKLY;BYDAY=TU;BYEASTER=0", "2026-01-06T09:00", CHICAGO, "Leave it out"),
        ("RRULE:FREQ=WEEKLY", "2026-01-06T09:00", CHICAGO, "Leave it out"),
        ("FREQ=WEEKLY;BYDAY=TU;BYDAY=WE", "2026-01-06T09:00", CHICAGO, "Keep one"),
        ("FREQ=WEEKLY;BYDAY=TUE", "2026-01-06T09:00", CHICAGO, "MO, TU, WE"),
        ("FREQ=WEEKLY;BYDAY=2TU", "2026-01-06T09:00", CHICAGO, "Use TU"),
        ("FREQ=DAILY;BYDAY=-1TU", "2026-01-06T09:00", CHICAGO, "Use TU"),
        ("FREQ=MONTHLY;BYDAY=6TU", "2026-01-06T09:00", CHICAGO, "from 1 to 5"),
        ("FREQ=MONTHLY;BYDAY=0TU", "2026-01-06T09:00", CHICAGO, "from 1 to 5"),
        ("FREQ=WEEKLY;BYMONTHDAY=6", "2026-01-06T09:00", CHICAGO, "does not go with FREQ=WEEKLY"),
        ("FREQ=MONTHLY;BYYEARDAY=6", "2026-01-06T09:00", CHICAGO, "does not go with FREQ=MONTHLY"),
        ("FREQ=MONTHLY;BYWEEKNO=2", "2026-01-06T09:00", CHICAGO, "does not go with FREQ=MONTHLY"),
        ("FREQ=YEARLY;BYWEEKNO=2;BYDAY=1TU", "2026-01-06T09:00", CHICAGO, "Use TU"),
        ("FREQ=MONTHLY;BYSETPOS=1", "2026-01-06T09:00", CHICAGO, "Add BYDAY"),
        ("FREQ=WEEKLY;BYDAY=TU;BYSETPOS=2", "2026-01-06T09:00", CHICAGO, "smaller number"),
        ("FREQ=WEEKLY;BYDAY=TU,TU;BYSETPOS=2", "2026-01-06T09:00", CHICAGO, "smaller number"),
        ("FREQ=MONTHLY;BYMONTHDAY=0", "2026-01-06T09:00", CHICAGO, "from 1 to 31"),
        ("FREQ=MONTHLY;BYMONTHDAY=32", "2026-01-06T09:00", CHICAGO, "from 1 to 31"),
        ("FREQ=YEARLY;BYMONTH=-1", "2026-01-06T09:00", CHICAGO, "from 1 to 12"),
        ("FREQ=WEEKLY;INTERVAL=0", "2026-01-06T09:00", CHICAGO, "from 1 to 104"),
        ("FREQ=WEEKLY;INTERVAL=105", "2026-01-06T09:00", CHICAGO, "from 1 to 104"),
        ("FREQ=YEARLY;INTERVAL=11", "2026-01-06T09:00", CHICAGO, "from 1 to 10"),
        ("FREQ=WEEKLY;INTERVAL=two", "2026-01-06T09:00", CHICAGO, "Give a number"),
        ("FREQ=WEEKLY;INTERVAL=²", "2026-01-06T09:00", CHICAGO, "Give a number"),
        ("FREQ=WEEKLY;COUNT=0", "2026-01-06T09:00", CHICAGO, "Give a number"),
        ("FREQ=WEEKLY;COUNT=1001", "2026-01-06T09:00", CHICAGO, "from 1 to 1000"),
        ("FREQ=WEEKLY;COUNT=3;UNTIL=20270101", "2026-01-06T09:00", CHICAGO, "Keep one"),
        ("FREQ=WEEKLY;UNTIL=20260105", "2026-01-06T09:00", CHICAGO, "ends before its first date"),
        ("FREQ=WEEKLY;UNTIL=20260106T085959", "2026-01-06T09:00", CHICAGO, "ends before its first date"),
        ("FREQ=WEEKLY;UNTIL=2027-01-01", "2026-01-06T09:00", CHICAGO, "20261231"),
        ("FREQ=WEEKLY;UNTIL=20261301", "2026-01-06T09:00", CHICAGO, "20261231"),
        ("FREQ=WEEKLY;UNTIL=20261231T250000", "2026-01-06T09:00", CHICAGO, "20261231"),
        ("FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30", "2026-01-06T09:00", CHICAGO, "never comes"),
        ("FREQ=DAILY;BYMONTH=4,6;BYMONTHDAY=31", "2026-01-06T09:00", CHICAGO, "never comes"),
        ("FREQ=MONTHLY;BYDAY=5MO;BYMONTHDAY=1", "2026-01-06T09:00", CHICAGO, "never comes"),
        ("FREQ=YEARLY;BYYEARDAY=60;BYMONTH=12", "2026-01-06T09:00", CHICAGO, "never comes"),
        ("FREQ=WEEKLY;BYDAY=TU", "2026-01-05T09:00", CHICAGO, "Begin on January 6, 2026"),
        ("FREQ=MONTHLY;BYDAY=2TH", "2026-01-15T09:00", CHICAGO, "Begin on February 12, 2026"),
        ("FREQ=MONTHLY;BYMONTHDAY=31", "2026-02-28T09:00", CHICAGO, "Begin on March 31, 2026"),
        ("FREQ=DAILY;BYMONTH=2;BYMONTHDAY=29", "2026-02-28T09:00", CHICAGO, "Begin on February 29, 2028"),
        ("FREQ=WEEKLY;BYDAY=TU", "2026-01-06T09:00", "America/Evansville", "such as America/Chicago"),
        ("FREQ=WEEKLY;BYDAY=TU", "2026-01-06T09:00", "America", "such as America/Chicago"),
        ("FREQ=WEEKLY;BYDAY=TU", "2026-01-06T09:00", "../etc/passwd", "such as America/Chicago"),
        ("FREQ=WEEKLY;BYDAY=TU", "2026-01-06T09:00", "localtime", "such as America/Chicago"),
        ("FREQ=WEEKLY;BYDAY=TU", "2026-01-06T09:00", "posixrules", "such as America/Chicago"),
        ("FREQ=WEEKLY;BYDAY=TU", "2026-01-06T09:00", "right/America/Chicago", "such as America/Chicago"),
        ("FREQ=WEEKLY;BYDAY=TU", "2026-01-06T09:00", "", "such as America/Chicago"),
        ("FREQ=WEEKLY;BYDAY=TU", "2026-01-06T09:00", "CST6CDT,M3.2.0,M11.1.0", "such as America/Chicago"),
        ("FREQ=WEEKLY;BYDAY=TU", "1969-01-07T09:00", CHICAGO, "between 1970"),
        ("FREQ=WEEKLY;BYDAY=TU", "2026-01-06T09:00:00.5", CHICAGO, "whole seconds"),
    ],
)
def test_rule_is_refused_with_the_mend(rule: str, dtstart: str, zone: str, words: str) -> None:
    with pytest.raises(RuleError) as refused:
        check_rule(rule, wall(dtstart), zone)
    assert words in str(refused.value)
    assert str(refused.value).endswith(".")


def test_a_start_with_an_offset_is_refused() -> None:
    with pytest.raises(RuleError, match="without an offset"):
        check_rule("FREQ=DAILY", utc("2026-01-06T09:00"), CHICAGO)


def test_an_unusable_cadence_is_refused_when_it_is_asked() -> None:
    with pytest.raises(RuleError):
        occurrences(cadence("FREQ=WEEKLY;BYDAY=TU", "2026-01-05T09:00"), wall("2026-01-01"), wall("2026-02-01"))


def test_a_skipped_slot_is_left_out() -> None:
    it = cadence("FREQ=WEEKLY;BYDAY=TU", "2026-01-06T09:00", exdates=(wall("2026-01-13T09:00"),))
    assert days(it, "2026-01-01", "2026-01-25") == ["2026-01-06", "2026-01-20"]


def test_a_skip_at_another_time_of_day_skips_nothing() -> None:
    it = cadence("FREQ=WEEKLY;BYDAY=TU", "2026-01-06T09:00", exdates=(wall("2026-01-13T00:00"),))
    assert days(it, "2026-01-12", "2026-01-14") == ["2026-01-13"]


def test_a_skipped_slot_still_counts_for_count() -> None:
    it = cadence("FREQ=WEEKLY;BYDAY=TU;COUNT=3", "2026-01-06T09:00", exdates=(wall("2026-01-13T09:00"),))
    assert days(it, "2026-01-01", "2027-01-01") == ["2026-01-06", "2026-01-20"]


def moved(start: str, end: str, *moves: tuple[str, str], **fields: Any) -> list[tuple[str, str]]:
    it = cadence(
        "FREQ=WEEKLY;BYDAY=TU",
        "2026-01-06T09:00",
        moves=tuple(Move(original=wall(original), to=wall(to)) for original, to in moves),
        **fields,
    )
    return [(f"{each.slot:%m-%d}", f"{each.local:%m-%d}") for each in occurrences(it, wall(start), wall(end))]


def test_a_move_keeps_the_slot_and_changes_the_opening() -> None:
    found = moved("2026-01-12", "2026-01-21", ("2026-01-13T09:00", "2026-01-15T14:00"))
    assert found == [("01-13", "01-15"), ("01-20", "01-20")]


def test_a_move_out_of_the_range_is_not_in_it() -> None:
    assert moved("2026-01-12", "2026-01-14", ("2026-01-13T09:00", "2026-01-15T14:00")) == []


def test_a_move_into_the_range_is_in_it() -> None:
    assert moved("2026-01-14", "2026-01-17", ("2026-01-13T09:00", "2026-01-15T14:00")) == [("01-13", "01-15")]


def test_a_moved_one_is_held_to_the_same_bounds() -> None:
    move = ("2026-01-13T09:00", "2026-01-15T14:00")
    assert moved("2026-01-15T14:00", "2026-01-16", move) == [("01-13", "01-15")]
    assert moved("2026-01-14", "2026-01-15T14:00", move) == []


def test_a_move_over_another_occurrence_stands_where_it_opens() -> None:
    found = moved("2026-01-01", "2026-01-28", ("2026-01-13T09:00", "2026-01-21T09:00"))
    assert found == [("01-06", "01-06"), ("01-20", "01-20"), ("01-13", "01-21"), ("01-27", "01-27")]


def test_a_move_to_before_the_first_date_opens_there() -> None:
    found = moved("2025-12-01", "2026-01-14", ("2026-01-06T09:00", "2025-12-30T09:00"))
    assert found == [("01-06", "12-30"), ("01-13", "01-13")]


def test_two_that_open_together_stand_in_order_of_their_slots() -> None:
    found = moved("2026-01-12", "2026-01-22", ("2026-01-13T09:00", "2026-01-20T09:00"))
    assert found == [("01-13", "01-20"), ("01-20", "01-20")]


def test_the_later_of_two_moves_of_one_slot_counts() -> None:
    moves = (("2026-01-13T09:00", "2026-01-14T09:00"), ("2026-01-13T09:00", "2026-01-16T09:00"))
    assert moved("2026-01-12", "2026-01-19", *moves) == [("01-13", "01-16")]


def test_a_move_of_no_slot_makes_no_occurrence() -> None:
    assert moved("2026-01-14", "2026-01-19", ("2026-01-14T09:00", "2026-01-15T09:00")) == []


def test_a_skipped_slot_is_not_moved() -> None:
    skipped = (wall("2026-01-13T09:00"),)
    found = moved("2026-01-07", "2026-01-19", ("2026-01-13T09:00", "2026-01-15T09:00"), exdates=skipped)
    assert found == []


def test_a_slot_past_the_end_of_the_rule_cannot_be_moved_back() -> None:
    it = cadence(
        "FREQ=WEEKLY;BYDAY=TU;COUNT=2",
        "2026-01-06T09:00",
        moves=(Move(original=wall("2026-01-20T09:00"), to=wall("2026-01-19T09:00")),),
    )
    assert days(it, "2026-01-01", "2026-02-01") == ["2026-01-06", "2026-01-13"]


def test_moved_says_whether_the_time_differs() -> None:
    slot = wall("2026-01-13T09:00")
    assert not Occurrence(slot, slot).moved
    assert not Occurrence(slot, slot, Move(original=slot, to=slot, closes_after_hours=3)).moved
    assert Occurrence(slot, wall("2026-01-13T10:00"), Move(original=slot, to=wall("2026-01-13T10:00"))).moved


@pytest.mark.parametrize(
    ("slot", "answer"),
    [
        ("2026-11-24T09:00", True),
        ("2026-11-24T09:01", False),
        ("2026-11-23T09:00", False),
        ("2025-12-30T09:00", False),
    ],
)
def test_is_slot_asks_the_rule_alone(slot: str, answer: bool) -> None:
    assert is_slot(CHECKIN, wall(slot)) is answer


def test_next_is_strictly_after_and_latest_is_not() -> None:
    it = cadence("FREQ=WEEKLY;BYDAY=TU", "2026-01-06T09:00")
    moment = utc("2026-01-13T15:00")
    following, latest = next_occurrence(it, moment), latest_occurrence(it, moment)
    assert following is not None
    assert latest is not None
    assert following[1] == utc("2026-01-20T15:00")
    assert latest[1] == moment
    before = next_occurrence(it, moment - timedelta(microseconds=1))
    assert before is not None
    assert before[1] == moment


def test_between_leaves_out_its_beginning_and_includes_its_end() -> None:
    it = cadence("FREQ=WEEKLY;BYDAY=TU", "2026-01-06T09:00")
    found = occurrences_between(it, utc("2026-01-06T15:00"), utc("2026-01-20T15:00"))
    assert [moment for _, moment in found] == [utc("2026-01-13T15:00"), utc("2026-01-20T15:00")]
    assert occurrences_between(it, utc("2026-01-20T15:00"), utc("2026-01-20T15:00")) == []


def test_nothing_comes_after_the_end_nor_before_the_start() -> None:
    it = cadence("FREQ=WEEKLY;BYDAY=TU;COUNT=2", "2026-01-06T09:00")
    assert next_occurrence(it, utc("2026-01-13T15:00")) is None
    assert latest_occurrence(it, utc("2026-01-06T14:59")) is None
    last = latest_occurrence(it, utc("2036-01-01T00:00"))
    assert last is not None
    assert last[1] == utc("2026-01-13T15:00")


def test_latest_finds_a_moved_one_long_before_its_slot() -> None:
    it = cadence(
        "FREQ=YEARLY",
        "2026-06-17T09:00",
        moves=(Move(original=wall("2027-06-17T09:00"), to=wall("2026-07-01T09:00")),),
    )
    latest = latest_occurrence(it, utc("2028-06-01T00:00"))
    assert latest is not None
    assert latest[0].slot == wall("2027-06-17T09:00")
    following = next_occurrence(it, utc("2026-07-02T00:00"))
    assert following is not None
    assert following[0].slot == wall("2028-06-17T09:00")


def test_latest_finds_the_first_one_moved_to_before_the_start() -> None:
    it = cadence(
        "FREQ=YEARLY",
        "2026-06-17T09:00",
        moves=(Move(original=wall("2026-06-17T09:00"), to=wall("2026-05-01T09:00")),),
    )
    latest = latest_occurrence(it, utc("2026-05-10T00:00"))
    assert latest is not None
    assert latest[1] == utc("2026-05-01T14:00")
    assert latest_occurrence(it, utc("2026-05-01T13:59")) is None


def test_moments_decide_where_a_clock_change_turns_wall_times_round() -> None:
    """02:45 is skipped and opens at 03:45, after the one that was moved to 03:15."""
    skipped, shown = wall("2026-03-08T02:45"), wall("2026-03-08T03:15")
    it = cadence("FREQ=YEARLY", "2026-03-08T02:45", moves=(Move(original=wall("2027-03-08T02:45"), to=shown),))
    first, second = utc("2026-03-08T08:15"), utc("2026-03-08T08:45")
    between = occurrences_between(it, utc("2026-03-01T00:00"), utc("2026-04-01T00:00"))
    assert [(occurrence.local, moment) for occurrence, moment in between] == [(shown, first), (skipped, second)]
    assert next_occurrence(it, utc("2026-03-01T00:00")) == between[0]
    assert next_occurrence(it, first) == between[1]
    for day in range(1, 300):
        assert latest_occurrence(it, second + timedelta(days=day, minutes=-45)) == between[1]


def test_all_skipped_is_an_end() -> None:
    it = cadence(
        "FREQ=WEEKLY;BYDAY=TU;COUNT=2",
        "2026-01-06T09:00",
        exdates=(wall("2026-01-06T09:00"), wall("2026-01-13T09:00")),
    )
    assert next_occurrence(it, utc("2025-01-01T00:00")) is None
    assert latest_occurrence(it, utc("2027-01-01T00:00")) is None


@pytest.mark.parametrize(
    ("local", "zone", "moment"),
    [
        ("2026-01-06T09:00", CHICAGO, "2026-01-06T15:00"),
        ("2026-07-07T09:00", CHICAGO, "2026-07-07T14:00"),
        ("2026-03-08T01:59", CHICAGO, "2026-03-08T07:59"),
        ("2026-03-08T02:30", CHICAGO, "2026-03-08T08:30"),  # shown as 03:30
        ("2026-03-08T03:00", CHICAGO, "2026-03-08T08:00"),
        ("2026-11-01T00:59", CHICAGO, "2026-11-01T05:59"),
        ("2026-11-01T01:30", CHICAGO, "2026-11-01T06:30"),  # the first of the two
        ("2026-11-01T02:00", CHICAGO, "2026-11-01T08:00"),
        ("2026-10-04T02:15", "Australia/Lord_Howe", "2026-10-03T15:45"),  # a gap of half an hour: 02:45
        ("2026-04-05T01:45", "Australia/Lord_Howe", "2026-04-04T14:45"),
        ("2026-03-29T01:30", "Antarctica/Troll", "2026-03-29T01:30"),  # a gap of two hours: 03:30
    ],
)
def test_wall_time_to_moment(local: str, zone: str, moment: str) -> None:
    assert to_utc(wall(local), zone) == utc(moment)
    assert to_utc(wall(local).replace(fold=1), zone) == utc(moment)


def test_moment_to_wall_time() -> None:
    shown = to_local(utc("2026-11-01T07:30"), CHICAGO)
    assert shown == wall("2026-11-01T01:30")
    assert shown.fold == 0
    assert to_local(to_utc(wall("2026-03-08T02:30"), CHICAGO), CHICAGO) == wall("2026-03-08T03:30")


def test_the_two_kinds_of_time_are_not_mixed_up() -> None:
    with pytest.raises(ValueError, match="wall time"):
        to_utc(utc("2026-01-01T00:00"), CHICAGO)
    with pytest.raises(ValueError, match="moment"):
        to_local(wall("2026-01-01T00:00"), CHICAGO)
    with pytest.raises(RuleError):
        to_utc(wall("2026-01-01T00:00"), "Mars/Olympus")


@pytest.mark.parametrize(
    ("kind", "basis", "member_zone", "expected"),
    [
        ("checkin", "member_local", "Europe/Berlin", "Europe/Berlin"),
        ("checkin", "member_local", None, CHICAGO),
        ("checkin", "coalition", "Europe/Berlin", CHICAGO),
        ("meeting", "member_local", "Europe/Berlin", CHICAGO),
        ("stocktake", "member_local", "Europe/Berlin", CHICAGO),
        ("reminder", "member_local", "Europe/Berlin", "Europe/Berlin"),
        ("digest", "coalition", "Europe/Berlin", CHICAGO),
    ],
)
def test_whose_clock_decides(kind: str, basis: str, member_zone: str | None, expected: str) -> None:
    it = cadence("FREQ=WEEKLY;BYDAY=TU", "2026-01-06T09:00", kind=kind, time_basis=basis)
    assert zone_of(it, member_zone) == expected


def test_a_floating_slot_opens_at_each_receivers_own_moment() -> None:
    after = utc("2026-11-29T00:00")
    found = {zone: next_occurrence(CHECKIN, after, zone) for zone in (None, "America/New_York", "Europe/Berlin")}
    moments = {zone: each[1] for zone, each in found.items() if each is not None}
    assert moments == {
        None: utc("2026-12-01T15:00"),
        "America/New_York": utc("2026-12-01T14:00"),
        "Europe/Berlin": utc("2026-12-01T08:00"),
    }
    assert {each[0].slot for each in found.values() if each is not None} == {wall("2026-12-01T09:00")}


def test_a_fixed_slot_ignores_the_receivers_zone() -> None:
    it = cadence("FREQ=WEEKLY;BYDAY=TU", "2026-01-06T09:00")
    assert next_occurrence(it, utc("2026-01-01T00:00"), "Europe/Berlin") == next_occurrence(it, utc("2026-01-01T00:00"))


def test_a_window_counts_elapsed_hours() -> None:
    it = replace(CHECKIN, moves=())
    occurrence = Occurrence(wall("2026-12-01T09:00"), wall("2026-12-01T09:00"))
    assert window(it, occurrence) == Window(
        opens_at=utc("2026-12-01T15:00"),
        reminder_at=utc("2026-12-02T15:00"),
        delegate_at=utc("2026-12-02T20:00"),
        closes_at=utc("2026-12-03T18:00"),
    )


@pytest.mark.parametrize(
    ("dtstart", "reminder", "closes"),
    [
        ("2026-03-07T09:00", "2026-03-08 10:00", "2026-03-09 13:00"),
        ("2026-10-31T09:00", "2026-11-01 08:00", "2026-11-02 11:00"),
    ],
)
def test_hours_elapse_over_a_clock_change(dtstart: str, reminder: str, closes: str) -> None:
    it = cadence("FREQ=WEEKLY;BYDAY=SA", dtstart)
    found = window(it, Occurrence(wall(dtstart), wall(dtstart)))
    assert found.reminder_at is not None
    assert f"{to_local(found.reminder_at, CHICAGO):%Y-%m-%d %H:%M}" == reminder
    assert f"{to_local(found.closes_at, CHICAGO):%Y-%m-%d %H:%M}" == closes
    assert found.closes_at - found.opens_at == timedelta(hours=51)


def test_the_samples_holiday_round_has_hours_of_its_own() -> None:
    found = next_occurrence(CHECKIN, utc("2026-11-20T00:00"))
    assert found is not None
    occurrence, moment = found
    assert (occurrence.slot, occurrence.local) == (wall("2026-11-24T09:00"), wall("2026-11-23T09:00"))
    assert moment == utc("2026-11-23T15:00")
    assert window(CHECKIN, occurrence) == Window(
        opens_at=moment,
        reminder_at=moment + timedelta(hours=22),
        delegate_at=moment + timedelta(hours=25),
        closes_at=moment + timedelta(hours=30),
    )
    berlin = window(CHECKIN, occurrence, "Europe/Berlin")
    assert berlin.opens_at == utc("2026-11-23T08:00")
    assert berlin.closes_at == utc("2026-11-24T14:00")
    following = next_occurrence(CHECKIN, moment)
    assert following is not None
    assert following[0].slot == wall("2026-12-01T09:00")


def test_a_move_without_hours_keeps_the_cadences() -> None:
    bare = replace(CHECKIN, moves=(Move(original=wall("2026-11-24T09:00"), to=wall("2026-11-23T09:00")),))
    [occurrence] = occurrences(bare, wall("2026-11-23"), wall("2026-11-25"))
    assert window(bare, occurrence).closes_at == utc("2026-11-25T18:00")


def test_zero_hours_of_a_move_are_hours() -> None:
    move = Move(original=wall("2026-11-24T09:00"), to=wall("2026-11-23T09:00"), reminder_after_hours=0)
    bare = replace(CHECKIN, moves=(move,))
    [occurrence] = occurrences(bare, wall("2026-11-23"), wall("2026-11-25"))
    assert window(bare, occurrence).reminder_at == utc("2026-11-23T15:00")


def test_a_window_closes_when_the_next_one_opens() -> None:
    it = cadence("FREQ=DAILY", "2026-01-06T09:00", closes_after_hours=51)
    found = window(it, Occurrence(wall("2026-01-06T09:00"), wall("2026-01-06T09:00")))
    assert found.closes_at == utc("2026-01-07T15:00")
    assert found.reminder_at == utc("2026-01-07T15:00")  # at the close, which is not after it
    assert found.delegate_at is None


def test_a_window_closes_when_a_moved_one_opens() -> None:
    it = replace(CHECKIN, moves=(Move(original=wall("2026-12-08T09:00"), to=wall("2026-12-02T08:00")),))
    found = window(it, Occurrence(wall("2026-12-01T09:00"), wall("2026-12-01T09:00")))
    assert found.closes_at == utc("2026-12-02T14:00")
    assert found.reminder_at is None
    assert found.delegate_at is None


def test_a_window_is_not_cut_by_a_skipped_one() -> None:
    it = cadence("FREQ=DAILY", "2026-01-06T09:00", closes_after_hours=40, exdates=(wall("2026-01-07T09:00"),))
    found = window(it, Occurrence(wall("2026-01-06T09:00"), wall("2026-01-06T09:00")))
    assert found.closes_at - found.opens_at == timedelta(hours=40)


@given(st.integers(1, 400), st.integers(0, 3))
@settings(max_examples=examples(20), deadline=None)
def test_windows_of_a_cadence_never_overlap(hours: int, moved_by: int) -> None:
    moves = (Move(original=wall("2026-02-03T09:00"), to=wall("2026-02-03T09:00") - timedelta(days=2 * moved_by)),)
    it = cadence("FREQ=WEEKLY;BYDAY=TU", "2026-01-06T09:00", closes_after_hours=hours, moves=moves)
    windows = [window(it, each) for each in occurrences(it, wall("2026-01-06"), wall("2026-04-01"))]
    assert all(one.opens_at < one.closes_at <= two.opens_at for one, two in pairwise(windows))


@pytest.mark.parametrize(
    ("rule", "dtstart", "words"),
    [
        ("FREQ=WEEKLY;BYDAY=TU", "2026-01-06T09:00", "Tuesdays, 9:00 AM"),
        ("FREQ=WEEKLY", "2026-01-06T00:05", "Tuesdays, 12:05 AM"),
        ("FREQ=WEEKLY;BYDAY=TH,MO,TU", "2026-01-06T12:00", "Mondays, Tuesdays and Thursdays, 12:00 PM"),
        ("FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR", "2026-01-06T17:30", "weekdays, 5:30 PM"),
        ("FREQ=DAILY;BYDAY=MO,TU,WE,TH,FR", "2026-01-06T17:30", "weekdays, 5:30 PM"),
        ("FREQ=DAILY", "2026-01-06T09:00", "every day, 9:00 AM"),
        ("FREQ=DAILY;INTERVAL=3", "2026-01-06T09:00", "every three days, 9:00 AM"),
        ("FREQ=WEEKLY;INTERVAL=2;BYDAY=MO", "2026-01-12T10:00", "every two weeks on Mondays, 10:00 AM"),
        ("FREQ=WEEKLY;INTERVAL=26", "2026-01-12T10:00", "every 26 weeks on Mondays, 10:00 AM"),
        ("FREQ=MONTHLY;BYDAY=2TH", "2026-01-08T15:00", "second Thursday of the month, 3:00 PM"),
        ("FREQ=MONTHLY;BYDAY=TH;BYSETPOS=2", "2026-01-08T15:00", "second Thursday of the month, 3:00 PM"),
        ("FREQ=MONTHLY;BYDAY=1MO,3MO", "2026-01-05T15:00", "first Monday and third Monday of the month, 3:00 PM"),
        (
            "FREQ=MONTHLY;INTERVAL=3;BYDAY=-1FR",
            "2026-01-30T12:00",
            "every three months on the last Friday, 12:00 PM",
        ),
        (
            "FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1",
            "2026-01-30T09:00",
            "last working day of the month, 9:00 AM",
        ),
        ("FREQ=MONTHLY", "2026-01-31T09:00", "31st of the month, 9:00 AM"),
        ("FREQ=MONTHLY;BYMONTHDAY=1,12", "2026-01-01T09:00", "1st and 12th of the month, 9:00 AM"),
        ("FREQ=MONTHLY;BYMONTHDAY=-1", "2026-01-31T09:00", "last day of the month, 9:00 AM"),
        ("FREQ=YEARLY;BYMONTH=5,10;BYDAY=2TU", "2026-05-12T09:00", "second Tuesday of May and October, 9:00 AM"),
        ("FREQ=YEARLY;BYMONTH=1,7;BYMONTHDAY=20", "2026-01-20T09:00", "January 20 and July 20, 9:00 AM"),
        ("FREQ=YEARLY", "2026-06-22T09:00", "every year on June 22, 9:00 AM"),
        ("FREQ=YEARLY;INTERVAL=2", "2026-06-22T09:00", "every two years on June 22, 9:00 AM"),
        ("FREQ=WEEKLY;COUNT=6", "2026-01-06T09:00", "Tuesdays, 9:00 AM, 6 times"),
        ("FREQ=WEEKLY;COUNT=1", "2026-01-06T09:00", "once, on January 6, 2026, 9:00 AM"),
        ("FREQ=DAILY;COUNT=1", "2026-11-25T10:00", "once, on November 25, 2026, 10:00 AM"),
        ("FREQ=WEEKLY;UNTIL=20261231", "2026-01-06T09:00", "Tuesdays, 9:00 AM, until December 31, 2026"),
        ("FREQ=YEARLY;BYWEEKNO=20", "2026-05-13T09:00", "on dates of its own, beginning May 13, 2026, 9:00 AM"),
        ("FREQ=NEVER", "2026-05-13T09:00", "on dates that cannot be read; please set the rhythm again"),
    ],
)
def test_rhythm_in_words(rule: str, dtstart: str, words: str) -> None:
    assert describe(cadence(rule, dtstart)) == words


@pytest.mark.parametrize(
    ("kind", "audience", "words"),
    [
        ("checkin", "priority_owners", "Tuesdays, 9:00 AM on each owner's clock"),
        ("checkin", "metric_stewards", "Tuesdays, 9:00 AM on each steward's clock"),
        ("checkin", "wg-talent", "Tuesdays, 9:00 AM on each member's clock"),
        ("reminder", None, "Tuesdays, 9:00 AM on each member's clock"),
        ("meeting", "all_members", "Tuesdays, 9:00 AM"),
    ],
)
def test_words_say_whose_clock(kind: str, audience: str | None, words: str) -> None:
    assert describe(replace(CHECKIN, kind=kind, audience=audience)) == words


@given(rules())
@settings(max_examples=examples(25), deadline=None)
def test_every_rule_has_words(rule: tuple[str, datetime]) -> None:
    words = describe(cadence(rule[0], rule[1].isoformat()))
    assert words.endswith(("AM", "PM"))
    assert "None" not in words
