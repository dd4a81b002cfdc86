"""Compares the machine's clock with Slack's. While it is wrong nothing new is planned, sent or looked for from here.

A simulated calendar goes its own way and is never compared. What coordinators read of it is in `services.alarms`.
"""

from __future__ import annotations

import asyncio
import socket
from datetime import timedelta

import structlog

from bot.clock import ElapsedTime, SystemCalendar
from bot.services import Services
from bot.slack.workspaces import Workspaces

log = structlog.get_logger(__name__)

# By so many seconds a clock may be off: the time that answers take and small corrections stay far below.
MOST = 60.0
# So little isn't corrected: time by Slack is known by the second, and must not go back between planning and sending.
CORRECTION = 2.0
# Elapsed seconds between two questions to Slack while it seems wrong.
ASK_AGAIN = 15.0
# Elapsed seconds after which it is said again that it is wrong, so that it is known that somebody is there.
SAY_AGAIN = 300.0


class ClockWatch:
    """Knows whether the machine's clock is right, and tells the log and the coordinators when that changes."""

    def __init__(self, services: Services, workspaces: Workspaces, elapsed: ElapsedTime) -> None:
        self._services = services
        self._workspaces = workspaces
        self._elapsed = elapsed
        self._asked_at = float("-inf")
        self._was_right: bool | None = None
        self._said_at = float("-inf")
        self._lock = asyncio.Lock()

    async def is_right(self) -> bool:
        """Whether anything may be planned, sent and looked for by this clock."""
        calendar = self._services.calendar
        if not isinstance(calendar, SystemCalendar):
            return True
        async with self._lock:
            ahead, is_sure = -self._workspaces.slack_ahead, False
            if abs(ahead) > MOST and self._elapsed.monotonic() - self._asked_at >= ASK_AGAIN:
                # A machine that slept looks the same until Slack has been asked.
                self._asked_at = self._elapsed.monotonic()
                is_sure = await self._workspaces.ask_time()
                ahead = -self._workspaces.slack_ahead
            is_right = abs(ahead) <= MOST
            if is_right or is_sure or self._was_right is False:
                # People go on meanwhile: what they enter is dated by Slack's time.
                if is_right or abs(calendar.ahead.total_seconds() - ahead) > CORRECTION:
                    calendar.ahead = timedelta() if is_right else timedelta(seconds=ahead)
                await self._say(is_right, ahead)
            return is_right

    async def _say(self, is_right: bool, ahead: float) -> None:
        """Tells of a change; at a start also what an earlier process told of may have been mended since."""
        now = self._elapsed.monotonic()
        is_new = is_right != self._was_right
        if not is_new and (is_right or now - self._said_at < SAY_AGAIN):
            return
        if not is_right and is_new:
            log.error("clock_is_wrong", seconds_ahead_of_slack=round(ahead))
        elif is_right and self._was_right is not None:
            log.warning("clock_is_right_again")
        await self._services.deliveries.tell_of_clock(socket.gethostname(), is_right=is_right)
        self._was_right, self._said_at = is_right, now
