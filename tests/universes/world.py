"""What processes live in: virtual time, a seed, the log of what happened, and who is alive or stands still."""

from __future__ import annotations

import asyncio
import hashlib
from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Protocol

from tests.universes.chances import Chances
from tests.universes.loop import VirtualLoop
from tests.universes.place import Place


class Mortal(Protocol):
    """A process as the world knows it: it can die, and can't stand still while a statement of it is under way."""

    is_dead: bool
    statements: int  # under way now

    def die(self) -> None:
        """Ends it at this very moment."""


class World:
    """One universe's surroundings. `start` is the moment at which virtual time is zero."""

    def __init__(self, seed: int, start: datetime, place: Place) -> None:
        self.chances = Chances(seed)
        self.loop = VirtualLoop(self.chances.about("order"))
        self.place = place
        self.start = start.timestamp()
        self.happened: Counter[str] = Counter()
        self.processes: dict[int, Mortal] = {}
        self.is_mended = False
        self.tail: list[str] = []
        self.on_commit: list[Callable[[], None]] = []
        self._log = hashlib.sha256()
        self._stops = self.chances.about("stops")
        self.stop_share = 0.0
        self.peek = place.connect()

    def epoch(self) -> float:
        """What time it really is, and by Slack and the database."""
        return self.start + self.loop.time()

    def now(self) -> datetime:
        """The same as a moment."""
        return datetime.fromtimestamp(self.epoch(), UTC)

    def note(self, *what: object) -> None:
        """Adds to the log of events, by which a universe is known again."""
        line = f"{self.loop.time():.6f} {what}"
        self._log.update(line.encode())
        self.tail.append(line)

    @property
    def fingerprint(self) -> str:
        """A hash of all that happened so far."""
        return self._log.hexdigest()

    def committed(self) -> None:
        """Somebody has changed what stands in the database."""
        for look in list(self.on_commit):
            look()

    def require_life(self, process: int) -> None:
        """Who is dead does nothing any more. Raises CancelledError."""
        mortal = self.processes.get(process)
        if mortal is not None and mortal.is_dead:
            raise asyncio.CancelledError

    def may_stop(self, process: int) -> None:
        """A call is on its way: here a machine may fall asleep for a while.

        Not between leave to post and the post itself, where nothing could tell: no statement may be under way.
        """
        mortal = self.processes[process]
        if self.is_mended or mortal.statements or self._stops.random() >= self.stop_share:
            return
        seconds = self._stops.uniform(1.0, 120.0)
        self.note("stands still", process, round(seconds, 3))
        self.happened["stops"] += 1
        self.loop.stop_process(process, seconds)
