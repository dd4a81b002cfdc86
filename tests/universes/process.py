"""One process of the bot: the product's services, gateway and heartbeat with its jobs, under clocks of its own.

APScheduler, which asks the machine's clock, is not here: its four jobs are ticks of the same seconds. A tick that would
find nothing due is skipped, so that idle hours cost nothing.
"""

from __future__ import annotations

import asyncio
import contextvars
from collections.abc import Awaitable, Callable, Coroutine
from datetime import UTC, datetime
from typing import Any, cast

from slack_sdk.web.async_client import AsyncWebClient

from bot.clock import SystemCalendar
from bot.services import Services
from bot.slack.directory import Token
from bot.slack.gateway import Gateway
from bot.slack.workspaces import ServedWorkspace, Workspaces
from bot.store.record import Snapshots
from schedules.scheduler import Heartbeat, Ticks
from tests.universes.connection import LINE, Line
from tests.universes.loop import PROCESS
from tests.universes.outlook import Outlook
from tests.universes.slack import TEAM, Client, Slack
from tests.universes.world import World

TICKS = Ticks()


class Clock:
    """A machine's elapsed time. `ahead`: seconds by which its clock is wrong."""

    def __init__(self, world: World, ahead: float) -> None:
        self._world, self.ahead = world, ahead

    def monotonic(self) -> float:
        return self._world.loop.time() + 1000.0

    def epoch(self) -> float:
        return self._world.epoch() + self.ahead


class MachinesCalendar(SystemCalendar):
    """That machine's calendar, which the product compares with Slack's as it does its own."""

    def __init__(self, clock: Clock) -> None:
        super().__init__()
        self._clock = clock

    def now(self) -> datetime:
        return datetime.fromtimestamp(self._clock.epoch(), UTC) - self.ahead


class Process:
    """One life under a number. `left`: at how many points it may still be before it dies. `known`: what it has read of
    the record before."""

    def __init__(
        self,
        world: World,
        slack: Slack,
        outlook: Outlook,
        number: int,
        *,
        ahead: float,
        left: int | None,
        plans: bool,
        known: Snapshots | None,
    ) -> None:
        self.world, self.number = world, number
        self.is_dead = False
        self.statements = 0
        self._outlook = outlook
        self._tasks: list[asyncio.Task[Any]] = []
        self._jobs: list[asyncio.Task[Any]] = []
        self._context = contextvars.Context()
        self._context.run(PROCESS.set, number)
        chances = world.chances.about(f"process {number}")
        self._line = Line(world, self, chances, left)
        self._phases = {name: chances.random() * seconds for name, seconds in _SECONDS.items()}
        world.processes[number] = self
        clock = Clock(world, ahead)
        self.calendar = MachinesCalendar(clock)
        # Its connections find their line in the context in which they are opened.
        self._context.run(LINE.set, self._line)
        self.database = world.place.borrow()
        if known is not None:
            # What it reads is what has changed since: a process that lives long does as much.
            self.database.snapshots = known.copy()
        self.services = Services(self.database, self.calendar, clock, owner=f"process {number}")
        # Leases go by the database's clock, which is nobody's own.
        self.database.elapsed = Clock(world, 0.0)
        client = cast(AsyncWebClient, Client(slack, number))
        self.gateway = Gateway(client, clock)
        token = Token(team_id=TEAM, team=None, enterprise_id=None, bot_user_id="UBOT", scopes=frozenset())
        workspaces = Workspaces(ServedWorkspace(token, client, self.gateway, coalition_id=1))
        self.services.deliveries.coalitions = workspaces.coalitions
        self.heartbeat = Heartbeat(self.services, workspaces, clock)
        if not plans:
            self.heartbeat.plan = _plan_nothing  # type: ignore[method-assign]
            # Nor does it say at its start that its clock is right.
            self.heartbeat.clock._was_right = True

    def start(self) -> None:
        """Begins its jobs."""
        heartbeat = self.heartbeat
        self._jobs.append(self.do(heartbeat._serve_wakes()))
        heartbeat._wake.set()
        jobs: list[tuple[str, Callable[[], Awaitable[object]]]] = [
            ("dispatch", heartbeat._dispatch),
            ("reconcile", heartbeat._reconcile),
        ]
        if heartbeat.plan is not _plan_nothing:
            jobs.append(("plan", heartbeat.plan))
        for name, body in jobs:
            self._jobs.append(self.do(self._tick(name, heartbeat._guard(name, body, watched=False))))

    def do(self, work: Coroutine[Any, Any, Any]) -> asyncio.Task[Any]:
        """Has this done as a task of this process."""
        task = self.world.loop.create_task(work, context=self._context)
        self._tasks.append(task)
        return task

    async def _tick(self, name: str, body: Callable[[], Awaitable[None]]) -> None:
        seconds = _SECONDS[name]
        while True:
            await self._outlook.next_tick(name, seconds, self._phases[name], self.calendar)
            await body()

    def die(self) -> None:
        """From here on nothing of it happens: its connections are cut, its tasks end where they are."""
        if self.is_dead:
            return
        self.is_dead = True
        self.world.note("dies", self.number)
        self._line.cut()
        for task in self._tasks:
            task.cancel()

    @property
    def is_whole(self) -> bool:
        """Whether it is dead, or all its jobs go on."""
        return self.is_dead or not any(job.done() for job in self._jobs)

    def give_back(self) -> None:
        """Lets another process have its engines; it must be dead."""
        self.world.place.hand_back(self.database)


_SECONDS = {"plan": TICKS.plan, "dispatch": TICKS.dispatch, "reconcile": TICKS.reconcile}


async def _plan_nothing() -> None:
    """What has been planned already needs no planner."""
