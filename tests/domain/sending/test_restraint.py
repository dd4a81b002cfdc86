"""At most one unprompted message a day and four a week, whatever falls due in whatever order."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.outbox import Item
from bot.domain.sending import ALWAYS, has_room, kind_of, may_be_held_back, next_day_with_room
from bot.domain.sending.restraint import A_DAY, A_WEEK
from tests.tables import on_each

MONDAY = date(2026, 11, 23)


def days(text: str) -> list[date]:
    """Days of the week of Nov 23 by their number, Monday being 1; -1 is the Sunday before."""
    return [MONDAY + timedelta(days=int(one) - 1 if int(one) > 0 else int(one)) for one in text.split()]


@on_each(
    ("sent", "day", "room", "following"),
    [
        ("", "1", True, "2"),
        ("1", "1", False, "2"),
        ("1 2 3", "4", True, "5"),
        ("1 2 3 4", "5", False, "8"),  # four in the week: the next one's Monday
        ("1 1 1 1", "2", False, "8"),  # whatever never waits counts too
        ("-1 -2 -3 -4", "1", True, "2"),  # last week's are over
    ],
)
def test_a_day_and_a_week(sent: str, day: str, room: bool, following: str) -> None:
    [on], [after] = days(day), days(following)
    assert has_room(days(sent), on) is room
    assert next_day_with_room(days(sent), on) == after


@pytest.mark.parametrize("item", [Item.ASK, Item.REMINDER, Item.DELEGATE])
def test_a_rounds_questions_never_wait(item: Item) -> None:
    assert not may_be_held_back([(Item.ACTION_LIST, False), (item, False)])


def test_what_is_urgent_never_waits() -> None:
    assert not may_be_held_back([(Item.ACTION_REQUEST, True)])
    assert may_be_held_back([(Item.ACTION_REQUEST, False), (Item.ACTION_LIST, False)])


@given(st.lists(st.tuples(st.integers(0, 3), st.booleans()), max_size=60))
def test_what_may_wait_is_never_one_too_many(steps: list[tuple[int, bool]]) -> None:
    """Each step is so many days after the one before, with something that must go or may wait. What waits goes with
    the next message, or by itself on the first day with room."""
    sent: list[date] = []
    by_itself: list[date] = []
    today, waits_until = MONDAY, None
    for ahead, must_go in steps:
        end = today + timedelta(days=ahead)
        if waits_until is not None and waits_until <= end and waits_until > today:
            assert has_room(sent, waits_until), "a day with room is still one when it comes"
            by_itself.append(waits_until)
            sent.append(waits_until)
            waits_until = None
        today = end
        if must_go:
            sent.append(today)
            waits_until = None
        elif has_room(sent, today):
            by_itself.append(today)
            sent.append(today)
            waits_until = None
        elif waits_until is None:
            waits_until = next_day_with_room(sent, today)
    for day in by_itself:
        first = sent.index(day)
        assert sent[: first + 1].count(day) <= A_DAY
        monday = day - timedelta(days=day.weekday())
        before = [one for one in sent[: first + 1] if monday <= one <= day]
        assert len(before) <= A_WEEK


def test_everything_that_comes_may_be_refused_or_says_why_not() -> None:
    always = [item for one in ALWAYS for item in one.items]
    refusable = [item for item in Item if kind_of(item) is not None]
    assert sorted([*always, *refusable]) == sorted(Item)
    assert all(one.words and one.why and (one.items or one.kinds) for one in ALWAYS)
