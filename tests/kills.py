"""Ends the bot with SIGKILL again and again while it sends, and counts what arrived by delivery key.

`python -m tests.kills --kills 300 --weeks 4` is the long form; the suite runs a short one. The calendar steps from
due moment to due moment, and stands still while the bot is down or a delivery is unclear.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import sqlite3
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy import select

from bot.clock import FixedCalendar
from bot.demo import user_id_of, workspace_of
from bot.domain.outbox import NOTHING_LEFT, WAITS_IN_HOME, State
from bot.opening import open_services
from bot.sandbox import Sandbox, SandboxClock
from bot.services import Services
from bot.services.access import operator
from bot.services.outbox import NO_OPEN_HOUR
from bot.settings import read_settings
from bot.slack.manifest import manifest
from bot.store.outbox import DeliveryRow
from bot.store.rhythm import ScheduleRow
from tests.processes import Child, Nursery
from tests.sample import sample_record
from tests.services.stage import rest_meetings

MONDAY = datetime.fromisoformat("2026-11-23T07:00:00-06:00")
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
    "BACKBEAT_LOG_LEVEL": "ERROR",
}


@dataclass
class Outcome:
    """What a run came to. `arrived` counts accepted posts by delivery key."""

    kills: Counter[str] = field(default_factory=Counter)
    beside: int = 0  # kills that found nothing under way any more: a busy machine was slow to strike; they don't count
    planned: dict[str, str] = field(default_factory=dict)  # key → state
    reasons: dict[str, str] = field(default_factory=dict)
    arrived: Counter[str] = field(default_factory=Counter)
    by_rule: int = 0  # deliveries that are not sent by themselves however well all goes
    seconds: float = 0.0

    @property
    def doubled(self) -> list[str]:
        return [key for key, count in self.arrived.items() if count > 1]

    @property
    def lost(self) -> list[str]:
        return [key for key in self.planned if self.arrived[key] == 0]

    @property
    def unsettled(self) -> dict[str, str]:
        return {key: state for key, state in self.planned.items() if state != State.SENT}

    def lines(self) -> list[str]:
        """The figures, for a person to read."""
        total = sum(self.kills.values())
        windows = ", ".join(f"{count} {window}" for window, count in self.kills.most_common())
        return [
            f"{total} kills in {self.seconds:.0f} s: {windows}"
            + (f"; {self.beside} more hit nothing" if self.beside else ""),
            f"{len(self.planned)} deliveries planned, {sum(self.arrived.values())} posts accepted: "
            f"{len(self.doubled)} doubled, {len(self.lost)} lost, {len(self.unsettled)} not settled as sent"
            + (f"; {self.by_rule} not sent by rule" if self.by_rule else ""),
        ]


class Process:
    """The bot as its own process. A restart takes little: it is forked from one that has imported everything."""

    def __init__(self, environment: dict[str, str]) -> None:
        self._environment = environment
        self._nursery = Nursery()
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
        self._nursery.close()


class Run:
    """One run: a sandbox in this process, the bot in another, one database between them."""

    def __init__(self, folder: Path, kills: int, until: datetime, *, everything: bool) -> None:
        self._everything = everything
        self._folder = folder
        self._kills = kills
        self._until = until
        self._outcome = Outcome()
        self._calendar = FixedCalendar(MONDAY)

    async def run(self) -> Outcome:
        """Steps through the time until `until` and kills on the way."""
        began = time.monotonic()
        record = sample_record()
        self._database = self._folder / "kills.db"
        clock_file = self._folder / "clock.json"
        self._clock = SandboxClock(MONDAY, running=False, clock_file=clock_file)
        settings = read_settings(_env_file=None, database_url=f"sqlite:///{self._database}")
        async with (
            await Sandbox.start(manifest(), workspace_of(record), clock=self._clock) as sandbox,
            open_services(settings, self._calendar) as services,
        ):
            self._sandbox, self._services = sandbox, services
            result = await services.coalitions.import_record(record)
            actor = operator(result.coalition_id or 0)
            if not self._everything:
                await rest_meetings(services, actor.coalition_id, "reminder", "preview")
            await services.coalitions.go_live(actor)
            await self._link_everybody(services, result.coalition_id or 0)
            self._process = Process(
                {
                    **os.environ,
                    **SHORT,
                    "SLACK_BOT_TOKEN": sandbox.bot_token,
                    "SLACK_APP_TOKEN": sandbox.app_token,
                    "SLACK_API_URL": sandbox.api_url,
                    "DATABASE_URL": f"sqlite:///{self._database}",
                    "BACKBEAT_CLOCK_FILE": str(clock_file),
                }
            )
            try:
                self._process.start()
                await self._steps()
            finally:
                await self._process.stop()
            await self._count(services)
        self._outcome.seconds = time.monotonic() - began
        return self._outcome

    async def _link_everybody(self, services: Services, coalition_id: int) -> None:
        record = await services.coalitions.record(operator(coalition_id))
        for member in record.members:
            if member.access == "email_only":
                continue
            user = self._sandbox.workspace.users[user_id_of(member.id)]
            await services.people.link(operator(coalition_id), member.id, user.team_id, user.id, by="command")

    async def _steps(self) -> None:
        await self._until_true(self._is_planned, 30.0)
        await self._settle()
        while True:
            due = await self._services.rhythm.next_due(self._calendar.now(), self._until)
            moment = due or self._until
            self._calendar.set(moment)
            self._clock.sleep(moment)
            await self._settle()
            if due is None:
                return

    async def _is_planned(self) -> bool:
        """Whether the bot has worked out when anything is due at all."""
        async with self._services.database.read() as session:
            return await session.scalar(select(ScheduleRow.id).limit(1)) is not None

    async def _settle(self) -> None:
        """Kills while there is something to send, and lets the bot finish at last."""
        while sum(self._outcome.kills.values()) < self._kills:
            if not await self._kill_in(self._next_window()):
                break
        self._sandbox.faults.clear()
        await self._until_true(self._is_settled, 30.0)

    async def _is_settled(self) -> bool:
        return await self._services.rhythm.is_settled() and await self._services.deliveries.is_settled()

    def _next_window(self) -> str:
        """A post can die once with its answer withheld or unrecorded, but before it is posted any number of times.

        So a third of all kills come before the post, one at each message to a person, and a fourth of the rest after
        the answer.
        """
        before = self._outcome.kills[CLAIMED]
        after = sum(self._outcome.kills.values()) - before
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
        lock = sqlite3.connect(self._database, isolation_level=None, timeout=5)
        try:
            lock.execute("BEGIN IMMEDIATE")
            await self._until_true(self._more_posts_than(posts), 5.0)
            # The answer is on its way back; the bot now waits for the lock that is held here.
            await asyncio.sleep(0.03)
            await self._die(posts, withheld=False)
        finally:
            lock.execute("ROLLBACK")
            lock.close()
            self._sandbox.faults.clear()
        return True

    def _more_posts_than(self, posts: int) -> Callable[[], Awaitable[bool]]:
        async def there() -> bool:
            return len(self._sandbox.record.posts) > posts

        return there

    async def _die(self, posts: int, *, withheld: bool) -> None:
        await self._process.kill()
        window = await self._window(posts, withheld)
        if window is None:
            self._outcome.beside += 1
        else:
            self._outcome.kills[window] += 1
        self._process.start()

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
        arrived = {_key(post.metadata) for post in self._sandbox.record.posts[posts:]}
        if not claimed:
            return None
        if not claimed & arrived:
            return CLAIMED
        return WITHHELD if withheld else ANSWERED

    async def _hit_or_settled(self, hit: Callable[[], bool]) -> bool:
        quiet = 0
        deadline = time.monotonic() + 30
        while time.monotonic() < deadline:
            if hit():
                return True
            # Settled twice in a row: between a plan and its claim there is a moment that looks like rest.
            quiet = quiet + 1 if await self._is_settled() else 0
            if quiet >= 2:
                return False
            self._check_that_it_lives()
            await asyncio.sleep(0.01)
        raise AssertionError(f"the bot neither sent anything nor came to rest: {await self._unsettled()}")

    async def _until_true(self, condition: Callable[[], Awaitable[bool]], limit: float) -> None:
        deadline = time.monotonic() + limit
        while not await condition():
            if time.monotonic() > deadline:
                raise AssertionError(f"not settled after {limit:.0f} s: {await self._unsettled()}")
            self._check_that_it_lives()
            await asyncio.sleep(0.01)

    def _check_that_it_lives(self) -> None:
        assert self._process.is_running, "the bot ended by itself"

    async def _unsettled(self) -> list[tuple[str, str, str | None]]:
        async with self._services.database.read() as session:
            rows = await session.scalars(select(DeliveryRow).where(DeliveryRow.state != State.SENT))
            return [(row.kind, row.state, row.reason) for row in rows]

    async def _count(self, services: Services) -> None:
        self._outcome.arrived = Counter(
            key for post in self._sandbox.record.posts if (key := _key(post.metadata)) is not None
        )
        async with services.database.read() as session:
            rows = await session.scalars(
                select(DeliveryRow).where(DeliveryRow.operation == "post", DeliveryRow.due_at <= self._until)
            )
            for row in rows:
                if row.state in {State.MISSED, State.DROPPED} and row.reason in BY_RULE:
                    self._outcome.by_rule += 1
                    continue
                self._outcome.planned[row.key] = row.state
                self._outcome.reasons[row.key] = f"{row.kind}, due {row.due_at:%b %d %H:%M}: {row.reason}"


def _key(metadata: object) -> str | None:
    payload = metadata.get("event_payload") if isinstance(metadata, dict) else None
    return payload.get("key") if isinstance(payload, dict) else None


async def run_kills(folder: Path, kills: int, until: datetime, *, everything: bool = False) -> Outcome:
    """Runs from Monday 7:00 AM of the sample's week until `until`: check-ins, the brief and the digest; or everything,
    with action lists, meetings and owners' previews too."""
    return await Run(folder, kills, until, everything=everything).run()


def main() -> None:
    """The long form, by command."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=300)
    parser.add_argument("--weeks", type=int, default=12)
    arguments = parser.parse_args()
    until = MONDAY + timedelta(weeks=arguments.weeks)
    with tempfile.TemporaryDirectory(prefix="backbeat-kills-") as folder:
        outcome = asyncio.run(run_kills(Path(folder), arguments.kills, until, everything=True))
    print("\n".join(outcome.lines()))
    for key in {*outcome.lost, *outcome.unsettled}:
        print(f"{key}: {outcome.planned[key]}, {outcome.reasons[key]}")
    sys.exit(1 if outcome.doubled or outcome.lost or outcome.unsettled else 0)


if __name__ == "__main__":
    main()
