"""A metric as it is set up: what a form says about it, what is refused, and what a change is in words. Pure.

Recording its figures is in `figures`, the rules for its plan in `status`.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import TypedDict

from bot.domain.metrics.status import check_metric
from bot.domain.record import DatedValue, Metric
from bot.domain.typed import Answers, Known, Mistakes, fields_of, new_key, only, read_day, read_value
from bot.domain.vocabularies import Aggregation, Direction, Frequency, Horizon, Level, words
from bot.domain.wording import cut, day, entered, one_line, typed_day, typed_number
from bot.errors import UserError

MOST_NAME = 150
MOST_WORDS = 1000
MOST_UNIT = 40
MOST_REASON = 300
MOST_MILESTONES = 20
NORTH_STAR = "*"
# What may be chosen in the form.
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
    "public": "On the public page",
}
_MILESTONE = re.compile(r"(?P<value>.+?)\s+by\s+(?P<day>.+)|(?P<day2>[^:]+):\s*(?P<value2>.+)", re.IGNORECASE)

Dated = tuple[Decimal, date]


class Meaning(TypedDict, total=False):
    """What a form says of how a metric is counted; only what it asked for."""

    name: str
    definition: str | None
    unit: str
    direction: str
    level: str
    horizon: str
    aggregation: str
    frequency: str
    expected_lag_days: int | None
    steward: str
    source: str | None
    tolerance: Decimal | None
    confidential_below_n: int | None
    public: bool


class Plan(Meaning, total=False):
    """The same with what is expected of it, by the names of LABELS."""

    baseline: Dated | None
    target: Dated | None
    milestones: tuple[Dated, ...]


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
    may_publish: bool = False


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


def plan_of(metric: Metric) -> Plan:
    """A metric's plan by the names of LABELS; no frequency means quarterly."""
    return {
        **fields_of(Meaning, metric),
        "frequency": metric.frequency or "quarterly",
        "baseline": _pair(metric.baseline),
        "target": _pair(metric.target),
        "milestones": tuple(sorted(((one.value, one.on) for one in metric.milestones), key=_day_of)),
    }


def read_plan(answers: Mapping[str, str | None], known: PlanContext, today: date) -> Plan:
    """What the whole form says. Raises Mistakes with a sentence for every field to mend."""
    reader = Answers(answers)
    unit = reader.needed("unit", MOST_UNIT, "Say what is counted, such as “seats”.")
    plan: Plan = {
        "name": reader.needed("name", MOST_NAME, "Give it a name."),
        "definition": reader.text("definition", MOST_WORDS),
        "unit": unit,
        "source": reader.text("source", MOST_NAME),
        "direction": reader.choice("direction", CHOICES["direction"]),
        "level": reader.choice("level", CHOICES["level"]),
        "horizon": reader.choice("horizon", CHOICES["horizon"]),
        "aggregation": reader.choice("aggregation", CHOICES["aggregation"]),
        "frequency": reader.choice("frequency", CHOICES["frequency"]),
        "steward": reader.choice("steward", known.members, "Choose who looks after this figure."),
        "expected_lag_days": reader.whole("expected_lag_days", 0, 1000),
        "confidential_below_n": reader.whole("confidential_below_n", 2, 1000),
        "tolerance": reader.value("tolerance", unit),
        "baseline": reader.dated("baseline", unit, "baseline"),
    }
    if "public" in answers:
        plan["public"] = answers["public"] == "yes"
    if "target_value" in answers:
        plan = {**plan, **_target(reader, unit, today)}
    reader.require_none()
    return plan


def read_target(answers: Mapping[str, str | None], unit: str, today: date) -> tuple[Plan, str]:
    """What the form for a new target says, and why. Raises Mistakes."""
    reader = Answers(answers)
    plan = _target(reader, unit, today)
    if plan["target"] is None:
        reader.errors.setdefault("target_value", "Enter the target.")
    reason = reader.needed("reason", MOST_REASON, "Say in a sentence why it changes.")
    reader.require_none()
    return plan, reason


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


def change_lines(before: Metric, after: Metric, names: Mapping[str, str], today: date) -> tuple[str, ...]:
    """A sentence for each thing that a change of the plan would make different."""
    was, now = plan_of(before), plan_of(after)
    return tuple(
        f"{label}: {value_words(name, was, names, today)} → {value_words(name, now, names, today)}"
        for name, label in LABELS.items()
        if was.get(name) != now.get(name)
    )


