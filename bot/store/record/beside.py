"""Reads what stands beside the record and points into it, by the same mapping by which it is written."""

from __future__ import annotations

from functools import cache
from typing import Any, TypeVar

from sqlalchemy import ColumnElement, Select, bindparam, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from bot.store.record.keeping import Listed, Points, Through
from bot.store.record.mapping import Mapped
from bot.store.record.nouns import mapping_of, rows_of

T = TypeVar("T")


async def read_beside(
    session: AsyncSession, coalition_id: int, value: type[T], *only: ColumnElement[bool]
) -> tuple[T, ...]:
    """A coalition's values of a kind in the order of their rows, in one statement; those that `only` leaves."""
    return tuple((await read_beside_by_row(session, coalition_id, value, *only)).values())


async def read_beside_by_row(
    session: AsyncSession, coalition_id: int, value: type[T], *only: ColumnElement[bool]
) -> dict[int, T]:
    """The same by their rows. A field that is kept in no column, and in none of what the row belongs to, stays as it is
    where nobody says anything."""
    how = mapping_of(value)
    query = _query_of(how)
    query = query.where(*only) if only else query
    # Put in order here: asked for it, SQLite would go through all of a coalition's rows in their order.
    rows = sorted((await session.execute(query, {"of": coalition_id})).all(), key=lambda row: row[0])
    names = _names(how)
    lists = [name for name in names if isinstance(how.keeps[name], Listed)]
    found = {}
    for row in rows:
        fields = dict(zip(names, row[1:], strict=True))
        found[row[0]] = value(**fields | {name: tuple(fields[name] or ()) for name in lists})
    return found


def _names(how: Mapped[Any]) -> list[str]:
    return [name for name, keep in how.keeps.items() if isinstance(keep, Through) or keep.columns]


@cache
def _query_of(how: Mapped[Any]) -> Select[Any]:
    query: Select[Any] = select(how.row.id).where(how.row.coalition_id == bindparam("of"))
    owners: dict[str, Any] = {}
    for name in _names(how):
        own = keep = how.keeps[name]
        row = how.row
        if isinstance(own, Through):
            if own.column not in owners:
                owners[own.column] = aliased(rows_of(own.table))
                query = query.outerjoin(owners[own.column], owners[own.column].id == getattr(how.row, own.column))
            keep, row = own.keep, owners[own.column]
        column = getattr(row, keep.columns[0])
        if isinstance(keep, Points):
            target: Any = aliased(rows_of(keep.table))
            query = query.outerjoin(target, target.id == column)
            column = target.key
        query = query.add_columns(column)
    return query
