"""When a cadence comes round: its occurrences with what was skipped and moved, their moments and their windows.

Pure functions of a cadence and a moment: no clock, nothing about receivers. Its rule is expanded in `recurrence`.
"""

from __future__ import annotations

import heapq
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta

from bot.domain.record import Cadence, Move
from bot.domain.rhythm.recurrence import find_zone, rule_of
from bot.domain.vocabularies import HELD_TOGETHER

# No zone has ever changed its clocks by more than a day, so moments can leave the order of their wall times by no more.
_SLACK = timedelta(days=2)
_FOREVER = datetime.max  # noqa: DTZ901 (a wall time)


@dataclass(frozen=True, slots=True)
class Occurrence:
    """One coming-round of a cadence. Both times are naive wall times: the slot is its identity and never changes."""

    slot: datetime
    local: datetime  # when it really opens: the slot, or where a move put it
    move: Move | None = None

    @property
    def moved(self) -> bool:
        """Whether it opens at another time than its rule says."""
        return self.local != self.slot


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """What somebody sees as of `now` (aware UTC), told on the clock of `zone`."""

    zone: str
    now: datetime


@dataclass(frozen=True, slots=True)
class Window:
    """The moments of one occurrence, aware UTC. A reminder or delegate request after the close is None."""

    opens_at: datetime
    reminder_at: datetime | None
    delegate_at: datetime | None
    closes_at: datetime


def to_utc(local: datetime, zone: str) -> datetime:
    """The moment (aware UTC) at which the clocks of `zone` show a naive wall time.

    A wall time that the clocks skip is read with the offset before the gap (02:30 is 03:30); one that they show
    twice is the first. Raises `RuleError` for an unknown zone, `ValueError` for an aware time.
    """
    if local.tzinfo is not None:
        raise ValueError("a wall time carries no zone of its own")
    # PEP 495 gives fold=0 exactly these two readings.
    return local.replace(tzinfo=find_zone(zone), fold=0).astimezone(UTC)


def to_local(moment: datetime, zone: str) -> datetime:
    """The naive wall time that the clocks of `zone` show at an aware moment. Raises as `to_utc` does."""
    if moment.tzinfo is None:
        raise ValueError("a moment needs its zone")
    return moment.astimezone(find_zone(zone)).replace(tzinfo=None, fold=0)


def zone_of(cadence: Cadence, member_zone: str | None) -> str:
    """The zone whose clocks decide: the receiver's for a `member_local` cadence, never for meetings and stocktakes."""
    if cadence.time_basis != "member_local" or cadence.kind in HELD_TOGETHER:
        return cadence.timezone
    return member_zone or cadence.timezone


def is_slot(cadence: Cadence, slot: datetime) -> bool:
    """Whether the rule gives this naive wall time (exdates and moves left aside): only such a time can be moved."""
    return next(rule_of(cadence).slots(slot, slot + timedelta(seconds=1)), None) == slot


def slots_between(cadence: Cadence, start: datetime, end: datetime) -> list[datetime]:
    """What the rule gives from `start` (included) to `end` (excluded), naive, exdates and moves left aside."""
    return list(rule_of(cadence).slots(start, end))


def occurrences(cadence: Cadence, start: datetime, end: datetime) -> Iterator[Occurrence]:
    """What opens from `start` (included) to `end` (excluded), both naive wall times, in order of opening.

    A move counts where it leads to; nothing opens after the cadence's last day. Two that open together stand in order
    of their slots. Raises `RuleError` for a cadence that `check_rule` would refuse.
    """
    rule = rule_of(cadence)
    if cadence.ended is not None:
        # Nothing comes round after the last day, also where a move would lead beyond it.
        end = min(end, datetime.combine(cadence.ended, time.max))
    skipped = frozenset(cadence.exdates)
    moves = {move.original: move for move in cadence.moves}
    kept = (Occurrence(slot, slot) for slot in rule.slots(start, end) if slot not in skipped and slot not in moves)
    moved = sorted(
        (
            Occurrence(slot, move.to, move)
            for slot, move in moves.items()
            if start <= move.to < end and slot not in skipped and is_slot(cadence, slot)
        ),
        key=_order,
    )
    return heapq.merge(kept, moved, key=_order) if moved else kept


