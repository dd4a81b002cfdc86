"""Meetings that take the same people at the same time, before one of them is saved. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta

from bot.domain.meetings.planned import Sitting, attendees, meetings
from bot.domain.record import Cadence, Record
from bot.domain.rhythm import occurrences_between

_LONGEST = timedelta(hours=12)  # that a meeting lasts
MOST = 3


@dataclass(frozen=True, slots=True)
class Clash:
    """One occurrence beside another one of the same people, who are given as member ids."""

    mine: Sitting
    other: Sitting
    members: tuple[str, ...]


def find_clashes(record: Record, cadence: Cadence, sittings: Iterable[Sitting]) -> tuple[Clash, ...]:
    """What these occurrences of a meeting overlap with, earliest first, at most `MOST`."""
    people = attendees(record, cadence)
    others = [
        (one, tuple(key for key in attendees(record, one) if key in people))
        for one in meetings(record)
        if one.id != cadence.id
    ]
    found: list[Clash] = []
    for mine in sorted(sittings, key=lambda one: one.starts_at):
        for other, shared in others:
            if not shared:
                continue
            near = occurrences_between(other, mine.starts_at - _LONGEST, mine.ends_at)
            for occurrence, moment in near:
                beside = Sitting(other, occurrence, moment)
                if beside.starts_at < mine.ends_at and mine.starts_at < beside.ends_at:
                    found.append(Clash(mine, beside, shared))
    return tuple(found[:MOST])
