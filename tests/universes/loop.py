"""An event loop in virtual time: nobody sleeps, time leaps to the next timer when nothing is ready.

What runs belongs to a process, as its context says. Within one process things go in asyncio's own order; which process
goes first is chosen by the seed. A process may be stopped for a while, as by a machine that sleeps.
"""

from __future__ import annotations

import asyncio
import contextvars
import heapq
import random
from collections.abc import Generator
from typing import Any

# The number of the process that something belongs to; 0 is the world around them.
PROCESS: contextvars.ContextVar[int] = contextvars.ContextVar("process", default=0)
WORLD = 0


class NothingToDo(Exception):
    """Nobody is ready and no timer runs: what is waited for never comes."""


class VirtualLoop(asyncio.BaseEventLoop):
    """A loop whose `time()` is virtual, in seconds from 0."""

    def __init__(self, chances: random.Random) -> None:
        super().__init__()
        self.set_debug(False)
        self._chances = chances
        self._now = 0.0
        self._ready: list[asyncio.Handle] = []
        self._scheduled: list[asyncio.TimerHandle]
        self._stopped: dict[int, list[asyncio.Handle]] = {}

    def time(self) -> float:
        """Virtual seconds since the loop was made."""
        return self._now

    def stop_process(self, process: int, seconds: float) -> None:
        """Nothing of this process runs for so long."""
        if process not in self._stopped:
            self._stopped[process] = []
            self.call_later(seconds, self._go_on, process, context=contextvars.Context())

    def is_stopped(self, process: int) -> bool:
        """Whether this process stands still now."""
        return process in self._stopped

    def _go_on(self, process: int) -> None:
        self._ready += self._stopped.pop(process, [])

    def _run_once(self) -> None:
        # As asyncio's own, with no selector, and with time that leaps.
        timers = self._scheduled
        while timers and timers[0].cancelled():
            heapq.heappop(timers)
        if not self._ready:
            if not timers:
                raise NothingToDo
            self._now = max(self._now, timers[0].when())
        while timers and timers[0].when() <= self._now:
            self._ready.append(heapq.heappop(timers))
        ready, self._ready = self._ready, []
        for handle in self._in_some_order(ready):
            if not handle.cancelled():
                handle._run()

    def _in_some_order(self, ready: list[asyncio.Handle]) -> Generator[asyncio.Handle, None, None]:
        by_process: dict[int, list[asyncio.Handle]] = {}
        for handle in ready:
            by_process.setdefault(handle._context.get(PROCESS, WORLD), []).append(handle)  # type: ignore[attr-defined]
        order = list(by_process)
        if len(order) > 1:
            self._chances.shuffle(order)
        for process in order:
            for handle in by_process[process]:
                # A process may be stopped by what ran just now.
                if process in self._stopped:
                    self._stopped[process].append(handle)
                else:
                    yield handle

    # What asyncio asks of a loop that knows the outside world: there is none.
    def _write_to_self(self) -> None:
        pass

    def _timer_handle_cancelled(self, handle: asyncio.TimerHandle) -> None:
        pass

    def run_in_executor(self, *_asked: Any) -> Any:  # type: ignore[override]
        """Refuses: what a thread does comes when it likes."""
        raise RuntimeError("no threads in virtual time")
