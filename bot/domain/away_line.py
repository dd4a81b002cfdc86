"""Days away as people type them: "Dec 20 to Jan 3", "until Fri", "tomorrow", "next week". No storing here."""

from __future__ import annotations

import re
from datetime import date, timedelta

from bot.domain.typed_days import read_day
from bot.domain.wording import MONTHS, day
from bot.errors import UserError

LONGEST = 366
MOST_MEANT = 183  # days that are taken for days away without a year being written
_HOW = "Try “away Dec 20 to Jan 3”, “away until Fri” or “away tomorrow”."
_FIRST = re.compile(r"(?:i'?m |i am )?(?:away )?(?:from |on )?(?P<rest>.*)", re.DOTALL)
_UNTIL = re.compile(r"(?:until|till|through|to) (?P<end>.+)")
_BETWEEN = re.compile(r"\s+(?:to|until|till|through|and)\s+|\s*[–—]\s*|\s+-\s+")


def read_away(text: str, today: date) -> tuple[date, date]:
    """The first and the last day away that were typed. Raises UserError where they can't be read or have passed."""
    words = " ".join(text.casefold().split()).rstrip(".")
    found = _FIRST.fullmatch(words)
    words = found["rest"] if found is not None else words
    monday = today - timedelta(days=today.weekday())
    if words == "this week":
        return today, monday + timedelta(days=6)
    if words == "next week":
        return monday + timedelta(days=7), monday + timedelta(days=13)
    until = _UNTIL.fullmatch(words)
    if until is not None:
        return checked(today, _day(until["end"], today, text), today)
    parts = _BETWEEN.split(words)
    if len(parts) > 2 or not parts[0]:
        raise UserError(f"I can't read “{text.strip()[:60]}” as days. {_HOW}", field="start")
    start = _day(parts[0], today, text)
    if len(parts) == 1:
        return checked(start, start, today)
    # "Dec 20 to 28": the second day is of the same month.
    second = f"{MONTHS[start.month - 1]} {parts[1]}" if parts[1].isdigit() else parts[1]
    end = _day(second, start, text)
    # Without a year the second day is the next one of its kind, which makes a year of days the wrong way round.
    if (end - start).days > MOST_MEANT and today <= _day(second, today, text) < start:
        raise UserError(
            f"{day(end, start)} comes before {day(start, today)}. Swap them, or write the year of the last day.",
            field="end",
        )
    return checked(start, end, today)


def checked(start: date, end: date, today: date) -> tuple[date, date]:
    """The two days. Raises UserError where they are the wrong way round, over already, or more than a year."""
    if end < start:
        raise UserError(
            f"{day(end, today)} comes before {day(start, today)}. Choose a last day that is not earlier.", field="end"
        )
    if end < today:
        raise UserError("Those days have passed. Choose today or later days.", field="end")
    if (end - start).days >= LONGEST:
        raise UserError(
            "That's more than a year. Choose an earlier last day, or ask a coordinator to hand your priority on.",
            field="end",
        )
    return start, end


def _day(words: str, today: date, text: str) -> date:
    found = read_day(words, today)
    if found is None:
        raise UserError(f"I can't read “{text.strip()[:60]}” as days. {_HOW}", field="start")
    return found
