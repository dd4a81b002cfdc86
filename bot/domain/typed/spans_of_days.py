"""Words that name a stretch of days, or its end: "end of month", "next week", "mid December", "Q1", "Christmas".

The end, the beginning and a holiday are one day each; of a stretch nobody knows which day is meant, so it is asked.
"""

from __future__ import annotations

import re
from calendar import monthrange
from datetime import date, timedelta

from bot.domain.typed.day_words import MONTHS_BY_NAME, months_later
from bot.domain.wording import near_day
from bot.errors import UserError

_YEAR = "(?: (?P<year>[0-9]{4}))?"
_END = re.compile(r"(?:the )?(?:very )?(?:end(?: of)?|last day of|close of) (?P<of>.+)")
_START = re.compile(r"(?:the )?(?:beginning|start|first day|first) of (?P<of>.+)")
_PART = re.compile(
    r"(?:the )?(?P<part>mid|middle of|early|late|beginning|first half of|second half of|first week of|last week of|"
    r"around)[ -](?:in )?(?P<of>.+)"
)
_QUARTER = re.compile(rf"(?:the )?(?:q(?P<number>[1-4])|(?P<place>first|second|third|fourth) quarter){_YEAR}")
_MONTH = re.compile(rf"(?P<month>[a-z]+){_YEAR}")
_SEASONS = {"spring": 3, "summer": 6, "fall": 9, "autumn": 9, "winter": 12, "the spring": 3, "the summer": 6}
_SOON = frozenset(
    {"asap", "soon", "as soon as possible", "immediately", "right away", "later", "sometime", "the holidays", "easter"}
)
# Holidays on a Monday: month, and which of its Mondays; 0 is the last one.
_NTH_MONDAYS = {"mlk": (1, 3), "martin luther king": (1, 3), "presidents": (2, 3), "memorial": (5, 0), "labor": (9, 1)}
_PLACES = {"first": 1, "second": 2, "third": 3, "fourth": 4}


class UnclearDay(UserError):
    """Words about time that name no single day. `guess` is the day that may be meant, where one is likelier."""

    def __init__(self, typed: str, why: str, guess: date | None) -> None:
        super().__init__(f"“{typed}” {why}.")
        self.why = why
        self.guess = guess

    def quoting(self, typed: str) -> UnclearDay:
        """The same about the words as they were typed."""
        return UnclearDay(typed, self.why, self.guess)


_FISCAL = re.compile(
    r"(?:the )?(?:end of )?(?:the )?(?:fy ?(?:[0-9]{2,4})?|fiscal(?: year)?)(?: end)?|fiscal end of year"
)


def read_span(words: str, today: date) -> date | None:
    """The one day that such words name; None where they are none. Raises UnclearDay for a stretch of days."""
    holiday = _holiday(words, today)
    if holiday is not None:
        return holiday
    if _FISCAL.fullmatch(words):
        raise UnclearDay(words, "depends on whose fiscal year it is. Write the day, such as “Jun 30”", None)
    ending = _END.fullmatch(words)
    if ending is not None:
        span = read_stretch(ending["of"], today)
        return span[1] if span is not None else None
    starting = _START.fullmatch(words)
    if starting is not None:
        span = read_stretch(starting["of"], today)
        if span is not None:
            return _ahead(span[0], today)
    words = words.removeprefix("within ").removeprefix("later ")
    part = _PART.fullmatch(words)
    span = read_stretch(part["of"] if part is not None else words, today)
    if span is not None:
        guess = _guess(part["part"] if part is not None else "", *span)
        raise UnclearDay(words, f"can be several days. Write the day, such as “{near_day(guess, today)}”", guess)
    if words in {"weekend", "the weekend", "this weekend"}:
        raise UnclearDay(
            words, "names no working day. Write one, such as “Fri”", today + timedelta(days=(4 - today.weekday()) % 7)
        )
    if words in _SOON or words in _SEASONS:
        raise UnclearDay(
            words, f"names no day. Write one, such as “{near_day(today + timedelta(days=7), today)}”", None
        )
    return None


