"""Which row stands for which file id (`key`), in any table that has both. What a row holds is not read here."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession


async def id_of(session: AsyncSession, table: Any, coalition_id: int, key: str, *, lock: bool = False) -> int | None:
    """The row of a file id, held until the end of the transaction with `lock`; None for one that is not known."""
    query = select(table.id).where(table.coalition_id == coalition_id, table.key == key)
    found: int | None = await session.scalar(query.with_for_update() if lock else query)
    return found


async def ids_of(
    session: AsyncSession, table: Any, coalition_id: int, keys: Collection[str] | None = None
) -> dict[str, int]:
    """The rows of these file ids, or of all that the coalition has."""
    query = select(table.key, table.id).where(table.coalition_id == coalition_id)
    rows = await session.execute(query if keys is None else query.where(table.key.in_(keys)))
    return {row.key: row.id for row in rows}


async def keys_of(session: AsyncSession, table: Any, coalition_id: int) -> dict[int, str]:
    """The file ids of all rows that the coalition has."""
    return {row_id: key for key, row_id in (await ids_of(session, table, coalition_id)).items()}
