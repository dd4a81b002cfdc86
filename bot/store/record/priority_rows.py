"""The rows of priorities and of what they are measured by, written from their values."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable

from bot.domain import record as values
from bot.store.metrics import MetricRow, MilestoneRow, ReadingRow
from bot.store.organizations import GroupRow
from bot.store.people import MemberRow
from bot.store.priorities import OutcomeRow, PriorityRow
from bot.store.record.writer import Writer


async def write_priorities(writer: Writer, items: Iterable[values.Priority]) -> None:
    """Priorities and their outcomes; members and groups must be there."""
    for item in items:
        need = item.need
        row = await writer.put(
            PriorityRow,
            item.id,
            {
                "name": item.name,
                "owner_id": writer.id_of(MemberRow, item.owner),
                "goal": item.goal,
                "working_group_id": writer.id_of(GroupRow, item.working_group),
                "channel": item.channel,
                "assessment": item.assessment,
                "assessment_on": item.assessment_on,
                "headline_metric": item.headline_metric,
                "need_amount": None if need is None else need.amount,
                "need_through": None if need is None else need.through,
                "need_basis": None if need is None else need.basis,
                "need_extra": {} if need is None else dict(need.extra),
                "extra": dict(item.extra),
            },
        )
        await writer.session.flush()
        for outcome in item.outcomes:
            await writer.put(
                OutcomeRow,
                outcome.id,
                {
                    "priority_id": row.id,
                    "name": outcome.name,
                    "due": outcome.due,
                    "completed": outcome.completed,
                    "extra": dict(outcome.extra),
                },
            )
    await writer.session.flush()


async def write_metric(writer: Writer, item: values.Metric, priority: str | None) -> None:
    """A metric and its milestones; `priority` is None for the north star's."""
    baseline, target = item.baseline, item.target
    row = await writer.put(
        MetricRow,
        item.id,
        {
            "priority_id": writer.id_of(PriorityRow, priority),
            "name": item.name,
            "unit": item.unit,
            "direction": item.direction,
            "aggregation": item.aggregation,
            "level": item.level,
            "horizon": item.horizon,
            "steward_id": writer.id_of(MemberRow, item.steward),
            "frequency": item.frequency,
            "definition": item.definition,
            "source": item.source,
            "expected_lag_days": item.expected_lag_days,
            "tolerance": item.tolerance,
            "confidential_below_n": item.confidential_below_n,
            "baseline_value": None if baseline is None else baseline.value,
            "baseline_on": None if baseline is None else baseline.on,
            "baseline_extra": {} if baseline is None else dict(baseline.extra),
            "target_value": None if target is None else target.value,
            "target_on": None if target is None else target.on,
            "target_extra": {} if target is None else dict(target.extra),
            "extra": dict(item.extra),
        },
    )
    await writer.session.flush()
    await writer.put_children(
        MilestoneRow,
        "metric_id",
        row.id,
        [{"on": point.on, "value": point.value, "extra": dict(point.extra)} for point in item.milestones],
    )
    await writer.session.flush()


async def add_readings(writer: Writer, metric: str, items: Iterable[values.Reading]) -> None:
    """Adds readings; one that is there is never replaced."""
    for item in items:
        writer.session.add(
            ReadingRow(
                coalition_id=writer.coalition.id,
                metric_id=writer.id_of(MetricRow, metric),
                **{
                    field.name: getattr(item, field.name)
                    for field in dataclasses.fields(item)
                    if field.name not in {"breakdown", "extra"}
                },
                breakdown=[dict(cell) for cell in item.breakdown],
                extra=dict(item.extra),
            )
        )
        # One flush each keeps ids, and with them the file's order, certain.
        await writer.session.flush()
