"""What the audit trail says about a metric, in words: its plan, its figures and their restatements. Pure steps."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from bot.domain.histories import Describe, Names, RowChange, field_lines
from bot.domain.metrics import split_words, splits_of
from bot.domain.record import Metric, Reading
from bot.domain.wording import day, entered, figure, one_line


def metric_lines(metric: Metric, names: Names, today: date) -> Describe:
    """Describes changes of a metric's own row, its milestones and its readings, given in their order."""
    known: dict[date, str] = {}
    withheld = metric.confidential_below_n

    def shown(row: Mapping[str, Any]) -> str:
        too_few = withheld is not None and (row.get("reporters") is None or row["reporters"] < withheld)
        return "not shown" if too_few else figure(row["value"], metric.unit)

    def reading(change: RowChange) -> list[str]:
        row = change.old if change.operation == "delete" else change.new
        if change.operation == "update" or "value" not in row:
            return []
        on, value = row["period_end"], shown(row)
        about = f"Figure for {day(on, today)}"
        if change.operation == "delete":
            known.pop(on, None)
            return [f"{about}: {value} taken back, recorded by mistake"]
        before = known.get(on)
        known[on] = value
        note = f" “{one_line(row['note'])}”" if row.get("note") else ""
        parts = [f"{about}. {split_words(one, metric.unit)}" for one in splits_of(metric, _read(row))]
        if before is not None and before != value:
            return [f"{about} restated: {before} → {value}, {row['quality']}.{note}", *parts]
        return [f"{about}: {value}, {row['quality']}.{note}", *parts]

    def milestone(change: RowChange) -> list[str]:
        row = change.old if change.operation == "delete" else change.new
        if change.operation == "update" or "value" not in row:
            return []
        words = f"{entered(row['value'], metric.unit)} by {day(row['on'], today)}"
        return [f"Milestone {'taken out' if change.operation == 'delete' else 'added'}: {words}"]

    def describe(change: RowChange) -> list[str]:
        if change.table == "readings":
            return reading(change)
        if change.table == "milestones":
            return milestone(change)
        if change.operation == "insert":
            return ["Set up"]
        return [*field_lines(change, names, today), *reason_lines(change)]

    return describe


def _read(row: Mapping[str, Any]) -> Reading:
    return Reading(
        period_end=row["period_end"],
        value=row["value"],
        reporters=row.get("reporters"),
        breakdown=tuple(row.get("breakdown") or ()),
    )


def reason_lines(change: RowChange) -> list[str]:
    """The reason that was given with a change."""
    for column in ("target_extra", "extra"):
        new = change.new.get(column)
        if isinstance(new, Mapping):
            reason = new.get("reason")
            if reason and reason != (change.old.get(column) or {}).get("reason"):
                return [f"Why: “{one_line(str(reason))}”"]
    return []
