"""A meeting's rule by simple choices: "every two weeks" from a first day, and back. Pure."""

from __future__ import annotations

from datetime import date

from bot.domain.record import Cadence
from bot.domain.typed import free_key

DAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
REPEATS = ("weekly", "biweekly", "monthly", "quarterly", "yearly", "once")
KEEP = "keep"


def rule_of(repeats: str, first: date) -> str:
    """The RFC 5545 rule of a choice; months keep the weekday and its place, such as the second Wednesday.

    Raises ValueError for a choice that is not one of `REPEATS`.
    """
    day = DAYS[first.weekday()]
    # A fifth Friday would leave months out, so it is the last one.
    place = (first.day - 1) // 7 + 1
    nth = f"{place if place < 5 else -1}{day}"
    rules = {
        "weekly": f"FREQ=WEEKLY;BYDAY={day}",
        "biweekly": f"FREQ=WEEKLY;INTERVAL=2;BYDAY={day}",
        "monthly": f"FREQ=MONTHLY;BYDAY={nth}",
        "quarterly": f"FREQ=MONTHLY;INTERVAL=3;BYDAY={nth}",
        "yearly": f"FREQ=YEARLY;BYMONTH={first.month};BYDAY={nth}",
        "once": "FREQ=DAILY;COUNT=1",
    }
    if repeats not in rules:
        raise ValueError(repeats)
    return rules[repeats]


def repeats_of(cadence: Cadence) -> str:
    """The choice that gives a meeting's rule; "keep" for a rule that no choice gives."""
    found = (name for name in REPEATS if rule_of(name, cadence.dtstart.date()) == cadence.rrule)
    return next(found, KEEP)


def key_of(name: str, known: frozenset[str]) -> str:
    """An id made of a name, such as "talent-working-group", that is not in use yet."""
    plain = "".join(char if char.isascii() and char.isalnum() else " " for char in name.casefold())
    stem = "-".join(plain.split())[:40].strip("-") or "meeting"
    if not stem[0].isalpha():
        stem = f"meeting-{stem}"
    return free_key(stem, known)
