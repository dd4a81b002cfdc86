"""Writes values of one coalition into its rows, in the same way for a file of hundreds as for one that was just
changed.

How each field is kept is in `nouns`; nothing here knows any of them.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cache
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.store.base import parameter, prepared
from bot.store.record.keeping import Columns, Keyed, Pointer, Under
from bot.store.record.mapping import Mapped
from bot.store.record.nouns import mapped, rows_of
from bot.store.record.parts import UNDER

Identity = tuple[Any, ...]


class Writer:
    """Writes values in one session. A value may point at one that is placed later, where its column may be empty."""

    def __init__(self, session: AsyncSession, coalition_id: int) -> None:
        self.session = session
        self._coalition_id = coalition_id
        self._rows: dict[str, dict[Identity, Any]] = {}  # of the tables that were read as a whole
        self._ids: dict[tuple[str, str], int | None] = {}
        self._owned: dict[str, dict[int, list[Any]]] = {}
        self._pointing: list[tuple[Any, str, Pointer]] = []
        self._owners: list[tuple[Any, Any, Any]] = []

    async def load_rows(self, tables: Iterable[str]) -> None:
        """Reads all rows of these tables, where many of them are to be written."""
        for table in tables:
            found = await self.session.scalars(_all_of(table), {"of": self._coalition_id})
            self._rows[table] = {(one.key,): one for one in found}

    async def put(self, value: Any, before: Any = None, *, row: Any = None, **aside: Any) -> Any:
        """Writes one value, with everything under it; its row. See `place`."""
        row = await self.place(value, before, row=row, **aside)
        await self.finish()
        return row

    async def place(
        self, value: Any, before: Any = None, *, row: Any = None, owner_id: int | None = None, **aside: Any
    ) -> Any:
        """Adds a value's row, or changes what differs in it; with the value `before`, only what differs between the
        two.

        The row is looked for unless it is given. What stands under it in rows of its own follows with `finish`.
        `aside` are columns that the value doesn't hold. Raises KeyError for an unknown file id.
        """
        how = mapped(value)
        columns = {**how.write(value, before), **aside}
        if how.owner is not None and before is None:
            columns[how.owner] = owner_id
        resolved = {name: await self._resolved(name, kept, how) for name, kept in columns.items()}
        if row is None:
            row = await self.find(value)
        if row is None:
            row = self._added(how, value, resolved)
        else:
            _set(row, resolved)
        self._pointing += [(row, name, kept) for name, kept in columns.items() if _is_open(kept, resolved[name])]
        self._owners.append((row, value, before))
        for name, keep in how.keeps.items():
            if isinstance(keep, Keyed) and not keep.is_apart and getattr(value, name):
                await self.session.flush()
                known = {one.id: one for one in getattr(before, name, ())}
                for one in getattr(value, name):
                    if one != known.get(one.id):
                        await self.place(one, known.get(one.id), owner_id=row.id)
        return row

    async def put_new(self, value: Any, **aside: Any) -> Any:
        """Writes a value of which there is no row yet, without looking for one."""
        how = mapped(value)
        columns = {**how.write(value), **aside}
        row = self._added(how, value, {name: await self._resolved(name, kept) for name, kept in columns.items()})
        self._owners.append((row, value, None))
        await self.finish()
        return row

    def _added(self, how: Mapped[Any], value: Any, columns: Columns) -> Any:
        row = how.row(coalition_id=self._coalition_id, **columns)
        self.session.add(row)
        if how.table in self._rows:
            self._rows[how.table][_identity(how, value)] = row
        self._ids.pop((how.table, getattr(value, "id", "")), None)
        return row

    async def finish(self) -> None:
        """Writes what points at something that was placed later, and what stands under what was placed."""
        await self.session.flush()
        for row, name, pointer in self._pointing:
            row_id = await self._id_of(pointer.table, pointer.key)
            if row_id is None:
                raise KeyError(pointer.key)
            if getattr(row, name) != row_id:
                setattr(row, name, row_id)
        if self._pointing:
            self._pointing.clear()
            await self.session.flush()
        for row, value, before in self._owners:
            for keep, wanted in _children(value, before):
                await self._look_up(wanted)
                children = [{name: await self._resolved(name, kept) for name, kept in one.items()} for one in wanted]
                await self._put_children(keep, row.id, children)
                await self.session.flush()
        self._owners.clear()

    async def add(self, values: Iterable[Any], owner: str) -> None:
        """Adds values under an owner, by its file id; one that is there is never replaced."""
        for value in values:
            how = mapped(value)
            assert how.owner is not None
            columns = {how.owner: Pointer(UNDER[how.table].owner, owner), **how.write(value)}
            resolved = {name: await self._resolved(name, kept) for name, kept in columns.items()}
            self.session.add(how.row(coalition_id=self._coalition_id, **resolved))
            # One flush each keeps ids, and with them the file's order, certain.
            await self.session.flush()

    async def find(self, value: Any) -> Any:
        """The row of a value; None where there is none."""
        how = mapped(value)
        if how.table in self._rows:
            return self._rows[how.table].get(_identity(how, value))
        query = select(how.row).where(how.row.coalition_id == self._coalition_id)
        for field in how.identity:
            for name, kept in how.keeps[field].write(getattr(value, field)).items():
                query = query.where(getattr(how.row, name) == await self._resolved(name, kept))
        return await self.session.scalar(query)

    async def _resolved(self, name: str, kept: Any, how: Mapped[Any] | None = None) -> Any:
        """What stands in a column: for a pointer the surrogate key, None for now where that may still come."""
        if not isinstance(kept, Pointer):
            return kept
        for table in kept.before:
            if await self._id_of(table, kept.key) is not None:
                return None
        row_id = await self._id_of(kept.table, kept.key)
        may_come = how is not None and how.row.__table__.columns[name].nullable
        if row_id is None and not kept.or_none and not may_come:
            raise KeyError(kept.key)
        return row_id

    async def _look_up(self, wanted: Iterable[Columns]) -> None:
        """The ids of everything that these columns point at, in one statement a table."""
        asked: dict[str, set[str]] = {}
        for kept in (kept for columns in wanted for kept in columns.values() if isinstance(kept, Pointer)):
            for table in (*kept.before, kept.table):
                if table not in self._rows and (table, kept.key) not in self._ids:
                    asked.setdefault(table, set()).add(kept.key)
        for table, keys in asked.items():
            row: Any = rows_of(table)
            query = select(row.key, row.id).where(row.coalition_id == self._coalition_id, row.key.in_(keys))
            found = {one.key: one.id for one in await self.session.execute(query)}
            self._ids |= {(table, key): found.get(key) for key in keys}

    async def _id_of(self, table: str, key: str) -> int | None:
        if table in self._rows:
            row = self._rows[table].get((key,))
            if row is not None and row.id is None:
                await self.session.flush()
            found: int | None = None if row is None else row.id
            return found
        if (table, key) not in self._ids:
            row_type: Any = rows_of(table)
            self._ids[table, key] = await self.session.scalar(
                select(row_type.id).where(row_type.coalition_id == self._coalition_id, row_type.key == key)
            )
        return self._ids[table, key]

    async def _put_children(self, keep: Under, owner_id: int, wanted: Sequence[Columns]) -> None:
        """Makes the rows under one owner equal to `wanted`, in its order: they are read back by id, so what stays keeps
        its row as long as nothing new comes before it."""
        row_type, owner = rows_of(keep.table), UNDER[keep.table].column
        same = 0
        for row in await self._rows_under(keep.table, owner_id):
            columns = wanted[same] if same < len(wanted) else {}
            if columns and all(getattr(row, name) == columns[name] for name in keep.by or columns):
                _set(row, columns)
                same += 1
            else:
                await self.session.delete(row)
        await self.session.flush()
        for columns in wanted[same:]:
            self.session.add(row_type(coalition_id=self._coalition_id, **{owner: owner_id}, **columns))
            # One flush each keeps ids, and with them the order, certain.
            await self.session.flush()

    async def _rows_under(self, table: str, owner_id: int) -> list[Any]:
        if not self._rows:
            about = {"of": self._coalition_id, "owner": owner_id}
            return list(await self.session.scalars(_all_under(table), about))
        if table not in self._owned:
            # All owners' rows at once: a coalition has hundreds of owners.
            grouped: dict[int, list[Any]] = {}
            for row in await self.session.scalars(_all_of(table), {"of": self._coalition_id}):
                grouped.setdefault(getattr(row, UNDER[table].column), []).append(row)
            self._owned[table] = grouped
        return self._owned[table].pop(owner_id, [])


@cache
def _all_of(table: str) -> Select[Any]:
    row: Any = rows_of(table)
    return prepared(select(row).where(row.coalition_id == parameter("of")).order_by(row.id))


@cache
def _all_under(table: str) -> Select[Any]:
    return prepared(_all_of(table).where(getattr(rows_of(table), UNDER[table].column) == parameter("owner")))


def _set(row: Any, columns: Columns) -> None:
    for name, value in columns.items():
        if getattr(row, name) != value:
            setattr(row, name, value)


def _identity(how: Mapped[Any], value: Any) -> Identity:
    return tuple(getattr(value, name) for name in how.identity)


def _is_open(kept: Any, resolved: Any) -> bool:
    return isinstance(kept, Pointer) and resolved is None and not kept.or_none and not kept.before


def _children(value: Any, before: Any) -> list[tuple[Under, list[Columns]]]:
    """By field what is to stand under a value's row, where that may differ from what stood there."""
    ways = mapped(value).keeps.items()
    keeps = [(name, keep) for name, keep in ways if isinstance(keep, Under) and not keep.is_apart]
    changed = {keep.table for name, keep in keeps if before is None or getattr(value, name) != getattr(before, name)}
    children: dict[str, tuple[Under, list[Columns]]] = {}
    for name, keep in keeps:
        if keep.table in changed:
            children.setdefault(keep.table, (keep, []))[1].extend(keep.children(getattr(value, name)))
    return list(children.values())
