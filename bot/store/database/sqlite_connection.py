"""SQLite connections that need one trip to their thread for a statement, where aiosqlite alone needs four.

A trip costs about as much as a small query. SQLAlchemy reads every result to its end at once anyway, so nothing is
held in memory that would not be.
"""

from __future__ import annotations

import asyncio
import os
import sqlite3
from collections.abc import Callable, Iterable, Sequence
from functools import partial
from pathlib import Path
from threading import Thread
from typing import Any, Self

import aiosqlite
from aiosqlite.core import _connection_worker_thread

from bot.single_instance import taken_away
from bot.store.database.private_files import make_private


class WholeCursor:
    """A cursor that executes a statement, reads all its rows and is closed, in one trip; errors are sqlite3's."""

    def __init__(self, connection: OneTripConnection) -> None:
        self._connection = connection
        self._rows: list[Any] = []
        self.description: Any = None
        self.rowcount = -1
        self.lastrowid: int | None = None
        self.arraysize = 1

    async def __aenter__(self) -> Self:
        return self

    async def execute(self, statement: str, parameters: Sequence[Any] = ()) -> Self:
        return await self._do(lambda cursor: cursor.execute(statement, parameters))

    async def executemany(self, statement: str, parameters: Iterable[Sequence[Any]]) -> Self:
        """Executes one statement for each set of parameters."""
        return await self._do(lambda cursor: cursor.executemany(statement, parameters))

    async def _do(self, execute: Callable[[sqlite3.Cursor], object]) -> Self:
        await self._connection.run(partial(self._on_thread, execute))
        return self

    def _on_thread(self, execute: Callable[[sqlite3.Cursor], object], connection: sqlite3.Connection) -> None:
        cursor = connection.cursor()
        try:
            execute(cursor)
            self.description, self.rowcount, self.lastrowid = cursor.description, cursor.rowcount, cursor.lastrowid
            self._rows = cursor.fetchall() if cursor.description else []
        finally:
            cursor.close()

    async def fetchall(self) -> Sequence[Any]:
        """The rows of the last statement, once."""
        rows, self._rows = self._rows, []
        return rows

    async def close(self) -> None:
        """Nothing is open."""


class OneTripConnection(aiosqlite.Connection):
    """aiosqlite's connection with such cursors."""

    def cursor(self) -> WholeCursor:  # type: ignore[override]
        """A cursor for SQLAlchemy, which enters it and reads it whole."""
        return WholeCursor(self)

    _in_doubt = False  # whether somebody left before a statement had come back, which may begin something yet

    async def commit(self) -> None:
        """Where nothing was begun there is nothing to end, and no trip."""
        if self._in_doubt or self.in_transaction:
            await super().commit()

    async def rollback(self) -> None:
        """As above."""
        if self._in_doubt or self.in_transaction:
            await super().rollback()

    def answer(self) -> None:
        """What its thread does: whatever is asked, until it is closed.

        A loop may end before an answer to it has come, as at the end of the program: nobody waits for that one then.
        What was asked after it, such as to close, is done all the same.
        """
        while True:
            try:
                _connection_worker_thread(self._tx)
                return
            except RuntimeError:
                if self._connection is None:
                    return

    async def run(self, work: Callable[[sqlite3.Connection], None]) -> None:
        """Does this on the connection's thread."""
        try:
            await self._execute(work, self._conn)  # type: ignore[no-untyped-call]
        except asyncio.CancelledError:
            self._in_doubt = True
            raise


class HereConnection(OneTripConnection):
    """One that works where it is asked, for a database in memory that only one thread knows: no trips at all."""

    async def _execute(self, fn: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
        return fn(*args, **kwargs)


def connect_here(path: str, **arguments: Any) -> HereConnection:
    """Like `connect`, for whoever has a thread of their own already."""
    arguments["check_same_thread"] = False
    connection = HereConnection(lambda: sqlite3.connect(path, **arguments), iter_chunk_size=64)
    connection._thread.daemon = True
    return connection


def connect(path: str, was_open: Callable[[], bool] = lambda: False, **arguments: Any) -> OneTripConnection:
    """Like `aiosqlite.connect`; for SQLAlchemy's `async_creator_fn`. `was_open`: whether another one is."""

    def open_it() -> sqlite3.Connection:
        if was_open() and not os.path.exists(path):
            # An empty one would be made beside that which the others still hold.
            raise taken_away(Path(path))
        make_private(path)
        opened: sqlite3.Connection = sqlite3.connect(path, **arguments)
        return opened

    connection = OneTripConnection(open_it, iter_chunk_size=64)
    # A program that ends does not wait for it.
    connection._thread = Thread(target=connection.answer, daemon=True)
    return connection
