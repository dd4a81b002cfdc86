"""Words for the eye: entered figures are never rounded, dates carry what is needed, ages are as people say."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from fractions import Fraction
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain.wording import wording
from tests.builders import at, day
from tests.tables import on_each

TODAY = date(2026, 11, 25)


@on_each(
    ("value", "unit", "expected"),
    [
        ("134", "seats", "134 seats"),
        ("48.5", "percent", "48.5%"),
        ("44.0", "percent", "44%"),
        ("3100000", "usd", "$3,100,000"),
        ("-12.50", "usd", "-$12.5"),
        ("58900", "people", "58,900 people"),
        ("1234.56789", "tons\n", "1,234.56789 tons"),
        ("1E+3", "seats", "1,000 seats"),
    ],
)
def test_an_entered_figure_keeps_every_digit(value: str, unit: str, expected: str) -> None:
    assert wording.figure(Decimal(value), unit) == expected


@settings(deadline=None)
@given(st.decimals(allow_nan=False, allow_infinity=False, places=6, min_value=-(10**12), max_value=10**12))
def test_an_entered_figure_can_be_read_back(value: Decimal) -> None:
    assert Decimal(wording.entered(value, "seats").replace(",", "")) == value


@on_each(
    ("value", "unit", "expected"),
    [
        (Fraction(1931, 10), "seats", "193"),
        (Fraction(3865, 20), "seats", "193"),
        (Fraction(387, 2), "seats", "194"),
        (Fraction(5062, 100), "percent", "50.6%"),
        (Fraction(19, 3), "index", "6.3"),
        (Fraction(-5, 2), "usd", "-$2.5"),
        (Fraction(29999, 3), "usd", "$10,000"),
        (Fraction(50), "percent", "50%"),
    ],
)
def test_a_computed_figure_is_rounded_for_the_eye(value: Fraction, unit: str, expected: str) -> None:
    assert wording.computed(value, unit) == expected


def test_amounts_carry_their_currency() -> None:
    assert wording.amount(Decimal("600000"), "USD") == "$600,000"
    assert wording.amount(Decimal("600000.5"), "EUR") == "€600,000.5"
    assert wording.amount(Decimal("-1"), "CAD") == "-CAD 1"


@pytest.mark.parametrize(
    ("title", "expected"),
    [("Move $150,000 to pay", True), ("Spend 18k", True), ("Ask for €", True), ("Pay for an inspector", False)],
)
def test_a_title_with_a_digit_may_hold_an_amount(title: str, expected: bool) -> None:
    assert wording.may_hold_amount(title) is expected


@on_each(
    ("on", "expected"),
    [
        ("2026-12-15", "Tue Dec 15"),
        ("2026-12-16", "Dec 16"),
        ("2026-11-18", "Wed Nov 18"),
        ("2026-11-17", "Nov 17"),
        ("2027-02-28", "Feb 28, 2027"),
        ("2025-12-31", "Dec 31, 2025"),
    ],
)
def test_a_date_carries_its_weekday_when_near_and_its_year_when_another(on: str, expected: str) -> None:
    assert wording.near_day(day(on), TODAY) == expected


@on_each(
    ("start", "end", "expected"),
    [
        (None, "2026-09-30", "Sep 30"),
        ("2026-07-01", "2026-09-30", "Jul–Sep"),
        ("2025-07-01", "2025-12-31", "Jul–Dec 2025"),
        ("2025-01-01", "2025-12-31", "2025"),
        ("2026-02-01", "2026-02-28", "Feb"),
        ("2026-07-02", "2026-09-30", "Sep 30"),
        ("2025-10-01", "2026-03-31", "Mar 31"),
        ("9999-12-01", "9999-12-31", "Dec 9999"),
    ],
)
def test_a_period_is_named_by_its_months(start: str | None, end: str, expected: str) -> None:
    assert wording.period(day(start) if start else None, day(end), TODAY) == expected


@on_each(
    ("days", "expected"),
    [
        (0, "today"),
        (1, "yesterday"),
        (6, "6 days ago"),
        (7, "a week ago"),
        (13, "a week ago"),
        (14, "two weeks ago"),
        (22, "three weeks ago"),
        (90, "twelve weeks ago"),
        (91, "13 weeks ago"),
    ],
)
def test_ages_are_in_words(days: int, expected: str) -> None:
    assert wording.ago(days) == expected


def test_weeks_and_days_are_counted() -> None:
    assert (wording.weeks(0), wording.weeks(1), wording.weeks(3)) == ("new this week", "1 week", "3 weeks")
    assert (wording.days_overdue(1), wording.days_overdue(56)) == ("1 day overdue", "56 days overdue")
    assert wording.plural(1200, "priority", "priorities") == "1,200 priorities"
    assert [wording.duration(one) for one in (1, 60, 75, 240)] == ["1 minute", "1 hour", "75 minutes", "4 hours"]
    assert [wording.part_of(*one) for one in ((0, 5, 12), (10, 1, 11))] == ["1–5 of 12", "11 of 11"]


@pytest.mark.parametrize(
    ("moment", "expected"),
    [
        (at("2026-11-25T00:05"), "12:05 AM"),
        (at("2026-11-25T07:30"), "7:30 AM"),
        (at("2026-11-25T12:00"), "12:00 PM"),
        (at("2026-11-25T23:59"), "11:59 PM"),
    ],
)
def test_the_clock_has_twelve_hours(moment: datetime, expected: str) -> None:
    assert wording.clock(moment) == expected


@on_each(
    ("zone", "expected"),
    [
        ("America/Chicago", "Central"),
        ("America/New_York", "Eastern"),
        ("America/Phoenix", "Mountain"),
        ("America/Indiana/Tell_City", "Central"),
        ("America/Sao_Paulo", "Sao Paulo"),
        ("Asia/Shanghai", "Shanghai"),
        ("Europe/Berlin", "Berlin"),
        ("UTC", "UTC"),
    ],
)
def test_a_zone_is_called_as_people_call_it(zone: str, expected: str) -> None:
    assert wording.zone_name(datetime(2026, 7, 1, 12, tzinfo=ZoneInfo(zone))) == expected


def test_a_moment_carries_day_clock_and_zone() -> None:
    assert wording.day_and_clock(at("2026-11-30T10:00"), TODAY) == "Mon Nov 30, 10:00 AM Central"
    assert wording.day_and_clock(datetime(2026, 11, 30, 16, tzinfo=UTC), TODAY) == "Mon Nov 30, 4:00 PM UTC"


def test_every_assessment_and_status_has_words() -> None:
    assert wording.marked("off_track") == "🔴 off track"
    assert wording.marked("complete") == "🔵 complete"
    assert wording.status("met") == "target met"
    assert wording.status("cancelled") == "cancelled"


def test_a_group_has_an_article_once() -> None:
    assert wording.with_article("Steering Committee") == "the Steering Committee"
    assert wording.with_article("The Table") == "The Table"


def test_words_are_cut_with_a_mark() -> None:
    assert wording.cut_words("one two three", 3) == "one two three"
    assert wording.cut_words("one two, three", 2) == "one two…"
    assert wording.cut_words("A long name:", 2) == "A long…:"


def test_text_stays_on_its_line() -> None:
    assert wording.one_line(" a\r\nb\u2028\u202ec\x00 \ud800 ") == "a b c"
    assert wording.one_line("👩‍👧 नमस्ते") == "👩‍👧 नमस्ते"
