"""A kept record follows whatever is changed in any table that it is made of, by whatever path, and nothing else."""

from __future__ import annotations

import asyncio
import os
import random
import re
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import fields
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import Column, Table, Text, event, insert, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from bot.domain.record import Record
from bot.store import schema
from bot.store.audit import Author
from bot.store.coalition import CoalitionRow
from bot.store.copies import opened_copy, read_rows
from bot.store.database import Database
from bot.store.people import MemberRow
from bot.store.record import drop_triggers, read_record, snapshots
from bot.store.record.nouns import MAPPED
from bot.store.record.parts import KEPT_BY_ROW, PARTS, UNDER, owner_column, table_of
from bot.store.record.snapshots import read_afresh
from bot.store.record_log import RecordChangeRow, prune_log
from tests.conftest import MONDAY_SEVEN
from tests.examples import part
from tests.processes import Nursery
from tests.services.stage import Stage
from tests.snapshots import DIED, sections_in_parts
from tests.tables import on_each

pytestmark = pytest.mark.usefixtures("one_after_the_other")

AUTHOR = Author(at=MONDAY_SEVEN, path="import")


async def kept(database: Database, coalition_id: int) -> Record:
    """What the process of this database gives, after making sure that it is what stands there."""
    async with database.read() as session:
        given = await read_record(session, coalition_id)
        fresh = (await read_afresh(session, coalition_id)).record
        assert given == fresh
        assert sections_in_parts(given) == sections_in_parts(fresh)
        return given


@asynccontextmanager
async def another_process(stage: Stage) -> AsyncIterator[Database]:
    """The same database as another process has it."""
    opened = Database(stage.services.database.url)
    yield opened
    await opened.close()


class Undo(Exception):
    """Takes a transaction back."""


def another(column: Column[Any], value: Any) -> Any:
    """Another value for a column."""
    match value:
        case bool():
            return not value
        case int() | Decimal():
            return value + 1
        case datetime():
            return value + timedelta(days=1)
        case date():
            return value + timedelta(days=1)
        case time():
            return value.replace(minute=(value.minute + 1) % 60)
        case str():
            return f"{value}x"
        case dict() if "extra" in column.name:
            return {**value, "seen": 1}
        case None if isinstance(column.type, Text):
            return "x"
    return None


async def changes_of(
    session: AsyncSession, table: Table, coalition_id: int
) -> AsyncIterator[tuple[Any, Column[Any], Any]]:
    """Rows with a column and what to put into it: another value, or another row to refer to."""
    of = table.c[owner_column(table.name)] == coalition_id
    for row in (await session.execute(select(table).where(of).order_by(table.c.id.desc()).limit(20))).mappings().all():
        for column in table.c:
            if column.primary_key or column.name == "coalition_id":
                continue
            if not column.foreign_keys:
                if (value := another(column, row[column.name])) is not None:
                    yield row, column, value
                continue
            target = next(iter(column.foreign_keys)).column.table
            theirs = target.c[owner_column(target.name)] == coalition_id
            for value in await session.scalars(select(target.c.id).where(theirs, target.c.id != row[column.name])):
                yield row, column, value


def test_everything_of_a_record_has_its_place() -> None:
    assert {*UNDER, *MAPPED} <= set(KEPT_BY_ROW)
    assert {under.owner for under in UNDER.values()} <= set(KEPT_BY_ROW)
    # A row either becomes a value of its own, or is a part of what it stands under, or both; rounds are read by theirs.
    assert set(KEPT_BY_ROW) - {*UNDER, *MAPPED} == {"rounds"}


