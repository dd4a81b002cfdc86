"""A rule gives the wall times that RFC 5545 says, and one that cannot be used is refused with what to change."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from dateutil.rrule import rrulestr
from hypothesis import example, given, settings
from hypothesis import strategies as st

from bot.domain.rhythm import RuleError, check_rule, occurrences
from tests.domain.cadences import CHICAGO, cadence, days, rules, utc, wall
from tests.examples import examples
from tests.tables import on_each


@on_each(
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


@given(rules(), st.integers(0, 12 * 365), st.integers(1, 800))
@settings(max_examples=examples(30), deadline=None)
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


@on_each(
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
