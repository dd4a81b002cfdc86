"""The north star as people read and change it: the statement, and the figure that tells how near it is. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypedDict

from bot.domain.record import NorthStar
from bot.domain.typed import Answers

MOST_STATEMENT = 300


@dataclass(frozen=True, slots=True, kw_only=True)
class NorthStarCard:
    """The north star. `statement` is None where there is none yet; `metric` is (id, name) of its figure."""

    statement: str | None
    metric: tuple[str, str] | None
    may_edit: bool


class NorthStarPlan(TypedDict):
    """What the form says."""

    statement: str


def plan_of(star: NorthStar | None) -> Mapping[str, str | None]:
    """The values that the form shows and changes."""
    return {"statement": star.statement if star is not None else None}


def read_plan(answers: Mapping[str, str | None]) -> NorthStarPlan:
    """What the form says. Raises Mistakes."""
    reader = Answers(answers)
    words = "Write in a sentence what the coalition wants to come true."
    statement = reader.needed("statement", MOST_STATEMENT, words)
    reader.require_none()
    return {"statement": statement}
