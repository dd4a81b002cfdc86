"""How long a check-in's submit takes to its ack, beside an empty handler and the same statements without our code."""

from __future__ import annotations

import asyncio
import contextvars
import time
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from slack_bolt.async_app import AsyncApp
from slack_bolt.request.async_request import AsyncBoltRequest
from sqlalchemy import event

from bot.app import freeze_heap
from bot.services import Services
from handlers import register_handlers
from tests.benchmarks.stage import Form, acked, bolt_app, open_check_ins

Statement = tuple[str, Any]
_current: contextvars.ContextVar[list[Statement] | None] = contextvars.ContextVar("current", default=None)


@dataclass
class Series:
    """Latencies in milliseconds, sorted when asked."""

    name: str
    values: list[float] = field(default_factory=list)

    def at(self, share: float) -> float:
        ordered = sorted(self.values)
        return ordered[min(len(ordered) - 1, int(share * len(ordered)))] * 1000


@contextmanager
def recorded(services: Services) -> Iterator[None]:
    """Notes every writing connection's statements for the request that runs them."""
    engine = services.database.writer.sync_engine

    def note(_connection: Any, _cursor: Any, statement: str, parameters: Any, *_: Any) -> None:
        kept = _current.get()
        if kept is not None:
            kept.append((statement, parameters))

    event.listen(engine, "before_cursor_execute", note)
    try:
        yield
    finally:
        event.remove(engine, "before_cursor_execute", note)


async def measure(folder: Path, owners: int = 100) -> tuple[list[str], dict[str, float]]:
    """Runs all three handlers, one at a time and `owners` at once; lines for a person, and the ratios."""
    ours_one, ours_many, commits, statements = await _ours(folder / "ours", owners)
    bare_one, bare_many = await _bare(folder / "bare", owners, statements)
    empty_one, empty_many = await _empty(owners)
    lines = ["ack of the check-in's submit, milliseconds          p50      p99"]
    for series in (empty_one, bare_one, ours_one, empty_many, bare_many, ours_many, commits):
        lines.append(f"  {series.name:<46} {series.at(0.5):8.1f} {series.at(0.99):8.1f}")
    ratios = {
        "one at a time, ours to bare": ours_one.at(0.5) / bare_one.at(0.5),
        "all at once, ours to bare": ours_many.at(0.5) / bare_many.at(0.5),
    }
    lines += [f"  {name}: {ratio:.2f} times" for name, ratio in ratios.items()]
    return lines, ratios


async def _series(name: str, app: AsyncApp, requests: list[AsyncBoltRequest], *, at_once: bool) -> Series:
    series = Series(name)
    if at_once:
        series.values = list(await asyncio.gather(*(acked(app, request) for request in requests)))
    else:
        for request in requests:
            series.values.append(await acked(app, request))
    return series


async def _ours(folder: Path, owners: int) -> tuple[Series, Series, Series, list[list[Statement]]]:
    statements: list[list[Statement]] = []
    commits = Series("ours, one at a time, arrival to commit")
    began = 0.0

    def committed(_connection: Any) -> None:
        if began:
            commits.values.append(time.perf_counter() - began)

    async with open_check_ins(folder, owners) as (services, forms):
        app = bolt_app()
        register_handlers(app, services)
        freeze_heap()
        await _warm(app, forms)
        event.listen(services.database.writer.sync_engine, "commit", committed)
        one = Series("ours, one at a time")
        with recorded(services):
            for form in forms:
                kept: list[Statement] = []
                _current.set(kept)
                began = time.perf_counter()
                one.values.append(await acked(app, form.request(1)))
                statements.append(kept)
        _current.set(None)
        began = 0.0
        many = await _series(f"ours, {owners} at once", app, [form.request(2) for form in forms], at_once=True)
    return one, many, commits, statements


async def _bare(folder: Path, owners: int, statements: list[list[Statement]]) -> tuple[Series, Series]:
    """A handler that runs the very statements that ours ran, on a database of the same size."""
    async with open_check_ins(folder, owners) as (services, _forms):
        app = bolt_app()
        engine = services.database.writer

        @app.view("check_in")
        async def replay(ack: Callable[..., Awaitable[Any]], body: dict[str, Any]) -> None:
            number = int(body["view"]["private_metadata"])
            async with engine.connect() as connection:
                await connection.exec_driver_sql("PRAGMA defer_foreign_keys = ON")
                for statement, parameters in statements[number]:
                    if not statement.startswith(("BEGIN", "PRAGMA")):
                        await connection.exec_driver_sql(statement, parameters)
                # The same rows are written again later, so nothing of it may stay.
                await connection.rollback()
            await ack()

        one = await _series("bare handler, same statements, one at a time", app, _numbered(owners), at_once=False)
        many = await _series(f"bare handler, same statements, {owners} at once", app, _numbered(owners), at_once=True)
    return one, many


async def _empty(owners: int) -> tuple[Series, Series]:
    app = bolt_app()

    @app.view("check_in")
    async def nothing(ack: Callable[..., Awaitable[Any]]) -> None:
        await ack()

    one = await _series("empty Bolt handler, one at a time", app, _numbered(owners), at_once=False)
    many = await _series(f"empty Bolt handler, {owners} at once", app, _numbered(owners), at_once=True)
    return one, many


def _numbered(count: int) -> list[AsyncBoltRequest]:
    """New requests, since a Bolt request remembers that it was acknowledged."""
    requests = []
    for number in range(count):
        request = Form("U0BENCH", number).request(number)
        request.body["view"]["private_metadata"] = str(number)
        requests.append(request)
    return requests


async def _warm(app: AsyncApp, forms: list[Form]) -> None:
    """The first requests compile statements, which is no part of an ordinary day."""
    for form in forms[:3]:
        await acked(app, form.request(0))
