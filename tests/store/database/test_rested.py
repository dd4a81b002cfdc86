"""A connection that was lost while it rested is replaced unseen; one that was used a moment ago is not asked."""

from __future__ import annotations

from collections.abc import AsyncIterator

import psycopg
import pytest
from sqlalchemy import text

from bot.errors import Unavailable
from bot.store.database import Database, database_url, rested

ONE = text("SELECT 1")


@pytest.fixture
async def database(postgres_url: str) -> AsyncIterator[Database]:
    opened = Database(database_url(postgres_url))
    yield opened
    await opened.close()


def lose_all(postgres_url: str) -> None:
    with psycopg.connect(postgres_url, autocommit=True) as server:
        server.execute(
            "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )


@pytest.mark.postgres
async def test_one_that_was_lost_while_it_rested(
    database: Database, postgres_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What was read by it before is read again: another state may stand behind the address."""
    monkeypatch.setattr(rested, "RESTED", 0.0)
    forgotten: list[bool] = []
    monkeypatch.setattr(database.snapshots, "forget", lambda: forgotten.append(True))
    await database.ask(ONE, {})
    lose_all(postgres_url)
    assert await database.ask(ONE, {}) == [(1,)]
    assert forgotten


@pytest.mark.postgres
async def test_one_that_was_used_a_moment_ago(
    database: Database, postgres_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever has it then is told, and the next has another one."""
    monkeypatch.setattr(rested, "RESTED", 3600.0)
    await database.ask(ONE, {})
    lose_all(postgres_url)
    with pytest.raises(Unavailable):
        await database.ask(ONE, {})
    assert await database.ask(ONE, {}) == [(1,)]


@pytest.mark.postgres
async def test_a_statement_alone_leaves_nothing_begun(database: Database) -> None:
    """The connection that it was asked on begins transactions again for whoever has it next."""
    await database.ask(ONE, {})
    async with database.writer.connect() as connection:
        await connection.exec_driver_sql("CREATE TABLE tried (number integer)")
        await connection.rollback()
    assert await database.ask(text("SELECT to_regclass('tried')"), {}) == [(None,)]
