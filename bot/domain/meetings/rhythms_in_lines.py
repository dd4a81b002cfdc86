"""How often a meeting is held, in its line: "weekly", "every other Thursday", "2nd Tuesday of each month". No days here
but the first of such a weekday.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

from bot.domain.typed import read_day, spell

# Month begins as Monday does.
_WEEKDAY = r"(?:mon(?!th)|tue|wed|thu|fri|sat|sun)\w*"
_WORDS = {
    "biweekly": rf"every (?:two|2|other) weeks?|every other {_WEEKDAY}|bi-?weekly|fortnightly",
    "weekly": r"weekly|wkly|(?:every|each) w(?:ee)?k",
    "monthly": r"monthly|mthly|every month|each month",
    "quarterly": r"quarterly|qtrly|every quarter|every three months",
    "yearly": r"yearly|annually|every year",
}
_REPEATS = {name: re.compile(rf"(?:^|\s)(?:{words})(?=$|[\s,.;])", re.I) for name, words in _WORDS.items()}
_EVERY_DAY = re.compile(
    r"(?:^|\s)(?:every|each) (?P<weekday>(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?)s?(?=$|\s|,)",
    re.I,
)
_MANY_DAYS = r"(?:mon|tues|wednes|thurs|fri|satur|sun)days"
_SEVERAL_DAYS = re.compile(r"(?:every|each) \w+day (?:and|&|or) \w+day", re.I)
_EVERY_SO_OFTEN = re.compile(r"(?:^|\s)(?:every|each) \w+ (?:days?|w(?:ee)?ks?|months?)(?=$|[\s,.;])", re.I)
_UNREAD_RHYTHM = re.compile(
    rf"(?:^|\s)(?:(?:every|each)(?: \w+)?|daily|weekdays|mwf|m/w/f|m-w-f|m-f|t/?th|"
    rf"(?:1st|2nd|first|second) ?(?:&|and|\+|/) ?(?:3rd|4th|third|fourth)|"
    rf"(?:semi|bi|twice)[ -]?monthly|(?:semi|twice)[ -]?weekly|(?:once|twice)(?: an? \w+)?|{_MANY_DAYS})(?=$|[\s,.;])",
    re.I,
)
_NTH = re.compile(
    r"(?:^|\s)(?:on )?(?:the |every |each )?(?P<place>first|second|third|fourth|last|1st|2nd|3rd|4th) "
    r"(?P<weekday>(?:mon|tue|wed|thu|fri|sat|sun)\w*?)s?(?: (?:of|in) (?:every|each|the|a|next) month)?(?=$|[\s,.;])",
    re.I,
)
_EACH_MONTH = re.compile(r" (?:of|in) (?:every|each|the|a) month$", re.I)
_PLACES = {"1st": "first", "2nd": "second", "3rd": "third", "4th": "fourth"}


@dataclass(frozen=True, slots=True)
class Rhythm:
    """How often it meets as a line says it. `is_said` without `repeats`: it can't be told how often."""

    repeats: str | None = None
    first: date | None = None
    weekday: str = ""
    is_said: bool = False


def take_rhythm(text: str, today: date, notes: list[str]) -> tuple[str, Rhythm]:
    """The text without what says how often; what can't be told is noted."""
    several = _SEVERAL_DAYS.search(text)
    said, repeats, first = _take_nth(text, today)
    weekday = ""
    if repeats is None:
        said, repeats, weekday = _take_repeats(said)
    unread = _EVERY_SO_OFTEN.search(said)
    if unread is not None:
        # "Every 6 weeks" is no day in 6 weeks.
        said = f"{said[: unread.start()]}{said[unread.end() :]}".strip()
    unread = unread or several or _UNREAD_RHYTHM.search(said)
    if unread is not None:
        notes.append(f"I can't tell from “{unread[0].strip()}” how often it meets. Choose how often it repeats.")
    is_said = repeats is not None or unread is not None
    return said, Rhythm(repeats, first, weekday if several is None else "", is_said)


def _take_nth(text: str, today: date) -> tuple[str, str | None, date | None]:
    """ "first Tuesday of each month", with "monthly" or "quarterly" before it: how often, and the first one."""
    found = _NTH.search(text)
    if found is None:
        return text, None, None
    rest, repeats, _weekday = _take_repeats(f"{text[: found.start()]} {text[found.end() :]}".strip())
    if repeats not in {"monthly", "quarterly"} and not _EACH_MONTH.search(found[0]):
        return text, None, None
    place = _PLACES.get(found["place"].casefold(), found["place"])
    for month in ("the", "next"):
        first = read_day(f"{place} {spell(found['weekday'])[:3]} of {month} month", today)
        if first is not None and first >= today:
            return rest, repeats or "monthly", first
    return text, None, None


def _take_repeats(text: str) -> tuple[str, str | None, str]:
    """Without how often it meets; the weekday where that was said with it."""
    for name, pattern in _REPEATS.items():
        found = pattern.search(text)
        if found is not None:
            weekday = re.search(rf"\w+day|\b{_WEEKDAY}", found[0], re.I)
            rest = f"{text[: found.start()]}{text[found.end() :]}".strip()
            return rest, name, weekday[0] if weekday is not None else ""
    every = _EVERY_DAY.search(text)
    if every is not None:
        return f"{text[: every.start()]}{text[every.end() :]}".strip(), "weekly", every["weekday"]
    return text, None, ""
