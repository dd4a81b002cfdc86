"""One universe: processes are born, stop and die while they send, people act, Slack fails. Then all is mended, and
what came of it is judged."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

from bot.clock import FixedCalendar
from bot.errors import Busy, UserError
from tests.services.stage import Stage
from tests.universes.chances import Chances
from tests.universes.connection import connecting_here
from tests.universes.judge import is_at_rest, judge
from tests.universes.loop import NothingToDo
from tests.universes.outlook import Outlook
from tests.universes.process import Process
from tests.universes.room import Room
from tests.universes.slack import Slack
from tests.universes.templates import Templates
from tests.universes.world import World

# Of ten universes so many begin before anything is planned.
UNPLANNED = 0.2
# Virtual seconds until everything has to have ended once the world is mended: thirty questions in vain of a minute each
# are the longest way.
PATIENCE = 3600.0
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

    def lines(self) -> list[str]:
        """For a person to read."""
        return [f"seed {self.seed}, log {self.fingerprint[:16]}: {fault}" for fault in self.faults]


def live(seed: int, room: Room) -> Verdict:
    """Lives through the universe of this seed."""
    return Universe(seed, room.templates, room.path).live()


class Universe:
    """The course of one universe, by its seed."""

    def __init__(self, seed: int, templates: Templates, path: Path) -> None:
        self.seed = seed
        self._chances = chances = Chances(seed).about("course")
        self.is_planned = chances.random() >= UNPLANNED
        start = templates.begin(path, planned=self.is_planned)
        self.world = World(seed, start, path)
        self.slack = Slack(self.world, self.world.chances.about("slack"), chances.choice((0.05, 0.15, 0.3, 0.5)))
        self.outlook = Outlook(self.world)
        self.world.stop_share = chances.choice((0.0, 0.0, 0.02, 0.1))
        self._is_apart = chances.random() < 0.5
        self._lives = chances.choice((30, 100, 300, 1000))  # points that a process lives, in the mean
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
        wild = chances.uniform(30.0, 180.0) + (360.0 if self.is_planned else 2160.0) * (chances.random() < 0.5)
        places = [loop.create_task(self._keep_running(place)) for place in range(chances.choice((1, 2, 2, 3)))]
        people = loop.create_task(self._people(wild))
        await asyncio.sleep(wild)
        world.note("mended")
        world.is_mended = True
        self.slack.trouble, self.slack.revoked_until = 0.0, 0.0
        self.slack.gone.clear()
        people.cancel()
        deadline = loop.time() + PATIENCE
        rests = 0
        while rests < 2 and loop.time() < deadline:
            await asyncio.sleep(5.0)
            # Twice, since what is done may be followed by something.
            rests = rests + 1 if is_at_rest(world) else 0
        for place in places:
            place.cancel()
        world.happened.update({f"Slack: {what}": count for what, count in self.slack.seen.items()})
        world.happened["posts"] += len(self.slack.accepted)
        faults = [f"process {one.number} lives without all its jobs" for one in self._all if not one.is_whole]
        alive = next((one for one in self._all if not one.is_dead), None)
        return faults + await judge(world, self.slack, alive or self._born(ahead=0.0, left=None))

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
            await asyncio.sleep(chances.expovariate(1 / 30.0))

    def _born(self, *, ahead: float, left: int | None) -> Process:
        self._numbers += 1
        self.world.note("begins", self._numbers, round(ahead, 3))
        process = Process(
            self.world, self.slack, self.outlook, self._numbers, ahead=ahead, left=left, plans=not self.is_planned
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
            what = chances.choice(("letter", "correction", "answer", "deactivated"))
            self.world.note("people", what)
            match what:
                case "letter":
                    letters += 1
                    process.do(self._write(process, f"more-{letters}", "And this?"))
                case "correction":
                    process.do(self._write(process, f"more-{letters}", f"And that {self.world.loop.time():.0f}?"))
                case "answer":
                    process.do(self._answer(process, *chances.choice((("ana", "p1"), ("ben", "p2"), ("cal", "p3")))))
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
        self.world.peek.close()
        for process in self._all:
            process.give_back()
