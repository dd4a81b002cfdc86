"""What the delivery queue does in the cases by which job queues are compared in public: a worker killed, killed every
few seconds, PostgreSQL restarted, back ends terminated, 300 connections held, a transaction left idle.

    python -m tests.benchmarks chaos --case killed --window 60 --rate 40

Real processes of `backbeat run` on one PostgreSQL send letters, of which so many come due each second, to the sandbox.
Each case is lived through between two quiet windows. What arrives a second afterwards is to be what it was before;
nothing may be lost or come twice; and what was unclear has to end within a lease and the looks after it.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import random
import sys
import time
from collections import Counter
from collections.abc import Awaitable, Callable, Sequence
from contextlib import AsyncExitStack, suppress
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

import psycopg

from bot.clock import FixedCalendar
from bot.demo import workspace_of
from bot.domain.outbox import Kind
from bot.opening import open_services
from bot.sandbox import Sandbox, SandboxClock
from bot.settings import read_settings
from bot.slack.manifest import manifest
from bot.store import schema
from bot.store.database import database_url
from bot.store.database.wakes import CHANNEL
from tests.live_sample import environment, go_live
from tests.processes import Nursery, Replica
from tests.sample import sample_record
from tests.servers import Server

# When nobody sleeps.
NOON = datetime.fromisoformat("2026-11-23T11:30:00-06:00")
NAME = "chaos"  # of the database
SENDER = "dana"
LEASE, LOOKS = 10.0, (1.0, 3.0, 8.0)
TICK = 1.0
# Elapsed seconds within which what is unclear has to end: a lease, all looks, and the ticks that notice both.
ENDS_WITHIN = LEASE + LOOKS[-1] + 4 * TICK
# Within which what had piled up has to be sent.
CATCHES_UP_WITHIN = 60.0
KILLED_EVERY, CUT_EVERY, HELD = 3.0, 2.0, 300
KEPT = 0.98
SETTINGS = {
    "BACKBEAT_TICK_RECONCILE": str(TICK),
    "BACKBEAT_LEASE_SECONDS": str(LEASE),
    "BACKBEAT_POST_TIMEOUT_SECONDS": "4",
    "BACKBEAT_LOOK_AFTER_SECONDS": ",".join(map(str, LOOKS)),
    "BACKBEAT_POST_SPACING_SECONDS": "0",
}
LETTERS = """
WITH written AS (
    INSERT INTO letters (coalition_id, submission_key, sender_id, receiver_id, text, about, written_at)
    SELECT %(coalition)s, 'chaos:' || number, %(sender)s, (%(receivers)s::int[])[1 + number %% %(people)s],
           'The second offer is out. (' || number || ')', '', %(now)s
    FROM generate_series(%(first)s::int, %(last)s::int) AS number
    ON CONFLICT DO NOTHING
    RETURNING id, submission_key, receiver_id
), planned AS (
    INSERT INTO deliveries (coalition_id, key, kind, about, transport, operation, member_id, part_no, subject, state,
                            waiting, held_back, version, planned_at, due_at, attempts, looks)
    SELECT %(coalition)s, submission_key, %(kind)s, id::text, 'slack', 'post', receiver_id, 0, '{}', 'planned',
           false, false, 0, %(now)s, %(now)s, 0, 0
    FROM written
    RETURNING id
)
SELECT count(*), pg_notify(%(channel)s, 'chaos') FROM planned
"""


def parse(arguments: Sequence[str]) -> argparse.Namespace:
    """What is to be lived through, and for how long."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks chaos", description=__doc__)
    parser.add_argument("--case", choices=CASES, action="append", help="only this; all of them where none is named")
    parser.add_argument("--window", type=float, default=10.0, help="seconds before, during and after each case")
    parser.add_argument("--rate", type=float, default=20.0, help="letters that come due each second")
    parser.add_argument("--processes", type=int, default=2)
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args(arguments)
    asked.case = asked.case or list(CASES)
    return asked


