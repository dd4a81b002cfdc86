"""A program that finds the network, Slack or its database away says so, waits, and begins when they are there."""

from __future__ import annotations

import asyncio
import signal
import sqlite3
import time
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest

from bot.demo import workspace_of
from bot.domain.record import Record
from bot.sandbox import Sandbox
from bot.slack.manifest import manifest
from bot.store import schema
from bot.store.database import database_url
from tests.live_sample import reaching
from tests.processes import Child, Nursery
from tests.test_start import environment

Start = Callable[..., Child]
REFUSALS = ("SLACK_BOT_TOKEN", "SLACK_APP_TOKEN", "doesn't work", "Traceback")


@pytest.fixture
async def sandbox(sample: Record) -> AsyncIterator[Sandbox]:
    async with await Sandbox.start(manifest(), workspace_of(sample)) as started:
        yield started


@pytest.fixture
def start(tmp_path: Path, sandbox: Sandbox, nursery: Nursery, sqlite_sample_url: str) -> Start:
    """Starts `backbeat run` with everything right but these settings."""

    def begin(**values: str) -> Child:
        right = {**reaching(sandbox), "DATABASE_URL": sqlite_sample_url}
        return nursery.start("run", environment=environment(tmp_path, **(right | values)))

    return begin


async def said(child: Child, word: str) -> str:
    """The next line of its log that holds this."""
    while True:
        line = (await asyncio.wait_for(asyncio.to_thread(child.errors.readline), 60)).decode()
        assert line, f"it ended without a word of {word}"
        assert "Traceback" not in line
        if word in line:
            return line


async def end(child: Child, within: float = 5.0) -> str:
    """Tells it to end, which it does soon; what its log said since."""
    began = time.monotonic()
    child.send_signal(signal.SIGTERM)
    code, _output, errors = await child.read()
    assert code == 0, errors
    assert time.monotonic() - began < within
    return errors


async def runs(child: Child) -> str:
    """It runs; then its whole log."""
    assert (await child.line()).startswith("Backbeat runs in ")
    return await end(child)


async def test_a_slack_that_cant_be_reached(start: Start) -> None:
    child = start(SLACK_API_URL="http://127.0.0.1:9/api/")
    assert "Slack can't be reached at http://127.0.0.1:9/api/. Check the network" in await said(child, "waiting")
    await asyncio.sleep(2.5)
    assert child.returncode is None
    assert "waiting" not in await end(child, within=2.0), "one line, however often it tries"


# Every call of a start, and every kind; what each kind is taken for is tried by `tests/slack/test_answers.py`.
@pytest.mark.parametrize(
    ("method", "kind", "words"),
    [
        ("auth.test", "error_500", "Slack has trouble of its own"),
        ("auth.test", "rate_limited", "Slack asks to wait"),
        ("apps.connections.open", "rate_limited", "Slack asks to wait"),
        ("apps.connections.open", "internal_error", "Slack has trouble of its own"),
        ("users.list", "drop_before_accept", "Slack can't be reached"),
        ("users.conversations", "error_500", "Slack has trouble of its own"),
    ],
)
async def test_trouble_of_slacks_own_is_no_refusal(
    start: Start, sandbox: Sandbox, method: str, kind: str, words: str
) -> None:
    fault = sandbox.faults.add(method, kind, seconds=1)
    log = await runs(start())
    assert fault.hit == 1
    assert log.count("waiting ") == 1
    assert words in log
    assert "waiting_is_over" in log
    assert not any(one in log for one in REFUSALS)


async def test_each_kind_of_trouble_is_said_when_it_begins(start: Start, sandbox: Sandbox) -> None:
    sandbox.faults.add("auth.test", "error_500", times=2)
    sandbox.faults.add("auth.test", "drop_before_accept", times=2)
    log = await runs(start())
    told = [line for line in log.splitlines() if "waiting " in line]
    assert len(told) == 2
    assert "trouble of its own" in told[0]
    assert "can't be reached" in told[1]


async def test_a_socket_is_asked_for_once(start: Start, sandbox: Sandbox) -> None:
    await runs(start())
    asked = [entry for entry in sandbox.wire.after() if entry["name"] == "apps.connections.open"]
    assert len(asked) == 1


async def test_a_file_that_another_program_holds(start: Start, tmp_path: Path) -> None:
    path = tmp_path / "held.db"
    schema.migrate(database_url(f"sqlite:///{path}"), backup=False)
    schema.downgrade(database_url(f"sqlite:///{path}"), "base")
    holder = sqlite3.connect(path, isolation_level=None)
    holder.execute("BEGIN IMMEDIATE")
    try:
        child = start(DATABASE_URL=f"sqlite:///{path}")
        assert "The database is locked by another program" in await said(child, "waiting")
    finally:
        holder.close()
    await runs(child)


