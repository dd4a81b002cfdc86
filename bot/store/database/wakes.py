"""Tells other processes on the same PostgreSQL that something was committed to be sent, and hears it from them.

Only a hint: whoever misses one finds at the next tick what is due. A SQLite file has one process, which needs none.
"""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import Callable
from typing import Any

import psycopg
from sqlalchemy import func, select
from sqlalchemy.engine import URL
from sqlalchemy.ext.asyncio import AsyncSession

from bot.errors import Unavailable
from bot.store.database.troubles import translated_errors

CHANNEL = "backbeat_to_send"
# Elapsed seconds without a word after which the connection is tried, and in which it has to answer then.
SILENCE, PATIENCE = 30.0, 10.0


class Wakes:
    """What one process tells and hears. `connect_arguments` is what psycopg takes to reach the database."""

    def __init__(self, url: URL, connect_arguments: Callable[[], dict[str, Any]]) -> None:
        self._url = url
        self._connect_arguments = connect_arguments
        # It doesn't need to hear itself.
        self._name = uuid.uuid4().hex
        self.is_hearing = asyncio.Event()

    async def tell(self, session: AsyncSession) -> None:
        """Tells of this transaction, once it is committed."""
        await session.execute(select(func.pg_notify(CHANNEL, self._name)))

    async def hear(self, on_wake: Callable[[], None]) -> None:
        """Calls `on_wake` whenever another process has committed something to send, until it is cancelled.

        Raises Unavailable when its connection, which is one beside the pool, is lost or can't be had, and
        ConfigurationError for what has to be mended.
        """
        try:
            with translated_errors(self._url):
                async with await psycopg.AsyncConnection.connect(
                    **self._connect_arguments(), autocommit=True
                ) as connection:
                    await connection.execute(f"LISTEN {CHANNEL}")
                    self.is_hearing.set()
                    await self._follow(connection, on_wake)
        except (psycopg.Error, TimeoutError) as error:
            raise Unavailable("The connection by which other processes are heard was lost.") from error
        finally:
            self.is_hearing.clear()

    async def _follow(self, connection: psycopg.AsyncConnection[Any], on_wake: Callable[[], None]) -> None:
        """Returns never; raises where the connection is lost."""
        while True:
            async for told in connection.notifies(timeout=0):
                if told.payload != self._name:
                    on_wake()
            if not await _has_word(connection):
                # A connection of which the other end has gone without a word looks like a silent one.
                async with asyncio.timeout(PATIENCE):
                    await connection.execute("SELECT 1")


async def _has_word(connection: psycopg.AsyncConnection[Any]) -> bool:
    """Whether anything came within SILENCE. psycopg itself looks ten times a second."""
    loop, came, place = asyncio.get_running_loop(), asyncio.Event(), connection.fileno()
    loop.add_reader(place, came.set)
    try:
        async with asyncio.timeout(SILENCE):
            await came.wait()
    except TimeoutError:
        return False
    finally:
        loop.remove_reader(place)
    return True
