"""What a change waits for: a row that another transaction holds, or whatever else is made in the coalition. Steps."""

from __future__ import annotations

from typing import Any, TypeVar

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.errors import UserError
from bot.store.coalition import CoalitionRow

R = TypeVar("R")


async def locked_row(session: AsyncSession, kind: type[R], coalition_id: int, key: str, otherwise: str) -> R:
    """A row by its file id, held until the end of the transaction. Raises UserError saying `otherwise` without one."""
    row: Any = kind
    found: R | None = await session.scalar(
        select(row).where(row.coalition_id == coalition_id, row.key == key).with_for_update()
    )
    if found is None:
        raise UserError(otherwise)
    return found


async def one_at_a_time(session: AsyncSession, coalition_id: int) -> None:
    """Until the end of the transaction nobody else makes something new: two new things never get the same id."""
    await session.scalar(select(CoalitionRow.id).where(CoalitionRow.id == coalition_id).with_for_update(key_share=True))
