"""A meeting in one line: "Budget table on Dec 3 at 10:00 for steering", and a move: "backbone to Dec 1 9:00". Pure.

A time of day is read before the day, since a day's words leave it out. Without a time zone both are of the meeting's
own clock.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time

from bot.domain.decisions import take_group
from bot.domain.typed import (
    Known,
    TypedLine,
    UnclearDay,
    drop_time,
    find_day,
    find_several_days,
    plain,
    read_day,
    spell,
)
from bot.domain.wording import near_day
from bot.errors import UserError

_CLOCK = (
    r"(?P<hour>[0-9]{1,2})(?::(?P<minute>[0-9]{2}))? ?(?P<half>am|pm|a\.m\.?|p\.m\.?)|"
    r"(?P<hour24>[0-9]{1,2}):(?P<minute24>[0-9]{2})|(?P<word>noon|midday|midnight)"
)
_TIME = re.compile(rf"(?:^|\s)(?:(?:at|@|from)\s*)?(?:{_CLOCK})(?=$|[\s,.;])", re.IGNORECASE)
_BARE = re.compile(r"(?:^|\s)(?:at|@)\s*(?P<bare>[0-9]{1,2})(?=$|[\s,.;])", re.IGNORECASE)
_ZONE = re.compile(r"\s(?:[ecmp][sd]?t|eastern|central|mountain|pacific)(?: time)?(?=$|[\s,.;])", re.IGNORECASE)
_LENGTH = re.compile(
    r"(?:^|\s)(?:for |lasting )?(?P<long>an hour and a half)(?=$|[\s,.;])|"
    r"(?:^|\s)(?:for |lasting )?(?P<count>[0-9]{1,3}(?:\.5)?|an?|half an|one|two|three)[ -]?"
    r"(?P<unit>minutes?|mins?|min|hours?|hrs?|hr|h)(?=$|[\s,.;])",
    re.IGNORECASE,
)
_REPEATS = (
    (
        re.compile(r"(?:^|\s)(?:every (?:two|2|other) weeks?|every other \w+day|bi-?weekly|fortnightly)(?=$|\s)", re.I),
        "biweekly",
    ),
    (re.compile(r"(?:^|\s)(?:weekly|every week|each week)(?=$|\s)", re.I), "weekly"),
    (re.compile(r"(?:^|\s)(?:monthly|every month|each month)(?=$|\s)", re.I), "monthly"),
    (re.compile(r"(?:^|\s)(?:quarterly|every quarter|every three months)(?=$|\s)", re.I), "quarterly"),
    (re.compile(r"(?:^|\s)(?:yearly|annually|every year)(?=$|\s)", re.I), "yearly"),
)  # fmt: skip
_EVERY_DAY = re.compile(
    r"(?:^|\s)(?:every|each) (?P<weekday>(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?)s?(?=$|\s)",
    re.I,
)
_MANY_DAYS = r"(?:mon|tues|wednes|thurs|fri|satur|sun)days"
_SEVERAL_DAYS = re.compile(r"(?:every|each) \w+day (?:and|&|or) \w+day", re.I)
_UNREAD_RHYTHM = re.compile(
    rf"(?:^|\s)(?:(?:every|each)(?: \w+)?|daily|(?:once|twice)(?: an? \w+)?|{_MANY_DAYS})(?=$|[\s,.;])", re.I
)
_UNREAD_TIME = re.compile(
    r"(?:^|\s)(?:[0-9]{1,2}ish|[0-9]{1,2}[ap]|[0-9]{1,2}[.h][0-9]{2}(?:am|pm)?|at [0-9]{3,4}|"
    r"at (?:half|quarter) \w+ \w+|"
    r"at (?:one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve)|morning|afternoon|evening)(?=$|[\s,.;])",
    re.I,
)
_CHANGE = re.compile(r"(?P<name>.+)\s+to\s+(?P<to>.+)", re.IGNORECASE)
_FORMER = re.compile(r"(?P<name>.+)\s+from\s+(?P<former>.+)", re.IGNORECASE)
_GROUP_WORDS, _DAY_WORDS = 4, 6
_COUNTS = {"a": 1, "an": 1, "one": 1, "two": 2, "three": 3, "half an": 0.5}
_EARLY, _LATE = 7, 24


@dataclass(frozen=True, slots=True)
class MeetingDraft:
    """What a line says of a new meeting; what is not said is None. `notes` are sentences about what isn't certain."""

    name: str
    first: date | None = None
    at: time | None = None
    audience: str | None = None
    minutes: int | None = None
    repeats: str | None = None
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ChangeLine:
    """A typed change: the meeting's name, which occurrence is meant and when it is to be, as they were typed."""

    name: str
    former: str = ""
    to: str = ""


