"""Ends the bot with SIGKILL again and again while it sends, and counts what arrived by delivery key.

`python -m tests.kills --kills 300 --weeks 4` is the long form; the suite runs a short one. The calendar steps from
due moment to due moment, and stands still while the bot is down or a delivery is unclear.
"""

from __future__ import annotations

import argparse
import asyncio
import sqlite3
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy import select

from bot.clock import FixedCalendar
from bot.demo import workspace_of
from bot.domain.outbox import BY_EMAIL_ONLY, NOTHING_LEFT, WAITS_IN_HOME, State
from bot.domain.record import Record
from bot.opening import open_services
from bot.sandbox import Sandbox, SandboxClock
from bot.services.outbox import NO_OPEN_HOUR
from bot.settings import read_settings
from bot.slack.manifest import manifest
from bot.store.outbox import DeliveryRow
from tests import deaths
from tests.deaths import MONDAY, is_planned, is_settled, posts_due, unsettled
from tests.live_sample import environment, go_live
from tests.processes import Child, Nursery
from tests.sample import sample_record
from tests.schedules.stage import key_of

# Where the bot is when it dies. Half of all kills and more come while Slack has the post and withholds its answer.
WITHHELD, CLAIMED, ANSWERED = "accepted, answer withheld", "claimed, not posted", "answered, not recorded"

# Why a delivery is not sent by itself with nothing going wrong: a closed day, the limit of a week, nothing to say any
# more, or its items went with another one.
BY_RULE = frozenset({NO_OPEN_HOUR, WAITS_IN_HOME, NOTHING_LEFT, "sent together with an earlier message"})

SHORT = {
    "BACKBEAT_TICK_PLAN": "0.1",
    "BACKBEAT_TICK_DISPATCH": "0.05",
    "BACKBEAT_TICK_RECONCILE": "0.05",
    "BACKBEAT_LEASE_SECONDS": "0.6",
    "BACKBEAT_POST_TIMEOUT_SECONDS": "0.25",
    "BACKBEAT_LOOK_AFTER_SECONDS": "[0.1, 0.2, 0.3]",
    "BACKBEAT_POST_SPACING_SECONDS": "0",
    "BACKBEAT_POSTS_AT_ONCE": "1",
}


@dataclass
class Outcome(deaths.Outcome):
    """What a run came to, without what is not sent by rule."""

    beside: int = 0  # kills that found nothing under way any more: a busy machine was slow to strike; they don't count
    by_rule: int = 0  # deliveries that are not sent by themselves however well all goes

    @property
    def lost(self) -> list[str]:
        return [key for key in self.states if self.arrived[key] == 0]

    @property
    def unsettled(self) -> dict[str, str]:
        return {key: state for key, state in self.states.items() if state != State.SENT}

    def lines(self) -> list[str]:
        """The figures, for a person to read."""
        return [
            self.killed() + (f"; {self.beside} more hit nothing" if self.beside else ""),
            f"{len(self.states)} deliveries planned, {sum(self.arrived.values())} posts accepted: "
            f"{len(self.doubled)} doubled, {len(self.lost)} lost, {len(self.unsettled)} not settled as sent"
            + (f"; {self.by_rule} not sent by rule" if self.by_rule else ""),
        ]


class Process:
    """The bot as its own process. A restart takes little: it is forked from one that has imported everything."""

    def __init__(self, environment: dict[str, str], nursery: Nursery) -> None:
        self._environment = environment
        self._nursery = nursery
        self._child: Child | None = None

    def start(self) -> None:
        self._child = self._nursery.start("run", environment=self._environment)

    @property
    def is_running(self) -> bool:
        """Whether the bot lives."""
        return self._child is not None and self._child.returncode is None

    async def kill(self) -> None:
        assert self._child is not None
        self._child.kill()
        await self._child.ended()
        self._child.close()
        self._child = None

    async def stop(self) -> None:
        if self._child is not None:
            await self.kill()


