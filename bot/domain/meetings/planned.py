"""Meetings by rule: which cadences they are, who comes, who may do what with one, and its dates. Pure.

An occurrence is named by its slot, the wall time that the rule gives; a move changes when it begins, never its slot.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import islice

from bot.domain.record import Cadence, Group, Record, open_actions
from bot.domain.rhythm import Occurrence, is_slot, latest_occurrence, next_occurrence, occurrences_between, to_utc
from bot.domain.rights import Part, Right, Standing
from bot.domain.typed import Known, match_known
from bot.domain.vocabularies import HELD_TOGETHER, GroupKind

USUAL_MINUTES = 60
# How long ahead the agenda is posted where the cadence asks for no prework.
AGENDA_DAYS = 7
# How far beyond the next occurrence further ones are looked for. Most rules give enough of them soon, and a rule that
# has ended gives no more however far one looks.
_REACHES = tuple(timedelta(days=days) for days in (32, 128, 512, 2048))


@dataclass(frozen=True, slots=True)
class MeetingRef:
    """Which occurrence of which meeting: a cadence's id and a slot (naive wall time)."""

    cadence: str
    slot: datetime

    @property
    def key(self) -> str:
        """The same as text, for deliveries and buttons."""
        return f"{self.cadence}|{self.slot.isoformat(timespec='minutes')}"

    @classmethod
    def read(cls, text: str) -> MeetingRef | None:
        """The inverse of `key`; None for anything else."""
        cadence, bar, slot = text.partition("|")
        try:
            found = datetime.fromisoformat(slot)
        except ValueError:
            return None
        return cls(cadence, found) if bar and found.tzinfo is None else None


@dataclass(frozen=True, slots=True)
class Sitting:
    """One occurrence of a meeting with its moment (aware UTC)."""

    cadence: Cadence
    occurrence: Occurrence
    starts_at: datetime

    @property
    def ref(self) -> MeetingRef:
        return MeetingRef(self.cadence.id, self.occurrence.slot)

    @property
    def minutes(self) -> int:
        return self.cadence.duration_minutes or USUAL_MINUTES

    @property
    def ends_at(self) -> datetime:
        return self.starts_at + timedelta(minutes=self.minutes)


def is_meeting(cadence: Cadence) -> bool:
    """Whether people meet: stocktakes are meetings too."""
    return cadence.kind in HELD_TOGETHER


def meetings(record: Record) -> tuple[Cadence, ...]:
    """Every meeting, in file order."""
    return tuple(cadence for cadence in record.cadences if is_meeting(cadence))


def group_of(record: Record, cadence: Cadence) -> Group | None:
    """The group that meets; None for a meeting of everybody or of an audience by role."""
    wanted = cadence.group or cadence.audience
    found = next((group for group in record.groups if group.id == wanted), None)
    if found is None and cadence.group is None and cadence.audience == "steering":
        return record.steering
    return found


def attendees(record: Record, cadence: Cadence) -> tuple[str, ...]:
    """Who comes, as member ids in file order: those named, else the group, else the audience."""
    if cadence.attendees:
        found = set(cadence.attendees)
    elif (group := group_of(record, cadence)) is not None:
        found = set(group.members)
    else:
        found = _audience(record, cadence.audience)
    return tuple(member.id for member in record.members if member.id in found)


def _audience(record: Record, audience: str | None) -> set[str]:
    if audience == "priority_owners":
        return {priority.owner for priority in record.priorities}
    if audience == "metric_stewards":
        return {metric.steward for priority in record.priorities for metric in priority.metrics}
    if audience == "action_owners":
        return {action.owner for action in open_actions(record)}
    return {member.id for member in record.present}


def priorities_of(record: Record, group: Group | None) -> tuple[str, ...]:
    """The priorities whose working group this is."""
    if group is None:
        return ()
    return tuple(item.id for item in record.priorities if item.id == group.priority or item.working_group == group.id)


def may_manage_group(standing: Standing, record: Record, group: Group | None) -> bool:
    """Whether somebody may schedule, move and skip the meetings of a group; None stands for meetings of everybody."""
    return _may(standing, Right.MANAGE_MEETING, record, group)


def may_manage(standing: Standing, record: Record, cadence: Cadence) -> bool:
    """Whether somebody may edit, move and skip this meeting."""
    return _may(standing, Right.MANAGE_MEETING, record, group_of(record, cadence))


def may_write_notes(standing: Standing, record: Record, cadence: Cadence) -> bool:
    """Whether somebody may write this meeting's notes: members do for their own group."""
    return _may(standing, Right.WRITE_NOTES, record, group_of(record, cadence))


