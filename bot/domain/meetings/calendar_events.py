"""Meetings as calendar events: what a calendar file says of each, worked out from its cadence. Pure."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from bot.domain.meetings.planned import USUAL_MINUTES
from bot.domain.record import Cadence
from bot.domain.rhythm import is_slot, occurrences, to_local, to_utc

_INCLUDED = timedelta(seconds=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class CalendarEvent:
    """One meeting with all its occurrences. Wall times are naive, of `zone`; `until` is the last one, aware UTC."""

    uid: str
    name: str
    zone: str
    starts: datetime
    minutes: int
    rule: str  # RFC 5545, without UNTIL and COUNT
    until: datetime
    skipped: tuple[datetime, ...]
    moves: tuple[tuple[datetime, datetime], ...]  # slot → where it went
    sequence: int  # one more with each change


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedAddress:
    """A group's name, and the address of its calendar."""

    name: str
    address: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Feeds:
    """The secret addresses under which a person's calendars are read again and again."""

    own: str
    groups: tuple[FeedAddress, ...]
    # Whether moved and skipped meetings are mailed to them at once; None where they can't be, or come by mail anyhow.
    are_changes_mailed: bool | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CalendarFile:
    """Everything that one calendar file says. `made_at` is aware UTC."""

    name: str
    events: tuple[CalendarEvent, ...]
    made_at: datetime
    through: datetime  # naive, coalition time


def event_of(coalition: str, cadence: Cadence, through: datetime, sequence: int) -> CalendarEvent | None:
    """A meeting as a calendar event up to `through` (aware); None where it has no occurrence until then.

    The first day stays that of the cadence, so that a calendar that knows the event already keeps what it has.
    """
    zone = cadence.timezone
    last = None
    bare = replace(cadence, exdates=(), moves=())
    for occurrence in occurrences(bare, cadence.dtstart, to_local(through, zone) + _INCLUDED):
        last = occurrence.slot
    if last is None:
        return None
    return CalendarEvent(
        uid=f"{cadence.id}@{coalition}.backbeat",
        name=cadence.name,
        zone=zone,
        starts=cadence.dtstart,
        minutes=cadence.duration_minutes or USUAL_MINUTES,
        rule=_endless(cadence.rrule),
        until=to_utc(last, zone),
        skipped=tuple(slot for slot in cadence.exdates if slot <= last and is_slot(cadence, slot)),
        moves=tuple(
            (move.original, move.to)
            for move in cadence.moves
            if move.original <= last and move.original not in cadence.exdates and is_slot(cadence, move.original)
        ),
        sequence=sequence,
    )


def _endless(rule: str) -> str:
    """A rule without its own end: the file has one for every event, the last occurrence that it reaches."""
    parts = rule.strip().upper().split(";")
    return ";".join(part for part in parts if not part.startswith(("UNTIL=", "COUNT=")))
