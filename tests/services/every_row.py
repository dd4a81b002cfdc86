"""Every row of every table as it lies in the database, with what the database itself says of it: SQLite's `rowid`;
PostgreSQL's `ctid`, `xmin` and `xmax`. For attacks that join whatever can be joined."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, inspect, text
from sqlalchemy.exc import OperationalError

from bot.store.database import Database

Rows = dict[str, list[dict[str, Any]]]
OF_DATABASE = ("rowid", "ctid", "xmin", "xmax")
_NUMBERS = ("xmin", "xmax", "xid")  # the last is what the log of changed rows says of its transaction
_OF_POSTGRESQL = "ctid::text AS ctid, xmin::text::bigint AS xmin, xmax::text::bigint AS xmax"


async def every_row(database: Database) -> Rows:
    """By table, in the order in which the rows lie."""
    async with database.writer.connect() as connection:
        found = await connection.run_sync(_every_row)
        await connection.rollback()
    return found if database.is_sqlite else _in_ranks(found)


def _every_row(connection: Connection) -> Rows:
    found: Rows = {}
    for name in sorted(inspect(connection).get_table_names()):
        if connection.dialect.name != "sqlite":
            query = f'SELECT {_OF_POSTGRESQL}, * FROM "{name}" ORDER BY {name}.ctid'
        elif has_rowid(connection, name):
            query = f'SELECT rowid AS rowid, * FROM "{name}" ORDER BY rowid'
        else:
            query = f'SELECT * FROM "{name}"'
        found[name] = [dict(row) for row in connection.execute(text(query)).mappings()]
    return found


def has_rowid(connection: Connection, table: str) -> bool:
    """Whether SQLite numbers the rows of a table by itself."""
    try:
        connection.execute(text(f'SELECT rowid FROM "{table}" LIMIT 1'))
    except OperationalError:
        return False
    return True


def _in_ranks(rows: Rows) -> Rows:
    """Numbers of transactions by their order among all that are seen, since other databases' come between them."""
    numbers = {row[column] for found in rows.values() for row in found for column in _NUMBERS if row.get(column)}
    rank = {number: place for place, number in enumerate(sorted(numbers), 1)}
    return {
        name: [row | {column: rank[row[column]] for column in _NUMBERS if row.get(column)} for row in found]
        for name, found in rows.items()
    }


def differences(one: Rows, other: Rows) -> set[tuple[str, str]]:
    """In which columns of which tables two databases differ anywhere; "*" where they hold another number of rows."""
    found = {(name, "*") for name in one.keys() ^ other.keys()}
    for name in one.keys() & other.keys():
        if len(one[name]) != len(other[name]):
            found.add((name, "*"))
            continue
        found |= {
            (name, column)
            for mine, theirs in zip(one[name], other[name], strict=True)
            for column in mine
            if mine[column] != theirs[column]
        }
    return found


def holding(rows: Rows, words: str) -> set[tuple[str, str]]:
    """The columns of tables in which these words stand anywhere."""
    return {
        (name, column) for name, found in rows.items() for row in found for column in row if words in str(row[column])
    }
