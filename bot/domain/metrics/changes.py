"""What a change of a metric's plan makes of the metric. Pure. Forms and words of a plan are in `plans`."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import replace

from bot.domain.metrics.plans import Dated, Meaning, Plan
from bot.domain.record import DatedValue, Metric
from bot.domain.typed import new_key, only


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
