"""Yearly goals as they are typed and read back, and the one that counts now."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain.coalition import goal_lines, goal_of_year, goal_words, goals_of, plan_of, read_plan, with_plan
from bot.domain.record import DatedValue, NorthStar
from bot.domain.typed import Mistakes
from tests.examples import examples

TODAY = date(2026, 11, 23)
STAR = NorthStar(
    statement="More good jobs.",
    yearly_goals=(
        DatedValue(value=Decimal(62000), on=date(2028, 12, 31)),
        DatedValue(value=Decimal(60500), on=date(2027, 12, 31), extra={"agreed": "in June"}),
    ),
)


def typed(goals: str) -> dict[str, str | None]:
    return {"statement": "More good jobs.", "goals": goals}


def test_a_line_is_a_year_or_a_day_and_its_value() -> None:
    plan = read_plan(typed("2027: 60,500\n\n 62k by Jun 30, 2028\nDec 31, 2026: 59000"), "people", TODAY)
    assert plan["goals"] == (
        (Decimal(59000), date(2026, 12, 31)),
        (Decimal(60500), date(2027, 12, 31)),
        (Decimal(62000), date(2028, 6, 30)),
    )


@pytest.mark.parametrize(
    ("goals", "said"),
    [
        ("sixty thousand", "Line 1: I don't understand “sixty thousand”. Write it as “2027: 60,500”."),
        ("2027: 60,500\nsome day: 5", "Line 2: “some day” is no year and no date. Write it as “2027: 60,500”."),
        ("2027: 60,500\n5 by Jun 30, 2027", "Line 2: 2027 has a goal already. Keep one of them."),
        ("2027: many", "Line 1: “many” isn't a number. Try “48.5” or “3,100,000”."),
        ("\n".join(f"{year}: 1" for year in range(2027, 2060)), "There are 33 goals. 30 fit."),
    ],
)
def test_what_is_no_goal_is_told_by_its_line(goals: str, said: str) -> None:
    with pytest.raises(Mistakes) as caught:
        read_plan(typed(goals), "people", TODAY)
    assert caught.value.errors == {"goals": said}


@given(
    st.lists(
        st.tuples(
            st.decimals(min_value=-(10**9), max_value=10**9, places=2),
            st.dates(min_value=date(1990, 1, 1), max_value=date(2090, 12, 31)),
        ),
        max_size=20,
        unique_by=lambda goal: goal[1].year,
    )
)
@settings(max_examples=examples(25))
def test_what_the_form_shows_is_read_back_as_it_was(goals: list[tuple[Decimal, date]]) -> None:
    star = replace(STAR, yearly_goals=tuple(DatedValue(value=value, on=on) for value, on in goals))
    assert read_plan(typed(goal_lines(goals_of(star))), "people", TODAY)["goals"] == plan_of(star)["goals"]


def test_goals_that_stay_keep_what_a_file_says_of_them() -> None:
    changed = with_plan(STAR, {"goals": ((Decimal(60500), date(2027, 12, 31)), (Decimal(1), date(2030, 12, 31)))})
    assert [one.extra for one in changed.yearly_goals] == [{"agreed": "in June"}, {}]
    assert with_plan(STAR, {"public": True}) == replace(STAR, public=True)
    assert with_plan(None, {"statement": "New."}) == NorthStar(statement="New.")


@pytest.mark.parametrize(("today", "year"), [("2026-11-23", 2027), ("2027-12-31", 2027), ("2028-01-01", 2028)])
def test_the_goal_of_the_year_is_the_next_one(today: str, year: int) -> None:
    goal = goal_of_year(STAR, date.fromisoformat(today))
    assert goal is not None
    assert goal.on.year == year
    assert goal_of_year(STAR, date(2029, 1, 1)) is None


def test_a_goal_in_words_has_its_year() -> None:
    assert goal_words((Decimal(60500), date(2026, 12, 31)), "people") == "60,500 by Dec 31, 2026"
