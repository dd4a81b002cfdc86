"""How many processes have a database open: those of other databases, and other programs, don't count."""

from __future__ import annotations

import asyncio

import psycopg
import pytest

from bot.store.database import Database, database_url


@pytest.mark.postgres
async def test_each_process_counts_once(postgres_url: str) -> None:
    first, second = Database(database_url(postgres_url)), Database(database_url(postgres_url))
    try:
        assert await first.count_processes() == 1
        assert await second.count_processes() == 2
        with psycopg.connect(postgres_url) as somebody:
            somebody.execute("SELECT 1")
            assert await first.count_processes() == 2
    finally:
        await second.close()
    try:
        # The server forgets a connection a moment after it was closed.
        async with asyncio.timeout(10):
            while await first.count_processes() != 1:
                await asyncio.sleep(0.01)
    finally:
        await first.close()


async def test_sqlite_has_one(sqlite_url: str) -> None:
    database = Database(database_url(sqlite_url))
    assert await database.count_processes() == 1
    await database.close()
