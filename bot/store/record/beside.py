"""Reads what stands beside the record and points into it, by the same mapping by which it is written."""

from __future__ import annotations

from functools import cache
from typing import Any, TypeVar

from sqlalchemy import ColumnElement, Select, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from bot.store.record.keeping import Points
from bot.store.record.mapping import Mapped
from bot.store.record.nouns import mapping_of, rows_of

T = TypeVar("T")


async def read_beside(
    session: AsyncSession, coalition_id: int, value: type[T], *only: ColumnElement[bool]
) -> tuple[T, ...]:
    """A coalition's values of a kind in the order of their rows, in one statement."""
    how = mapping_of(value)
    query = _query_of(how).where(how.row.coalition_id == coalition_id, *only).order_by(how.row.id)
    return tuple([value(**one._mapping) for one in await session.execute(query)])


@cache
def _query_of(how: Mapped[Any]) -> Select[Any]:
    query: Select[Any] = select().select_from(how.row)
    for name, keep in how.keeps.items():
        column = getattr(how.row, keep.columns[0])
        if isinstance(keep, Points):
            target: Any = aliased(rows_of(keep.table))
            query = query.outerjoin(target, target.id == column)
            column = target.key
        query = query.add_columns(column.label(name))
    return query
