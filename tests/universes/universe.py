"""One universe: processes are born, stop and die while they send, people act, Slack fails. Then all is mended, and
what came of it is judged."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import Any, cast

from bot.clock import FixedCalendar
from bot.errors import Busy, UserError
from tests.services.stage import Stage
from tests.universes.chances import Chances
from tests.universes.connection import connecting_here
from tests.universes.judge import PATIENCE, judge, rest
from tests.universes.loop import NothingToDo
from tests.universes.outlook import Outlook
from tests.universes.process import Process
from tests.universes.room import Room
from tests.universes.slack import Slack
from tests.universes.templates import BEGINNINGS
from tests.universes.world import World

# Virtual seconds by which some are wild for longer, until the digest goes.
LONGER = 300.0
# The share of processes that have read nothing of the record before; the others did when the universe began.
UNREAD = 0.1
# By so many seconds each machine's clock may be off.
FURTHEST_CLOCK = 59.0


@dataclass(frozen=True)
class Verdict:
    """What came of one universe. `faults` are broken promises, `fingerprint` a hash of its log of events."""

    seed: int
    fingerprint: str
    faults: tuple[str, ...]
    happened: Counter[str]
    log: Sequence[str]

    def in_short(self) -> Verdict:
        """The same without the log of events."""
        return replace(self, log=())

    def lines(self) -> list[str]:
        """For a person to read."""
        return [f"seed {self.seed}, log {self.fingerprint[:16]}: {fault}" for fault in self.faults]


def live(seed: int, room: Room) -> Verdict:
    """Lives through the universe of this seed."""
    return Universe(seed, room).live()


class Universe:
    """The course of one universe, by its seed."""

    def __init__(self, seed: int, room: Room) -> None:
        self.seed = seed
        self._chances = chances = Chances(seed).about("course")
        self.beginning = chances.choices(BEGINNINGS, [one.share for one in BEGINNINGS])[0]
        template = room.templates[self.beginning.name]
        room.place.fill(template)
        self._known = template.snapshots
        self.world = World(seed, self.beginning.begins_at, room.place)
        self.slack = Slack(self.world, self.world.chances.about("slack"), chances.choice((0.05, 0.15, 0.3, 0.5)))
        self.outlook = Outlook(self.world)
        self.world.stop_share = chances.choice((0.0, 0.0, 0.02, 0.1))
        self._is_apart = chances.random() < 0.5
        self._lives = chances.choice((40, 100, 300, 1000))  # points that a process lives, in the mean
        self._asked = [(who, f"p{number}") for number, who in enumerate(self.beginning.owners, start=1)]
        self._numbers = 0
        self._all: list[Process] = []

    def live(self) -> Verdict:
        """All of it."""
        loop = self.world.loop
        with connecting_here():
            asyncio.set_event_loop(loop)
            try:
                faults = loop.run_until_complete(self._live())
            except NothingToDo:
                faults = ["everybody waits for what never comes"]
            finally:
                self._clear_up()
                asyncio.set_event_loop(None)
        return Verdict(self.seed, self.world.fingerprint, tuple(faults), self.world.happened, self.world.tail)

    async def _live(self) -> list[str]:
        loop, chances, world = self.world.loop, self._chances, self.world
        # Until then things go wrong.
        wild = chances.uniform(30.0, 180.0) + LONGER * (chances.random() < 0.3)
        places = [loop.create_task(self._keep_running(place)) for place in range(chances.choice((1, 1, 2, 2, 3)))]
        world.happened[f"universes of {len(places)} places"] += 1
        world.happened[f"universes that begin with: {self.beginning.name}"] += 1
        world.happened["universes of clocks apart"] += self._is_apart
        people = loop.create_task(self._people(wild))
        await asyncio.sleep(wild)
        world.note("mended")
        world.is_mended = True
        self.slack.trouble, self.slack.revoked_until = 0.0, 0.0
        self.slack.gone.clear()
        people.cancel()
        await rest(world)
        world.happened.update({f"Slack: {what}": count for what, count in self.slack.seen.items()})
        for one in self.slack.accepted:
            world.happened["posts"] += 1
            if one.thread_ts is not None:
                world.happened["posts in a thread"] += 1
            else:
                world.happened["posts to a person" if one.channel.startswith("D") else "posts to a channel"] += 1
        world.happened["updates"] += sum(one.updates for one in self.slack.accepted)
        alive = next((one for one in self._all if not one.is_dead), None)
        faults = await judge(world, self.slack, alive or self._born(ahead=0.0, left=None))
        for place in places:
            place.cancel()
        return faults + [f"process {one.number} lives without all its jobs" for one in self._all if not one.is_whole]

    async def _keep_running(self, place: int) -> None:
        """Starts a process there again and again; half of them die at a point of their own, some at a moment."""
        world, chances = self.world, self.world.chances.about(f"place {place}")
        ahead = chances.uniform(-FURTHEST_CLOCK, FURTHEST_CLOCK) if self._is_apart else 0.0
        await asyncio.sleep(chances.uniform(0.0, 5.0))
        while True:
            at_point = chances.random() < 0.6
            left = 1 + int(chances.expovariate(1 / self._lives)) if at_point else None
            process = self._born(ahead=ahead, left=left)
            process.start()
            until = world.loop.time() + chances.expovariate(1 / 60.0)
            while not process.is_dead:
                await asyncio.sleep(1.0)
                if not at_point and world.loop.time() >= until and not world.is_mended:
                    world.happened["deaths at a moment"] += 1
                    process.die()
                if world.is_mended and process.is_dead is False:
                    await asyncio.sleep(PATIENCE)
            world.happened["deaths"] += 1
            await asyncio.sleep(chances.expovariate(1 / 40.0))

    def _born(self, *, ahead: float, left: int | None) -> Process:
        self._numbers += 1
        self.world.note("begins", self._numbers, round(ahead, 3))
        process = Process(
            self.world,
            self.slack,
            self.outlook,
            self._numbers,
            ahead=ahead,
            left=left,
            plans=not self.beginning.is_planned,
            known=self._known if self._chances.random() >= UNREAD else None,
        )
        self._all.append(process)
        return process

    async def _people(self, wild: float) -> None:
        """What people do meanwhile: write, correct what they wrote, answer; accounts go and come."""
        chances = self.world.chances.about("people")
        letters = 0
        while True:
            await asyncio.sleep(chances.uniform(5.0, wild))
            alive = [one for one in self._all if not one.is_dead]
            if not alive:
                continue
            process = chances.choice(alive)
            what = chances.choice(("letter", "correction", "deactivated", *(["answer"] if self._asked else [])))
            self.world.note("people", what)
            match what:
                case "letter":
                    letters += 1
                    process.do(self._write(process, f"more-{letters}", "And this?"))
                case "correction":
                    process.do(self._write(process, f"more-{letters}", f"And that {self.world.loop.time():.0f}?"))
                case "answer":
                    process.do(self._answer(process, *chances.choice(self._asked)))
                case _:
                    account = f"U{chances.choice(('ana', 'ben', 'cal', 'lou')).upper()}1"
                    self.slack.gone ^= {account}
            self.world.happened[f"people: {what}"] += 1

    async def _write(self, process: Process, key: str, text: str) -> None:
        stage = Stage(process.services, cast(FixedCalendar, process.calendar), 1)
        with suppress(UserError, Busy):
            await process.services.letters.send(await stage.actor("lou"), key, ["ana", "ben"], text)

    async def _answer(self, process: Process, who: str, priority: str) -> None:
        stage = Stage(process.services, cast(FixedCalendar, process.calendar), 1)
        with suppress(UserError, Busy, AssertionError):
            await stage.answer(who, priority, form=f"view-{who}")

    def _clear_up(self) -> None:
        """Ends everything, so that nothing of this universe lives on."""
        loop = self.world.loop
        for process in self._all:
            process.die()
        loop.set_exception_handler(lambda _loop, _about: None)
        left: list[asyncio.Task[Any]] = [task for task in asyncio.all_tasks(loop) if not task.done()]
        for task in left:
            task.cancel()
        with suppress(NothingToDo):
            loop.run_until_complete(asyncio.gather(*left, return_exceptions=True))
        loop.close()
        self.world.place.give_back(self.world.peek)
        for process in self._all:
            process.give_back()