def may_see(standing: Standing, key: str | None, record: Record, cadence: Cadence) -> bool:
    """Whether somebody may see this meeting: whoever comes, manages it, or reads every priority."""
    if key is not None and key in attendees(record, cadence):
        return True
    reads_everything = Part.STEERING in standing.everywhere or standing.may(Right.EXPORT)
    return reads_everything or may_write_notes(standing, record, cadence)


def _may(standing: Standing, right: Right, record: Record, group: Group | None) -> bool:
    if standing.may(right):
        return True
    if group is None or group.kind == GroupKind.FUNDERS:
        return False
    if group.steers and Part.CHAIR in standing.everywhere:
        return True
    owned = any(Part.OWNER in standing.scoped.get(key, ()) for key in priorities_of(record, group))
    return owned or standing.may(right, group.id)


def find_meetings(record: Record, typed: str) -> list[Cadence]:
    """Those meant by an id, a name, its group, or the beginning of one of them."""
    every = meetings(record)
    known = [Known(cadence.id, cadence.name) for cadence in every]
    found = {one.id for one in match_known(typed, known)}
    if not found:
        groups = {
            group.id: Known(group.id, group.name)
            for cadence in every
            if (group := group_of(record, cadence)) is not None
        }
        named = {one.id for one in match_known(typed.lstrip("#"), list(groups.values()))}
        named |= {group.id for group in record.groups if group.channel and group.channel == typed.strip().lstrip("#")}
        found = {
            cadence.id for cadence in every if (group := group_of(record, cadence)) is not None and group.id in named
        }
    return [cadence for cadence in every if cadence.id in found]


def sitting(cadence: Cadence, slot: datetime) -> Sitting | None:
    """The occurrence of a slot; None where the rule does not give it any more or it is skipped."""
    if slot in cadence.exdates or not is_slot(cadence, slot):
        return None
    move = next((move for move in cadence.moves if move.original == slot), None)
    local = move.to if move is not None else slot
    return Sitting(cadence, Occurrence(slot, local, move), to_utc(local, cadence.timezone))


def skipped_sitting(cadence: Cadence, ref: MeetingRef) -> Sitting:
    """An occurrence that will not be, for the post that says so."""
    return Sitting(cadence, Occurrence(ref.slot, ref.slot), to_utc(ref.slot, cadence.timezone))


def sittings_after(cadence: Cadence, after: datetime) -> Iterator[Sitting]:
    """The occurrences that begin later than `after` (aware), by when they begin, those of the coming years.

    They are worked out as far as they are asked for: mostly the first few are all that is wanted.
    """
    following = next_occurrence(cadence, after)
    if following is None:
        return
    yield Sitting(cadence, *following)
    begin = after
    for reach in _REACHES:
        until = following[1] + reach
        for occurrence, moment in occurrences_between(cadence, begin, until):
            if occurrence != following[0]:
                yield Sitting(cadence, occurrence, moment)
        begin = until


def next_sittings(cadence: Cadence, after: datetime, count: int) -> tuple[Sitting, ...]:
    """The first `count` of them, or as many as there are."""
    return tuple(islice(sittings_after(cadence, after), count))


def current_sitting(cadence: Cadence, now: datetime) -> Sitting | None:
    """The occurrence that is under way, else the next one; None when the meeting has ended for good."""
    minutes = timedelta(minutes=cadence.duration_minutes or USUAL_MINUTES)
    return next(iter(next_sittings(cadence, now - minutes, 1)), None)


def last_sitting(cadence: Cadence, before: datetime) -> Sitting | None:
    """The newest occurrence that began at or before a moment."""
    found = latest_occurrence(cadence, before)
    return Sitting(cadence, found[0], found[1]) if found is not None else None


def next_of_group(record: Record, group_id: str, now: datetime) -> Sitting | None:
    """The next meeting of a group, of whichever cadence."""
    found = [
        following[0]
        for cadence in meetings(record)
        if (group := group_of(record, cadence)) is not None
        and group.id == group_id
        and (following := next_sittings(cadence, now, 1))
    ]
    return min(found, key=lambda one: one.starts_at, default=None)


def agenda_days(cadence: Cadence) -> int:
    """How many days ahead the agenda is posted."""
    return cadence.prework_days_before if cadence.prework_days_before is not None else AGENDA_DAYS


def has_pack(record: Record, cadence: Cadence) -> bool:
    """Whether there is a pack to read before it: where those who steer meet, or funders."""
    group = group_of(record, cadence)
    return group is not None and (group.steers or group.kind == GroupKind.FUNDERS)
