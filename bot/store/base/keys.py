"""Which row stands for which file id (`key`), in any table that has both. What a row holds is not read here."""

from __future__ import annotations

from collections.abc import Collection
from functools import cache
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.store.base.kept import parameter, prepared


async def id_of(session: AsyncSession, table: Any, coalition_id: int, key: str, *, lock: bool = False) -> int | None:
    """The row of a file id, held until the end of the transaction with `lock`; None for one that is not known."""
    query = select(table.id).where(table.coalition_id == coalition_id, table.key == key)
    found: int | None = await session.scalar(query.with_for_update() if lock else query)
    return found


async def ids_of(
    session: AsyncSession, table: Any, coalition_id: int, keys: Collection[str] | None = None
) -> dict[str, int]:
    """The rows of these file ids, or of all that the coalition has."""
    if keys is not None and not keys:
        return {}
    about = {"of": coalition_id} if keys is None else {"of": coalition_id, "keys": [*keys]}
    rows = await session.execute(_query_of(table, only_some=keys is not None), about)
    return {row.key: row.id for row in rows}


@cache
def _query_of(table: Any, *, only_some: bool) -> Select[str, int]:
    query = select(table.key, table.id).where(table.coalition_id == parameter("of"))
    return prepared(query.where(table.key.in_(parameter("keys", expanding=True))) if only_some else query)


async def keys_of(session: AsyncSession, table: Any, coalition_id: int) -> dict[int, str]:
    """The file ids of all rows that the coalition has."""
    return {row_id: key for key, row_id in (await ids_of(session, table, coalition_id)).items()}
