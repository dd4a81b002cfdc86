"""What becomes of somebody's days away: stretches that don't touch, and each change as a rule on them. Pure.

How typed days are read is in `away_line`; who is asked on such days is in `asking`.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

from bot.domain.record import Away

Days = tuple[Away, ...]

_DAY = timedelta(days=1)


def add_days(days: Days, start: date, end: date) -> Days:
    """With these days, both included: whatever touches them becomes one stretch with them, in the earliest one's place.

    Comes back equal where one stretch has them all already.
    """
    if any(one.start <= start and end <= one.end for one in days):
        return days
    touching = [one for one in days if one.start <= end + _DAY and one.end >= start - _DAY]
    if not touching:
        return (*days, Away(start=start, end=end))
    first = min(touching, key=lambda one: one.start)
    whole = replace(first, start=min(start, first.start), end=max(end, *(one.end for one in touching)))
    return tuple(whole if one is first else one for one in days if one is first or one not in touching)


def end_days(days: Days, today: date) -> Days:
    """As of somebody who is back: nothing is left of today's stretch from today on."""
    return tuple(left for one in days if (left := _left_of(one, today) if _has(one, today) else one) is not None)


def cancel_days(days: Days, which: Away, today: date) -> Days:
    """Without a stretch; of one that has begun the days before today stay."""
    left = _left_of(which, today) if _has(which, today) else None
    return tuple(kept for one in days if (kept := left if one == which else one) is not None)


def stretch_of(days: Days, day: date) -> Away | None:
    """The stretch that has this day."""
    return next((one for one in days if _has(one, day)), None)


def _has(one: Away, day: date) -> bool:
    return one.start <= day <= one.end


def _left_of(one: Away, today: date) -> Away | None:
    return replace(one, end=today - _DAY) if one.start < today else None
