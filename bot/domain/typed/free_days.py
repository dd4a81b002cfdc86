"""Days by a general parser (dateparser), behind our own rules, and what of its readings is not believed.

It reads English only, reads months before days, and is asked only for words that our rules leave open. It takes "a"
for a month from now, "12" for a day, "the 11th" for November and "a week from today" for a week ago: so every number
that was typed has to stand in the day that it found, and words without a number or a name are not given to it at all.
"""

from __future__ import annotations

import re
from datetime import date, datetime, time
from functools import lru_cache

from bot.domain.typed.day_words import COUNTS, MONTHS_BY_NAME, WEEKDAYS_BY_NAME

_NUMBER = re.compile(r"[0-9]+")
_PART_OF_ONE = re.compile(r"[0-9][.,][0-9]")  # "in 2.5 weeks" is no day
_WORD = re.compile(r"[a-z]+")
_RELATIVE = frozenset({"day", "days", "week", "weeks", "month", "months", "year", "years", "fortnight"})
_LINKS = frozenset({"of", "the", "on", "in", "from", "now", "st", "nd", "rd", "th", "and"})


def read_freely(words: str, today: date, *, is_past: bool = False) -> date | None:
    """The day that is meant by words in lower case, today or later; None where it isn't certain.

    `is_past`: today or earlier.
    """
    if not words or _PART_OF_ONE.search(words):
        return None
    parts = set(_WORD.findall(words))
    numbers = [int(number) for number in _NUMBER.findall(words)]
    named = parts & (MONTHS_BY_NAME.keys() | WEEKDAYS_BY_NAME.keys())
    relative = parts & _RELATIVE
    if parts - MONTHS_BY_NAME.keys() - WEEKDAYS_BY_NAME.keys() - _RELATIVE - _LINKS - COUNTS.keys():
        return None
    first, last = words.split()[0], words.split()[-1]
    if last in _LINKS or first in {"of", "and", "from", "now"}:
        return None
    if not (named and numbers) and not (relative and (numbers or parts & COUNTS.keys())):
        return None
    found = _parse(words, today, is_past)
    if found is None or (found > today if is_past else found < today):
        return None
    if named and any(number not in {found.day, found.year, found.year % 100} for number in numbers):
        return None
    # "dec20-28" are eight days of December, and no day in 2028.
    if found.year not in numbers and abs(found.year - today.year) > 1:
        return None
    months = {MONTHS_BY_NAME[name] for name in parts & MONTHS_BY_NAME.keys()}
    weekdays = {WEEKDAYS_BY_NAME[name] for name in parts & WEEKDAYS_BY_NAME.keys()}
    return found if months <= {found.month} and weekdays <= {found.weekday()} else None


@lru_cache(maxsize=512)
def _parse(words: str, today: date, is_past: bool) -> date | None:
    # Imported when it is needed: the command line and most of a running bot's work do without it.
    from dateparser import parse

    found = parse(
        words,
        languages=["en"],
        settings={
            # A naive moment of the reader's own calendar: no zone of this machine is brought in.
            "RELATIVE_BASE": datetime.combine(today, time(12)),
            "PREFER_DATES_FROM": "past" if is_past else "future",
            "DATE_ORDER": "MDY",
            "PREFER_LOCALE_DATE_ORDER": False,
            "RETURN_AS_TIMEZONE_AWARE": False,
            "PARSERS": ["absolute-time", "relative-time"],
        },
    )
    return found.date() if found is not None else None