def milestone_lines(milestones: Iterable[tuple[Decimal, date]]) -> str:
    """Milestones as they are typed, with their years, so that reading them again gives the same days."""
    return "\n".join(f"{typed_number(value)} by {typed_day(on)}" for value, on in milestones)


def _target(reader: Answers, unit: str, today: date) -> Plan:
    target = reader.dated("target", unit, "target")
    found: list[Dated] = []
    typed = [line.strip() for line in (reader.answers.get("milestones") or "").splitlines() if line.strip()]
    if len(typed) > MOST_MILESTONES:
        reader.errors["milestones"] = f"There are {len(typed)} milestones. {MOST_MILESTONES} fit."
        typed = []
    for number, line in enumerate(typed, 1):
        try:
            found.append(_milestone(line, unit, today))
        except UserError as error:
            reader.errors.setdefault("milestones", f"Line {number}: {error.message}")
    return {"target": target, "milestones": tuple(sorted(found, key=_day_of))}


def _milestone(line: str, unit: str, today: date) -> Dated:
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


def _pair(dated: DatedValue | None) -> Dated | None:
    return None if dated is None else (dated.value, dated.on)


def value_words(name: str, plan: Plan, names: Mapping[str, str], today: date) -> str:
    """A part of a whole plan in words."""
    value, unit = plan.get(name), plan["unit"]
    if value is None or value == ():
        return "none"
    if name == "baseline" and plan["baseline"]:
        return f"{entered(plan['baseline'][0], unit)} as of {day(plan['baseline'][1], today)}"
    if name == "target" and plan["target"]:
        return _by(plan["target"], unit, today)
    if name == "milestones":
        return ", ".join(_by(one, unit, today) for one in plan["milestones"])
    if name == "steward":
        return names.get(plan["steward"], plan["steward"])
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, Decimal):
        return entered(value, unit)
    if name == "confidential_below_n":
        return f"{value} reporting"
    if name in CHOICES:
        return str(value).replace("_", " ")
    return cut(one_line(str(value)), 200)


def _day_of(dated: Dated) -> date:
    return dated[1]


def _by(dated: Dated, unit: str, today: date) -> str:
    return f"{entered(dated[0], unit)} by {day(dated[1], today)}"


def new_metric(plan: Plan, taken: Collection[str]) -> Metric:
    """The metric that a plan describes, with an id that none of the others has."""
    blank = Metric(
        id=new_key(plan["name"], taken),
        name="",
        unit="",
        direction="",
        aggregation="",
        level="",
        horizon="",
        steward="",
    )
    return with_plan(blank, plan)


def with_plan(metric: Metric, plan: Plan, reason: str | None = None) -> Metric:
    """The metric with what the plan says in place of its own. The reason is kept beside what it is about."""
    changed = replace(metric, **only(Meaning, plan))
    if "baseline" in plan:
        changed = replace(changed, baseline=_dated(plan["baseline"], metric.baseline))
    if "target" in plan:
        changed = replace(changed, target=_dated(plan["target"], metric.target))
    if "milestones" in plan:
        changed = replace(changed, milestones=_milestones(metric, plan["milestones"]))
    if reason is None:
        return changed
    if changed.target is not None and {"target", "milestones"} & set(plan):
        return replace(changed, target=replace(changed.target, extra={**changed.target.extra, "reason": reason}))
    return replace(changed, extra={**changed.extra, "reason": reason})


def restore_plan(kept: Mapping[str, object]) -> Plan:
    """A plan that was kept with a proposal: its pairs come back as lists."""
    return only(Plan, {name: _restored(value) for name, value in kept.items()})


def _restored(value: object) -> object:
    return tuple(_restored(one) for one in value) if isinstance(value, list) else value


def _dated(pair: Dated | None, before: DatedValue | None) -> DatedValue | None:
    return None if pair is None else replace(before or DatedValue(value=pair[0], on=pair[1]), value=pair[0], on=pair[1])


def _milestones(metric: Metric, wanted: Collection[Dated]) -> tuple[DatedValue, ...]:
    """Those that stay keep their places, new ones come last."""
    kept = [one for one in metric.milestones if (one.value, one.on) in wanted]
    there = {(one.value, one.on) for one in kept}
    return (*kept, *(DatedValue(value=value, on=on) for value, on in wanted if (value, on) not in there))
