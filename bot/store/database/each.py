"""A change of one row that is made of many at once, each with values of its own, by one statement."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from sqlalchemy import ARRAY, ColumnElement, String, Update, bindparam, func
from sqlalchemy.engine import Dialect
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlalchemy.orm import InstrumentedAttribute
from sqlalchemy.types import TypeEngine

# The value of a name, as one execution of a statement gives it.
Value = Callable[[str], ColumnElement[Any]]


class Each:
    """`build` makes the statement of what the values of each are called; `key` is the column that is compared with the
    value called "of".

    Each statement is a way there and back, to a server or to SQLite's thread. So the values go together, as a table:
    PostgreSQL takes its columns as arrays, SQLite its rows as JSON.
    """

    def __init__(
        self, key: InstrumentedAttribute[int], values: Mapping[str, TypeEngine[Any]], build: Callable[[Value], Update]
    ) -> None:
        self._values = values
        columns = [bindparam(name, type_=ARRAY(kind)) for name, kind in values.items()]
        in_columns = func.unnest(*columns).table_valued(*values, name="given").render_derived()
        in_rows = func.json_each(bindparam(_ROWS, type_=String())).table_valued("value", name="given")

        def from_rows(name: str) -> ColumnElement[Any]:
            return func.json_extract(in_rows.c.value, f"$.{name}", type_=values[name])

        def changed(value: Value) -> Update:
            statement = build(value).where(key == value("of"))
            return statement.returning(key).execution_options(synchronize_session=False)

        self.one = build(self.value).where(key == self.value("of")).execution_options(synchronize_session=False)
        self._in_columns, self._in_rows = changed(lambda name: in_columns.c[name]), changed(from_rows)

    def value(self, name: str) -> ColumnElement[Any]:
        """The value of a name, for a statement about one row."""
        return bindparam(name, type_=self._values[name])

    async def change(self, connection: AsyncConnection, about: Sequence[Mapping[str, Any]]) -> Sequence[bool]:
        """Whether it changed its row, for each of these. Several that are about one row take their turns."""
        changed, left = [False] * len(about), dict(enumerate(about))
        while left:
            first = {one["of"]: number for number, one in reversed(left.items())}
            now = {number: left.pop(number) for number in sorted(first.values())}
            for key in await self._change(connection, [*now.values()]):
                changed[first[key]] = True
        return changed

    async def _change(self, connection: AsyncConnection, about: Sequence[Mapping[str, Any]]) -> Sequence[int]:
        """The keys of those that it changed."""
        if connection.dialect.name == "sqlite":
            found = await connection.execute(self._in_rows, {_ROWS: self._rows(connection.dialect, about)})
        else:
            columns = {name: [one[name] for one in about] for name in self._values}
            found = await connection.execute(self._in_columns, columns)
        return found.scalars().all()

    def _rows(self, dialect: Dialect, about: Sequence[Mapping[str, Any]]) -> str:
        """As SQLite stores them."""
        stored = {name: kind.dialect_impl(dialect).bind_processor(dialect) for name, kind in self._values.items()}
        return json.dumps(
            [{name: one[name] if how is None else how(one[name]) for name, how in stored.items()} for one in about]
        )


_ROWS = "rows"
