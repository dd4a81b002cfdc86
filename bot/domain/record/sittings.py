"""What belongs to one occurrence of a meeting beside the record: who comes, points for its agenda. Frozen values.

An occurrence is a cadence and a slot, its wall time there, which stays the same when it is moved.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Attendance:
    """What an attendee said about coming; `substitute` is whom they send in their place."""

    cadence: str
    slot: datetime
    member: str
    answer: str  # coming | not_coming | substitute
    substitute: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AgendaPoint:
    """One point for the agenda."""

    cadence: str
    slot: datetime
    text: str
    about: str | None = None  # the id of an issue or a decision
    added_by: str | None = None
    parked_at: datetime | None = None  # the slot of the meeting whose notes parked it
    withdrawn: bool = False
