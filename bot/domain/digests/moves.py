"""Moving one digest, as frozen values: what became of it, and the rounds that feed it. No words."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class FeedingRound:
    """The round of a check-in that a digest tells of. Moments are UTC; `slot` is a naive wall time."""

    cadence: str
    name: str
    slot: datetime
    opens_at: datetime
    closes_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class DigestMoved:
    """A digest that goes out at another time: `at` (UTC)."""

    name: str
    at: datetime
    rounds: tuple[FeedingRound, ...]
    zone: str
    now: datetime
    already: bool = False
