"""Rows of metrics and their milestones: writing what a plan says, at once or when it was decided. Service steps."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.domain.metrics import LABELS, Plan, require_sound, with_plan
from bot.domain.record import Record
from bot.errors import UserError
from bot.services.access import Actor
from bot.services.decisions import APPLY
from bot.services.metrics.views import place_of, places_of, today_in
from bot.store.metrics import MetricRow, MilestoneRow
from bot.store.people import MemberRow

KIND = "metric"  # of a proposed change


async def _apply(
    session: AsyncSession, record: Record, actor: Actor, key: str, changes: Mapping[str, Any], now: datetime
) -> None:
    """Makes a proposed change of a plan that steering has decided for. Raises UserError where it can't be made now."""
    row = await locked_row(session, actor, key)
    plan = {name: _restored(value) for name, value in changes.items() if name in LABELS}
    require_sound(with_plan(place_of(places_of(record), key).metric, plan), today_in(record, now))
    await write_plan(session, row, plan, reason=str(changes.get("reason") or "") or None)


def _restored(value: Any) -> Any:
    """A plan's pairs come back from the store as lists."""
    return tuple(_restored(one) for one in value) if isinstance(value, list) else value


APPLY[KIND] = _apply


async def write_plan(session: AsyncSession, row: MetricRow, plan: Plan, *, reason: str | None = None) -> None:
    """Writes what a plan says into a metric's row and its milestones. A step in the caller's transaction."""
    for name in LABELS:
        if name not in plan:
            continue
        value = plan[name]
        if name in {"baseline", "target"}:
            setattr(row, f"{name}_value", None if value is None else value[0])
            setattr(row, f"{name}_on", None if value is None else value[1])
        elif name == "steward":
            row.steward_id = await session.scalar(  # type: ignore[assignment]
                select(MemberRow.id).where(MemberRow.coalition_id == row.coalition_id, MemberRow.key == value)
            )
        elif name != "milestones":
            setattr(row, name, value)
    if reason is not None and {"target", "milestones"} & set(plan):
        row.target_extra = {**(row.target_extra or {}), "reason": reason}
    elif reason is not None:
        row.extra = {**(row.extra or {}), "reason": reason}
    session.add(row)
    await session.flush()
    if "milestones" in plan:
        await _write_milestones(session, row, plan["milestones"])


async def _write_milestones(session: AsyncSession, row: MetricRow, wanted: Any) -> None:
    """Those that stay keep their rows; one flush each keeps ids, and with them the order, certain."""
    found = await session.scalars(
        select(MilestoneRow).where(MilestoneRow.metric_id == row.id).order_by(MilestoneRow.id)
    )
    kept = set(wanted)
    there = set()
    for one in found.all():
        if (one.value, one.on) in kept:
            there.add((one.value, one.on))
        else:
            await session.delete(one)
    await session.flush()
    for value, on in wanted:
        if (value, on) not in there:
            session.add(MilestoneRow(coalition_id=row.coalition_id, metric_id=row.id, on=on, value=value, extra={}))
            await session.flush()


async def locked_row(session: AsyncSession, actor: Actor, metric: str) -> MetricRow:
    row: MetricRow | None = await session.scalar(
        select(MetricRow).where(MetricRow.coalition_id == actor.coalition_id, MetricRow.key == metric).with_for_update()
    )
    if row is None:
        raise UserError("I can't find this figure anymore. Type “figures” to see what there is.")
    return row
