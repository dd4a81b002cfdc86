"""What a coalition is called, and how figures and dates are written in it, as a lead changes them. Pure.

Its time zone and its currency are no part of it: deadlines that people were told and amounts that were entered hang on
them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import TypedDict

from bot.domain.coalition.setup import MOST_NAME
from bot.domain.record import Coalition, in_common
from bot.domain.typed import Answers
from bot.domain.wording import amount, day_with_year, in_figures, known_locale, written_in

MOST_SHORT_NAME = 80
_SHOWN = Decimal("1234.5")


@dataclass(frozen=True, slots=True, kw_only=True)
class CoalitionForm:
    """What a lead may change of the coalition as a whole."""

    name: str
    short_name: str | None
    locale: str
    written: str  # an example of how figures and dates are written now


class CoalitionPlan(TypedDict, total=False):
    """What the form says, by the coalition's own names."""

    name: str
    short_name: str | None
    locale: str


def form_of_coalition(coalition: Coalition, today: date) -> CoalitionForm:
    """The values that the form shows."""
    return CoalitionForm(written=written_so(coalition, today), **in_common(CoalitionForm, coalition))


def plan_of_coalition(coalition: Coalition) -> Mapping[str, object]:
    """The same by name, to be compared with what was entered."""
    return {"name": coalition.name, "short_name": coalition.short_name, "locale": coalition.locale}


def read_coalition(answers: Mapping[str, str | None]) -> CoalitionPlan:
    """What the form says. Raises Mistakes."""
    reader = Answers(answers)
    plan: CoalitionPlan = {"name": reader.needed("name", MOST_NAME, "Write the coalition's name.")}
    if "short_name" in answers:
        plan["short_name"] = reader.text("short_name", MOST_SHORT_NAME)
    if "locale" in answers:
        locale = answers["locale"] or ""
        if known_locale(locale) != locale:
            reader.errors["locale"] = "Choose how figures and dates are written: type a country."
        plan["locale"] = locale
    reader.require_none()
    return plan


def with_coalition_plan(coalition: Coalition, plan: CoalitionPlan) -> Coalition:
    """The coalition with what the plan says in place of its own."""
    return replace(coalition, **plan)


def written_so(coalition: Coalition, today: date) -> str:
    """How figures and dates are written, by an example: "1,234.5 · $1,235 · Nov 23, 2026"."""
    with written_in(coalition.locale):
        return " · ".join((in_figures(_SHOWN), amount(Decimal(1235), coalition.currency), day_with_year(today)))
