"""Days away as they are typed, and what is said to those that can't be."""

from __future__ import annotations

from datetime import date

import pytest

from bot.domain.people import read_away
from bot.errors import UserError
from tests.tables import on_each

MONDAY = date(2026, 11, 23)


@on_each(
    ("typed", "start", "end"),
    [
        ("Dec 20 to Jan 3", "2026-12-20", "2027-01-03"),
        ("from Dec 20 to Jan 3", "2026-12-20", "2027-01-03"),
        ("away Dec 20 until Dec 28", "2026-12-20", "2026-12-28"),
        ("I'm away Dec 20 – 28", "2026-12-20", "2026-12-28"),
        ("Dec 20 to 28", "2026-12-20", "2026-12-28"),
        ("12/20 - 12/28", "2026-12-20", "2026-12-28"),
        ("2026-12-20 to 2026-12-28", "2026-12-20", "2026-12-28"),
        ("tomorrow", "2026-11-24", "2026-11-24"),
        ("today", "2026-11-23", "2026-11-23"),
        ("on Fri", "2026-11-27", "2026-11-27"),
        ("Tue to Fri", "2026-11-24", "2026-11-27"),
        ("Fri to Mon", "2026-11-27", "2026-11-30"),
        ("until Fri", "2026-11-23", "2026-11-27"),
        ("until Dec 4", "2026-11-23", "2026-12-04"),
        ("this week", "2026-11-23", "2026-11-29"),
        ("next week", "2026-11-30", "2026-12-06"),
        ("next Mon through next Wed", "2026-11-30", "2026-12-02"),
        ("Dec 30 to Jan 2", "2026-12-30", "2027-01-02"),
    ],
)
def test_days(typed: str, start: str, end: str) -> None:
    assert read_away(typed, MONDAY) == (date.fromisoformat(start), date.fromisoformat(end))


@on_each(
    ("typed", "said"),
    [
        ("", "I can't read “” as days. Try “away Dec 20 to Jan 3”"),
        ("Jan 3 to Dec 20", "Dec 20 comes before Jan 3, 2027. Swap them, or write the year of the last day."),
        ("for a while", "I can't read “for a while” as days."),
        ("Dec 1 to Dec 2 to Dec 3", "I can't read “Dec 1 to Dec 2 to Dec 3” as days."),
        ("Nov 31", "November has 30 days."),
        ("2026-12-05 to 2026-12-01", "Dec 1 comes before Dec 5."),
        ("2026-11-01 to 2026-11-05", "Those days have passed."),
        ("2026-11-24 to 2028-01-01", "That's more than a year."),
    ],
)
def test_what_cannot_be_read(typed: str, said: str) -> None:
    with pytest.raises(UserError) as error:
        read_away(typed, MONDAY)
    assert said in error.value.message
