"""The last day that a figure covers, as people type it: "Jun 30", "30 Jun", "2026-06-30", "6/30", "Sep", "Q3".

A day without a year is the newest one that is not ahead. Days that are to come are read in `typed_days.py`.
"""

from __future__ import annotations

import re
from calendar import monthrange
from datetime import date, timedelta

from bot.domain.typed_days import MONTH_NAMES
from bot.domain.wording import MONTHS, cut
from bot.errors import UserError

_ISO = re.compile(r"([0-9]{4})-([0-9]{1,2})-([0-9]{1,2})")
_SLASHES = re.compile(r"([0-9]{1,2})/([0-9]{1,2})(?:/([0-9]{4}|[0-9]{2}))?")
_ORDINAL = r"([0-9]{1,2})(?:st|nd|rd|th)?"
_YEAR = r"(?:\s*,?\s*([0-9]{4}))?"
_MONTH_FIRST = re.compile(rf"([a-z]+)\.?\s+{_ORDINAL}{_YEAR}")
_DAY_FIRST = re.compile(rf"{_ORDINAL}\.?\s+(?:of\s+)?([a-z]+)\.?{_YEAR}")
_MONTH_ONLY = re.compile(r"(?:the\s+)?(?:end\s+of\s+)?([a-z]+)\.?(?:\s+([0-9]{4}))?")
_QUARTER = re.compile(r"q([1-4])(?:\s+([0-9]{4}))?")
_LEAST_YEAR, _MOST_YEAR = 1900, 2200


def read_period_end(text: str, today: date) -> date:
    """The day that is meant; a month alone is its last day, a quarter its last day.

    Raises UserError with what works for anything else, such as "November has 30 days. Try “Nov 30”.".
    """
    typed = " ".join(text.casefold().strip(" .,").split())
    if typed in {"today", "yesterday"}:
        return today + timedelta(days=-1 if typed == "yesterday" else 0)
    if found := _ISO.fullmatch(typed):
        return _whole(int(found[1]), int(found[2]), int(found[3]), text)
    if found := _SLASHES.fullmatch(typed):
        return _read(int(found[1]), int(found[2]), _year(found[3]), text, today)
    if found := _QUARTER.fullmatch(typed):
        return _read(int(found[1]) * 3, None, _year(found[2]), text, today)
    if (found := _MONTH_FIRST.fullmatch(typed)) and (month := _month(found[1])):
        return _read(month, int(found[2]), _year(found[3]), text, today)
    if (found := _DAY_FIRST.fullmatch(typed)) and (month := _month(found[2])):
        return _read(month, int(found[1]), _year(found[3]), text, today)
    if (found := _MONTH_ONLY.fullmatch(typed)) and (month := _month(found[1])):
        return _read(month, None, _year(found[2]), text, today)
    raise UserError(f"I don't know the date “{cut(text.strip(), 40)}”. Try “{_short(today)}” or “{today}”.")


def _read(month: int, day: int | None, year: int | None, text: str, today: date) -> date:
    if year is not None:
        return _whole(year, month, day, text)
    # A leap day comes back within eight years.
    for candidate in range(today.year, today.year - 10, -1):
        if not 1 <= month <= 12 or (day or 1) > monthrange(candidate, month)[1]:
            continue
        found = _whole(candidate, month, day, text)
        if found <= today:
            return found
    return _whole(today.year, month, day, text)


def _whole(year: int, month: int, day: int | None, text: str) -> date:
    """The day, or its month's last one. Raises UserError for one that no calendar has."""
    if not 1 <= month <= 12:
        raise UserError(f"There is no month {month} in “{cut(text.strip(), 40)}”. Try “{MONTHS[5]} 30” or “6/30”.")
    if not _LEAST_YEAR <= year <= _MOST_YEAR:
        raise UserError(f"The year {year} in “{cut(text.strip(), 40)}” is out of reach. Check it.")
    last = monthrange(year, month)[1]
    if day is None:
        return date(year, month, last)
    if not 1 <= day <= last:
        of_year = f" {year}" if month == 2 else ""
        raise UserError(f"{MONTH_NAMES[month - 1]}{of_year} has {last} days. Try “{MONTHS[month - 1]} {last}”.")
    return date(year, month, day)


def _month(word: str) -> int | None:
    """The month that a word names or begins, with three letters or more."""
    if len(word) < 3:
        return None
    found = [number for number, name in enumerate(MONTH_NAMES, 1) if name.casefold().startswith(word)]
    if word == "sept":
        return 9
    return found[0] if len(found) == 1 else None


def _year(text: str | None) -> int | None:
    if text is None:
        return None
    return int(text) if len(text) == 4 else 2000 + int(text)


def _short(day: date) -> str:
    return f"{MONTHS[day.month - 1]} {day.day}"