def parse_meeting_line(text: str, groups: Sequence[Known], names: Mapping[str, str], today: date) -> MeetingDraft:
    """Takes a line apart; never raises. `names` are other names of groups, such as a channel's, by group id."""
    notes: list[str] = []
    whole = " ".join(text.split())
    said, minutes = _take_length(whole)
    said, repeats, weekday = _take_repeats(said)
    if unread := _SEVERAL_DAYS.search(whole) or _UNREAD_RHYTHM.search(said):
        notes.append(f"I can't tell from “{unread[0].strip()}” how often it meets. Choose how often it repeats.")
    said, at = take_time(said, notes)
    if at is None and not notes and (unread := _UNREAD_TIME.search(said)):
        notes.append(f"I can't read “{unread[0].strip()}” as a time of day. Choose one.")
    said, audience = take_group(said, groups, names)
    if audience is None:
        said, audience = _take_last_group(said, groups, notes)
    said, first = _take_first(said, today, notes)
    if first is None and weekday and not notes:
        first = read_day(weekday, today)
    return MeetingDraft(
        name=_bare(said),
        first=first,
        at=at,
        audience=audience,
        minutes=minutes,
        repeats=repeats,
        notes=tuple(notes),
    )


def split_change(text: str) -> ChangeLine:
    """ "backbone from Nov 30 to Dec 1 9:00"; all of it is the name where nothing leads to a day."""
    found = _CHANGE.fullmatch(" ".join(text.split()))
    if found is None:
        return ChangeLine(name=text.strip())
    former = _FORMER.fullmatch(found["name"])
    if former is None:
        return ChangeLine(name=found["name"], to=found["to"])
    return ChangeLine(name=former["name"], former=former["former"], to=found["to"])


def read_moment(text: str, before: datetime, today: date) -> datetime:
    """When something is moved to: a day, a time or both; what isn't said stays as `before` has it.

    Raises UserError for what names neither.
    """
    notes: list[str] = []
    said, at = take_time(" ".join(text.split()), notes)
    rest = _bare(said).removeprefix("on ").strip()
    day = before.date()
    if rest:
        found = read_day(rest, today)
        if found is None:
            raise UserError(f"I can't read “{text.strip()[:60]}” as a day and a time. Try “Dec 1 9:00” or “Fri”.")
        day = found
    elif at is None:
        raise UserError("Say when it is to be, such as “Dec 1 9:00” or “Fri”.")
    return datetime.combine(day, at if at is not None else before.time())


def take_time(text: str, notes: list[str]) -> tuple[str, time | None]:
    """The text without its last time of day, and that time; an hour alone is one of the working day, and said."""
    found = list(_TIME.finditer(text))
    if found:
        match = found[-1]
        at = _time_of(match)
        if at is None:
            notes.append(f"“{match[0].strip()}” is no time of day. Choose one.")
    else:
        bare = list(_BARE.finditer(text))
        if not bare:
            return text, None
        match = bare[-1]
        hour = int(match["bare"])
        if hour >= _LATE:
            return text, None
        at = time(hour + 12 if 0 < hour < _EARLY else hour)
        if hour < _EARLY:
            notes.append(f"I read “{match[0].strip()}” as {hour}:00 in the afternoon.")
    rest = text[match.end() :]
    zone = _ZONE.match(rest)
    if zone is not None:
        notes.append(f"The meeting's own clock counts. Check the time zone, since “{zone[0].strip()}” was written.")
        rest = rest[zone.end() :]
    return f"{text[: match.start()]}{rest}".strip(), at


