"""How long a check-in's submit takes to its ack: under Bolt's runner and ours, beside an empty handler under both and
the same statements without our code.

Each series has a copy of one database, so that all begin with the same rows and everybody sends a first answer.
"""

from __future__ import annotations

import asyncio
import contextvars
import os
import sqlite3
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from typing import Any

from slack_bolt.async_app import AsyncApp
from slack_bolt.request.async_request import AsyncBoltRequest
from sqlalchemy import event

from bot.app import freeze_heap
from bot.services import Services
from bot.store.database import Database
from handlers import register_handlers
from handlers.acknowledging import acknowledge_by_event
from tests.benchmarks.profiles import Profile
from tests.benchmarks.series import HEADING, Ratio, Series
from tests.benchmarks.stage import Form, acked, be_patient, bolt_app, open_checkins, services_of

# Whether it was the writer's, the statement and its parameters.
Statement = tuple[bool, str, Any]
_current: contextvars.ContextVar[list[Statement] | None] = contextvars.ContextVar("current", default=None)
# Answers that warm up: the first ones compile statements and read the record, which is no part of an ordinary day.
WARMING = 3
# How often all answer at once, each handler in turn.
ROUNDS = 3
RUNNERS: dict[str, Callable[[AsyncApp], AsyncApp]] = {
    "Bolt's runner": lambda app: app,
    "our runner": acknowledge_by_event,
}


@dataclass
class Contender:
    """A handler under a runner, with the requests that it will answer and how long it took for each."""

    app: AsyncApp
    requests: list[AsyncBoltRequest]
    series: Series
    statements: list[list[Statement]] | None = None  # what each one ran before its ack, where that is wanted

    async def answer(self, number: int) -> None:
        """One request, by itself."""
        kept: list[Statement] | None = None if self.statements is None else []
        _current.set(kept)
        cpu = time.process_time()
        self.series.values.append(await acked(self.app, self.requests[number]))
        self.series.cpu += time.process_time() - cpu
        _current.set(None)
        if self.statements is not None and kept is not None:
            self.statements.append(list(kept))
        # What goes on after an ack is not the next one's.
        await _rest()

    async def answer_all(self) -> None:
        """All requests at once."""
        cpu, began = time.process_time(), time.perf_counter()
        self.series.values += await asyncio.gather(*(acked(self.app, request) for request in self.requests))
        self.series.took += time.perf_counter() - began
        self.series.cpu += time.process_time() - cpu
        await _rest()


async def measure(folder: Path, owners: int = 100) -> tuple[list[str], list[Ratio]]:
    """Every handler, one request at a time and `owners` at once; lines for a person, and the ratios."""
    load = os.getloadavg()[0]
    async with open_checkins(folder / "first", owners + WARMING) as (services, forms):
        database = Path(str(services.database.url.database))
    stage = _Stage(database, forms[:-WARMING], forms[-WARMING:])
    statements: list[list[Statement]] = []
    async with AsyncExitStack() as stack:
        alone = await stage.contenders(stack, "one at a time", statements)
        # In turns, so that what else the machine does slows each of them down alike.
        for number in range(owners):
            for contender in alone.values():
                await contender.answer(number)
    together: dict[str, Series] = {}
    for _round in range(ROUNDS):
        async with AsyncExitStack() as stack:
            contenders = await stage.contenders(stack, f"{owners} at once", statements)
            for name, contender in contenders.items():
                contender.series = together.setdefault(name, contender.series)
                await contender.answer_all()
    lines = [f"ack of a check-in's submit, milliseconds (load of the machine {load:.1f})", HEADING]
    lines += [one.series.line() for one in alone.values()] + [series.line() for series in together.values()]
    ratios = _ratios({name: one.series for name, one in alone.items()}, together)
    lines += [ratio.line() for ratio in ratios]
    counts = sorted(len(each) for each in statements)
    lines.append(f"  {'statements of an answer before its ack, half of them':<68} {counts[len(counts) // 2]:5}")
    return lines + await stage.profiled(), ratios


def _ratios(alone: dict[str, Series], together: dict[str, Series]) -> list[Ratio]:
    """What the answer's ack is beside an empty handler and beside the same statements."""
    one, bare_one = alone["the answer, our runner"], alone["the same statements, our runner"]
    many, bare_many = together["the answer, our runner"], together["the same statements, our runner"]
    empty = alone["an empty handler, Bolt's runner"]
    return [
        Ratio("p50 of the answer alone to an empty handler under Bolt's runner", one.at(0.5) / empty.at(0.5), 0.75),
        Ratio("p50 of the answer alone to the same statements", one.at(0.5) / bare_one.at(0.5)),
        Ratio("cpu of the answer alone to the same statements", one.cpu_each / bare_one.cpu_each),
        Ratio("p50, all at once, to the same statements", many.at(0.5) / bare_many.at(0.5), 2.0),
        Ratio("a second, all at once, to the same statements", many.rate / bare_many.rate, 0.5, at_least=True),
        Ratio("cpu, all at once, to the same statements", many.cpu_each / bare_many.cpu_each),
    ]


