"""Has sent what is due in every workspace, one pass after another."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Collection

import structlog

from bot.clock import SystemCalendar
from bot.errors import Unavailable
from bot.services import Services
from bot.services.sending import Claimed
from bot.slack.workspaces import ServedWorkspace, Workspaces
from schedules.lane import LOOK_AGAIN, Lane
from schedules.mailing import Mailing

log = structlog.get_logger(__name__)

# Elapsed seconds between two looks among how many processes Slack's limits are shared.
COUNT_AGAIN = 15.0


class Dispatcher:
    """One pass after another; a pass that is running is not started twice. `beat` is called as work goes on.

    Each workspace has a lane of its own, so that one that is slow or told to wait holds up no other.
    """

    def __init__(
        self,
        services: Services,
        workspaces: Workspaces,
        *,
        beat: Callable[[], None] = lambda: None,
        is_clock_right: Callable[[], Awaitable[bool]] | None = None,
        mailing: Mailing | None = None,
    ) -> None:
        self._services = services
        self._workspaces = workspaces
        self._beat = beat
        self._is_clock_right = is_clock_right
        self.mailing = mailing
        self._running = asyncio.Lock()
        self._draining = False
        self._look = asyncio.Event()
        self._counted_at = float("-inf")
        self._in_trouble: dict[int, str] = {}  # coalition → what its lane ended with, as the log has it

    def poke(self) -> None:
        """Something may have become due: a pass that is running looks whether it is another workspace's."""
        self._look.set()

    async def run(self) -> int:
        """Sends everything that is due now; returns how many deliveries were claimed."""
        async with self._running:
            workspaces = [one for one in self._workspaces if one.is_set_up]
            if len(workspaces) > 1:
                return await self._run_lanes()
            return await self._lane(workspaces[0]).run() if workspaces else 0

    async def _run_lanes(self) -> int:
        """Runs a lane for each workspace for which something is due, until that is so for none."""
        now = asyncio.get_running_loop().time
        total, away = 0, None
        lanes: dict[int, asyncio.Task[int]] = {}
        not_before: dict[int, float] = {}
        try:
            while True:
                self._look.clear()
                if away is None and not self._draining:
                    for one in await self._with_something_due():
                        if one.coalition_id not in lanes and not_before.get(one.coalition_id, 0.0) <= now():
                            work = self._lane(one, of=one.coalition_id).run()
                            lanes[one.coalition_id] = asyncio.create_task(work, name="lane")
                if not lanes:
                    break
                await self._until_one_ends_or_looks(lanes.values())
                for coalition_id in [key for key, lane in lanes.items() if lane.done()]:
                    claimed = 0
                    try:
                        claimed = await lanes.pop(coalition_id)
                        self._in_trouble.pop(coalition_id, None)
                    except Unavailable as error:
                        away = error
                    except Exception as error:
                        # One workspace's trouble is no other's. It is tried again every second, and said once.
                        if self._in_trouble.get(coalition_id) != repr(error):
                            self._in_trouble[coalition_id] = repr(error)
                            log.exception("lane_failed", coalition=coalition_id)
                    total += claimed
                    if not claimed:
                        # What is due but can't be taken, as when another process has it, is not asked for in a circle.
                        not_before[coalition_id] = now() + LOOK_AGAIN
        finally:
            for lane in lanes.values():
                lane.cancel()
        if away is not None:
            raise away
        return total

    async def _with_something_due(self) -> list[ServedWorkspace]:
        due = await self._services.deliveries.due_coalitions(alarms_only=await self._is_clock_wrong())
        found = map(self._workspaces.of_coalition, due)
        return [one for one in found if one is not None]

    async def _share_pace(self) -> None:
        """Other processes on this database call Slack's methods too."""
        now = self._services.deliveries.elapsed.monotonic()
        if now - self._counted_at < COUNT_AGAIN:
            return
        self._counted_at = now
        count = await self._services.deliveries.count_processes()
        for one in self._workspaces:
            if one.gateway.pace is not None:
                one.gateway.pace.processes = count

    async def _is_clock_wrong(self) -> bool:
        return self._is_clock_right is not None and not await self._is_clock_right()

    async def _until_one_ends_or_looks(self, lanes: Collection[asyncio.Task[int]]) -> None:
        look = asyncio.create_task(self._look.wait())
        try:
            await asyncio.wait({*lanes, look}, timeout=LOOK_AGAIN, return_when=asyncio.FIRST_COMPLETED)
        finally:
            look.cancel()

    def _lane(self, workspace: ServedWorkspace, of: int | None = None) -> Lane:
        return Lane(
            self._services,
            workspace,
            of,
            claim=self._claim,
            is_draining=lambda: self._draining,
            beat=self._beat,
            mailing=self.mailing,
        )

    async def _claim(self, limit: int, *, of: int | None, again: bool) -> tuple[Claimed, ...]:
        await self._share_pace()
        # A simulated calendar is Slack's too; the machine's own may have leapt since Slack told its time.
        is_real = isinstance(self._services.calendar, SystemCalendar)
        return await self._services.deliveries.claim(
            limit,
            of=of,
            again=again,
            alarms_only=await self._is_clock_wrong(),
            mails=self.mailing.room if self.mailing is not None else 0,
            slack_now=self._workspaces.slack_now() if is_real else None,
        )

    async def drain(self) -> None:
        """Begins nothing more, and waits for posts that are under way."""
        self._draining = True
        self._look.set()
        async with self._running:
            return
