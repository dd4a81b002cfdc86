"""The two clocks: the injected calendar decides what is due, open or late; elapsed time decides leases and waits.

They never mix: a calendar may stand still, run faster or leap, and a lease must not notice. Only this file asks the
operating system for the time.
"""

from __future__ import annotations

import json
import time
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Protocol


class Calendar(Protocol):
    """Says what moment it is for the coalition."""

    def now(self) -> datetime:
        """The present moment, aware, in UTC."""
        ...


class SystemCalendar:
    """The machine's own clock. `ahead`: by how much it was found to be wrong, which is taken off."""

    def __init__(self) -> None:
        self.ahead = timedelta()

    def now(self) -> datetime:
        return datetime.now(UTC) - self.ahead


@dataclass(frozen=True, slots=True)
class AcceleratedCalendar:
    """`start + rate × (now − anchor)`: restarting with the same anchor never goes back.

    `rate` is calendar seconds per elapsed second.
    """

    start: datetime
    rate: float
    anchor: datetime

    def now(self) -> datetime:
        elapsed = datetime.now(UTC) - self.anchor
        return self.start + timedelta(seconds=elapsed.total_seconds() * self.rate)


class FileCalendar:
    """Follows a clock that another process on this machine publishes as a small JSON file.

    The file holds `{"now": ISO, "running": bool, "rate": float, "anchor": epoch seconds}`. A file that is being
    replaced is read again; the last moment seen stands until then, and the calendar never goes back.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._last = datetime.min.replace(tzinfo=UTC)

    def now(self) -> datetime:
        try:
            state = json.loads(self._path.read_text())
            moment = datetime.fromisoformat(state["now"])
            if state.get("running"):
                moment += timedelta(seconds=(time.time() - float(state["anchor"])) * float(state.get("rate", 1)))
        except (OSError, ValueError, KeyError):
            return self._last
        self._last = max(self._last, moment.astimezone(UTC))
        return self._last


class FixedCalendar:
    """Stands still until told; for tests and for questions about one moment."""

    def __init__(self, moment: datetime) -> None:
        self._moment = moment.astimezone(UTC)

    def now(self) -> datetime:
        return self._moment

    def set(self, moment: datetime) -> None:
        self._moment = moment.astimezone(UTC)


class ElapsedTime(Protocol):
    """Seconds that really pass."""

    def monotonic(self) -> float:
        """Seconds since some fixed point of this process."""
        ...

    def epoch(self) -> float:
        """Seconds since 1970 by the machine's clock, comparable between processes of one machine."""
        ...


class SystemElapsedTime:
    """The machine's monotonic and wall clocks."""

    def monotonic(self) -> float:
        return time.monotonic()

    def epoch(self) -> float:
        return time.time()