@dataclass(frozen=True)
class Found:
    """What came of one case; rates are letters that arrived a second, times elapsed seconds."""

    case: str
    before: float
    during: float
    after: float
    caught_up: float
    unclear: float
    lost: int
    doubled: int

    @property
    def kept(self) -> float:
        """The rate afterwards beside that before."""
        return self.after / self.before if self.before else 0.0

    @property
    def is_well(self) -> bool:
        return (
            self.kept >= KEPT
            and self.caught_up <= CATCHES_UP_WITHIN
            and self.unclear <= ENDS_WITHIN
            and not self.lost
            and not self.doubled
        )

    def line(self) -> str:
        return (
            f"  {self.case:<28} {self.before:6.1f} {self.during:7.1f} {self.after:6.1f} {self.kept * 100:6.0f} %"
            f" {self.caught_up:9.1f} s {self.unclear:9.1f} s {self.lost:6} {self.doubled:8}"
            f"   {'yes' if self.is_well else 'NO'}"
        )


HEADING = (
    f"  {'':<28} {'before':>6} {'during':>7} {'after':>6} {'kept':>8} {'caught up':>11} {'unclear':>11} {'lost':>6} "
    f"{'doubled':>8}"
)


class Unclear:
    """For how long deliveries stood claimed or unclear, by what was seen of them now and then."""

    def __init__(self) -> None:
        self._since: dict[int, float] = {}
        self.longest = 0.0

    def see(self, ids: set[int], moment: float) -> None:
        """These stand so at this moment, and no others."""
        self._since = {one: self._since.get(one, moment) for one in ids}
        self.longest = max([self.longest, *(moment - since for since in self._since.values())])

    def begin(self) -> None:
        """Forgets how long it took before; what stands so now goes on counting."""
        self.longest = 0.0


@dataclass
class Chaos:
    """Processes, a database and a Slack; letters come due at an even pace."""

    folder: Path
    asked: argparse.Namespace
    server: Server
    sandbox: Sandbox
    url: str
    coalition_id: int
    sender: int
    receivers: list[int]
    nursery: Nursery = field(default_factory=Nursery)
    replicas: list[Replica] = field(default_factory=list)
    unclear: Unclear = field(default_factory=Unclear)
    written: int = 0
    _counted: int = 0
    _arrived: Counter[str] = field(default_factory=Counter)

    def __post_init__(self) -> None:
        self._chance = random.Random(self.asked.seed)
        clock_file = self.folder / "clock.json"
        clock_file.write_text(json.dumps({"now": NOON.isoformat(), "running": False, "rate": 1, "anchor": 0}))
        self._environment = environment(self.sandbox, self.url, clock_file, **SETTINGS)

    def start(self) -> Replica:
        return Replica(len(self.replicas), self.nursery.start("run", environment=self._environment))

    async def kill_one(self) -> None:
        """Ends one with SIGKILL, and starts another in its place, as a supervisor does."""
        number = self._chance.randrange(len(self.replicas))
        self.replicas[number].child.kill()
        await self.replicas[number].child.ended()
        self.replicas[number] = await asyncio.to_thread(self.start)

    async def write(self) -> None:
        """Lets letters come due, so many a second, for ever; what can't be written while the database is away is
        written when it is there again."""
        began, connection = time.monotonic(), None
        while True:
            due = int((time.monotonic() - began) * self.asked.rate)
            try:
                if connection is None or connection.closed:
                    connection = await psycopg.AsyncConnection.connect(self.url, autocommit=True)
                if due > self.written:
                    await connection.execute(LETTERS, self._letters(due))
                    self.written = due
            except psycopg.Error:
                # Cut by the case itself. What was committed without our hearing of it is not written again.
                connection = None
            await asyncio.sleep(0.1)

    def _letters(self, due: int) -> dict[str, Any]:
        return {
            "coalition": self.coalition_id,
            "sender": self.sender,
            "receivers": self.receivers,
            "people": len(self.receivers),
            "kind": str(Kind.LETTER),
            "channel": CHANNEL,
            "now": NOON,
            "first": self.written + 1,
            "last": due,
        }

    async def watch(self) -> None:
        """Sees now and then what stands claimed or unclear."""
        connection = None
        while True:
            try:
                if connection is None or connection.closed:
                    connection = await psycopg.AsyncConnection.connect(self.url, autocommit=True)
                query = "SELECT id FROM deliveries WHERE state IN ('claimed', 'ambiguous')"
                rows = await (await connection.execute(query)).fetchall()
                self.unclear.see({int(row[0]) for row in rows}, time.monotonic())
            except psycopg.Error:
                connection = None
            await asyncio.sleep(0.25)

    def arrived(self) -> Counter[str]:
        """How often each letter arrived until now."""
        posts = self.sandbox.record.posts
        for post in posts[self._counted :]:
            key = ((post.metadata or {}).get("event_payload") or {}).get("key", "")
            if key.startswith("chaos:"):
                self._arrived[key] += 1
        self._counted = len(posts)
        return self._arrived

    async def rate(self, seconds: float) -> float:
        """How many letters arrive a second, for so long."""
        began, before = time.monotonic(), self.arrived().total()
        await asyncio.sleep(seconds)
        return (self.arrived().total() - before) / (time.monotonic() - began)

    def behind(self) -> int:
        """How many letters are written and not there."""
        return self.written - len(self.arrived())

    async def catch_up(self) -> float:
        """Elapsed seconds until no more is owed than comes due in half a second; gives up after a while."""
        began = time.monotonic()
        while self.behind() > max(2.0, self.asked.rate / 2) and time.monotonic() - began < CATCHES_UP_WITHIN * 2:
            await asyncio.sleep(0.1)
        return time.monotonic() - began

    async def live_through(self, case: str) -> Found:
        """A quiet window, the case, a quiet window."""
        await self.catch_up()
        window = self.asked.window
        before = await self.rate(window)
        self.unclear.begin()
        trouble = asyncio.ensure_future(CASES[case](self, window))
        try:
            during = await self.rate(window)
        finally:
            await trouble
        caught_up = await self.catch_up()
        after = await self.rate(window)
        return Found(case, before, during, after, caught_up, self.unclear.longest, 0, 0)


