"""What taking up sending again would do, by the late rules: what is still in time, and what is over. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from bot.domain.people import sends_checkins, zone_of_member
from bot.domain.record import Record
from bot.domain.rhythm import latest_occurrence, occurrences_between, window, zone_of
from bot.domain.vocabularies import CadenceKind


@dataclass(frozen=True, slots=True, kw_only=True)
class Owed:
    """A message that an open round owes somebody about a priority: `what` is an Item, `at` when it goes (UTC)."""

    what: str
    member: str
    name: str
    priority_name: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class SendingState:
    """Whether messages go out, and for a pause what its end would send. `state` is draft, live or paused.

    `asks` are priorities whose round is still open; `owed` is what open rounds planned before the pause and owe by
    now; `others` counts further messages that wait; `lapsed` counts rounds of a priority that are over; `digests` are
    names of digests that came due and go out once, marked late.
    """

    state: str
    since: datetime | None
    asks: tuple[str, ...] = ()
    lapsed: int = 0
    digests: tuple[str, ...] = ()
    owed: tuple[Owed, ...] = ()
    others: int = 0
    zone: str
    now: datetime


def sending_state(record: Record, state: str, since: datetime | None, zone: str, now: datetime) -> SendingState:
    """The state with what came due between `since` and now."""
    if state != "paused" or since is None:
        return SendingState(state=state, since=since, zone=zone, now=now)
    asks: list[str] = []
    lapsed = 0
    digests: list[str] = []
    for cadence in record.cadences:
        if cadence.kind == CadenceKind.DIGEST:
            digests += [cadence.name] if occurrences_between(cadence, since, now) else []
        if not sends_checkins(record, cadence):
            continue
        for priority in record.priorities:
            if priority.assessment in {"paused", "complete"}:
                continue
            clock = zone_of(cadence, zone_of_member(record, priority.owner))
            missed = len(occurrences_between(cadence, since, now, clock))
            newest = latest_occurrence(cadence, now, clock)
            # The newest only, and only while an answer would still count.
            is_open = missed and newest is not None and window(cadence, newest[0], clock).closes_at > now
            if is_open:
                asks.append(priority.name)
            lapsed += missed - bool(is_open)
    return SendingState(
        state=state,
        since=since,
        asks=tuple(dict.fromkeys(asks)),
        lapsed=lapsed,
        digests=tuple(digests),
        zone=zone,
        now=now,
    )
