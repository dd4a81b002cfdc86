"""What a meeting owes to the people around it, and when: its agenda, a fresh one each morning, and reminders. Pure.

Agendas are due at eight in the morning of the meeting's own clock, from their first day to the day it begins;
reminders at half past eight of each person's clock, when the day's other messages go out.
"""

from __future__ import annotations

from datetime import datetime, time, timedelta
from itertools import islice

from bot.domain.meetings.planned import Sitting, agenda_days, sittings_after
from bot.domain.record import Cadence
from bot.domain.rhythm import to_local, to_utc

MORNING = time(8, 0)
REMINDING = time(8, 30)
# Reminders are planned on the morning before, so that they can travel with whatever that day's message holds.
REMIND_DAYS = 1
_SHORTEST_NOTICE = timedelta(hours=1)
# A daily meeting has as many occurrences ahead of it as its agenda is early.
_MOST_AHEAD = 40


def agenda_at(sitting: Sitting) -> datetime:
    """When the agenda is posted (aware UTC)."""
    return _morning(sitting, agenda_days(sitting.cadence))


def remind_from(sitting: Sitting) -> datetime:
    """From when on reminders are planned (aware UTC)."""
    return _morning(sitting, REMIND_DAYS)


def remind_at(sitting: Sitting, zone: str) -> datetime:
    """When somebody who lives by `zone` is reminded: that morning, at the latest an hour before."""
    day = to_local(sitting.starts_at, zone).date()
    return min(to_utc(datetime.combine(day, REMINDING), zone), sitting.starts_at - _SHORTEST_NOTICE)


def next_duty(cadence: Cadence, after: datetime) -> tuple[Sitting, datetime] | None:
    """The first moment later than `after` at which something of this meeting is due, and for which occurrence."""
    best: tuple[Sitting, datetime] | None = None
    for sitting in islice(sittings_after(cadence, after), _MOST_AHEAD):
        moment = _first_after(sitting, after)
        if moment is not None and (best is None or moment < best[1]):
            best = (sitting, moment)
        if best is not None and min(agenda_at(sitting), remind_from(sitting)) > best[1]:
            break
    return best


def due_sittings(cadence: Cadence, now: datetime, horizon: datetime) -> list[Sitting]:
    """The occurrences that have not begun and for which something is due by `horizon`."""
    found = []
    for sitting in islice(sittings_after(cadence, now), _MOST_AHEAD):
        if min(agenda_at(sitting), remind_from(sitting)) > horizon:
            break
        found.append(sitting)
    return found


def _morning(sitting: Sitting, days: int) -> datetime:
    day = sitting.occurrence.local.date() - timedelta(days=days)
    return to_utc(datetime.combine(day, MORNING), sitting.cadence.timezone)


def _first_after(sitting: Sitting, after: datetime) -> datetime | None:
    for days in range(max(agenda_days(sitting.cadence), REMIND_DAYS), -1, -1):
        moment = _morning(sitting, days)
        if after < moment < sitting.starts_at:
            return moment
    return None
