"""The last day that a figure covers, as people type it: "Jun 30", "30 Jun", "6/30", "Sep", "Q3", "end of last month",
"last Friday", "2 weeks ago".

A day without a year is the newest one that is not ahead. Days that are to come are read in `typed_days`.
"""

from __future__ import annotations

import re
from calendar import monthrange
from datetime import date, timedelta

from bot.domain.typed.day_words import COUNT, COUNTS, MONTH_NAMES, WEEKDAYS_BY_NAME, drop_time, months_later, spell
from bot.domain.typed.free_days import read_freely
from bot.domain.wording import MONTHS, cut, is_day_first
from bot.errors import UserError

_ISO = re.compile(r"([0-9]{4})[-/]([0-9]{1,2})[-/]([0-9]{1,2})")
_SLASHES = re.compile(
    r"([0-9]{1,2})/([0-9]{1,2})(?:/([0-9]{4}|[0-9]{2}))?|([0-9]{1,2})-([0-9]{1,2})-([0-9]{4}|[0-9]{2})"
)
_ORDINAL = r"([0-9]{1,2})(?:st|nd|rd|th)?"
_YEAR = r"(?:\s*,?\s*'?([0-9]{4}|(?<=')[0-9]{2}))?"
_MONTH_FIRST = re.compile(rf"([a-z]+)\.?[\s-]+(?:the\s+)?{_ORDINAL}{_YEAR}")
_DAY_FIRST = re.compile(rf"(?:the\s+)?{_ORDINAL}\.?[\s-]+(?:of\s+)?([a-z]+)\.?-?{_YEAR}")
_MONTH_ONLY = re.compile(rf"(?:the\s+)?(?:month\s+of\s+)?([a-z]+)\.?{_YEAR}")
_QUARTER = re.compile(
    rf"(?:the\s+)?(?:q([1-4])|(first|second|third|fourth)\s+quarter)(?:\s+of)?{_YEAR}|([0-9]{{4}})\s*-?q([1-4])"
)
_HALF = re.compile(rf"(?:h([12])|(?:the\s+)?(first|second)\s+half)(?:\s+of)?{_YEAR}")
_AGO = re.compile(rf"([0-9]{{1,3}}|{COUNT}) (day|week|month)s? ago")
_END_OF = re.compile(r"(?:the )?(?:end|last day|close) (?:of )?(?P<of>.+)")
_LAST = re.compile(r"(?:the )?(?:(last|past|previous|this) )?(month|quarter|year|week)")
_DAY_ONLY = re.compile(r"the ([0-9]{1,2})(?:st|nd|rd|th)")
_PLACES = {"first": 1, "second": 2, "third": 3, "fourth": 4}
_LAST_YEAR, _MOST_YEAR = 1900, 2200


class UnknownPeriod(UserError):
    """Words that name no day and no period."""


def read_period_end(text: str, today: date) -> date:
    """The day that is meant; a month, a quarter, half or whole year is its last day.

    Raises UserError with what works for anything else, such as "November has 30 days. Try “Nov 30”.".
    """
    typed, had_time = drop_time(spell(text).strip(" .,"))
    if not typed and had_time:
        return today
    found = _relative(typed, text, today)
    if found is None:
        found = _dated(typed, text, today)
    ending = _END_OF.fullmatch(typed)
    if found is None and ending is not None:
        found = _relative(ending["of"], text, today) or _dated(ending["of"], text, today)
    if found is None:
        found = read_freely(typed, today, is_past=True)
    if found is None:
        raise UnknownPeriod(f"I don't know the date “{cut(text.strip(), 40)}”. Try “{_short(today)}” or “{today}”.")
    return found


def parts_of_years(text: str, today: date) -> tuple[str, tuple[date, ...]] | None:
    """For a quarter or a half without its year: how often such a figure comes, and the two ends that may be meant, the
    newest first. Without its year "Q3" is also a fiscal year's to some.
    """
    typed = drop_time(spell(text).strip(" .,"))[0]
    ending = _END_OF.fullmatch(typed)
    typed = ending["of"] if ending is not None else typed
    quarter, half = _QUARTER.fullmatch(typed), _HALF.fullmatch(typed)
    if quarter is None and half is None:
        return None
    if (quarter is not None and (quarter[3] or quarter[4])) or (half is not None and half[3]):
        return None
    newest = read_period_end(text, today)
    return "quarterly" if quarter is not None else "semiannual", (newest, newest.replace(year=newest.year - 1))


