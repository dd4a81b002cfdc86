"""Days as people type them: "26 Nov", "12/5", "next Mon", "the 11th", "EOD tomorrow", "end of month", "in 2 weeks".

Read by rules of our own, since a promised reading may not depend on a library's taste; what they leave open goes to
`free_days`. A time of day beside the day is dropped: what is due is due that day. Where in a line a day stands is
found in `days_in_lines`; how words that name a day are spelled stands in `day_words`.
"""

from __future__ import annotations

import re
from calendar import monthrange
from datetime import date, timedelta

from bot.domain.typed.day_words import (
    COUNT,
    COUNTS,
    MONTH_NAMES,
    MONTHS_BY_NAME,
    ORDINALS,
    WEEKDAYS_BY_NAME,
    drop_time,
    months_later,
    spell,
)
from bot.domain.typed.free_days import read_freely
from bot.domain.typed.spans_of_days import UnclearDay, read_span
from bot.domain.wording import MONTHS, WEEKDAYS, day, is_day_first
from bot.errors import UserError

_ORDINAL = "(?P<day>[0-9]{1,2})(?:st|nd|rd|th)"
_NUMBER = "(?:the )?(?P<day>[0-9]{1,2})(?:st|nd|rd|th)?"
_YEAR = "(?:(?: |-)'?(?P<year>[0-9]{4}|(?<=')[0-9]{2}))?"
_NAMED = (
    re.compile(rf"(?P<month>[a-z]+)[ -]?{_NUMBER}{_YEAR}"),
    re.compile(rf"{_NUMBER}[ -]?(?:of )?(?P<month>[a-z]+){_YEAR}"),
)
_ISO = re.compile("(?P<year>[0-9]{4})[-/](?P<month>[0-9]{1,2})[-/](?P<day>[0-9]{1,2})")
_SLASHED = re.compile("(?P<month>[0-9]{1,2})[/-](?P<day>[0-9]{1,2})(?:/(?P<year>[0-9]{4}|[0-9]{2}))?")
_DASHED = re.compile("(?P<month>[0-9]{1,2})-(?P<day>[0-9]{1,2})-(?P<year>[0-9]{4}|[0-9]{2})")
_DOTTED = re.compile("(?P<one>[0-9]{1,2})[.](?P<two>[0-9]{1,2})(?:[.](?P<year>[0-9]{4}|[0-9]{2})?)?")
_OF_MONTH = re.compile(rf"(?:the )?{_ORDINAL}(?: (?:of|in) (?P<which>this|the|next)(?: month)?)?")
_UNITS = "(?P<unit>(?:business|working|work|calendar) days?|days?|weeks?|fortnights?|months?|years?|hours?)"
_AHEAD = re.compile(rf"(?:in |within )?(?:the next )?(?P<count>[0-9]{{1,3}}|{COUNT}) {_UNITS}(?: time)?")
_FROM = re.compile(rf"(?:(?P<count>[0-9]{{1,3}}|{COUNT}) )?{_UNITS} (?:from|after|on) (?P<base>.+)")
_NTH = re.compile(
    r"(?:the )?(?P<place>first|second|third|fourth|last|1st|2nd|3rd|4th) (?P<weekday>[a-z]+) (?:of|in) (?P<month>.+)"
)
_NEAR = {"yesterday": -1, "today": 0, "now": 0, "tomorrow": 1, "day after tomorrow": 2}
_PLACES = {"first": 1, "second": 2, "third": 3, "fourth": 4, "1st": 1, "2nd": 2, "3rd": 3, "4th": 4}
_MOST_YEARS = 8  # between one February 29 and the next one
_TOO_FAR = "That day is too far ahead. Try “Nov 26” or “Mon”."


def read_day(text: str, today: date, *, freely: bool = True) -> date | None:
    """The day that was typed; None where it is no day. A day without a year is the next such day, today included.

    A weekday is the next one after today, and "next Mon" is Monday of next week. Raises UserError for a day that the
    calendar does not have, and UnclearDay for words such as "next week" that name no single day.
    Without `freely` only our own rules are asked.
    """
    try:
        return _read(text, today, freely)
    except UnclearDay as unclear:
        raise unclear.quoting(" ".join(text.split())) from None
    except (OverflowError, ValueError):
        raise UserError(_TOO_FAR) from None


