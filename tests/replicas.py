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
import os
import random
import signal
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Awaitable, Callable
from contextlib import closing, suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import TypeVar

from sqlalchemy import select

from bot.clock import FixedCalendar
from bot.demo import workspace_of
from bot.domain.outbox import State
from bot.errors import Unavailable
from bot.opening import open_services
from bot.sandbox import Sandbox, SandboxClock
from bot.settings import read_settings
from bot.slack.manifest import manifest
from bot.store import schema
from bot.store.database import database_url
from bot.store.outbox import DeliveryRow
from tests import deaths
from tests.deaths import MONDAY, is_planned, is_settled, posts_due, unsettled
from tests.live_sample import environment, go_live
from tests.processes import Nursery, Replica
from tests.sample import sample_record
from tests.schedules.stage import key_of
from tests.servers import Server

T = TypeVar("T")
Say = Callable[[str], None]

NAME = "replicas"  # of the database
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
}
# Elapsed seconds within which everything that is due comes to its end.
PATIENCE = 180.0


@dataclass
class Outcome(deaths.Outcome):
    """What a run came to."""

    restarts: int = 0
    cuts: int = 0
    faults: Counter[str] = field(default_factory=Counter)

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
            f"{self.killed()}; database restarted {self.restarts} times, all its connections cut {self.cuts} times",
            "faults of Slack: " + (", ".join(f"{count} {kind}" for kind, count in self.faults.most_common()) or "none"),
            f"{len(self.states)} planned = "
            + " + ".join(f"{count} {state}" for state, count in by_state.most_common()),
            f"{sum(self.arrived.values())} posts accepted, {len(self.doubled)} doubled, {len(self.lost)} lost",
        ]


class Run:
    """One run: a sandbox in this process, replicas in others, one database between them. All chance is from `seed`."""

    def __init__(
        self,
        folder: Path,
        kills: int,
        until: datetime,
        restarts: int,
        nursery: Nursery,
        *,
        everything: bool,
        seed: int,
        say: Say,
    ) -> None:
        self._say = say
        self._folder, self._kills, self._until, self._restarts = folder, kills, until, restarts
        self._everything = everything
        self._chance = random.Random(seed)
        self._outcome = Outcome()
        self._calendar = FixedCalendar(MONDAY)
        self._nursery = nursery
        self._replicas: list[Replica] = []

    async def run(self) -> Outcome:
        """Steps through the time until `until`."""
        began = time.monotonic()
        self._server = await asyncio.to_thread(Server, self._folder)
        try:
            self._server.execute("ALTER SYSTEM SET fsync = off")
            await self._beside(self._server.make(NAME))
        finally:
            for replica in self._replicas:
                replica.child.kill()
            await asyncio.to_thread(self._server.stop)
        self._outcome.seconds = time.monotonic() - began
        return self._outcome

    async def _beside(self, url: str) -> None:
        await asyncio.to_thread(schema.migrate, database_url(url))
        record = sample_record()
        self._clock = SandboxClock(MONDAY, running=False)
        async with (
            await Sandbox.start(manifest(), workspace_of(record), clock=self._clock) as sandbox,
            open_services(read_settings(_env_file=None, database_url=url), self._calendar) as services,
        ):
            self._sandbox, self._services, self._url = sandbox, services, url
            await go_live(services, sandbox, record, meetings=self._everything)
            self._tell_time()
            self._replicas = [self._start(number) for number in range(len(OFF))]
            await self._steps()
            await self._count()

    def _start(self, number: int) -> Replica:
        off = {"BACKBEAT_TEST_CLOCK_OFF": str(OFF[number])}
        told = environment(self._sandbox, self._url, self._clock_file(number), **TIMES, **off)
        return Replica(number, self._nursery.start("run", environment=told))

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
        await self._until_true(lambda: is_planned(self._services))
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
        kills_left = self._kills - self._outcome.kills.total()
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
        done = self._outcome.kills.total() / max(1, self._kills)
        if self._outcome.restarts < done * self._restarts:
            self._outcome.restarts += 1
            await asyncio.to_thread(self._server.restart)
        elif self._chance.random() < 0.3:
            self._outcome.cuts += 1
            await asyncio.to_thread(self._server.cut, NAME)

    async def _kill_within_an_answer(self) -> bool:
        """Withholds an answer and kills whoever waits for it; False where nothing was posted any more."""
        fault = self._sandbox.faults.add("chat.postMessage", "withhold", seconds=60)
        before = len(self._sandbox.record.posts)
        while not fault.hit or len(self._sandbox.record.posts) == before:
            if await self._is_settled():
                self._sandbox.faults.clear()
                return False
            await asyncio.sleep(0.02)
        key = key_of(self._sandbox.record.posts[-1])
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

    async def _is_settled(self) -> bool:
        return await self._insist(lambda: is_settled(self._services))

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
                raise AssertionError(
                    f"not settled after {PATIENCE:.0f} s: {await self._insist(lambda: unsettled(self._services))}"
                )
            for one in self._replicas:
                code = one.child.returncode
                assert code is None or code == -signal.SIGKILL, b"".join(one.said).decode()
            await asyncio.sleep(0.05)

    async def _count(self) -> None:
        self._outcome.arrive(self._sandbox)
        for row in await posts_due(self._services, self._until):
            self._outcome.states[row.key] = row.state
            self._outcome.reasons[row.key] = row.reason or ""


def _print(line: str) -> None:
    print(line, file=sys.stderr, flush=True)


async def run_replicas(
    folder: Path,
    kills: int,
    until: datetime,
    restarts: int,
    nursery: Nursery,
    *,
    everything: bool = False,
    seed: int = 1,
    say: Say = lambda _line: None,
) -> Outcome:
    """Runs from Monday 7:00 AM of the sample's week until `until`: check-ins, the brief and the digest; or everything,
    with action lists, meetings and owners' previews too."""
    return await Run(folder, kills, until, restarts, nursery, everything=everything, seed=seed, say=say).run()


def main() -> None:
    """The long form, by command."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--weeks", type=float, default=13)
    parser.add_argument("--restarts", type=int, default=20)
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    until = MONDAY + timedelta(weeks=asked.weeks)
    with tempfile.TemporaryDirectory(prefix="bbrep") as name, closing(Nursery()) as nursery:
        folder = Path(name)
        folder.chmod(0o755)
        asked_for = (folder, asked.kills, until, asked.restarts, nursery)
        outcome = asyncio.run(run_replicas(*asked_for, everything=True, seed=asked.seed, say=_print))
    print("\n".join([f"seed {asked.seed}", *outcome.lines()]))
    for key in {*outcome.lost, *outcome.doubled}:
        print(f"{key}: {outcome.states.get(key)}, {outcome.reasons.get(key)}, arrived {outcome.arrived[key]} times")
    sys.exit(1 if outcome.doubled or outcome.lost else 0)


if __name__ == "__main__":
    main()