def _time_of(match: re.Match[str]) -> time | None:
    if match["word"]:
        return time(0) if match["word"].casefold() == "midnight" else time(12)
    hour = int(match["hour"] or match["hour24"])
    minute = int(match["minute"] or match["minute24"] or 0)
    half = (match["half"] or "").casefold()
    if half:
        if not 1 <= hour <= 12:
            return None
        hour = hour % 12 + (12 if half.startswith("p") else 0)
    return time(hour, minute) if hour < _LATE and minute < 60 else None


def _take_length(text: str) -> tuple[str, int | None]:
    found = _LENGTH.search(text)
    if found is None:
        return text, None
    if found["long"]:
        return f"{text[: found.start()]}{text[found.end() :]}".strip(), 90
    count = _COUNTS.get(found["count"].casefold()) or float(found["count"])
    minutes = int(count * 60) if found["unit"].casefold().startswith("h") else int(count)
    return f"{text[: found.start()]}{text[found.end() :]}".strip(), minutes


def _take_repeats(text: str) -> tuple[str, str | None, str]:
    """Without how often it meets; the weekday where that was said with it."""
    for pattern, name in _REPEATS:
        found = pattern.search(text)
        if found is not None:
            weekday = re.search(r"\w+day", found[0])
            rest = f"{text[: found.start()]}{text[found.end() :]}".strip()
            return rest, name, weekday[0] if weekday is not None else ""
    every = _EVERY_DAY.search(text)
    if every is not None:
        return f"{text[: every.start()]}{text[every.end() :]}".strip(), "weekly", every["weekday"]
    return text, None, ""


def _take_first(text: str, today: date, notes: list[str]) -> tuple[str, date | None]:
    """The text without its day: behind "on" or "starting", or at its end."""
    line = TypedLine(text)
    if said := find_several_days(line):
        notes.append(f"I can't read “{said}” as one day. Choose the first day.")
        return text, None
    for start in range(len(line.words) - 1, -1, -1):
        if line.words[start].casefold() not in {"on", "starting", "beginning", "by"}:
            continue
        for end in range(len(line.words), start + 1, -1):
            typed = line.phrase(start + 1, end)
            try:
                found = read_day(typed, today)
            except UnclearDay as unclear:
                notes.append(unclear.message)
                found = unclear.guess
            except UserError as error:
                notes.append(error.message)
                line.take(start, end)
                return " ".join(line.rest()), None
            if found is not None:
                line.take(start, end)
                return " ".join(line.rest()), found
    for start in range(max(1, len(line.words) - _DAY_WORDS), len(line.words)):
        # Where the line ends a day needs no word before it. "Lunch" is a time of day and no day.
        typed = line.phrase(start, len(line.words))
        if not drop_time(spell(typed))[0] and typed.casefold() != "tonight":
            continue
        try:
            found = read_day(typed, today)
        except UserError:
            continue
        if found is not None:
            line.take(start, len(line.words))
            return " ".join(line.rest()), found
    last = find_day(line, today)
    if last is None:
        return text, None
    if last.day is None:
        notes.append(last.says)
        return text, None
    typed = line.phrase(last.start, last.end)
    if not line.ends_at(last.end) or not last.start or line.before(last.start) in {"in", "for", "until"}:
        notes.append(f"“{typed}” stands in the name, so I took {near_day(last.day, today)}.")
        return text, last.day
    if last.says:
        notes.append(last.says)
    line.take(last.start, last.end)
    return " ".join(line.rest()), last.day


def _take_last_group(text: str, groups: Sequence[Known], notes: list[str]) -> tuple[str, str | None]:
    """ "Budget table Dec 3 steering": a group's whole name or id where the line ends, if a name is left."""
    words = text.split()
    for count in range(min(_GROUP_WORDS, len(words) - 2), 0, -1):
        typed = " ".join(words[-count:]).rstrip(".,;")
        group = next((one for one in groups if plain(typed) in {plain(one.id), plain(one.name)}), None)
        if group is not None:
            notes.append(f"I read “{typed}” as the {group.name}.")
            return " ".join(words[:-count]), group.id
    return text, None


def _bare(text: str) -> str:
    words = text.split()
    while words and words[-1].casefold().strip(",.;") in {"", "on", "at", "for", "the"}:
        words.pop()
    return " ".join(words).strip(" ,;")
