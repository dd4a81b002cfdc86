"""A statement on SQLite takes one trip to the connection's thread, and says what sqlite3 would say."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection, create_async_engine

from bot.store.database.sqlite_connection import OneTripConnection, connect


@pytest.fixture
async def connection(tmp_path: Path) -> AsyncIterator[AsyncConnection]:
    engine = create_async_engine(
        f"sqlite+aiosqlite:///{tmp_path / 'small.db'}", connect_args={"async_creator_fn": connect}
    )
    async with engine.connect() as opened:
        await opened.execute(text("CREATE TABLE things (id INTEGER PRIMARY KEY, name TEXT UNIQUE)"))
        yield opened
    await engine.dispose()


@pytest.fixture
def trips(monkeypatch: pytest.MonkeyPatch) -> list[Callable[..., Any]]:
    """What was done on the connection's thread, in order."""
    seen: list[Callable[..., Any]] = []
    execute = OneTripConnection._execute

    async def counted(self: OneTripConnection, work: Callable[..., Any], *arguments: Any) -> Any:
        seen.append(work)
        return await execute(self, work, *arguments)  # type: ignore[no-untyped-call]

    monkeypatch.setattr(OneTripConnection, "_execute", counted)
    return seen


async def test_a_statement_takes_one_trip(connection: AsyncConnection, trips: list[Callable[..., Any]]) -> None:
    await connection.execute(text("INSERT INTO things (name) VALUES ('one'), ('two')"))
    assert len(trips) == 1
    rows = (await connection.execute(text("SELECT name FROM things ORDER BY name"))).all()
    assert [row.name for row in rows] == ["one", "two"]
    assert len(trips) == 2


async def test_it_says_how_many_rows_it_changed_and_what_it_inserted(connection: AsyncConnection) -> None:
    many = [{"name": "one"}, {"name": "two"}, {"name": "three"}]
    assert (await connection.execute(text("INSERT INTO things (name) VALUES (:name)"), many)).rowcount == 3
    one = await connection.execute(text("INSERT INTO things (id, name) VALUES (9, 'nine')"))
    assert one.lastrowid == 9
    changed = await connection.execute(text("UPDATE things SET name = name || '!' WHERE id < 9"))
    assert changed.rowcount == 3
    returned = await connection.execute(text("DELETE FROM things WHERE id = 9 RETURNING name"))
    assert returned.scalar_one() == "nine"


async def test_after_an_error_the_connection_goes_on(connection: AsyncConnection) -> None:
    await connection.execute(text("INSERT INTO things (name) VALUES ('one')"))
    with pytest.raises(IntegrityError, match="UNIQUE"):
        await connection.execute(text("INSERT INTO things (name) VALUES ('one')"))
    assert (await connection.execute(text("SELECT count(*) FROM things"))).scalar_one() == 1


async def test_nothing_is_left_open_that_would_keep_others_out(connection: AsyncConnection, tmp_path: Path) -> None:
    await connection.execute(text("INSERT INTO things (name) VALUES ('one'), ('two')"))
    assert (await connection.execute(text("SELECT id FROM things"))).first() is not None
    await connection.commit()
    other = create_async_engine(f"sqlite+aiosqlite:///{tmp_path / 'small.db'}")
    async with other.begin() as writing:
        await writing.execute(text("DROP TABLE things"))
    await other.dispose()


def test_whoever_asked_may_be_gone_before_a_statement_ends(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A program that is told to end closes its loop while the thread is at work: nothing is printed, and it ends."""
    said: list[object] = []
    monkeypatch.setattr(threading, "excepthook", said.append)
    begun, may_end = threading.Event(), threading.Event()

    def work(_connection: object) -> None:
        begun.set()
        may_end.wait(10)

    loop = asyncio.new_event_loop()
    connection = connect(str(tmp_path / "small.db"))

    async def leave() -> None:
        await connection
        asking = asyncio.create_task(connection.run(work))
        await asyncio.to_thread(begun.wait, 10)
        asking.cancel()
        await asyncio.wait([asking])
        connection.stop()

    loop.run_until_complete(leave())
    loop.close()
    may_end.set()
    connection._thread.join(10)
    assert not connection._thread.is_alive()
    assert said == []