def read_stretch(words: str, today: date) -> tuple[date, date] | None:
    """The first and the last day of a week (Monday to Friday), month, quarter or year; None for anything else."""
    words = words.removeprefix("the ")
    which, _, unit = words.partition(" ")
    if which in {"week", "month", "quarter", "year"} and not unit:
        which, unit = "this", words
    unit = unit.removeprefix("calendar ")
    if unit == "after next":
        which, unit = unit, which
    monday = today - timedelta(days=today.weekday())
    first = today.replace(day=1)
    later = {"this": 0, "next": 1, "after next": 2}.get(which)
    if later is not None and unit == "week":
        # On a weekend "this week" has ended: what is to be done by its end is due in the next one.
        later += which == "this" and today.weekday() > 4
        return monday + timedelta(days=7 * later), monday + timedelta(days=7 * later + 4)
    if later is not None and unit == "month":
        return _months(months_later(first, later), 1)
    if later is not None and unit == "quarter":
        return _months(months_later(first.replace(month=(today.month - 1) // 3 * 3 + 1), 3 * later), 3)
    if later is not None and unit == "year":
        return date(today.year + later, 1, 1), date(today.year + later, 12, 31)
    quarter = _QUARTER.fullmatch(words)
    if quarter is not None:
        number = int(quarter["number"] or 0) or _PLACES[quarter["place"]]
        return _dated(quarter["year"], number * 3 - 2, 3, today)
    month = _MONTH.fullmatch(words)
    if month is not None and month["month"] in MONTHS_BY_NAME:
        return _dated(month["year"], MONTHS_BY_NAME[month["month"]], 1, today)
    return None


def _dated(year: str | None, month: int, count: int, today: date) -> tuple[date, date]:
    """The months of a year; without a year those that end next."""
    span = _months(date(int(year) if year else today.year, month, 1), count)
    return span if year or span[1] >= today else _months(date(today.year + 1, month, 1), count)


def _months(first: date, count: int) -> tuple[date, date]:
    last = months_later(first, count - 1)
    return first, last.replace(day=monthrange(last.year, last.month)[1])


def _ahead(first: date, today: date) -> date:
    """The beginning of a month or year that has begun is that of the next one."""
    if first >= today:
        return first
    return first.replace(year=first.year + 1) if first.month == 1 else months_later(first, 1)


def _guess(part: str, first: date, last: date) -> date:
    days = (last - first).days
    shares = {"mid": 2, "middle of": 2, "early": 3, "beginning": 3, "first half of": 2, "first week of": 4}
    return first + timedelta(days=days // shares[part]) if part in shares else last


def _holiday(words: str, today: date) -> date | None:
    name = words.removeprefix("the ").replace("'s", "s").removesuffix(" day")
    if name in _NTH_MONDAYS or name == "thanksgiving":
        years = (today.year, today.year + 1)
        return next(day for year in years if (day := _floating(name, year)) >= today)
    days = {"christmas": (12, 25), "christmas eve": (12, 24), "new years eve": (12, 31), "new years": (1, 1)}
    days |= {"new year": (1, 1), "halloween": (10, 31), "valentines": (2, 14), "juneteenth": (6, 19)}
    days |= {"veterans": (11, 11)}
    if name not in days:
        return None
    found = date(today.year, *days[name])
    return found if found >= today else found.replace(year=today.year + 1)


def _floating(name: str, year: int) -> date:
    month, weeks = _NTH_MONDAYS.get(name, (11, 4))
    if not weeks:
        last = date(year, month, monthrange(year, month)[1])
        return last - timedelta(days=last.weekday())
    first = date(year, month, 1)
    weekday = 3 if name == "thanksgiving" else 0
    return first + timedelta(days=(weekday - first.weekday()) % 7 + 7 * (weeks - 1))
