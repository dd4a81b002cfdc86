"""One voice, not many: how many unprompted messages a day and a week reach one person. Pure.

Days and weeks are those of the receiver's own clock; a week begins on Monday.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date, timedelta

from bot.domain.deliveries import CHECK_INS, Item

A_DAY = 1
A_WEEK = 4
# What is asked within a round's window would come too late if it waited for a better day.
NEVER_HELD_BACK: frozenset[Item] = CHECK_INS


def has_room(sent: Sequence[date], day: date) -> bool:
    """Whether one more unprompted message may reach somebody on this day; `sent` has the day of each that has."""
    monday = day - timedelta(days=day.weekday())
    in_week = [one for one in sent if monday <= one < monday + timedelta(days=7)]
    return in_week.count(day) < A_DAY and len(in_week) < A_WEEK


def next_day_with_room(sent: Sequence[date], today: date) -> date:
    """The first day after today on which a message that is held back may go by itself."""
    return next(day for n in range(1, 15) if has_room(sent, day := today + timedelta(days=n)))


def may_be_held_back(items: Collection[tuple[Item, bool]]) -> bool:
    """Whether a message with these items, each with whether it is urgent, has nothing that must go now."""
    return not any(urgent or item in NEVER_HELD_BACK for item, urgent in items)
