"""Which deliveries are due and may go now: a part only once its message and the parts before it have gone."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import ColumnElement, Select, or_, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from bot.domain.outbox import State
from bot.store.coalition import CoalitionRow
from bot.store.outbox import DeliveryRow


async def due_rows(session: AsyncSession, due: ColumnElement[bool], limit: int) -> Sequence[DeliveryRow]:
    rows = await session.scalars(
        select(DeliveryRow)
        .where(
            DeliveryRow.id.in_(claimable(due).order_by(DeliveryRow.due_at, DeliveryRow.id).limit(limit)),
            # Asked once more of the row itself: another process may have claimed it after the inner look.
            due,
        )
        .order_by(DeliveryRow.due_at, DeliveryRow.id)
        .with_for_update(skip_locked=True, of=DeliveryRow)
    )
    return rows.all()


async def parents_of(session: AsyncSession, rows: Sequence[DeliveryRow]) -> Sequence[DeliveryRow]:
    wanted = {row.parent_id for row in rows if row.parent_id is not None}
    return (await session.scalars(select(DeliveryRow).where(DeliveryRow.id.in_(wanted)))).all() if wanted else []


def _sendable() -> Select[int]:
    parent, earlier = aliased(DeliveryRow), aliased(DeliveryRow)
    waits_for_earlier = (
        select(earlier.id)
        .where(
            earlier.parent_id == DeliveryRow.parent_id,
            earlier.operation == "post",
            earlier.part_no < DeliveryRow.part_no,
            earlier.state.in_([State.PLANNED, State.CLAIMED, State.AMBIGUOUS]),
        )
        .exists()
    )
    return (
        select(DeliveryRow.id)
        .join(CoalitionRow, CoalitionRow.id == DeliveryRow.coalition_id)
        .outerjoin(parent, parent.id == DeliveryRow.parent_id)
        .where(
            CoalitionRow.state == "live",
            or_(
                DeliveryRow.parent_id.is_(None),
                parent.state.in_([State.SENT, State.FAILED, State.MISSED, State.DROPPED]),
            ),
            or_(DeliveryRow.operation == "update", ~waits_for_earlier),
        )
    )


# Put together once: it takes ten times as long as to ask it, and a bot asks it every second.
_SENDABLE = _sendable()


def claimable(due: ColumnElement[bool]) -> Select[int]:
    """Ids of what is due in live coalitions; a part only once its message and the parts before it have gone."""
    return _SENDABLE.where(due)
