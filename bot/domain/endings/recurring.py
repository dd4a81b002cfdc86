"""What a coalition does again and again, a page at a time, with the way to its end. Values, pure.

Check-ins and meetings have cards of their own beside; digests and lists of actions are ended from here.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.domain.record import Cadence, EndOf
from bot.domain.rhythm import Seen

PAGE = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class RecurringLine:
    """One cadence. `next_at` is None where it is paused, or comes round no more."""

    called: str
    name: str
    rhythm: str
    next_at: datetime | None
    paused_at: datetime | None
    end: EndOf


@dataclass(frozen=True, slots=True, kw_only=True)
class Recurring(Seen):
    """A page of all cadences that are there, in file order; a page that is not there is the last. `ended` counts those
    that have ended and whoever reads this may bring back."""

    lines: tuple[RecurringLine, ...]
    start: int
    total: int
    ended: int

    @property
    def page(self) -> int:
        return self.start // PAGE


def page_of(
    cadences: Sequence[Cadence], page: int, line: Callable[[Cadence], RecurringLine]
) -> tuple[int, tuple[RecurringLine, ...]]:
    """Where a page begins, and its lines."""
    start = min(max(page, 0), max(0, (len(cadences) - 1) // PAGE)) * PAGE
    return start, tuple(map(line, cadences[start : start + PAGE]))