async def test_a_record_is_read_from_its_parts_and_from_nothing_else(used: Stage) -> None:
    statements: list[str] = []
    async with used.services.database.read() as session:
        connection = await session.connection()

        def note(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
            statements.append(statement)

        event.listen(connection.sync_connection, "before_cursor_execute", note)
        await read_afresh(session, used.coalition_id)
    read = {
        name for name in {*PARTS, "audit_entries"} if any(f"FROM {name}" in one.replace("\n", "") for one in statements)
    }
    assert read == set(PARTS)
    assert len(statements) == len(PARTS)


@on_each("table", PARTS)
def test_each_table_of_a_record_is_watched(table: str) -> None:
    assert owner_column(table) in table_of(table).c


def tried(stage: Stage) -> tuple[str, ...]:
    """The tables that are tried: in the suite every second one on SQLite and the others on PostgreSQL, as both have the
    same triggers; all on both in a whole run."""
    return part(PARTS[not stage.services.database.is_sqlite :: 2], PARTS)


# By table, the column by which a change is seen, which is tried first; those that are found are for the other kind of
# database.
_TELLING: dict[str, str] = {"digests": "published_at", "slack_channels": "is_private"}


@pytest.mark.in_part
async def test_a_change_in_any_table_is_followed(used: Stage) -> None:
    """By bare statements of another process, which no session and no rule sees."""
    here, seen = used.services.database, set()
    async with another_process(used) as elsewhere:
        before = await kept(here, used.coalition_id)
        for name in tried(used):
            table = table_of(name)
            async with elsewhere.read() as session:
                changes = [one async for one in changes_of(session, table, used.coalition_id)]
            changes.sort(key=lambda one: one[1].name != _TELLING.get(name))
            for row, column, value in changes:
                try:
                    async with elsewhere.writer.begin() as connection:
                        await connection.execute(update(table).where(table.c.id == row["id"]).values({column: value}))
                except IntegrityError:
                    continue
                after = await kept(here, used.coalition_id)
                if after != before:
                    seen.add(name)
                    before = after
                    _TELLING[name] = column.name
                    break
                async with elsewhere.writer.begin() as connection:
                    old = {column: row[column.name]}
                    await connection.execute(update(table).where(table.c.id == row["id"]).values(old))
    assert seen == set(tried(used)), "changing the others is seen nowhere, so nothing was shown"


@pytest.mark.in_part
async def test_a_row_that_goes_or_comes_is_followed(used: Stage) -> None:
    here, gone = used.services.database, set()
    async with another_process(used) as elsewhere:
        before = await kept(here, used.coalition_id)
        for name in tried(used):
            table = table_of(name)
            of = table.c[owner_column(name)] == used.coalition_id
            async with elsewhere.read() as session:
                rows = [dict(row) for row in (await session.execute(select(table).where(of))).mappings()]
            for row in rows:
                try:
                    async with elsewhere.writer.begin() as connection:
                        await connection.execute(table.delete().where(table.c.id == row["id"]))
                except IntegrityError:
                    continue
                after = await kept(here, used.coalition_id)
                if after == before:
                    continue
                gone.add(name)
                async with elsewhere.writer.begin() as connection:
                    await connection.execute(insert(table).values(row))
                assert await kept(here, used.coalition_id) == before, "it stands where it stood"
                break
    leaves = {name for name in UNDER if not UNDER[name].reads_owner} - {"metrics"}
    assert (leaves | {"action_items"}) & set(tried(used)) <= gone


async def test_what_did_not_change_is_the_same_object(any_sample: Stage) -> None:
    here = any_sample.services.database
    before = await kept(here, any_sample.coalition_id)
    assert await kept(here, any_sample.coalition_id) is before
    async with here.write(AUTHOR) as session:
        row = await session.scalar(select(MemberRow).where(MemberRow.key == "omar"))
        assert row is not None
        row.title = "Something else"
    after = await kept(here, any_sample.coalition_id)
    changed = [one.name for one in fields(Record) if getattr(before, one.name) is not getattr(after, one.name)]
    assert changed == ["members"]
    assert [one.id for old, one in zip(before.members, after.members, strict=True) if old is not one] == ["omar"]


async def test_nothing_of_a_transaction_is_seen_by_others_before_its_commit(any_sample: Stage) -> None:
    here, coalition_id = any_sample.services.database, any_sample.coalition_id
    before = await kept(here, coalition_id)

    async def rename(session: AsyncSession, name: str) -> str:
        (await session.get_one(CoalitionRow, coalition_id)).name = name
        return (await read_record(session, coalition_id)).coalition.name

    async def is_taken_back() -> None:
        async with here.write(AUTHOR) as session:
            await read_record(session, coalition_id)
            assert await rename(session, "One") == "One"
            assert await rename(session, "Two") == "Two"
            assert await kept(here, coalition_id) is before
            raise Undo

    async def is_taken_back_inside(session: AsyncSession) -> None:
        async with session.begin_nested():
            assert await rename(session, "Three") == "Three"
            raise Undo

    with pytest.raises(Undo):
        await is_taken_back()
    assert await kept(here, coalition_id) is before
    async with here.write(AUTHOR) as session:
        with pytest.raises(Undo):
            await is_taken_back_inside(session)
        assert (await read_record(session, coalition_id)).coalition.name == before.coalition.name
        assert await rename(session, "Four") == "Four"
        assert await kept(here, coalition_id) is before
    assert (await kept(here, coalition_id)).coalition.name == "Four"


async def test_a_transaction_sees_nothing_that_came_after_it_began(any_sample: Stage) -> None:
    here, coalition_id = any_sample.services.database, any_sample.coalition_id
    before = await kept(here, coalition_id)
    async with here.read() as session:
        await session.execute(select(CoalitionRow.id))
        for name in ("One", "Two", "Three", "Four", "Five", "Six"):
            async with here.write(AUTHOR) as writing:
                (await writing.get_one(CoalitionRow, coalition_id)).name = name
            assert (await kept(here, coalition_id)).coalition.name == name
            assert (await read_record(session, coalition_id)).coalition == before.coalition
    assert (await kept(here, coalition_id)).coalition.name == "Six"


async def test_a_log_that_was_cleared_is_no_reason_to_miss_anything(any_sample: Stage) -> None:
    here, coalition_id = any_sample.services.database, any_sample.coalition_id
    await kept(here, coalition_id)
    async with another_process(any_sample) as elsewhere:
        for name, rest in (("One", 5), ("Two", 0)):
            async with elsewhere.write(AUTHOR) as session:
                (await session.get_one(CoalitionRow, coalition_id)).name = name
            async with elsewhere.write() as session:
                await prune_log(session, rest)
                left = (await session.scalars(select(RecordChangeRow.table_name))).all()
                assert list(left) == ["*"]
            assert (await kept(here, coalition_id)).coalition.name == name


async def test_many_changes_at_once_are_read_as_a_whole(any_sample: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    here, coalition_id = any_sample.services.database, any_sample.coalition_id
    monkeypatch.setattr(snapshots, "MANY", 3)
    await kept(here, coalition_id)
    async with here.writer.begin() as connection:
        await connection.execute(update(MemberRow).values(title="Everybody"))
    everybody = await kept(here, coalition_id)
    assert {one.title for one in everybody.members} == {"Everybody"}
    assert await kept(here, coalition_id) is everybody
    async with here.write(AUTHOR) as session:
        for row in await session.scalars(select(MemberRow)):
            row.title = "All"
        assert {one.title for one in (await read_record(session, coalition_id)).members} == {"All"}


async def test_without_its_triggers_nothing_is_kept(any_sample: Stage) -> None:
    async with another_process(any_sample) as elsewhere:
        async with elsewhere.writer.begin() as connection:
            await connection.run_sync(drop_triggers)
        first = await kept(elsewhere, any_sample.coalition_id)
        assert await kept(elsewhere, any_sample.coalition_id) is not first
    await asyncio.to_thread(schema.migrate, any_sample.services.database.url)
    async with another_process(any_sample) as elsewhere:
        first = await kept(elsewhere, any_sample.coalition_id)
        assert await kept(elsewhere, any_sample.coalition_id) is first


async def test_room_is_bounded(any_sample: Stage, sample: Record, monkeypatch: pytest.MonkeyPatch) -> None:
    here = any_sample.services.database
    other = await Stage.with_record(any_sample.services, any_sample.calendar, sample, as_key="river-forks")
    first = await kept(here, any_sample.coalition_id)
    await kept(here, other.coalition_id)
    assert await kept(here, any_sample.coalition_id) is first
    monkeypatch.setattr(snapshots, "ROOM", 10)
    here.snapshots.forget(other.coalition_id)
    await kept(here, other.coalition_id)
    assert here.snapshots.of(any_sample.coalition_id) == ()
    assert await kept(here, any_sample.coalition_id) == first


async def test_a_copy_in_memory_follows_too(stage: Stage) -> None:
    async with stage.services.database.read() as session:
        rows = await read_rows(session, stage.coalition_id, stage.calendar.now())
    async with opened_copy(rows) as copy:
        before = await kept(copy, stage.coalition_id)
        assert await kept(copy, stage.coalition_id) is before
        async with copy.write(AUTHOR) as session:
            (await session.get_one(CoalitionRow, stage.coalition_id)).name = "Tried"
        assert (await kept(copy, stage.coalition_id)).coalition.name == "Tried"
    # The next copy may have the same engine; its rows are others.
    rows["coalitions"][0]["name"] = "Another"
    async with opened_copy(rows) as copy:
        assert (await kept(copy, stage.coalition_id)).coalition.name == "Another"


@pytest.mark.in_part
@pytest.mark.parametrize(
    ("kind", "processes"), [("sqlite", 1), pytest.param("postgres", 3, marks=pytest.mark.postgres)]
)
def test_random_histories_by_several_processes(
    kind: str,
    processes: int,
    request: pytest.FixtureRequest,
    nursery: Nursery,
    record_property: Callable[[str, object], None],
) -> None:
    """The short form of `python -m tests.snapshots`, with another seed each time unless in CI."""
    url = request.getfixturevalue(f"{kind}_two_url")
    seed = 20 if os.environ.get("CI") else random.SystemRandom().randrange(10**6)
    asked = [
        "--url",
        url,
        "--processes",
        str(processes),
        "--steps",
        str(part(36, 60) // (processes + 1)),
        "--seed",
        str(seed),
    ]
    code, said, errors = asyncio.run(nursery.start(*asked, module="tests.snapshots").read(limit=300))
    assert code == 0, errors[-4000:]
    assert re.search(r"compared \d{2}", said), said
    assert DIED in said
    record_property("figures", f"snapshots: {said.strip()}")
