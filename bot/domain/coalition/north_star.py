"""The north star as people read and change it: the statement, its figure, what that is to be each year. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import TypedDict

from bot.domain.record import DatedValue, NorthStar
from bot.domain.typed import Answers, only, read_day, read_value
from bot.domain.wording import cut, day_with_year, entered, typed_day, typed_number
from bot.errors import UserError

MOST_STATEMENT = 300
MOST_GOALS = 30
_BY = re.compile(r"(?P<value>.+?)\s+by\s+(?P<on>.+)|(?P<on2>[^:]+):\s*(?P<value2>.+)", re.IGNORECASE)
_YEAR = re.compile(r"[12][0-9]{3}")

Goal = tuple[Decimal, date]


@dataclass(frozen=True, slots=True, kw_only=True)
class NorthStarCard:
    """The north star. `statement` is None where there is none yet; `metric` is (id, name) of its figure.

    `goals` are what the figure is to be each year, the earliest first, in its `unit`; without a figure that is empty.
    """

    statement: str | None
    metric: tuple[str, str] | None
    may_edit: bool
    goals: tuple[Goal, ...] = ()
    unit: str = ""
    public: bool = False

    @property
    def may_publish(self) -> bool:
        """Whether this person marks what everybody may read."""
        return self.may_edit


class Said(TypedDict, total=False):
    """What the form says, and stands in the north star under the same name."""

    statement: str
    public: bool


class NorthStarPlan(Said, total=False):
    """The same with the yearly goals."""

    goals: tuple[Goal, ...]


def plan_of(star: NorthStar | None) -> Mapping[str, object]:
    """The values that the form shows and changes."""
    if star is None:
        return {"statement": None, "goals": (), "public": False}
    return {"statement": star.statement, "goals": goals_of(star), "public": star.public}


def goals_of(star: NorthStar) -> tuple[Goal, ...]:
    """The yearly goals, the earliest first."""
    return tuple(sorted(((one.value, one.on) for one in star.yearly_goals), key=lambda goal: goal[1]))


def goal_of_year(star: NorthStar, today: date) -> DatedValue | None:
    """What the figure is to be this year: the next goal, from that of today's on; None where none is left."""
    return min((one for one in star.yearly_goals if one.on >= today), key=lambda goal: goal.on, default=None)


def read_plan(answers: Mapping[str, str | None], unit: str, today: date) -> NorthStarPlan:
    """What the form says; `unit` is that of the north star's figure, "" without one. Raises Mistakes."""
    reader = Answers(answers)
    words = "Write in a sentence what the coalition wants to come true."
    plan: NorthStarPlan = {"statement": reader.needed("statement", MOST_STATEMENT, words)}
    if "goals" in answers:
        plan["goals"] = _goals(reader, unit, today)
    if "public" in answers:
        plan["public"] = answers["public"] == "yes"
    reader.require_none()
    return plan


def with_plan(star: NorthStar | None, plan: NorthStarPlan) -> NorthStar:
    """The north star with what the plan says in place of its own. Goals that stay keep what a file says of them."""
    changed = replace(star or NorthStar(statement=""), **only(Said, plan))
    if "goals" not in plan:
        return changed
    there = {(one.value, one.on): one for one in changed.yearly_goals}
    goals = (there.get(one) or DatedValue(value=one[0], on=one[1]) for one in plan["goals"])
    return replace(changed, yearly_goals=tuple(goals))


def goal_lines(goals: Iterable[Goal]) -> str:
    """Yearly goals as they are typed, one a line; the last day of a year goes without saying."""
    return "\n".join(f"{_day_words(on)}: {typed_number(value)}" for value, on in goals)


def goal_words(goal: Goal, unit: str) -> str:
    """A goal in words: "60,500 by Dec 31, 2027", with its year at all times, since it is about years."""
    value, on = goal
    return f"{entered(value, unit)} by {day_with_year(on)}"


def _day_words(on: date) -> str:
    return str(on.year) if (on.month, on.day) == (12, 31) else typed_day(on)


def _goals(reader: Answers, unit: str, today: date) -> tuple[Goal, ...]:
    typed = [line.strip() for line in (reader.answers.get("goals") or "").splitlines() if line.strip()]
    if len(typed) > MOST_GOALS:
        reader.errors["goals"] = f"There are {len(typed)} goals. {MOST_GOALS} fit."
        return ()
    found: dict[int, Goal] = {}
    for number, line in enumerate(typed, 1):
        try:
            value, on = _goal(line, unit, today)
            if on.year in found:
                raise UserError(f"{on.year} has a goal already. Keep one of them.")
            found[on.year] = (value, on)
        except UserError as error:
            reader.errors.setdefault("goals", f"Line {number}: {error.message}")
    return tuple(sorted(found.values(), key=lambda goal: goal[1]))


def _goal(line: str, unit: str, today: date) -> Goal:
    """A goal from its line: "2027: 60,500", or with a day of its own "60,500 by Jun 30, 2027"."""
    match, example = _BY.fullmatch(line), f"Write it as “{today.year + 1}: 60,500”."
    if match is None:
        raise UserError(f"I don't understand “{cut(line, 40)}”. {example}")
    words = (match["on"] or match["on2"]).strip()
    on = date(int(words), 12, 31) if _YEAR.fullmatch(words) else read_day(words, today)
    if on is None:
        raise UserError(f"“{cut(words, 40)}” is no year and no date. {example}")
    return read_value(match["value"] or match["value2"], unit), on
