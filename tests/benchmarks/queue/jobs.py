"""Jobs a second beside procrastinate on one PostgreSQL: claim, do nothing, record. No Slack, no HTTP.

procrastinate runs with its usual worker, as many jobs at once as we have posts; its jobs are deferred in batches, as
our deliveries are written.
"""

from __future__ import annotations

import argparse
import asyncio
import time
from datetime import timedelta
from pathlib import Path
from typing import Any

import procrastinate
import psycopg

from tests.benchmarks.queue.draining import Pace
from tests.benchmarks.queue.stages import Sending, settle_people, write_letters
from tests.benchmarks.series import Ratio
from tests.servers import empty_database

BATCH = 1000


async def measure(folder: Path, asked: argparse.Namespace) -> list[str]:
    """One after the other, on a database of its own each in one server."""
    if "postgres" not in asked.database:
        return ["jobs beside procrastinate: needs PostgreSQL"]
    async with empty_database(folder, "postgres") as url:
        ours = await _backbeat(url, asked.jobs, asked.at_once)
        theirs = await _procrastinate(url, asked.jobs, asked.at_once)
    return [
        f"{asked.jobs:,} jobs, {asked.at_once} at once, on PostgreSQL: claim, nothing, record",
        ours.line("Backbeat: a letter, read and rendered, not posted"),
        theirs.line(f"procrastinate {procrastinate.__version__}: a task that does nothing"),
        Ratio("rate beside procrastinate", ours.rate / theirs.rate, 1.0, at_least=True).line(),
        Ratio("processor of a job beside procrastinate", ours.cpu_each / theirs.cpu_each).line(),
    ]


async def _backbeat(url: str, count: int, at_once: int) -> Pace:
    coalition_id = await settle_people(url)
    sending = Sending.of(url, "http://127.0.0.1:9/api/", coalition_id, at_once=at_once)
    gateway = sending.workspaces.only.gateway

    async def took(**arguments: Any) -> Any:
        """What the client would give for a message that Slack took."""
        return _Reply({"channel": arguments["channel"], "ts": "1700000000.000100"})

    async def exists(**_: Any) -> Any:
        return _Reply({"user": {"deleted": False}})

    took.__name__ = "chat_postMessage"
    gateway._client.chat_postMessage = took  # type: ignore[method-assign]
    gateway._client.users_info = exists  # type: ignore[method-assign]
    await write_letters(url, coalition_id, 2 * at_once, due_in=timedelta(0), name="warming")
    await _run(sending)
    await write_letters(url, coalition_id, count, due_in=timedelta(0), name="jobs")
    began, cpu = time.perf_counter(), time.process_time()
    done = await _run(sending)
    assert done == count, done
    pace = Pace(count, time.perf_counter() - began, time.process_time() - cpu)
    await sending.close()
    return pace


async def _run(sending: Sending) -> int:
    done = 0
    while claimed := await sending.heartbeat._dispatcher.run():
        done += claimed
    return done


class _Reply(dict[str, Any]):
    """An answer of Slack's, with headers that say nothing."""

    headers: dict[str, str] = {}  # noqa: RUF012


async def _procrastinate(url: str, count: int, at_once: int) -> Pace:
    async with await psycopg.AsyncConnection.connect(url, autocommit=True) as connection:
        await connection.execute("CREATE DATABASE procrastinate")
    head, _, tail = url.partition("/postgres?")
    app = procrastinate.App(connector=procrastinate.PsycopgConnector(conninfo=f"{head}/procrastinate?{tail}"))
    done, ended = 0, asyncio.Event()

    @app.task(name="nothing")
    async def nothing() -> None:
        nonlocal done
        done += 1
        if done == count:
            ended.set()

    async with app.open_async():
        await app.schema_manager.apply_schema_async()
        for start in range(0, count, BATCH):
            await nothing.batch_defer_async(*[{} for _ in range(min(BATCH, count - start))])
        began, cpu = time.perf_counter(), time.process_time()
        await app.run_worker_async(concurrency=at_once, wait=False, install_signal_handlers=False)
        assert ended.is_set(), done
    return Pace(count, time.perf_counter() - began, time.process_time() - cpu)
