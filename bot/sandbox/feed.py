"""Who wants to know what changed: the page's streams and whoever waits in process. It stores nothing."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from typing import Any

BACKLOG_MAX = 2000
# Seconds. What comes is seen at once, so only what never comes takes as long, however busy the machine is.
PATIENCE = 20.0
LOOK_AGAIN_SECONDS = 0.05


class Feed:
    """Hands each change to the streams of the people who may see it."""

    def __init__(self) -> None:
        self._streams: list[tuple[str, asyncio.Queue[dict[str, Any]]]] = []
        self._waiters: list[tuple[Callable[[], bool], asyncio.Future[None]]] = []

    def send(self, kind: str, data: dict[str, Any] | None = None, people: Collection[str] | None = None) -> None:
        """Tell the streams of `people` (or everybody) and wake those whose condition now holds."""
        change = {"type": kind, **(data or {})}
        for user, queue in self._streams:
            # A stream that nobody reads any more must not grow without end.
            if (people is None or user in people) and queue.qsize() < BACKLOG_MAX:
                queue.put_nowait(change)
        self.poke()

    def poke(self) -> None:
        """Look at every waiting condition again."""
        for condition, waiter in list(self._waiters):
            if not waiter.done() and condition():
                waiter.set_result(None)

    @contextmanager
    def stream(self, user: str) -> Iterator[asyncio.Queue[dict[str, Any]]]:
        """A queue of the changes `user` may see, for as long as the block lasts."""
        entry = (user, asyncio.Queue[dict[str, Any]]())
        self._streams.append(entry)
        try:
            yield entry[1]
        finally:
            self._streams.remove(entry)

    async def until(self, condition: Callable[[], bool], timeout: float = PATIENCE) -> None:
        """Wait for a condition, looked at on every change and, should it be about more, every so often."""
        end = time.monotonic() + timeout
        while not condition():
            left = end - time.monotonic()
            if left <= 0:
                raise TimeoutError("It did not come to pass in the sandbox in time.")
            waiter: asyncio.Future[None] = asyncio.get_running_loop().create_future()
            entry = (condition, waiter)
            self._waiters.append(entry)
            try:
                await asyncio.wait_for(waiter, min(left, LOOK_AGAIN_SECONDS))
            except TimeoutError:
                continue
            finally:
                self._waiters.remove(entry)
