"""A metric as it is set up: what a form says about it, what is refused, and what a change is in words. Pure.

Recording its figures is in `figures`, the rules for its plan in `status`.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any

from bot.domain.metrics.status import check_metric
from bot.domain.record import DatedValue, Metric
from bot.domain.typed import Answers, Known, Mistakes, read_day, read_value
from bot.domain.vocabularies import Aggregation, Direction, Frequency, Horizon, Level, words
from bot.domain.wording import MONTHS, cut, day, entered, one_line
from bot.errors import UserError

MOST_NAME = 150
MOST_WORDS = 1000
MOST_UNIT = 40
MOST_REASON = 300
MOST_MILESTONES = 20
NORTH_STAR = "*"
# What the form asks, in order; the last three are asked again by themselves to retarget.
TEXTS = ("name", "definition", "unit", "source")
CHOICES: Mapping[str, tuple[str, ...]] = {
    "direction": words(Direction),
    "level": words(Level),
    "horizon": words(Horizon),
    "aggregation": words(Aggregation),
    "frequency": words(Frequency),
}
# What a new metric has where nothing else was chosen.
DEFAULTS: Mapping[str, str] = {
    "direction": Direction.INCREASE,
    "level": Level.CORE,
    "horizon": Horizon.MEDIUM,
    "aggregation": Aggregation.POINT_IN_TIME,
    "frequency": Frequency.QUARTERLY,
}
LABELS = {
    "name": "Name",
    "definition": "What it means",
    "unit": "Unit",
    "direction": "Direction",
    "level": "Level",
    "horizon": "Horizon",
    "aggregation": "Each figure covers",
    "frequency": "New figure",
    "expected_lag_days": "Days until a figure is ready",
    "steward": "Steward",
    "source": "Source",
    "tolerance": "Tolerance",
    "confidential_below_n": "Withheld below",
    "baseline": "Baseline",
    "target": "Target",
    "milestones": "Milestones",
}
_MILESTONE = re.compile(r"(?P<value>.+?)\s+by\s+(?P<day>.+)|(?P<day2>[^:]+):\s*(?P<value2>.+)", re.IGNORECASE)

Plan = Mapping[str, Any]  # by the names of LABELS; baseline and target as (value, day), milestones as pairs


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanForm:
    """The form of a new metric, or of one that is there."""

    metric: Metric | None
    plan: Plan
    priorities: tuple[Known, ...]
    priority: str | None
    steward: Known | None
    proposes: bool  # what this person changes becomes a decision for steering
    today: date


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanSaved:
    """What became of the form: stored, or proposed to the group that decides."""

    metric: Metric
    what: str  # added | changed | proposed | nothing
    lines: tuple[str, ...]
    decision: str | None = None
    decider_name: str | None = None
    may_record: bool = False


@dataclass(frozen=True, slots=True)
class PlanContext:
    """What a form's choices may name."""

    members: Collection[str]
    priorities: Collection[str]


def plan_of(metric: Metric) -> dict[str, Any]:
    """A metric's plan by the names of LABELS; no frequency means quarterly."""
    found = {name: getattr(metric, name) for name in LABELS if name not in {"baseline", "target", "milestones"}}
    return {
        **found,
        "frequency": metric.frequency or "quarterly",
        "baseline": _pair(metric.baseline),
        "target": _pair(metric.target),
        "milestones": tuple((one.value, one.on) for one in metric.milestones),
    }


def read_plan(answers: Mapping[str, str | None], known: PlanContext, today: date) -> dict[str, Any]:
    """What the whole form says. Raises Mistakes with a sentence for every field to mend."""
    reader = Answers(answers)
    plan: dict[str, Any] = {
        "name": reader.text("name", MOST_NAME),
        "definition": reader.text("definition", MOST_WORDS),
        "unit": reader.text("unit", MOST_UNIT),
        "source": reader.text("source", MOST_NAME),
    }
    for name, sentence in (("name", "Give it a name."), ("unit", "Say what is counted, such as “seats”.")):
        if plan[name] is None:
            reader.errors.setdefault(name, sentence)
    for name, allowed in CHOICES.items():
        plan[name] = answers.get(name)
        if plan[name] not in allowed:
            reader.errors[name] = "Choose one."
    plan["steward"] = answers.get("steward")
    if plan["steward"] not in known.members:
        reader.errors["steward"] = "Choose who looks after this figure."
    plan["expected_lag_days"] = reader.whole("expected_lag_days", 0, 1000)
    plan["confidential_below_n"] = reader.whole("confidential_below_n", 2, 1000)
    unit = plan["unit"] or ""
    plan["tolerance"] = reader.value("tolerance", unit)
    plan["baseline"] = reader.dated("baseline", unit, "baseline")
    if "target_value" in answers:
        plan |= _target(reader, unit, today)
    if reader.errors:
        raise Mistakes(reader.errors)
    return plan


def read_target(answers: Mapping[str, str | None], unit: str, today: date) -> dict[str, Any]:
    """What the form for a new target says. Raises Mistakes."""
    reader = Answers(answers)
    plan = _target(reader, unit, today)
    reason = reader.text("reason", MOST_REASON)
    if plan["target"] is None:
        reader.errors.setdefault("target_value", "Enter the target.")
    if reason is None:
        reader.errors.setdefault("reason", "Say in a sentence why it changes.")
    if reader.errors:
        raise Mistakes(reader.errors)
    return {**plan, "reason": reason}


