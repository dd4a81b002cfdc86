"""What becomes of days away: by tables, and by random changes beside a plain set of days."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from bot.domain.people import Days, add_days, cancel_days, end_days, stretch_of
from bot.domain.record import Away
from tests.tables import on_each

FIRST = date(2026, 12, 1)
_TOUCH = timedelta(days=1)


def on(day: int) -> date:
    return FIRST + timedelta(days=day - 1)


def stretch(start: int, end: int, word: str = "") -> Away:
    return Away(start=on(start), end=on(end), extra={"word": word} if word else {})


BEFORE = (stretch(10, 12, "a"), stretch(1, 3, "b"))


@on_each(
    ("start", "end", "after"),
    [
        (1, 3, BEFORE),
        (2, 2, BEFORE),
        (20, 21, (*BEFORE, stretch(20, 21))),
        (5, 8, (*BEFORE, stretch(5, 8))),
        (4, 5, (stretch(10, 12, "a"), stretch(1, 5, "b"))),
        (8, 9, (stretch(8, 12, "a"), stretch(1, 3, "b"))),
        (4, 9, (stretch(1, 12, "b"),)),
        (2, 30, (stretch(1, 30, "b"),)),
    ],
)
def test_what_touches_becomes_one_and_keeps_what_else_is_said(start: int, end: int, after: Days) -> None:
    assert add_days(BEFORE, on(start), on(end)) == after


def test_whoever_is_back_is_away_no_longer() -> None:
    assert end_days(BEFORE, on(2)) == (stretch(10, 12, "a"), stretch(1, 1, "b"))
    assert end_days(BEFORE, on(10)) == (stretch(1, 3, "b"),)
    assert end_days(BEFORE, on(5)) == BEFORE


def test_of_a_stretch_that_has_begun_what_was_stays() -> None:
    ahead, begun = BEFORE
    assert cancel_days(BEFORE, ahead, on(2)) == (begun,)
    assert cancel_days(BEFORE, begun, on(3)) == (ahead, stretch(1, 2, "b"))
    assert cancel_days(BEFORE, begun, on(1)) == (ahead,)
    assert cancel_days(BEFORE, begun, on(4)) == (ahead,)
    assert cancel_days(BEFORE, stretch(20, 21), on(4)) == BEFORE


def days_of(days: Days) -> set[date]:
    return {one.start + timedelta(days=n) for one in days for n in range((one.end - one.start).days + 1)}


@given(st.lists(st.tuples(st.sampled_from(["add", "back", "cancel"]), st.integers(1, 40), st.integers(0, 9))))
def test_the_stretches_are_the_days_that_were_said(changes: list[tuple[str, int, int]]) -> None:
    days: Days = ()
    known: set[date] = set()
    for what, day, more in changes:
        there = stretch_of(days, on(day))
        if what == "add":
            days = add_days(days, on(day), on(day + more))
            known |= {on(one) for one in range(day, day + more + 1)}
            assert stretch_of(days, on(day)) is not None
        elif there is not None:
            assert end_days(days, on(day)) == cancel_days(days, there, on(day))
            days = end_days(days, on(day)) if what == "back" else cancel_days(days, there, on(day))
            known -= {one for one in days_of((there,)) if one >= on(day)}
        assert days_of(days) == known
        in_order = sorted(days, key=lambda one: one.start)
        assert all(one.end + _TOUCH < two.start for one, two in pairwise(in_order))