def _read(text: str, today: date, freely: bool) -> date | None:
    typed = spell(text)
    words, had_time = drop_time(typed)
    if not words:
        return today if had_time else None
    found = _by_rule(words, today)
    if found is None:
        found = read_span(words, today)
    if found is None and freely and len(words) < 40:
        found = read_freely(words, today)
    return found


def _by_rule(words: str, today: date) -> date | None:
    near = words.removeprefix("the ")
    if near in _NEAR:
        return today + timedelta(days=_NEAR[near])
    ahead = _AHEAD.fullmatch(words)
    if ahead is not None:
        return _later(today, ahead["count"], ahead["unit"])
    found = _from_another(words, today)
    if found is None:
        found = _weekday(words, today)
    if found is None:
        found = _place_in_month(words, today)
    return found if found is not None else _written(words, today)


def _later(base: date, count: str | None, unit: str) -> date:
    number = 1 if count is None else COUNTS.get(count) or int(count)
    unit = unit.removesuffix("s")
    if unit == "hour":
        return base + timedelta(days=-(-number // 24))
    if unit == "month":
        return months_later(base, number)
    if unit == "year":
        return months_later(base, 12 * number)
    if unit in {"business day", "working day", "work day"}:
        for _ in range(number):
            base += timedelta(days=1 if base.weekday() < 4 else 7 - base.weekday())
        return base
    return base + timedelta(days=number * {"week": 7, "fortnight": 14}.get(unit, 1))


def _from_another(words: str, today: date) -> date | None:
    """ "a week from Friday", "3 days after Dec 4", "Friday week"."""
    first, _, rest = words.partition(" ")
    if first in WEEKDAYS_BY_NAME and rest == "week":
        return _next_weekday(WEEKDAYS_BY_NAME[first], today) + timedelta(days=7)
    found = _FROM.fullmatch(words)
    if found is None:
        return None
    base = _by_rule(found["base"], today)
    if base is None:
        base = read_span(found["base"], today)
    return _later(base, found["count"], found["unit"]) if base is not None else None


def _weekday(words: str, today: date) -> date | None:
    """A weekday, with what says which: "this Fri", "next Fri", "Fri next week", "Mon after next", "Fri the 4th"."""
    first, _, rest = words.partition(" ")
    monday = today - timedelta(days=today.weekday())
    if first in {"this", "coming", "upcoming", "next"}:
        rest = rest.removeprefix("coming ").removeprefix("week ").removeprefix("on ")
        if rest not in WEEKDAYS_BY_NAME:
            return None
        weekday = WEEKDAYS_BY_NAME[rest]
        if first == "next":
            return monday + timedelta(days=7 + weekday)
        if first == "this" and weekday == today.weekday():
            raise UnclearDay(words, "could be today or a week from today", None)
        return _next_weekday(weekday, today)
    if first not in WEEKDAYS_BY_NAME:
        return None
    weekday = WEEKDAYS_BY_NAME[first]
    if not rest:
        return _next_weekday(weekday, today)
    if rest in {"next week", "of next week"}:
        return monday + timedelta(days=7 + weekday)
    if rest in {"this week", "of this week"}:
        return monday + timedelta(days=weekday)
    if rest == "after next":
        return monday + timedelta(days=14 + weekday)
    return _on_weekday(weekday, rest, today)


def _next_weekday(weekday: int, today: date) -> date:
    return today + timedelta(days=(weekday - today.weekday() - 1) % 7 + 1)


def _on_weekday(weekday: int, rest: str, today: date) -> date | None:
    """ "Fri Dec 4": the weekday has to be the day's own, so that nobody is held to another day than they meant."""
    found = _written(rest, today)
    if found is None:
        found = _place_in_month(rest, today)
    if found is not None and found.weekday() != weekday:
        raise UserError(
            f"{day(found, today)} is a {WEEKDAYS[found.weekday()]}. "
            f"Try “{MONTHS[found.month - 1]} {found.day}” or “{WEEKDAYS[weekday][:3]}”."
        )
    return found


def _place_in_month(words: str, today: date) -> date | None:
    """ "the 11th", "the 11th of next month", "first Monday of December"."""
    for name, number in ORDINALS.items():
        if words in {f"the {name}", f"the {name} of the month", f"{name} of the month"}:
            words = f"the {number}th"
    found = _OF_MONTH.fullmatch(words)
    if found is not None:
        day = int(found["day"])
        if not 1 <= day <= 31:
            raise UserError(f"Months have at most 31 days. Try “{MONTHS[today.month - 1]} {min(max(day, 1), 28)}”.")
        return _next_of_month(day, today, is_next_month=found["which"] == "next")
    nth = _NTH.fullmatch(words)
    if nth is None or nth["weekday"] not in WEEKDAYS_BY_NAME:
        return None
    first = _first_of_month(nth["month"].removesuffix(" month"), today)
    return _nth_weekday(first, nth["place"], WEEKDAYS_BY_NAME[nth["weekday"]]) if first is not None else None


def _next_of_month(day: int, today: date, *, is_next_month: bool) -> date:
    first = today.replace(day=1)
    if is_next_month:
        first = months_later(first, 1)
        last = monthrange(first.year, first.month)[1]
        if day > last:
            raise UserError(_no_such_day(first.year, first.month, day, today))
        return first.replace(day=day)
    while day > monthrange(first.year, first.month)[1] or first.replace(day=day) < today:
        first = months_later(first, 1)
    return first.replace(day=day)


def _first_of_month(words: str, today: date) -> date | None:
    if words in {"the", "this", "month"}:
        return today.replace(day=1)
    if words in {"next", "the next"}:
        return months_later(today.replace(day=1), 1)
    if words not in MONTHS_BY_NAME:
        return None
    month = MONTHS_BY_NAME[words]
    return date(today.year + (month < today.month), month, 1)


def _nth_weekday(first: date, place: str, weekday: int) -> date:
    if place == "last":
        last = first.replace(day=monthrange(first.year, first.month)[1])
        return last - timedelta(days=(last.weekday() - weekday) % 7)
    return first + timedelta(days=(weekday - first.weekday()) % 7 + 7 * (_PLACES[place] - 1))


def _written(words: str, today: date) -> date | None:
    for name, number in ORDINALS.items():
        if words.startswith(f"{name} of ") or words.startswith(f"the {name} of "):
            words = f"{number} {words.partition(' of ')[2]}"
    for pattern in _NAMED:
        found = pattern.fullmatch(words)
        if found is not None and found["month"] in MONTHS_BY_NAME:
            return _real(_year(found["year"]), MONTHS_BY_NAME[found["month"]], int(found["day"]), today)
    dotted = _DOTTED.fullmatch(words)
    if dotted is not None:
        return _dotted(words, int(dotted["one"]), int(dotted["two"]), dotted["year"], today)
    if words.isdecimal() and words.isascii() and 1 <= int(words) <= 31:
        named = _next_of_month(int(words), today, is_next_month=False)
        raise UnclearDay(
            words, f"can be a day or a number. Write “{MONTHS[named.month - 1]} {named.day}” for the day", None
        )
    numbers = _ISO.fullmatch(words) or _SLASHED.fullmatch(words) or _DASHED.fullmatch(words)
    if numbers is None:
        return None
    month, day = int(numbers["month"]), int(numbers["day"])
    if is_day_first() and numbers.re is not _ISO:
        # "23/11" is a day; "3/4" is March 4 to a program that knows no better, and April 3 to its readers.
        if month != day and 1 <= month <= 12 and 1 <= day <= 12:
            told = f"“{MONTHS[month - 1]} {day}” or “{MONTHS[day - 1]} {month}”"
            raise UnclearDay(words, f"can be read in more than one way. Try {told}", None)
        if month > 12 >= day:
            month, day = day, month
    if not 1 <= month <= 12:
        swapped = f"“{MONTHS[day - 1]} {month}”" if 1 <= day <= 12 and month <= 31 else "“Nov 26”"
        raise UserError(f"A year has 12 months. Try {swapped} or “Mon”.")
    return _real(_year(numbers["year"]), month, day, today)


def _dotted(words: str, one: int, two: int, year: str | None, today: date) -> date | None:
    """ "5.12.2026" is December 5 to some and May 12 to others; without a year it may be a number."""
    if year is None or one == two or max(one, two) <= 12:
        if max(one, two) > 31 or not min(one, two) or min(one, two) > 12:
            return None
        told = " or ".join(
            f"“{MONTHS[month - 1]} {day}”" for month, day in dict.fromkeys(((one, two), (two, one))) if month <= 12
        )
        raise UnclearDay(words, f"can be read in more than one way. Try {told}", None)
    return _real(_year(year), min(one, two), max(one, two), today)


def _year(text: str | None) -> int | None:
    return None if text is None else int(text) + (2000 if len(text) == 2 else 0)


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
