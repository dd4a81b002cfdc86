"""The words that days are made of, and how people spell them. No reading of whole days here."""

from __future__ import annotations

import difflib
import re
from calendar import monthrange
from datetime import MAXYEAR, date
from functools import lru_cache

from bot.domain.wording import MONTH_NAMES, MONTHS, WEEKDAYS

MONTHS_BY_NAME = {name.casefold(): number for number, name in enumerate(MONTHS, 1)}
MONTHS_BY_NAME |= {name.casefold(): number for number, name in enumerate(MONTH_NAMES, 1)} | {"sept": 9}
WEEKDAYS_BY_NAME = {name.casefold(): number for number, name in enumerate(WEEKDAYS)}
WEEKDAYS_BY_NAME |= {name[:3].casefold(): number for number, name in enumerate(WEEKDAYS)}
WEEKDAYS_BY_NAME |= {"tues": 1, "weds": 2, "thur": 3, "thurs": 3}
COUNTS = {
    "a": 1, "an": 1, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9,
    "ten": 10, "eleven": 11, "twelve": 12, "a couple of": 2, "a couple": 2, "couple of": 2,
}  # fmt: skip
COUNT = "|".join(sorted(COUNTS, key=len, reverse=True))
ORDINALS = {
    "first": 1, "second": 2, "third": 3, "fourth": 4, "fifth": 5, "sixth": 6, "seventh": 7, "eighth": 8, "ninth": 9,
    "tenth": 10, "eleventh": 11, "twelfth": 12, "fifteenth": 15, "twentieth": 20, "thirtieth": 30,
}  # fmt: skip
_SPELLINGS = {
    "tmrw": "tomorrow", "tmw": "tomorrow", "tmr": "tomorrow", "tmrow": "tomorrow", "tomo": "tomorrow",
    "tomorow": "tomorrow", "tommorow": "tomorrow", "tommorrow": "tomorrow", "2moro": "tomorrow",
    "2morrow": "tomorrow", "tdy": "today", "2day": "today", "nxt": "next", "wk": "week", "wks": "weeks",
    "mth": "month", "mths": "months", "yr": "year", "yrs": "years", "xmas": "christmas", "biz": "business",
    "tonite": "tonight", "2nite": "tonight", "2night": "tonight", "nite": "night",
    "eom": "end of month", "eow": "end of week", "eoy": "end of year", "eoq": "end of quarter",
}  # fmt: skip
_LONG_NAMES = [name for name in (*MONTHS_BY_NAME, *WEEKDAYS_BY_NAME) if len(name) > 5]
_LIKE = 0.8  # how much a word has to read like a month's or a weekday's name
_CLOCK = (
    r"[0-9]{1,2}(?::[0-9]{2})? ?(?:am|pm|a\.m\.?|p\.m\.?)|[0-9]{1,2}:[0-9]{2}(?: ?h)?|"
    r"[0-9]{1,2}(?::[0-9]{2})?[ap]|noon|midday|midnight|12 noon"
)
_ZONE = r"(?: (?:e|c|m|p)[sd]?t|(?: eastern| central| mountain| pacific)(?: time)?)?"
_PART = (
    r"eod|cob|eob|close of (?:business|play)|(?:the )?end of (?:the |my |business )?(?:business )?day|end of business|"
    r"tonight|night|(?<!christmas )(?<!years )(?<!year's )(?<!year )eve|first thing|[ap]\.?m\.?|"
    r"(?:first thing|the|this|in the|early|late)? ?(?:morning|afternoon|evening|lunchtime|lunch)"
)
_TIME = rf"(?:by |at |around |before |@ ?)?(?:{_CLOCK}|{_PART}){_ZONE}"
_ABOUT = re.compile(r"^(?:sometime|some time|around|about|roughly|probably|latest) |,? (?:at the )?latest$| or so$")
_BEFORE = re.compile(rf"{_TIME}(?: |$)(?:on |of )?")
_AFTER = re.compile(rf"(?:^| )(?:{_TIME}|(?:@|at) ?[0-9]{{1,2}})$")


def months_later(day: date, count: int) -> date:
    """The same day of a later month (an earlier one below zero), or that month's last day where it has no such day."""
    years, month = divmod(day.month - 1 + count, 12)
    year = day.year + years
    if year > MAXYEAR:
        raise OverflowError
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


@lru_cache(maxsize=4096)
def spell(text: str) -> str:
    """Lower case with single spaces, without commas and ends of sentences, each word as it is usually spelled."""
    plain = re.sub(r"[,()“”\"!?;]", " ", text.casefold().replace("’", "'"))
    plain = re.sub(r"\bw/in\b", "within", plain)
    plain = re.sub(r"\b(beginning|start|end|middle)-of-(?:the-)?", r"\1 of ", plain)
    plain = re.sub(r"\b(month|week|year|quarter)(?:'s)?[ -]end\b", r"end of \1", plain)
    plain = re.sub(r"\b1st (?=w(?:ee)?k\b|half\b|quarter\b|day of\b)", "first ", plain)
    plain = re.sub(r"\b(day|week|month)(?:s'|'s)(?= |$)", r"\1s", plain)
    words = [word.rstrip(".:") if word not in {"a.m.", "p.m."} else word for word in plain.split()]
    return " ".join(_SPELLINGS.get(word, "") or _usual(word) for word in words if word)


def starts_day(word: str) -> bool:
    """Whether a word is likely the first of a day: "Dec", "Thursday", "tomorrow", "12/3"."""
    said = spell(word)
    return (
        said in MONTHS_BY_NAME
        or said in WEEKDAYS_BY_NAME
        or said in {"today", "tomorrow", "tonight", "next", "this", "end of month", "end of week", "end of year"}
        or re.fullmatch(r"[0-9]{1,2}/[0-9]{1,2}(?:/[0-9]{2,4})?|[0-9]{4}-[0-9]{2}-[0-9]{2}", said) is not None
    )


def drop_time(words: str) -> tuple[str, bool]:
    """Without a time of day at either end, and whether there was one: "eod tomorrow" is tomorrow, "eod" is today."""
    rest = _ABOUT.sub("", words).removeprefix("on ").removeprefix("at ")
    found = _BEFORE.match(rest)
    had_time = found is not None
    if found is not None:
        rest = rest[found.end() :]
    behind = _AFTER.search(rest)
    if behind is not None:
        had_time = True
        rest = rest[: behind.start()]
    return rest.strip(), had_time


@lru_cache(maxsize=4096)
def _usual(word: str) -> str:
    """A month's or a weekday's name for one that is misspelled; any other word as it is."""
    if not 6 <= len(word) <= 12 or not word.isalpha() or word in MONTHS_BY_NAME or word in WEEKDAYS_BY_NAME:
        return word
    near = difflib.get_close_matches(word, _LONG_NAMES, n=1, cutoff=_LIKE)
    # "members" and "remember" are no December.
    return near[0] if near and near[0][0] == word[0] else word
