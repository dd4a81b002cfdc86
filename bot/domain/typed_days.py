"""Days as people type them: "26 Nov", "Nov 26, 2027", "11/26", "next Mon", "in 3 days". No other reading of dates."""

from __future__ import annotations

import re
from calendar import monthrange
from datetime import date, timedelta

from bot.domain.wording import MONTHS, WEEKDAYS
from bot.errors import UserError

MONTH_NAMES = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)
_MONTHS = {name.casefold(): number for number, name in enumerate(MONTHS, 1)}
_MONTHS |= {name.casefold(): number for number, name in enumerate(MONTH_NAMES, 1)} | {"sept": 9}
_WEEKDAYS = {name.casefold(): number for number, name in enumerate(WEEKDAYS)}
_WEEKDAYS |= {name[:3].casefold(): number for number, name in enumerate(WEEKDAYS)}
_WEEKDAYS |= {"tues": 1, "weds": 2, "thur": 3, "thurs": 3}
_NUMBER = "(?P<day>[0-9]{1,2})(?:st|nd|rd|th)?"
_YEAR = "(?: (?P<year>[0-9]{4}))?"
_NAMED = (
    re.compile(rf"(?P<month>[a-z]+)\.? {_NUMBER}{_YEAR}"),
    re.compile(rf"{_NUMBER} (?P<month>[a-z]+)\.?{_YEAR}"),
)
_ISO = re.compile("(?P<year>[0-9]{4})-(?P<month>[0-9]{1,2})-(?P<day>[0-9]{1,2})")
_SLASHED = re.compile("(?P<month>[0-9]{1,2})/(?P<day>[0-9]{1,2})(?:/(?P<year>[0-9]{4}|[0-9]{2}))?")
_AHEAD = re.compile("in (?P<count>[0-9]{1,3}|a|one|two|three) (?P<unit>days?|weeks?)")
_COUNTS = {"a": 1, "one": 1, "two": 2, "three": 3}
_NEAR = {"yesterday": -1, "today": 0, "tomorrow": 1}
_MOST_YEARS = 8  # between one February 29 and the next one


def read_day(text: str, today: date) -> date | None:
    """The day that was typed; None where it is no day. A day without a year is the next such day, today included.

    A weekday is the next one after today, and "next Mon" is Monday of next week. Raises UserError for a day that the
    calendar does not have.
    """
    try:
        return _read(text, today)
    except OverflowError:
        raise UserError("That day is too far ahead. Try “Nov 26” or “Mon”.") from None


def _read(text: str, today: date) -> date | None:
    words = " ".join(text.casefold().replace(",", " ").split()).rstrip(".")
    if words in _NEAR:
        return today + timedelta(days=_NEAR[words])
    ahead = _AHEAD.fullmatch(words)
    if ahead is not None:
        count = _COUNTS.get(ahead["count"]) or int(ahead["count"])
        return today + timedelta(days=count * (7 if ahead["unit"].startswith("week") else 1))
    first, _, rest = words.partition(" ")
    if words in _WEEKDAYS:
        return _next_weekday(_WEEKDAYS[words], today)
    if first == "next" and rest in _WEEKDAYS:
        return today + timedelta(days=7 - today.weekday() + _WEEKDAYS[rest])
    if first in _WEEKDAYS and rest:
        return _on_weekday(_WEEKDAYS[first], rest, today)
    return _written(words, today)


def _next_weekday(weekday: int, today: date) -> date:
    return today + timedelta(days=(weekday - today.weekday() - 1) % 7 + 1)


def _on_weekday(weekday: int, rest: str, today: date) -> date | None:
    """ "Fri Dec 4": the weekday has to be the day's own, so that nobody is held to another day than they meant."""
    found = _written(rest, today)
    if found is not None and found.weekday() != weekday:
        raise UserError(
            f"{MONTHS[found.month - 1]} {found.day} is a {WEEKDAYS[found.weekday()]}. "
            f"Try “{MONTHS[found.month - 1]} {found.day}” or “{WEEKDAYS[weekday][:3]}”."
        )
    return found


def _written(words: str, today: date) -> date | None:
    for pattern in _NAMED:
        found = pattern.fullmatch(words)
        if found is not None and found["month"] in _MONTHS:
            return _real(
                int(found["year"]) if found["year"] else None, _MONTHS[found["month"]], int(found["day"]), today
            )
    numbers = _ISO.fullmatch(words) or _SLASHED.fullmatch(words)
    if numbers is None:
        return None
    year, month, day = numbers["year"], int(numbers["month"]), int(numbers["day"])
    if not 1 <= month <= 12:
        swapped = f"“{MONTHS[day - 1]} {month}”" if 1 <= day <= 12 and month <= 31 else "“Nov 26”"
        raise UserError(f"A year has 12 months. Try {swapped} or “Mon”.")
    full = None if year is None else int(year) + (2000 if len(year) == 2 else 0)
    return _real(full, month, day, today)


def _real(year: int | None, month: int, day: int, today: date) -> date:
    """The day of the calendar; without a year the next one. Raises UserError where there is none."""
    years = [year] if year is not None else range(today.year, today.year + _MOST_YEARS + 1)
    for one in years:
        if 1 <= one <= 9999 and 1 <= day <= monthrange(one, month)[1]:
            found = date(one, month, day)
            if year is not None or found >= today:
                return found
    raise UserError(_no_such_day(year, month, day, today))


def _no_such_day(year: int | None, month: int, day: int, today: date) -> str:
    name = MONTHS[month - 1]
    if year is not None and not 1 <= year <= 9999:
        return f"I can't read the year. Try “{name} {max(1, min(day, 28))}” or “Mon”."
    if day < 1:
        return f"Months begin with day 1. Try “{name} 1” or “Mon”."
    near = year if year is not None else today.year if month >= today.month else today.year + 1
    days = monthrange(near, month)[1]
    last = date(near, month, days)
    weekday = WEEKDAYS[last.weekday()][:3] if 0 < (last - today).days <= 7 else "Mon"
    dated = f"{name} {days}" if year is None or year == today.year else f"{name} {days}, {year}"
    return f"{MONTH_NAMES[month - 1]} has {days} days. Try “{dated}” or “{weekday}”."