def with_plan(metric: Metric, plan: Plan) -> Metric:
    """The metric with what the plan says in place of its own."""
    changed: dict[str, Any] = {name: plan[name] for name in plan if name in LABELS}
    for name in ("baseline", "target"):
        if name in changed:
            changed[name] = _dated(changed[name])
    if "milestones" in changed:
        changed["milestones"] = tuple(DatedValue(value=value, on=on) for value, on in changed["milestones"])
    return replace(metric, **changed)


def require_sound(metric: Metric, today: date, *, with_target: bool = True) -> None:
    """Raises Mistakes for a plan that is refused on entry. Without the target in the form, baseline's fields tell."""
    errors: dict[str, str] = {}
    for path, sentence in check_metric(metric):
        where, words_there = _in_form(metric, path, sentence, today)
        if where is None:
            continue
        if not with_target:
            where = {"target_value": "baseline_value", "target_on": "baseline_on", "milestones": "baseline_on"}.get(
                where, where
            )
        errors.setdefault(where, words_there)
    if errors:
        raise Mistakes(errors)


def change_lines(metric: Metric, changes: Plan, names: Mapping[str, str], today: date) -> tuple[str, ...]:
    """A sentence for each thing that a change of the plan would make different."""
    before = plan_of(metric)
    unit = changes.get("unit", metric.unit)
    lines = []
    for name, label in LABELS.items():
        if name in changes and changes[name] != before.get(name):
            old = value_words(name, before.get(name), metric.unit, names, today)
            lines.append(f"{label}: {old} → {value_words(name, changes[name], unit, names, today)}")
    return tuple(lines)


def milestone_lines(milestones: Iterable[tuple[Decimal, date]]) -> str:
    """Milestones as they are typed, with their years, so that reading them again gives the same days."""
    return "\n".join(f"{value:f} by {MONTHS[on.month - 1]} {on.day}, {on.year}" for value, on in milestones)


def _target(reader: Answers, unit: str, today: date) -> dict[str, Any]:
    plan: dict[str, Any] = {"target": reader.dated("target", unit, "target")}
    found: list[tuple[Decimal, date]] = []
    typed = [line.strip() for line in (reader.answers.get("milestones") or "").splitlines() if line.strip()]
    if len(typed) > MOST_MILESTONES:
        reader.errors["milestones"] = f"There are {len(typed)} milestones. {MOST_MILESTONES} fit."
        typed = []
    for number, line in enumerate(typed, 1):
        try:
            found.append(_milestone(line, unit, today))
        except UserError as error:
            reader.errors.setdefault("milestones", f"Line {number}: {error.message}")
    plan["milestones"] = tuple(sorted(found, key=lambda one: one[1]))
    return plan


def _milestone(line: str, unit: str, today: date) -> tuple[Decimal, date]:
    match = _MILESTONE.fullmatch(line)
    example = f"Write it as “100 by Mar 31, {today.year + 1}”."
    if match is None:
        raise UserError(f"I don't understand “{cut(line, 40)}”. {example}")
    on = read_day(match["day"] or match["day2"], today)
    if on is None:
        raise UserError(f"“{cut(match['day'] or match['day2'], 40)}” isn't a date. {example}")
    return (read_value(match["value"] or match["value2"], unit), on)


def _in_form(metric: Metric, path: str, sentence: str, today: date) -> tuple[str | None, str]:
    baseline, target = metric.baseline, metric.target
    since = day(baseline.on, today) if baseline is not None else ""
    if path == "tolerance":
        return "tolerance", sentence
    if path == "target.value":
        return "target_value", sentence
    if path == "target.date":
        return "target_on", f"Choose a day after the baseline's, {since}."
    found = re.fullmatch(r"milestones\[([0-9]+)\]\.date", path)
    if found is None:
        return None, sentence
    on = metric.milestones[int(found[1])].on
    which = f"The milestone of {day(on, today)}"
    if baseline is not None and on <= baseline.on:
        return "milestones", f"{which} has to come after the baseline, {since}."
    if target is not None and on >= target.on:
        return "milestones", f"{which} has to come before the target, {day(target.on, today)}."
    return "milestones", f"Two milestones are of {day(on, today)}. Keep one of them."


def _pair(dated: DatedValue | None) -> tuple[Decimal, date] | None:
    return None if dated is None else (dated.value, dated.on)


def _dated(pair: tuple[Decimal, date] | None) -> DatedValue | None:
    return None if pair is None else DatedValue(value=pair[0], on=pair[1])


def value_words(name: str, value: Any, unit: str, names: Mapping[str, str], today: date) -> str:
    """A part of a plan in words."""
    if value is None or value == ():
        return "none"
    if name in {"baseline", "target"}:
        joint = "by" if name == "target" else "as of"
        return f"{entered(value[0], unit)} {joint} {day(value[1], today)}"
    if name == "milestones":
        return ", ".join(f"{entered(one, unit)} by {day(on, today)}" for one, on in value)
    if name == "steward":
        return names.get(value, str(value))
    if name == "tolerance":
        return entered(value, unit)
    if name == "confidential_below_n":
        return f"{value} reporting"
    if name in CHOICES:
        return str(value).replace("_", " ")
    return cut(one_line(str(value)), 200)