async def _rest() -> None:
    """Lets everything that runs besides come to its end."""
    mine = asyncio.current_task()
    while others := asyncio.all_tasks() - {mine}:
        await asyncio.wait(others)


class _Stage:
    """One database with open check-ins, copied for each series."""

    def __init__(self, database: Path, forms: list[Form], warming: list[Form]) -> None:
        self.database = database
        self.forms = forms
        self.warming = warming
        self._copies = 0

    def copied(self) -> Path:
        self._copies += 1
        copy = self.database.with_name(f"copy-{self._copies}.db")
        source, target = sqlite3.connect(self.database), sqlite3.connect(copy)
        source.backup(target)
        source.close()
        target.close()
        return copy

    @asynccontextmanager
    async def running(self, make: Callable[[AsyncApp], AsyncApp]) -> AsyncIterator[tuple[Services, AsyncApp]]:
        """Our handlers on a copy, warmed up."""
        async with services_of(self.copied()) as services:
            app = make(bolt_app())
            edge = register_handlers(app, services)
            be_patient(app)
            freeze_heap()
            for form in self.warming:
                await acked(app, form.request(0))
            await _rest()
            yield services, app
            await edge.drain()

    async def contenders(
        self, stack: AsyncExitStack, how: str, statements: list[list[Statement]]
    ) -> dict[str, Contender]:
        """Each handler under each runner; `statements` are filled by ours where they are empty, for the bare one."""
        found: dict[str, Contender] = {}

        def add(name: str, app: AsyncApp, requests: list[AsyncBoltRequest], **more: Any) -> None:
            be_patient(app)
            found[name] = Contender(app, requests, Series(f"{name}, {how}"), **more)

        for runner, make in RUNNERS.items():
            add(f"an empty handler, {runner}", _empty(make), _numbered(len(self.forms)))
        for runner, make in RUNNERS.items():
            services, app = await stack.enter_async_context(self.running(make))
            requests = [form.request(1) for form in self.forms]
            is_recorded = make is acknowledge_by_event and not statements
            if is_recorded:
                stack.enter_context(recorded(services.database))
            add(f"the answer, {runner}", app, requests, statements=statements if is_recorded else None)
        # Its copy has the answers that warmed up, on which the others follow.
        services, _app = await stack.enter_async_context(self.running(acknowledge_by_event))
        app = acknowledge_by_event(bolt_app())
        _replaying(app, services.database, statements, len(self.forms))
        add("the same statements, our runner", app, _numbered(len(self.forms)))
        return found

    async def profiled(self) -> list[str]:
        """Where the time of an answer goes up to its ack."""
        profile = Profile()
        async with self.running(acknowledge_by_event) as (_services, app):
            for form in self.forms:
                request = form.request(1)
                with profile.running():
                    await acked(app, request)
                await _rest()
        return profile.lines()


def _replaying(app: AsyncApp, database: Database, statements: list[list[Statement]], count: int) -> None:
    """A handler that runs the very statements that ours ran, in transactions like ours, and nothing else."""
    # What is written names rows that the one before has written, so they keep their order.
    turns = [asyncio.Event() for _ in range(count + 1)]
    turns[0].set()

    @app.view("check_in")
    async def replay(ack: Callable[..., Awaitable[Any]], body: dict[str, Any]) -> None:
        number = int(body["view"]["private_metadata"])
        for is_writer, group in groupby(statements[number], key=lambda one: one[0]):
            if is_writer:
                await turns[number].wait()
            engine = database.writer if is_writer else database.reader
            async with engine.connect() as connection:
                for _, statement, parameters in group:
                    if not statement.startswith("BEGIN"):
                        await connection.exec_driver_sql(statement, parameters)
                await (connection.commit() if is_writer else connection.rollback())
        turns[number + 1].set()
        await ack()


@contextmanager
def recorded(database: Database) -> Iterator[None]:
    """Notes every statement for the request that runs it."""

    def note(is_writer: bool) -> Callable[..., None]:
        def take(_connection: Any, _cursor: Any, statement: str, parameters: Any, *_: Any) -> None:
            kept = _current.get()
            if kept is not None:
                kept.append((is_writer, statement, parameters))

        return take

    listened = [(database.writer.sync_engine, note(True)), (database.reader.sync_engine, note(False))]
    for engine, listener in listened:
        event.listen(engine, "before_cursor_execute", listener)
    try:
        yield
    finally:
        for engine, listener in listened:
            event.remove(engine, "before_cursor_execute", listener)


def _empty(make: Callable[[AsyncApp], AsyncApp]) -> AsyncApp:
    app = make(bolt_app())

    @app.view("check_in")
    async def nothing(ack: Callable[..., Awaitable[Any]]) -> None:
        await ack()

    return app


def _numbered(count: int) -> list[AsyncBoltRequest]:
    """New requests, since a Bolt request remembers that it was acknowledged."""
    requests = []
    for number in range(count):
        request = Form("U0BENCH", number).request(number)
        request.body["view"]["private_metadata"] = str(number)
        requests.append(request)
    return requests
