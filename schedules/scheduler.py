"""The heartbeat: APScheduler runs small jobs, and our own tables decide what they do."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Coroutine
from dataclasses import dataclass
from functools import partial
from typing import Any

import structlog
from apscheduler.schedulers.asyncio import AsyncIOScheduler

from bot.clock import ElapsedTime
from bot.errors import ConfigurationError
from bot.services import Services
from bot.slack.workspaces import Workspaces
from schedules.bounces import BounceReader
from schedules.canvases import CanvasKeeper
from schedules.clock_watch import ClockWatch
from schedules.dispatch import Dispatcher
from schedules.mailing import Mailing
from schedules.other_processes import hear_others
from schedules.outages import Outages
from schedules.reconcile import Reconciler
from schedules.recover import Recoverer
from schedules.series import SeriesWatch
from schedules.watchdog import Watchdog

log = structlog.get_logger(__name__)

# Elapsed seconds for writing down what came of the last posts.
GRACE = 5.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Ticks:
    """Elapsed seconds between two runs of each job."""

    plan: float = 15.0
    dispatch: float = 1.0
    reconcile: float = 5.0
    canvases: float = 5.0
    housekeeping: float = 300.0

    @property
    def silence_limit(self) -> float:
        """After how long without a beat something is wrong."""
        return max(30.0, 6 * max(self.plan, self.dispatch, self.reconcile))


class Heartbeat:
    """Runs the jobs, wakes the dispatcher at once after a commit, and can be asked to settle everything that is due."""

    def __init__(
        self,
        services: Services,
        workspaces: Workspaces,
        elapsed: ElapsedTime,
        *,
        ticks: Ticks | None = None,
        housekeeping: Callable[[], Awaitable[None]] | None = None,
        watchdog: Watchdog | None = None,
        mailing: Mailing | None = None,
        bounces: BounceReader | None = None,
        canvases: CanvasKeeper | None = None,
        series: SeriesWatch | None = None,
    ) -> None:
        self._services = services
        self._bounces = bounces
        self._canvases = canvases
        self._elapsed = elapsed
        self._ticks = ticks or Ticks()
        self._outages = Outages(elapsed.monotonic)
        self._watchdog = watchdog or Watchdog(elapsed, limit=self._ticks.silence_limit)
        self.clock = ClockWatch(services, workspaces, elapsed)
        # A pass over a thousand messages takes longer than any silence may: each of them is a sign of life.
        self._dispatcher = Dispatcher(
            services,
            workspaces,
            beat=lambda: self._watchdog.beat("dispatch"),
            is_clock_right=self.clock.is_right,
            mailing=mailing,
        )
        self._recoverer = Recoverer(services, workspaces, beat=lambda: self._watchdog.beat("recover"))
        self._reconciler = Reconciler(services, workspaces, beat=lambda: self._watchdog.beat("reconcile"))
        self.housekeeping = housekeeping
        # Looks at what others publish; None where nothing is to be fetched.
        self._series = series
        # Words to the bot whose process ended before it had answered them.
        self.answer_owed: Callable[[], Awaitable[object]] | None = None
        # Notices what other processes installed or removed, where several workspaces are served.
        self.installations: Callable[[], Awaitable[None]] | None = None
        self._scheduler = AsyncIOScheduler(timezone="UTC")
        self._wake = asyncio.Event()
        self._tasks: list[asyncio.Task[None]] = []
        self._stopping = False
        self._at_work = 0
        self._rest = asyncio.Event()
        self._is_own = False  # whether it was this process that wrote something
        self._listening: asyncio.Task[None] | None = None
        self._rhythm_lock = asyncio.Lock()
        self._planned_once = asyncio.Event()
        services.deliveries.on_change = self._wake_for_own
        services.database.on_something_to_send = self._wake_for_own

    def start(self) -> None:
        """Starts the jobs. What other processes left half done is picked up by the first reconcile."""
        jobs: list[tuple[str, Callable[[], Awaitable[object]], float]] = [
            ("plan", self.plan, self._ticks.plan),
            ("dispatch", self._dispatch, self._ticks.dispatch),
            ("reconcile", self._reconcile, self._ticks.reconcile),
            ("recover", self._recover, self._ticks.reconcile),
        ]
        if self.answer_owed is not None:
            jobs.append(("answers", self.answer_owed, self._ticks.reconcile))
            answering = self._guard("answers", self.answer_owed, watched=False)
            self._tasks.append(asyncio.create_task(answering()))
        if self._canvases is not None:
            jobs.append(("canvases", partial(self._keep_canvases, self._canvases), self._ticks.canvases))
        if self.housekeeping is not None:
            jobs.append(("housekeeping", self.housekeeping, self._ticks.housekeeping))
        if self._bounces is not None:
            jobs.append(("bounces", self._bounces.run, self._ticks.housekeeping))
        if self._series is not None:
            jobs.append(("series", partial(self._by_right_clock, self._series.run), self._ticks.housekeeping))
        if self.installations is not None:
            jobs.append(("installations", self.installations, self._ticks.plan))
        for name, body, seconds in jobs:
            watched = name not in {"housekeeping", "answers", "installations", "bounces", "canvases", "series"}
            self._scheduler.add_job(
                self._guard(name, body, watched),
                "interval",
                seconds=seconds,
                id=name,
                coalesce=True,
                max_instances=1,
                misfire_grace_time=None,
            )
            if watched:
                self._watchdog.beat(name)
        self._scheduler.start()
        self._watchdog.start()
        self._tasks.append(asyncio.create_task(self._serve_wakes(), name="wake"))
        hearing = hear_others(self._services, self._elapsed, self._woken)
        self._listening = asyncio.create_task(hearing, name="other processes")
        self._wake.set()

    def _woken(self) -> None:
        self._wake.set()
        self._dispatcher.poke()

    def _guard(
        self, name: str, body: Callable[[], Awaitable[object]], watched: bool
    ) -> Callable[[], Coroutine[Any, Any, None]]:
        # What a wake does ends with planning too, and only the tick is sure to come again.
        part = "plan" if name == "wake" else name

        async def run() -> None:
            if self._stopping:
                return
            self._at_work += 1
            began = self._elapsed.monotonic()
            try:
                await body()
                self._outages.went(part)
            except ConfigurationError as error:
                self._outages.met(part, error, began)
            except Exception:
                # The next tick tries again; a job that raised must not end the heartbeat.
                log.exception("job_failed", job=name)
            finally:
                self._at_work -= 1
                self._rest.set()
            if watched:
                self._watchdog.beat(name)

        return run

    async def plan(self) -> None:
        """Plans what comes due, closes what is over: each also where the other goes wrong."""
        if not await self.clock.is_right():
            return
        async with self._rhythm_lock:
            # Whoever has taken part anonymously is not reminded.
            await self._services.pulses.write_down()
            try:
                planned = await self._services.rhythm.plan()
            finally:
                closed = await self._services.rhythm.close()
        if planned or closed:
            self._wake.set()

    async def _dispatch(self) -> None:
        # A start may take longer to plan than the first pass of sending is away.
        await self._planned_once.wait()
        await self._dispatcher.run()

    async def _by_right_clock(self, work: Callable[[], Awaitable[object]]) -> None:
        """What is looked for or told by a clock that is wrong would be of another day."""
        if await self.clock.is_right():
            await work()

    async def _reconcile(self) -> None:
        await self._by_right_clock(self._reconciler.run)

    async def _recover(self) -> None:
        # What is missing has to be planned before it is said that all of it was looked for.
        await self._planned_once.wait()
        await self._by_right_clock(self._recoverer.run)

    async def _keep_canvases(self, keeper: CanvasKeeper) -> None:
        if self._planned_once.is_set():
            await self._by_right_clock(keeper.run)

    async def _serve_wakes(self) -> None:
        # What came due while nothing ran is planned and closed before anything is sent.
        await self._guard("wake", self.plan, watched=False)()
        self._planned_once.set()
        await self._guard("recover", self._recover, watched=False)()
        while not self._stopping:
            await self._wake.wait()
            self._wake.clear()
            await self._guard("wake", self._on_wake, watched=False)()

    def _wake_for_own(self) -> None:
        self._is_own = True
        self._woken()

    async def _on_wake(self) -> None:
        is_own, self._is_own = self._is_own, False
        # Somebody waits for what was just written; what follows from it by the rhythm takes longer to plan.
        try:
            await self._dispatcher.run()
        finally:
            # What another process has written is that one's to plan: all at once would stand in line for one lock.
            if is_own:
                await self.plan()

    async def settle(self, limit: float = 60.0) -> None:
        """Does everything that is due at this moment of the calendar, and returns when it is done.

        `limit` is elapsed seconds; what still waits then is left to the jobs.
        """
        deadline = asyncio.get_running_loop().time() + limit
        while True:
            # Whatever woke the jobs until here is done by this round; what does so from here on needs another one.
            self._wake.clear()
            await self.plan()
            await self._by_right_clock(self._recoverer.run)
            await self._dispatcher.run()
            await self._reconcile()
            if await self._services.deliveries.is_settled() and not self._wake.is_set():
                return
            if asyncio.get_running_loop().time() > deadline:
                log.warning("settling_took_too_long", seconds=limit)
                return
            await asyncio.sleep(0.02)

    async def stop(self) -> None:
        """Ends the jobs; a send that is under way is finished, so that its outcome is known.

        It takes no longer than one post may: what has not begun by then is given back. Should it take longer all the
        same, it is left behind: its lease runs out, and a look decides.
        """
        self._stopping = True
        self._watchdog.stop()
        if self._listening is not None:
            self._listening.cancel()
        try:
            await asyncio.wait_for(self._dispatcher.drain(), self._services.deliveries.timing.post_timeout + GRACE)
        except TimeoutError:
            log.warning("posts_left_behind")
        # A job that is cancelled in the middle of a transaction could leave the database locked for a while.
        self._wake.set()
        try:
            await asyncio.wait_for(self._finish(), GRACE)
        except TimeoutError:
            log.warning("jobs_left_behind")
        for task in self._tasks:
            task.cancel()
        listening = [] if self._listening is None else [self._listening]
        await asyncio.gather(*self._tasks, *listening, return_exceptions=True)
        if self._scheduler.running:
            self._scheduler.shutdown(wait=False)

    async def _finish(self) -> None:
        """Returns when no job is at work any more."""
        while self._at_work:
            self._rest.clear()
            await self._rest.wait()
        await asyncio.gather(*self._tasks)