async def test_a_migration_waits_as_well(tmp_path: Path, nursery: Nursery) -> None:
    address = "postgresql://somebody:hush@127.0.0.1:9/backbeat"
    child = nursery.start("migrate", environment=environment(tmp_path, DATABASE_URL=address))
    line = await said(child, "waiting")
    assert "The PostgreSQL server of DATABASE_URL cannot be reached" in line
    assert "hush" not in line
    child.send_signal(signal.SIGTERM)
    assert (await child.read())[0] == 1


class Wire:
    """A way to a PostgreSQL server that somebody cuts: the first connections end after so many bytes of answers,
    and those of None don't."""

    def __init__(self, socket: str, cuts: list[int | None]) -> None:
        self._socket = socket
        self.cuts = cuts
        # Closing the listener instead would leave a connection that is being accepted open and without an answer.
        self.is_away = False
        self._open: list[asyncio.StreamWriter] = []

    def cut(self) -> None:
        """Everything that is open."""
        while self._open:
            self._open.pop().transport.abort()

    async def carry(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One connection."""
        if self.is_away:
            writer.transport.abort()
            return
        left = self.cuts.pop(0) if self.cuts else None
        behind, before = await asyncio.open_unix_connection(self._socket)
        self._open.append(writer)

        async def on(source: asyncio.StreamReader, to: asyncio.StreamWriter, most: int | None) -> None:
            while data := await source.read(65_536):
                if most is not None and (most := most - len(data)) < 0:
                    break
                to.write(data)
                await to.drain()

        both = [asyncio.ensure_future(on(reader, before, None)), asyncio.ensure_future(on(behind, writer, left))]
        await asyncio.wait(both, return_when=asyncio.FIRST_COMPLETED)
        for one in both:
            one.cancel()
        before.close()
        writer.transport.abort()


@pytest.mark.postgres
@pytest.mark.parametrize("cuts", [[0, 0], [700, 700], [None, None, 700]], ids=["greeting", "schema", "after it"])
async def test_a_connection_that_is_cut_at_the_start(
    start: Start, postgres_sample_url: str, cuts: list[int | None]
) -> None:
    """In the greeting, while the schema is looked at, and in the first questions."""
    path, _, folder = postgres_sample_url.partition("?host=")
    name = path.rpartition("/")[2]
    wire = Wire(f"{folder}/.s.PGSQL.5432", cuts)
    server = await asyncio.start_server(wire.carry, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    async with server:
        log = await runs(start(DATABASE_URL=f"postgresql://postgres@127.0.0.1:{port}/{name}"))
        assert wire.cuts == []
    assert "PostgreSQL server of DATABASE_URL" in log
    assert "waiting_is_over" in log


@pytest.mark.postgres
async def test_a_server_that_is_away_while_it_runs(start: Start, postgres_sample_url: str) -> None:
    path, _, folder = postgres_sample_url.partition("?host=")
    name = path.rpartition("/")[2]
    wire = Wire(f"{folder}/.s.PGSQL.5432", [])
    server = await asyncio.start_server(wire.carry, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    often = {f"BACKBEAT_TICK_{job}": "0.2" for job in ("PLAN", "DISPATCH", "RECONCILE", "HOUSEKEEPING")}
    child = start(DATABASE_URL=f"postgresql://postgres@127.0.0.1:{port}/{name}", **often)
    assert (await child.line()).startswith("Backbeat runs in ")
    wire.is_away = True
    wire.cut()
    await said(child, "outage ")
    await asyncio.sleep(2)
    wire.is_away = False
    log = await said(child, "outage_is_over")
    async with server:
        log += await end(child)
    assert "Traceback" not in log
    assert log.count("outage ") == 0, "one line, however many jobs try however often"


async def test_a_slack_that_is_away_while_it_runs(start: Start, sandbox: Sandbox) -> None:
    child = start(BACKBEAT_TICK_HOUSEKEEPING="0.2")
    assert (await child.line()).startswith("Backbeat runs in ")
    sandbox.faults.add("*", "drop_before_accept", times=1000)
    assert "Slack can't be reached at " in await said(child, "outage ")
    await asyncio.sleep(1)
    sandbox.faults.clear()
    await said(child, "outage_is_over")
    log = await end(child)
    assert "Traceback" not in log
    assert "outage " not in log
