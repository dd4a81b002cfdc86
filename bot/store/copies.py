"""One coalition's rows in a database of their own, in memory: to try what would come of them. Nothing goes back.

What is old or only for looking back at stays where it is: past changes, pictures, what was sent long ago.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, Select, Table, event, insert, or_, select
from sqlalchemy.dialects import sqlite
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession, create_async_engine
from sqlalchemy.pool import StaticPool
from sqlalchemy.schema import CreateIndex, CreateTable

from bot.store import database as sqlite_connection
from bot.store.audit import AuditEntryRow, ChangeRow
from bot.store.coalition import CoalitionRow
from bot.store.database import Database, database_url
from bot.store.digests import DigestRow
from bot.store.outbox import DeliveryItemRow, DeliveryRow
from bot.store.record import put_triggers
from bot.store.rhythm import CadenceRow
from bot.store.tables import METADATA

Rows = dict[str, list[dict[str, Any]]]

# Further back nothing decides what is sent: a digest compares itself with the one before, a list lasts two weeks.
REMEMBERED = timedelta(days=60)
_LEFT_OUT = frozenset({"drafts", "imported_files", "pulse_answers", "record_changes", "setups", "submissions"})


async def read_rows(session: AsyncSession, coalition_id: int, now: datetime) -> Rows:
    """A coalition's rows by table, as they are in this session."""
    found: Rows = {}
    for table in METADATA.sorted_tables:
        is_own = "coalition_id" in table.c or table.name == CoalitionRow.__tablename__
        if is_own and table.name not in _LEFT_OUT:
            rows = await session.execute(_of(table, coalition_id, now - REMEMBERED))
            found[table.name] = [_without_part(dict(row)) for row in rows.mappings()]
    return found


def _without_part(row: dict[str, Any]) -> dict[str, Any]:
    """A row without who has taken part in an anonymous round: whoever reads of a rehearsal would read that too."""
    return {**row, "took_part": False} if row.get("took_part") else row


def _of(table: Table, coalition_id: int, since: datetime) -> Select[Any]:
    if table.name == CoalitionRow.__tablename__:
        return select(table).where(table.c.id == coalition_id)
    own: ColumnElement[bool] = table.c.coalition_id == coalition_id
    recent = (DeliveryRow.operation == "post") & or_(DeliveryRow.state == "planned", DeliveryRow.due_at >= since)
    # When a cadence came to be says from when on it owes anything.
    additions = select(AuditEntryRow.change_id).where(
        AuditEntryRow.coalition_id == coalition_id,
        AuditEntryRow.table_name == CadenceRow.__tablename__,
        AuditEntryRow.operation == "insert",
    )
    only: Mapping[str, ColumnElement[bool]] = {
        DeliveryRow.__tablename__: recent,
        DeliveryItemRow.__tablename__: DeliveryItemRow.delivery_id.in_(
            select(DeliveryRow.id).where(DeliveryRow.coalition_id == coalition_id, recent)
        ),
        DigestRow.__tablename__: DigestRow.due_at >= since,
        ChangeRow.__tablename__: ChangeRow.id.in_(additions),
        AuditEntryRow.__tablename__: (AuditEntryRow.table_name == CadenceRow.__tablename__)
        & (AuditEntryRow.operation == "insert"),
    }
    return select(table).where(own, only[table.name]) if table.name in only else select(table).where(own)


@cache
def _tables() -> tuple[str, ...]:
    """What makes the tables, worded once. An index by coalition finds nothing where there is only one."""
    dialect = sqlite.dialect()
    made: list[CreateTable | CreateIndex] = []
    for table in METADATA.sorted_tables:
        made.append(CreateTable(table))
        made += [
            CreateIndex(index)
            for index in sorted(table.indexes, key=lambda one: str(one.name))
            if index.unique or index.columns.keys() != ["coalition_id"]
        ]
    return tuple(str(one.compile(dialect=dialect)) for one in made)


@asynccontextmanager
async def opened_copy(rows: Rows, *, has_mail: bool = False) -> AsyncIterator[Database]:
    """A database in memory that holds these rows, for as long as it is open."""
    database = _idle()
    database.has_mail = has_mail
    try:
        async with database.writer.begin() as connection:
            for statement in _tables():
                await connection.exec_driver_sql(statement)
            for table in METADATA.sorted_tables:
                if rows.get(table.name):
                    await connection.execute(insert(table), rows[table.name])
            await connection.run_sync(put_triggers)
        yield database
    finally:
        # With its connection all of it is gone; the next copy begins with an empty one.
        await database.close()
        _IDLE.append(database)


class _InMemory(Database):
    """One connection for reading and writing, which holds all there is. What rows refer to may have been left out."""

    def _engines(self) -> tuple[AsyncEngine, AsyncEngine]:
        engine = create_async_engine(
            self.url,
            poolclass=StaticPool,
            hide_parameters=True,
            connect_args={"async_creator_fn": sqlite_connection.connect_here},
        )

        @event.listens_for(engine.sync_engine, "connect")
        def connect(connection: Any, _record: Any) -> None:
            connection.isolation_level = None

        @event.listens_for(engine.sync_engine, "begin")
        def start(connection: Any) -> None:
            connection.exec_driver_sql("BEGIN")

        return engine, engine


# What is open no more, for the next copy: an engine remembers how its statements read, and wording them anew took a
# quarter of a rehearsal. There are as many as copies were ever open at once.
_IDLE: list[_InMemory] = []


def _idle() -> _InMemory:
    try:
        return _IDLE.pop()
    except IndexError:
        return _InMemory(database_url("sqlite:///:memory:"))
