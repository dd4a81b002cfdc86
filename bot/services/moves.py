"""Where one occurrence of a meeting or a digest was moved to."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.store.rhythm import CadenceRow, MoveRow


async def place_move(session: AsyncSession, row: CadenceRow, slot: datetime, to: datetime) -> None:
    """Moves one occurrence, both moments in the cadence's wall time; back at its own time, there is no move."""
    move = await session.scalar(select(MoveRow).where(MoveRow.cadence_id == row.id, MoveRow.original == slot))
    if to == slot:
        if move is not None:
            await session.delete(move)
    elif move is None:
        session.add(MoveRow(coalition_id=row.coalition_id, cadence_id=row.id, original=slot, to=to, extra={}))
    else:
        move.to = to
    await session.flush()
