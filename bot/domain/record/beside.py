"""What stands beside the record, read where it is needed and not with it: who comes to a meeting, points for its
agenda, its notes, and which issue led to which decision. Frozen values.

An occurrence of a meeting is a cadence and a slot, its wall time there, which stays the same when it is moved.
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


@dataclass(frozen=True, slots=True, kw_only=True)
class MeetingNotes:
    """What was said at one occurrence. `decisions` and `actions` are the ids of what came of it, in its order."""

    cadence: str
    slot: datetime
    posted_at: datetime
    by: str | None = None  # who wrote them last
    present: tuple[str, ...] = ()  # member ids
    decided: tuple[str, ...] = ()  # one text a decision
    decisions: tuple[str, ...] = ()
    actions: tuple[str, ...] = ()
    parked: tuple[str, ...] = ()  # one text a point
    edited_at: datetime | None = None
    version: int = 0  # one more with each edit


@dataclass(frozen=True, slots=True, kw_only=True)
class FromIssue:
    """That a decision was proposed because of an issue."""

    issue: str
    decision: str