async def _killed(chaos: Chaos, window: float) -> None:
    await asyncio.sleep(window / 4)
    await chaos.kill_one()


async def _killed_again_and_again(chaos: Chaos, window: float) -> None:
    ends = time.monotonic() + window
    while time.monotonic() < ends:
        await chaos.kill_one()
        await asyncio.sleep(KILLED_EVERY)


async def _restarted(chaos: Chaos, window: float) -> None:
    await asyncio.sleep(window / 4)
    await asyncio.to_thread(chaos.server.restart)


async def _cut(chaos: Chaos, window: float) -> None:
    ends = time.monotonic() + window
    while time.monotonic() < ends:
        await asyncio.to_thread(chaos.server.cut, NAME)
        await asyncio.sleep(CUT_EVERY)


async def _held(chaos: Chaos, window: float) -> None:
    async with AsyncExitStack() as held:
        for _ in range(HELD):
            await held.enter_async_context(await psycopg.AsyncConnection.connect(chaos.url, autocommit=True))
        await asyncio.sleep(window)


async def _idle(chaos: Chaos, window: float) -> None:
    """It keeps a delivery of which nobody can take hold, and everything that changes from being cleared away."""
    async with await psycopg.AsyncConnection.connect(chaos.url) as connection:
        await connection.execute("SELECT count(*) FROM deliveries")
        await connection.execute("SELECT id FROM deliveries WHERE state = 'planned' LIMIT 1 FOR UPDATE SKIP LOCKED")
        await asyncio.sleep(window)


CASES: dict[str, Callable[[Chaos, float], Awaitable[None]]] = {
    "killed": _killed,
    "killed-again": _killed_again_and_again,
    "restart": _restarted,
    "cut": _cut,
    "connections": _held,
    "idle": _idle,
}


