"""When a series is looked at, and how its periods are read."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from bot.domain.record import Series
from bot.domain.series import (
    AboutProposal,
    Observation,
    SeriesTrouble,
    frequency_of,
    next_look,
    note_words,
    once_a_period,
    period_end_from,
    proposal_about,
    read_proposal_about,
    vintage_words,
)
from tests.tables import on_each

TODAY = date(2026, 11, 20)


@on_each(
    ("looks", "due", "day"),
    [
        ("daily", None, "2026-11-21"),
        ("weekly", None, "2026-11-27"),
        ("monthly", None, "2026-12-18"),
        ("when_due", date(2026, 12, 31), "2026-12-31"),
        ("when_due", date(2026, 11, 1), "2026-11-21"),
        ("when_due", None, "2026-11-27"),
    ],
)
def test_the_next_look(looks: str, due: date | None, day: str) -> None:
    series = Series(provider="fred", address="UNRATE", looks=looks)
    assert next_look(series, due, TODAY, went_well=True).isoformat() == day
    assert next_look(series, due, TODAY, went_well=False) == date(2026, 11, 21)


@on_each(
    ("begins", "every"),
    [
        (["2026-11-02", "2026-11-03", "2026-11-06"], "daily"),
        (["2026-11-06", "2026-11-13"], "weekly"),
        (["2026-02-01", "2026-03-01"], "monthly"),
        (["2026-01-01", "2026-04-01"], "quarterly"),
        (["2026-01-01", "2026-07-01"], "semiannual"),
        (["2024-01-01", "2025-01-01"], "annual"),
        (["2026-01-01"], None),
        ([], None),
    ],
)
def test_how_often(begins: list[str], every: str | None) -> None:
    assert frequency_of([date.fromisoformat(one) for one in begins]) == every


@on_each(
    ("every", "end"),
    [
        ("daily", "2026-10-01"),
        ("weekly", "2026-10-01"),
        ("monthly", "2026-10-31"),
        ("quarterly", "2026-12-31"),
        ("semiannual", "2027-03-31"),
        ("annual", "2027-09-30"),
    ],
)
def test_the_last_day_of_a_period(every: str, end: str) -> None:
    assert period_end_from(date(2026, 10, 1), every).isoformat() == end


def seen(value: str, on: str) -> Observation:
    return Observation(period_end=date.fromisoformat(on), value=Decimal(value), every="monthly")


def test_a_period_has_one_value() -> None:
    found = once_a_period([seen("2", "2026-10-31"), seen("1", "2026-09-30"), seen("2.0", "2026-10-31")])
    assert [one.value for one in found] == [1, 2]
    with pytest.raises(SeriesTrouble, match=r"two values for October 31, 2026, 2 and 3\."):
        once_a_period([seen("2", "2026-10-31"), seen("3", "2026-10-31")])


def test_an_item_says_which_value_it_is_about() -> None:
    about = AboutProposal("tp-placed", date(2026, 6, 30), Decimal("48.50"))
    assert read_proposal_about(proposal_about(about)) == about


def test_vintages() -> None:
    november = date(2026, 11, 7)
    assert vintage_words("FRED UNRATE", november, TODAY, TODAY) == "published Nov 7"
    assert vintage_words("data.example.org", november, TODAY, TODAY) == "file of Nov 7"
    assert vintage_words("BLS LNS14000000", None, TODAY, TODAY) == "seen Nov 20"
    assert note_words("BLS LNS14000000", None, TODAY) == "From BLS LNS14000000, seen Nov 20, 2026."
