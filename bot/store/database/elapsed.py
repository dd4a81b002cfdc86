"""Elapsed time as a database tells it: one clock for every process that shares it. The calendar is not here.

PostgreSQL tells its own. A SQLite file has one process, whose clock it asks.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import Float, Select, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import FunctionElement

# What a SQLite connection calls the clock of its process.
SQLITE_NAME = "elapsed_epoch"


class ElapsedNow(FunctionElement[float]):
    """Epoch seconds at the moment in which a statement runs."""

    name = SQLITE_NAME
    type = Float()
    inherit_cache = True


def elapsed_now() -> ElapsedNow:
    """The moment in which a statement runs, in epoch seconds: what leases and rests are compared with and set by.

    By the clocks of processes, which differ from machine to machine, one of them would end another one's lease.
    """
    return ElapsedNow()


@compiles(ElapsedNow, "sqlite")
def _of_process(_element: ElapsedNow, _compiler: Any, **_how: Any) -> str:
    return f"{SQLITE_NAME}()"


@compiles(ElapsedNow, "postgresql")
def _of_server(_element: ElapsedNow, _compiler: Any, **_how: Any) -> str:
    # Not now(), which stands still at the beginning of a transaction that may have waited for a lock since. As a query
    # of its own it is asked once for a statement instead of once for a row.
    return "(SELECT extract(epoch FROM clock_timestamp())::float8)"


async def read_elapsed(session: AsyncSession) -> float:
    """The same as a number."""
    return (await session.scalars(_NOW)).one()


_NOW: Select[float] = select(elapsed_now())