def next_occurrence(cadence: Cadence, after: datetime, zone: str | None = None) -> tuple[Occurrence, datetime] | None:
    """The first occurrence whose moment is later than `after` (aware), with that moment (aware UTC).

    `zone` is the receiver's and matters only for a `member_local` cadence. None when the rule has ended. Of several
    that open at the same moment it gives the first, so a planner that must miss none asks `occurrences_between`.
    """
    where = zone_of(cadence, zone)
    best: tuple[datetime, Occurrence] | None = None
    for occurrence in occurrences(cadence, to_local(after, where) - _SLACK, _FOREVER):
        if best is not None and occurrence.local > best[1].local + _SLACK:
            break
        moment = to_utc(occurrence.local, where)
        if moment > after and (best is None or moment < best[0]):
            best = (moment, occurrence)
    return None if best is None else (best[1], best[0])


def next_free_occurrence(
    cadence: Cadence, after: datetime, zone: str | None = None, *, until: datetime | None
) -> tuple[Occurrence, datetime] | None:
    """The same where a round is open until then by a rule that was changed since (None: there is none such): what the
    new rule has in between is passed over, but for a date that somebody moved there."""
    following = next_occurrence(cadence, after, zone)
    while following is not None and until is not None and following[1] < until and not following[0].moved:
        following = next_occurrence(cadence, following[1], zone)
    return following


def latest_occurrence(cadence: Cadence, until: datetime, zone: str | None = None) -> tuple[Occurrence, datetime] | None:
    """The newest occurrence whose moment is `until` (aware) or earlier, with it; `zone` as in `next_occurrence`."""
    where = zone_of(cadence, zone)
    local = to_local(until, where)
    floor = min([cadence.dtstart, *(move.to for move in cadence.moves)])
    reach = timedelta(days=16)
    while True:
        start = max(local - reach, floor)
        found = [
            (moment, occurrence.local, occurrence.slot, occurrence)
            for occurrence in occurrences(cadence, start, local + _SLACK)
            if (moment := to_utc(occurrence.local, where)) <= until
        ]
        newest = max(found, key=lambda each: each[:3], default=None)
        # One just before the reach could open later than one just inside it, so a find at its edge is looked at again.
        if newest is not None and (newest[1] >= start + _SLACK or start == floor):
            return newest[3], newest[0]
        if start <= floor:
            return None
        reach *= 4


def occurrences_between(
    cadence: Cadence, after: datetime, until: datetime, zone: str | None = None
) -> list[tuple[Occurrence, datetime]]:
    """Everything that opens later than `after` and not later than `until` (aware), by moment, each with its moment."""
    where = zone_of(cadence, zone)
    found = [
        (occurrence, to_utc(occurrence.local, where))
        for occurrence in occurrences(cadence, to_local(after, where) - _SLACK, to_local(until, where) + _SLACK)
    ]
    inside = [(occurrence, moment) for occurrence, moment in found if after < moment <= until]
    return sorted(inside, key=lambda each: (each[1], _order(each[0])))


def window(cadence: Cadence, occurrence: Occurrence, zone: str | None = None) -> Window:
    """When an occurrence opens, reminds, turns to the delegate and closes; `zone` as in `next_occurrence`.

    Hours are elapsed hours, a move's own where it gives them. It closes at the latest when the next one opens.
    """
    move = occurrence.move
    opens_at = to_utc(occurrence.local, zone_of(cadence, zone))

    def after_opening(usual: int, own: int | None) -> datetime:
        return opens_at + timedelta(hours=usual if own is None else own)

    closes_at = after_opening(cadence.closes_after_hours, move.closes_after_hours if move else None)
    for _, moment in occurrences_between(cadence, opens_at, closes_at, zone)[:1]:
        closes_at = moment
    reminder_at = after_opening(cadence.reminder_after_hours, move.reminder_after_hours if move else None)
    delegate_at = after_opening(cadence.delegate_after_hours, move.delegate_after_hours if move else None)
    return Window(
        opens_at=opens_at,
        reminder_at=reminder_at if reminder_at <= closes_at else None,
        delegate_at=delegate_at if delegate_at <= closes_at else None,
        closes_at=closes_at,
    )


def _order(occurrence: Occurrence) -> tuple[datetime, datetime]:
    return occurrence.local, occurrence.slot
