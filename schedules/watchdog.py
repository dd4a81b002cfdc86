"""Notices that the heartbeat has stopped and ends the process, so that whoever supervises it starts it anew.

A thread, because a task would die with the event loop that it watches.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Callable

import structlog

from bot.clock import ElapsedTime

log = structlog.get_logger(__name__)

EXIT_CODE = 70


class Watchdog:
    """`limit` is how many elapsed seconds may pass between two beats.

    Where the whole process was stopped for a while, as by a debugger, its own pause shows it, and everything else gets
    that much more time to beat again.
    """

    def __init__(
        self,
        elapsed: ElapsedTime,
        *,
        limit: float,
        on_silence: Callable[[str], None] | None = None,
        interval: float = 1.0,
    ) -> None:
        self._elapsed = elapsed
        self._limit = limit
        self._interval = interval
        self._on_silence = on_silence or _end_process
        self._beats: dict[str, float] = {}
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._watch, name="watchdog", daemon=True)

    def start(self) -> None:
        """Begins to watch everything that has beaten once."""
        self._thread.start()

    def beat(self, name: str) -> None:
        """`name` is alive."""
        self._beats[name] = self._elapsed.monotonic()

    def silent(self) -> str | None:
        """The name of something that has been silent too long, if any."""
        now = self._elapsed.monotonic()
        return next((name for name, at in list(self._beats.items()) if now - at > self._limit), None)

    def ages(self) -> dict[str, float]:
        """How many elapsed seconds ago each part beat."""
        now = self._elapsed.monotonic()
        return {name: now - at for name, at in list(self._beats.items())}

    def stop(self) -> None:
        """Ends the watch."""
        self._stop.set()

    def _watch(self) -> None:
        looked = self._elapsed.monotonic()
        while not self._stop.wait(self._interval):
            now = self._elapsed.monotonic()
            self._forgive(now - looked - self._interval)
            looked = now
            name = self.silent()
            if name is not None:
                self._on_silence(name)
                return

    def _forgive(self, overslept: float) -> None:
        if overslept > self._limit / 2:
            for name in list(self._beats):
                self._beats[name] += overslept


def _end_process(name: str) -> None:
    log.critical("heartbeat_stopped", part=name)
    os._exit(EXIT_CODE)