async def live(folder: Path, asked: argparse.Namespace) -> list[Found]:
    """All cases, one after the other, on one database with the same processes."""
    server = await asyncio.to_thread(Server, folder)
    try:
        server.execute("ALTER SYSTEM SET max_connections = 400")
        await asyncio.to_thread(server.restart)
        url = server.make(NAME)
        await asyncio.to_thread(schema.migrate, database_url(url))
        record, clock = sample_record(), SandboxClock(NOON, running=False)
        async with await Sandbox.start(manifest(), workspace_of(record), clock=clock) as sandbox:
            settings = read_settings(_env_file=None, database_url=url)
            async with open_services(settings, FixedCalendar(NOON)) as services:
                coalition_id = (await go_live(services, sandbox, record)).coalition_id
            linked = [one.id for one in record.members if one.access != "email_only"]
            with psycopg.connect(url, autocommit=True) as connection:
                rows = connection.execute("SELECT key, id FROM members WHERE coalition_id = %s", [coalition_id])
                ids: dict[str, int] = dict(rows.fetchall())
            receivers = [ids[key] for key in linked if key != SENDER]
            chaos = Chaos(folder, asked, server, sandbox, url, coalition_id, ids[SENDER], receivers)
            try:
                return await _live(chaos)
            finally:
                for replica in chaos.replicas:
                    replica.child.kill()
                chaos.nursery.close()
    finally:
        await asyncio.to_thread(server.stop)


async def _live(chaos: Chaos) -> list[Found]:
    for _ in range(chaos.asked.processes):
        chaos.replicas.append(await asyncio.to_thread(chaos.start))
    try:
        await chaos.sandbox.connected(300)
    except TimeoutError:
        raise RuntimeError([b"".join(one.said).decode() for one in chaos.replicas]) from None
    beside = [asyncio.create_task(chaos.write()), asyncio.create_task(chaos.watch())]
    found: list[Found] = []
    lost = doubled = 0
    try:
        for case in chaos.asked.case:
            one = await chaos.live_through(case)
            # What is owed now is on its way; all of it is counted after the last case.
            again = sum(count - 1 for count in chaos.arrived().values())
            found.append(Found(**{**one.__dict__, "doubled": again - doubled}))
            doubled = again
            print(found[-1].line(), file=sys.stderr, flush=True)
    finally:
        for task in beside:
            task.cancel()
        await asyncio.gather(*beside, return_exceptions=True)
    with psycopg.connect(chaos.url, autocommit=True) as connection:
        rows = connection.execute("SELECT key, state, reason FROM deliveries WHERE key LIKE 'chaos:%'").fetchall()
        owed = {str(key): f"{state}, {reason or 'no reason'}" for key, state, reason in rows}
    with suppress(TimeoutError):
        async with asyncio.timeout(CATCHES_UP_WITHIN):
            while owed.keys() - chaos.arrived().keys():
                await asyncio.sleep(0.2)
    absent = owed.keys() - chaos.arrived().keys()
    for how, count in Counter(owed[key] for key in absent).most_common():
        print(f"  not there: {count} {how}", file=sys.stderr, flush=True)
    lost = len(absent)
    again = sum(count - 1 for count in chaos.arrived().values())
    # Lost is lost of all cases together; it is said of the last one.
    found[-1] = Found(**{**found[-1].__dict__, "lost": lost, "doubled": found[-1].doubled + again - doubled})
    return found


async def measure(folder: Path, arguments: Sequence[str] = ()) -> list[str]:
    """Lines for a person. Exits with 1 where any case did not go well."""
    asked = parse(arguments)
    found = await live(folder, asked)
    lines = [
        f"chaos: {asked.processes} processes, {asked.rate:g} letters due a second, windows of {asked.window:g} s; "
        f"kept at least {KEPT * 100:.0f} %, what was unclear ended within {ENDS_WITHIN:.0f} s",
        HEADING,
        *(one.line() for one in found),
    ]
    if not all(one.is_well for one in found):
        print("\n".join(lines), flush=True)
        raise SystemExit(1)
    return lines
