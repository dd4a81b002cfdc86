"""Times of day in a meeting's line: "10:30 am", "at 2", "2-3:30pm", and a time zone beside them. No days here."""

from __future__ import annotations

import re
from datetime import time

_CLOCK = (
    r"(?P<hour>[0-9]{1,2})(?::(?P<minute>[0-9]{2}))? ?(?P<half>am|pm|a\.m\.?|p\.m\.?|(?<=[0-9])[ap])|"
    r"(?P<hour24>[0-9]{1,2}):(?P<minute24>[0-9]{2})|(?P<word>noon|midday|midnight)"
)
_TIME = re.compile(rf"(?:^|\s)(?:(?:at|@|from)\s*)?(?:{_CLOCK})(?=$|[\s,.;])", re.IGNORECASE)
# "2-3pm", "from 9:30 to 11": one of both shows that hours are meant.
_RANGE = re.compile(
    r"(?:^|\s)(?:(?:at|from|between)\s+)?(?P<one>[0-9]{1,2}(?::[0-9]{2})? ?(?:am|pm|[ap])?|noon) ?"
    r"(?:-|–|—|to|until|till|and) ?(?P<two>[0-9]{1,2}(?::[0-9]{2})? ?(?:am|pm|[ap])?|noon)(?=$|[\s,.;])",
    re.IGNORECASE,
)
_BARE = re.compile(r"(?:^|\s)(?:at|@)\s*(?P<bare>[0-9]{1,2})(?=$|[\s,.;])", re.IGNORECASE)
_ZONE = re.compile(r"\s(?:[ecmp][sd]?t|eastern|central|mountain|pacific)(?: time)?(?=$|[\s,.;])", re.IGNORECASE)
_EARLY, _LATE = 7, 24


def take_range(text: str, notes: list[str]) -> tuple[str, time | None, int | None]:
    """The text without "2-3:30pm", when that begins and how many minutes it is."""
    for found in reversed(list(_RANGE.finditer(text))):
        if not re.search("[apn:]", found["one"] + found["two"], re.IGNORECASE):
            continue
        one, two = found["one"].casefold(), found["two"].casefold()
        half = two[-2:] if two.endswith("m") else two[-1:]
        has_half = one == "noon" or one[-1] in "amp"
        at, until = _clock(one), _clock(two)
        if not has_half and half.strip("m") in {"a", "p"}:
            same = _clock(one + half)
            # "11-1pm" begins before noon.
            at = same if same is not None and until is not None and same < until else at
        if at is None or until is None:
            continue
        if until <= at and until.hour < 12:
            until = until.replace(hour=until.hour + 12)
        length = (until.hour - at.hour) * 60 + until.minute - at.minute
        if length <= 0:
            continue
        rest = text[found.end() :]
        zone = _ZONE.match(rest)
        if zone is not None:
            notes.append(_own_clock(zone[0]))
            rest = rest[zone.end() :]
        return f"{text[: found.start()]}{rest}".strip(), at, length
    return text, None, None


def _clock(typed: str) -> time | None:
    found = re.compile(_CLOCK, re.IGNORECASE).fullmatch(typed if not typed.isdecimal() else f"{typed}:00")
    return _time_of(found) if found is not None else None


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
        notes.append(_own_clock(zone[0]))
        rest = rest[zone.end() :]
    return f"{text[: match.start()]}{rest}".strip(), at


def _own_clock(zone: str) -> str:
    return f"The meeting's own clock counts. Check the time zone, since “{zone.strip()}” was written."


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