def _relative(typed: str, text: str, today: date) -> date | None:
    """A day by its distance from today, or the period before this one."""
    if typed in {"today", "yesterday", "now"}:
        return today + timedelta(days=-1 if typed == "yesterday" else 0)
    ago = _AGO.fullmatch(typed)
    if ago is not None:
        return _earlier(today, COUNTS.get(ago[1]) or int(ago[1]), ago[2])
    weekday = typed.removeprefix("on ").removeprefix("this ").removeprefix("last ")
    if weekday in WEEKDAYS_BY_NAME:
        back = (today.weekday() - WEEKDAYS_BY_NAME[weekday]) % 7
        return today - timedelta(days=back or (7 if typed.startswith("last ") else 0))
    day = _DAY_ONLY.fullmatch(typed)
    if day is not None:
        return _last_such_day(int(day[1]), text, today)
    last = _LAST.fullmatch(typed)
    return _ended(last[1] in {None, "this"}, last[2], text, today) if last is not None else None


def _ended(is_this: bool, unit: str, text: str, today: date) -> date | None:
    """The end of the last week, month, quarter or year; that of this one only where it is today."""
    first = {
        "week": today - timedelta(days=today.weekday()),
        "month": today.replace(day=1),
        "quarter": today.replace(month=(today.month - 1) // 3 * 3 + 1, day=1),
        "year": today.replace(month=1, day=1),
    }[unit]
    if is_this:
        raise UserError(f"“{cut(text.strip(), 40)}” isn't over. Write the day that the figure covers, or “today”.")
    return first - timedelta(days=1)


def _earlier(today: date, count: int, unit: str) -> date:
    if unit != "month":
        return today - timedelta(days=count * (7 if unit == "week" else 1))
    return months_later(today, -count)


def _last_such_day(day: int, text: str, today: date) -> date:
    if not 1 <= day <= 31:
        raise UserError(f"Months have at most 31 days. Try “{_short(today)}”.")
    first = today.replace(day=1)
    while day > monthrange(first.year, first.month)[1] or first.replace(day=day) > today:
        first = (first - timedelta(days=1)).replace(day=1)
    return first.replace(day=day)


def _dated(typed: str, text: str, today: date) -> date | None:
    """A day, month, quarter or half by its name."""
    if found := _ISO.fullmatch(typed):
        return _whole(int(found[1]), int(found[2]), int(found[3]), text)
    if found := _SLASHES.fullmatch(typed):
        month, day, year = (found[1], found[2], found[3]) if found[1] else (found[4], found[5], found[6])
        return _read(*_in_order(int(month), int(day), text), _year(year), text, today)
    if found := _QUARTER.fullmatch(typed):
        number = int(found[1] or found[5] or 0) or _PLACES[found[2]]
        return _read(number * 3, None, _year(found[3] or found[4]), text, today)
    if found := _HALF.fullmatch(typed):
        return _read((int(found[1] or 0) or _PLACES[found[2]]) * 6, None, _year(found[3]), text, today)
    if (found := _MONTH_FIRST.fullmatch(typed)) and (month := _month(found[1])):
        return _read(month, int(found[2]), _year(found[3]), text, today)
    if (found := _DAY_FIRST.fullmatch(typed)) and (month := _month(found[2])):
        return _read(month, int(found[1]), _year(found[3]), text, today)
    if (found := _MONTH_ONLY.fullmatch(typed)) and (month := _month(found[1])):
        if month == today.month and found[2] is None and today != _whole(today.year, month, None, text):
            # "As of November" is this one to whoever writes in it.
            raise UserError(f"“{cut(text.strip(), 40)}” isn't over. Write the day that the figure covers, or “today”.")
        return _read(month, None, _year(found[2]), text, today)
    if re.fullmatch("(?:19|20|21)[0-9]{2}", typed):
        return date(int(typed), 12, 31)
    return None


def _in_order(month: int, day: int, text: str) -> tuple[int, int]:
    """Month and day of a date in figures. Raises UserError where the locale has them the other way round, and both may
    be meant."""
    if not is_day_first() or month == day:
        return month, day
    if month > 12 >= day:
        return day, month
    if month <= 12 and day <= 12:
        told = f"“{MONTHS[month - 1]} {day}” or “{MONTHS[day - 1]} {month}”"
        raise UserError(f"“{cut(text.strip(), 40)}” can be read in more than one way. Try {told}.")
    return month, day


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
    if not _LAST_YEAR <= year <= _MOST_YEAR:
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