class Run:
    """One run: a sandbox in this process, the bot in another, one database between them."""

    def __init__(
        self, folder: Path, kills: int, until: datetime, nursery: Nursery, *, everything: bool, each: int | None
    ) -> None:
        self._nursery = nursery
        self._everything = everything
        self._each = each
        self._folder = folder
        self._kills = kills
        self._until = until
        self._outcome = Outcome()
        self._calendar = FixedCalendar(MONDAY)

    async def run(self) -> Outcome:
        """Steps through the time until `until` and kills on the way."""
        began = time.monotonic()
        record = self._record()
        self._database = self._folder / "kills.db"
        clock_file = self._folder / "clock.json"
        self._clock = SandboxClock(MONDAY, running=False, clock_file=clock_file)
        settings = read_settings(_env_file=None, database_url=f"sqlite:///{self._database}", **self._mail())
        async with (
            await Sandbox.start(manifest(), workspace_of(record), clock=self._clock) as sandbox,
            open_services(settings, self._calendar) as services,
        ):
            self._sandbox, self._services = sandbox, services
            await go_live(services, sandbox, record, meetings=self._everything)
            told = environment(sandbox, settings.database_url, clock_file, **self._settings())
            self._process = Process(told, self._nursery)
            try:
                self._process.start()
                await self._steps()
            finally:
                await self._process.stop()
            await self._count()
        self._outcome.seconds = time.monotonic() - began
        return self._outcome

    def _record(self) -> Record:
        """Of whose weeks it is."""
        return sample_record()

    def _mail(self) -> dict[str, str]:
        """The settings by which it sends mail: none."""
        return {}

    def _settings(self) -> dict[str, str]:
        """What the bot is told beside where everything is."""
        return SHORT

    async def _steps(self) -> None:
        await self._until_true(lambda: is_planned(self._services), 30.0)
        await self._settle()
        while True:
            due = await self._services.rhythm.next_due(self._calendar.now(), self._until)
            moment = due or self._until
            self._calendar.set(moment)
            self._clock.sleep(moment)
            await self._settle()
            if due is None:
                return

    async def _settle(self) -> None:
        """Kills while there is something to send, and lets the bot finish at last."""
        most = self._kills
        if self._each is not None:
            most = min(most, self._outcome.kills.total() + self._each)
        while self._outcome.kills.total() < most:
            if not await self._kill_in(self._next_window()):
                break
        self._mend()
        await self._until_true(self._is_settled, 30.0, pause=0.04)

    def _mend(self) -> None:
        """Lets nothing go wrong from now on."""
        self._sandbox.faults.clear()

    async def _is_settled(self) -> bool:
        return await is_settled(self._services)

    def _next_window(self) -> str:
        """A post can die once with its answer withheld or unrecorded, but before it is posted any number of times.

        So a third of all kills come before the post, one at each message to a person, and a fourth of the rest after
        the answer.
        """
        before = self._outcome.kills[CLAIMED]
        after = self._outcome.kills.total() - before
        if before <= after and before < self._kills // 3:
            return CLAIMED
        return ANSWERED if after % 4 == 3 else WITHHELD

    async def _kill_in(self, window: str) -> bool:
        """Kills once in this window; false where everything was settled before it came to that."""
        posts = len(self._sandbox.record.posts)
        match window:
            case "accepted, answer withheld":
                fault = self._sandbox.faults.add("chat.postMessage", "withhold", seconds=60)
                hit = await self._hit_or_settled(lambda: len(self._sandbox.record.posts) > posts)
            case "claimed, not posted":
                # Every post waits here before Slack takes it, so that none of them has arrived meanwhile.
                fault = self._sandbox.faults.add("chat.postMessage", "delay", times=100, seconds=0.5)
                hit = await self._hit_or_settled(lambda: fault.hit > 0 or len(self._sandbox.record.posts) > posts)
                await self._die_if(hit, posts, withheld=True)
                return hit
            case _:
                return await self._kill_before_record(posts)
        await self._die_if(hit, posts, withheld=True)
        return hit

    async def _die_if(self, hit: bool, posts: int, *, withheld: bool) -> None:
        if hit:
            await self._die(posts, withheld=withheld)
        self._sandbox.faults.clear()

    async def _kill_before_record(self, posts: int) -> bool:
        """Takes the database's write lock while the post is under way, so that its outcome can't be recorded."""
        fault = self._sandbox.faults.add("chat.postMessage", "delay", seconds=0.12)
        if not await self._hit_or_settled(lambda: fault.hit > 0):
            self._sandbox.faults.clear()
            return False
        try:
            with self._locked():
                await self._until_true(self._more_posts_than(posts), 5.0)
                # The answer is on its way back; the bot now waits for the lock that is held here.
                await asyncio.sleep(0.03)
                await self._die(posts, withheld=False)
        finally:
            self._sandbox.faults.clear()
        return True

    @contextmanager
    def _locked(self) -> Iterator[None]:
        """Holds the database's write lock: nothing can be recorded."""
        lock = sqlite3.connect(self._database, isolation_level=None, timeout=5)
        try:
            lock.execute("BEGIN IMMEDIATE")
            yield
        finally:
            if lock.in_transaction:
                lock.execute("ROLLBACK")
            lock.close()

    def _more_posts_than(self, posts: int) -> Callable[[], Awaitable[bool]]:
        async def there() -> bool:
            return len(self._sandbox.record.posts) > posts

        return there

    async def _die(self, posts: int, *, withheld: bool) -> None:
        await self._process.kill()
        self._note(await self._window(posts, withheld))
        self._process.start()

    def _note(self, window: str | None) -> None:
        """Counts a kill where it came."""
        if window is None:
            self._outcome.beside += 1
        else:
            self._outcome.kills[window] += 1

    async def _window(self, posts: int, withheld: bool) -> str | None:
        """In which window the bot really was, by what Slack has and what the database knows; None outside of all."""
        async with self._services.database.read() as session:
            claimed = set(
                await session.scalars(
                    # On a busy machine the bot may have given the answer up a moment before it dies.
                    select(DeliveryRow.key).where(
                        DeliveryRow.state.in_([State.CLAIMED, State.AMBIGUOUS]), DeliveryRow.operation == "post"
                    )
                )
            )
        arrived = {key_of(post) for post in self._sandbox.record.posts[posts:]}
        if not claimed:
            return None
        if not claimed & arrived:
            return CLAIMED
        return WITHHELD if withheld else ANSWERED

    async def _hit_or_settled(self, hit: Callable[[], bool]) -> bool:
        quiet = 0
        deadline = time.monotonic() + 30
        while time.monotonic() < deadline:
            # Whether it hit costs nothing to ask, whether all is settled two statements.
            for _ in range(4):
                if hit():
                    return True
                await asyncio.sleep(0.01)
            # Settled twice in a row: between a plan and its claim there is a moment that looks like rest.
            quiet = quiet + 1 if await self._is_settled() else 0
            if quiet >= 2:
                return False
            self._check_that_it_lives()
        raise AssertionError(f"the bot neither sent anything nor came to rest: {await unsettled(self._services)}")

    async def _until_true(self, condition: Callable[[], Awaitable[bool]], limit: float, pause: float = 0.01) -> None:
        deadline = time.monotonic() + limit
        while not await condition():
            if time.monotonic() > deadline:
                raise AssertionError(f"not settled after {limit:.0f} s: {await unsettled(self._services)}")
            self._check_that_it_lives()
            await asyncio.sleep(pause)

    def _check_that_it_lives(self) -> None:
        assert self._process.is_running, "the bot ended by itself"

    async def _count(self) -> None:
        self._outcome.arrive(self._sandbox)
        for row in await posts_due(self._services, self._until):
            # Where no mail is set up, what somebody reads by e-mail only waits until it is passed on, or is too late.
            waits = row.state in {State.PLANNED, State.MISSED} and BY_EMAIL_ONLY.words in (row.reason or "")
            if waits or (row.state in {State.MISSED, State.DROPPED} and row.reason in BY_RULE):
                self._outcome.by_rule += 1
                continue
            self._outcome.states[row.key] = row.state
            self._outcome.reasons[row.key] = f"{row.kind}, due {row.due_at:%b %d %H:%M}: {row.reason}"


async def run_kills(
    folder: Path, kills: int, until: datetime, nursery: Nursery, *, everything: bool = False, each: int | None = None
) -> Outcome:
    """Runs from Monday 7:00 AM of the sample's week until `until`: check-ins, the brief and the digest; or everything,
    with action lists, meetings and owners' previews too. `each`: so many kills at most at one moment of the calendar,
    so that a few of them come to more than the first messages."""
    return await Run(folder, kills, until, nursery, everything=everything, each=each).run()


def main() -> None:
    """The long form, by command."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=300)
    parser.add_argument("--weeks", type=int, default=12)
    arguments = parser.parse_args()
    until = MONDAY + timedelta(weeks=arguments.weeks)
    with tempfile.TemporaryDirectory(prefix="backbeat-kills-") as folder, closing(Nursery()) as nursery:
        outcome = asyncio.run(run_kills(Path(folder), arguments.kills, until, nursery, everything=True))
    print("\n".join(outcome.lines()))
    for key in {*outcome.lost, *outcome.unsettled}:
        print(f"{key}: {outcome.states[key]}, {outcome.reasons[key]}")
    sys.exit(1 if outcome.doubled or outcome.lost or outcome.unsettled else 0)


if __name__ == "__main__":
    main()
