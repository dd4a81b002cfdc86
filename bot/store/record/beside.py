"""Reads what stands beside the record and points into it, by the same mapping by which it is written."""

from __future__ import annotations

from functools import cache
from typing import Any, TypeVar

from sqlalchemy import ColumnElement, Select, bindparam, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from bot.store.record.keeping import Points
from bot.store.record.mapping import Mapped
from bot.store.record.nouns import mapping_of, rows_of

T = TypeVar("T")


async def read_beside(
    session: AsyncSession, coalition_id: int, value: type[T], *only: ColumnElement[bool]
) -> tuple[T, ...]:
    """A coalition's values of a kind in the order of their rows, in one statement; those that `only` leaves."""
    how = mapping_of(value)
    query = _query_of(how)
    query = query.where(*only) if only else query
    # Put in order here: asked for it, SQLite would go through all of a coalition's rows in their order.
    rows = sorted((await session.execute(query, {"of": coalition_id})).all(), key=lambda row: row[0])
    return tuple([value(**dict(zip(how.keeps, row[1:], strict=True))) for row in rows])


@cache
def _query_of(how: Mapped[Any]) -> Select[Any]:
    query: Select[Any] = select(how.row.id).where(how.row.coalition_id == bindparam("of"))
    for keep in how.keeps.values():
        column = getattr(how.row, keep.columns[0])
        if isinstance(keep, Points):
            target: Any = aliased(rows_of(keep.table))
            query = query.outerjoin(target, target.id == column)
            column = target.key
        query = query.add_columns(column)
    return query
