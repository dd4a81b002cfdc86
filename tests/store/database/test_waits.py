"""What somebody else holds is waited for no longer than an acknowledgement has time; then it is busy, and not lost."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import text
from sqlalchemy.exc import OperationalError

from bot.errors import Busy, ConfigurationError, TakenAway, Unavailable
from bot.store.database import Database, database_url
from bot.store.database import database as engines

# Slack waits three seconds for an acknowledgement; what is left is for everything else.
AN_ACK_HAS = 3.0


@contextmanager
def in_time() -> Iterator[None]:
    began = time.monotonic()
    yield
    assert time.monotonic() - began < AN_ACK_HAS


@asynccontextmanager
async def opened(url: str) -> AsyncIterator[Database]:
    database = Database(database_url(url))
    yield database
    await database.close()


async def rename(database: Database) -> None:
    async with database.write() as session:
        await session.execute(text("UPDATE settings SET value = 'x' WHERE name = 'nothing'"))


async def test_a_file_that_another_program_writes(sqlite_url: str) -> None:
    async with opened(sqlite_url) as database:
        await rename(database)
        holder = sqlite3.connect(database.url.database or "", isolation_level=None)
        holder.execute("BEGIN IMMEDIATE")
        with in_time(), pytest.raises(Busy, match="locked by another program"):
            await rename(database)
        holder.close()
        await rename(database)


async def test_what_is_missing_is_the_files_fault_only_where_the_file_is_gone(sqlite_url: str) -> None:
    """Somebody who deletes it may take its log first: whatever is opened in between lacks what stood there."""
    async with opened(sqlite_url) as database:

        async def look() -> None:
            async with database.read() as session:
                await session.execute(text("SELECT * FROM what_stood_in_the_log"))

        with pytest.raises(OperationalError):
            await look()
        Path(database.url.database or "").unlink()
        with pytest.raises(TakenAway, match="was deleted or replaced"):
            await look()


@pytest.mark.postgres
async def test_a_transaction_that_somebody_left_open(postgres_url: str) -> None:
    async with opened(postgres_url) as database:
        await rename(database)
        with psycopg.connect(postgres_url) as holder:
            holder.execute("LOCK TABLE settings IN ACCESS EXCLUSIVE MODE")
            with in_time(), pytest.raises(Busy, match="Look for a transaction that was left open"):
                await rename(database)
            with in_time(), pytest.raises(Busy):
                async with database.read() as session:
                    await session.execute(text("SELECT * FROM settings"))
        await rename(database)


@pytest.mark.postgres
async def test_a_statement_that_does_not_end(postgres_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engines, "STATEMENT_SECONDS", 0.2)
    async with opened(postgres_url) as database:
        with in_time(), pytest.raises(Busy):
            async with database.write() as session:
                await session.execute(text("SELECT pg_sleep(30)"))


@pytest.mark.postgres
async def test_a_process_that_stands_still_in_a_transaction(postgres_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """What it held is given to others, and it hears of it."""
    monkeypatch.setattr(engines, "IDLE_SECONDS", 0.2)
    async with opened(postgres_url) as database, opened(postgres_url) as another:

        async def stand_still() -> None:
            async with database.write() as session:
                await session.execute(text("LOCK TABLE settings IN ACCESS EXCLUSIVE MODE"))
                await rename(another)
                await session.execute(text("SELECT 1"))

        with pytest.raises(Unavailable):
            await stand_still()


@pytest.mark.postgres
async def test_a_connection_that_is_cut_in_a_transaction(postgres_url: str) -> None:
    async with opened(postgres_url) as database:

        async def lose_it() -> None:
            async with database.write() as session:
                await session.execute(text("SELECT 1"))
                with psycopg.connect(postgres_url, autocommit=True) as other:
                    other.execute(
                        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                        "WHERE datname = current_database() AND pid <> pg_backend_pid()"
                    )
                await session.execute(text("SELECT 1"))

        with pytest.raises(Unavailable, match="The connection to the PostgreSQL server of DATABASE_URL was lost"):
            await lose_it()
        await rename(database)


@pytest.mark.postgres
async def test_what_a_server_refuses_has_to_be_mended(postgres_url: str) -> None:
    """A user, a password or a database that it doesn't know: waiting would not help."""
    for there, not_there, words in (
        ("postgres:@", "nobody:hush@", "doesn't know this user"),
        ("/test_", "/no_test_", "There is no such database"),
    ):
        async with opened(postgres_url.replace(there, not_there, 1)) as database:
            with pytest.raises(ConfigurationError, match=words) as caught:
                await rename(database)
            assert not isinstance(caught.value, Unavailable)
            assert "hush" not in str(caught.value)
