"""SQLite in the loop's own thread: statements are answered at once in real time, and after a while in virtual time.

Each statement and each commit has a point before and after it at which others get on and the process may die. Whoever
finds the database locked waits in virtual time, as long as SQLite would.
"""

from __future__ import annotations

import asyncio
import contextvars
import random
import sqlite3
from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from contextlib import contextmanager
from types import SimpleNamespace
from typing import Any, Self

from bot.store.database import sqlite_connection
from bot.store.database.database import BUSY_TIMEOUT_MS
from bot.store.database.sqlite_connection import HereConnection, WholeCursor
from tests.universes.place import Raw
from tests.universes.world import Mortal, World

# Waiting is done in virtual time instead; and what prepares a connection is no point of anything.
_WAITING, _PREPARING = "PRAGMA busy_timeout", "PRAGMA"


class Line:
    """Between a process and its database: how long a statement takes, and whether the process outlives it.

    `left` counts the points that it has left to live; None: it doesn't die here.
    """

    def __init__(self, world: World, process: Mortal, chances: random.Random, left: int | None) -> None:
        self.world, self.process, self._chances = world, process, chances
        self.left = left
        self.connections: list[Connection] = []

    async def point(self) -> None:
        """Others get on. Raises CancelledError for a process that is dead or dies here."""
        self._live()
        await asyncio.sleep(0.0 if (x := self._chances.random()) < 0.6 else (x - 0.6) * 0.02)
        self._live()

    def _live(self) -> None:
        if self.left is not None and not self.process.is_dead and not self.world.is_mended:
            self.left -= 1
            if self.left <= 0:
                self.world.happened["deaths at a statement"] += 1
                self.process.die()
        if self.process.is_dead:
            raise asyncio.CancelledError

    def cut(self) -> None:
        """Rolls back and closes whatever is open."""
        for connection in self.connections:
            connection.end()
        self.connections.clear()


class Cursor(WholeCursor):
    """A cursor that waits in virtual time."""

    _connection: Connection

    async def execute(self, statement: str, parameters: Sequence[Any] = ()) -> Self:
        if statement.startswith(_WAITING):
            return self
        if statement.startswith(_PREPARING):
            # Where something is only asked, the answer that there is none does for SQLAlchemy.
            if "=" in statement:
                self._connection.pragmas.append(statement)
            return self
        await self._connection.do(lambda raw: self._on_thread(lambda c: c.execute(statement, parameters), raw))
        return self

    async def executemany(self, statement: str, parameters: Iterable[Sequence[Any]]) -> Self:
        """As above."""
        several = list(parameters)
        await self._connection.do(lambda raw: self._on_thread(lambda c: c.executemany(statement, several), raw))
        return self


class _AtOnce:
    """What SQLAlchemy hands directly to a thread is done here."""

    def put_nowait(self, item: tuple[asyncio.Future[Any] | None, Callable[[], Any]]) -> None:
        future, work = item
        result = work()
        if future is not None:
            future.set_result(result)


class Connection(HereConnection):
    """A connection of one process."""

    _connection: Raw | None

    def __init__(self, line: Line) -> None:
        # Not aiosqlite's own, which makes a thread.
        self._line = line
        self._connection = None
        self._tx = _AtOnce()  # type: ignore[assignment]
        self._is_open = False
        # What is said before the first statement: the place has connections to which it was said already.
        self.pragmas: list[str] = []
        self._lent: list[tuple[str, int, Callable[..., Any]]] = []

    def __await__(self) -> Generator[Any, None, Connection]:
        return self._open().__await__()

    async def _open(self) -> Connection:
        await self._line.point()
        self._is_open = True
        self._line.connections.append(self)
        return self

    @property
    def raw(self) -> Raw:
        """SQLite's own. Raises CancelledError for a process that is dead."""
        if self._connection is None:
            if self._line.process.is_dead:
                raise asyncio.CancelledError
            if not self._is_open:
                raise sqlite3.ProgrammingError("this connection is closed")
            self._connection = raw = self._line.world.place.connect(*self.pragmas)
            self._changes = raw.total_changes
            for lent in self._lent:
                raw.lend(*lent)
        return self._connection

    @property
    def _conn(self) -> Any:
        # Of which SQLAlchemy asks no more than that it begins no transactions of its own; none of them does.
        return SimpleNamespace()

    async def create_function(
        self, name: str, num_params: int, func: Callable[..., Any], deterministic: bool = False
    ) -> None:
        """A function of the process that has the connection now. SQLAlchemy's events lend it before any statement."""
        assert self._connection is None
        self._lent.append((name, num_params, func))

    def cursor(self) -> Cursor:  # type: ignore[override]
        return Cursor(self)

    async def commit(self) -> None:
        if self._connection is not None and self._connection.in_transaction:
            await self.do(sqlite3.Connection.commit)

    async def rollback(self) -> None:
        if self._connection is not None and self._connection.in_transaction:
            # Nobody else waits for it, and who is cut off has been rolled back already.
            self._connection.rollback()

    async def close(self) -> None:
        """Closes it at once."""
        self.end()

    def stop(self) -> None:
        """Closes it at once."""
        self.end()

    def end(self) -> None:
        """Rolls back what is open; this process has it no more."""
        self._is_open = False
        if self._connection is not None:
            self._line.world.place.give_back(self._connection)
            self._connection = None

    async def do(self, work: Callable[[sqlite3.Connection], Any]) -> None:
        """Does this between two points at which others get on."""
        line, process = self._line, self._line.process
        process.statements += 1
        try:
            await line.point()
            waited = 0.0
            while True:
                raw = self.raw
                try:
                    work(raw)
                    break
                except sqlite3.OperationalError as error:
                    if "locked" not in str(error) or waited >= BUSY_TIMEOUT_MS / 1000:
                        raise
                    await asyncio.sleep(0.01)
                    waited += 0.01
            self._tell_of_change(raw)
            await line.point()
        finally:
            process.statements -= 1

    def _tell_of_change(self, raw: sqlite3.Connection) -> None:
        if not raw.in_transaction and raw.total_changes != self._changes:
            self._changes = raw.total_changes
            self._line.world.committed()


LINE: contextvars.ContextVar[Line] = contextvars.ContextVar("line")


def _connect(_path: str, **_arguments: Any) -> Connection:
    return Connection(LINE.get())


@contextmanager
def connecting_here() -> Iterator[None]:
    """As long as it lasts, databases open such connections, for the process in whose context they are opened."""
    usual = sqlite_connection.connect
    sqlite_connection.connect = _connect  # type: ignore[assignment]
    try:
        yield
    finally:
        sqlite_connection.connect = usual
