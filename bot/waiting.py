"""Waits for what passes by itself, with growing pauses, and says what it waits for. What passes is not decided here."""

from __future__ import annotations

import asyncio
import contextlib
import random
import signal
from collections.abc import Awaitable, Callable
from typing import TypeVar

import structlog

from bot.errors import Unavailable

log = structlog.get_logger(__name__)

T = TypeVar("T")

# Elapsed seconds: between the first two tries, and at most. Each pause is up to a half shorter than its turn, so that
# processes that lost the same thing at the same moment don't come back for it together.
FIRST = 1.0
MOST = 60.0


class ToldToEnd(Exception):
    """Somebody ended the program while it waited."""


class Patience:
    """Tries until something works. `stop` ends the waiting, whatever is under way then."""

    def __init__(self, stop: asyncio.Event | None = None, *, first: float = FIRST, most: float = MOST) -> None:
        self._stop = stop or asyncio.Event()
        self._first = first
        self._most = most

    async def insist(self, attempt: Callable[[], Awaitable[T]]) -> T:
        """What the attempt gives as soon as it does. Raises ToldToEnd, and whatever doesn't pass by itself."""
        told: str | None = None
        pause = self._first
        while True:
            try:
                found = await self._unless_ended(attempt())
            except Unavailable as error:
                if str(error) != told:
                    told, pause = str(error), self._first
                    log.warning("waiting", why=told)
                rest = pause * random.uniform(0.5, 1.0)
                await self._unless_ended(asyncio.sleep(max(rest, error.after or 0.0)))
                pause = min(self._most, pause * 2)
            else:
                if told is not None:
                    log.warning("waiting_is_over", was=told)
                return found

    async def _unless_ended(self, doing: Awaitable[T]) -> T:
        task = asyncio.ensure_future(doing)
        ended = asyncio.ensure_future(self._stop.wait())
        try:
            await asyncio.wait({task, ended}, return_when=asyncio.FIRST_COMPLETED)
            if task.done():
                return task.result()
            raise ToldToEnd
        finally:
            for one in (task, ended):
                one.cancel()
            await asyncio.gather(task, ended, return_exceptions=True)


def stop_signal() -> asyncio.Event:
    """An event that SIGINT and SIGTERM set, from now on: also while the program still starts."""
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        with contextlib.suppress(NotImplementedError):
            loop.add_signal_handler(number, stop.set)
    return stop
