"""Times of day in a meeting's line: "10:30 am", "at 2", "2-3:30pm", and a time zone beside them. No days here.

A span says when it begins and how long it is; several times, and "before noon" or "after 3pm", are asked about.
"""

from __future__ import annotations

import re
from datetime import time

from bot.domain.typed import ITSELF, MONTHS_BY_NAME, Lead, lead_before, spell, starts_day

_CLOCK = (
    r"(?P<hour>[0-9]{1,2}?)(?::?(?P<minute>[0-5][0-9]))? ?(?P<half>am|pm|a\.m\.?|p\.m\.?|(?<=[0-9])[ap])|"
    r"(?P<hour24>[0-9]{1,2}):(?P<minute24>[0-9]{2})|(?P<word>noon|midday|midnight)"
)
_END = r"(?=$|[\s,.;)])"
_TIME = re.compile(rf"(?:^|\s)(?:(?:at|@|from)\s*)?(?:{_CLOCK}){_END}", re.IGNORECASE)
_ANY = r"(?:[0-9]{1,2}(?::[0-9]{2})?(?: ?(?:am|pm|a\.m\.?|p\.m\.?|[ap]))?|[0-9]{3,4} ?[ap]\.?m\.?|noon)"
# "2-3pm", "from 9:30 to 11": one of both shows that hours are meant. Two times with "and" are a span behind "between".
_TO = r"(?:-+>?|–|—|→|to|until|till?|'til|thru|through|ending(?: at)?|ends(?: at)?)"
_RANGE = re.compile(
    rf"(?:^|\s)(?P<at>(?:at|@)\s*|from\s+)?(?:between\s+(?P<low>{_ANY})(?: ?(?:-|–) ?| and )(?P<high>{_ANY})|"
    rf"(?P<one>{_ANY}) ?{_TO} ?(?P<two>{_ANY})){_END}",
    re.IGNORECASE,
)
_SPAN = rf"{_ANY}(?: ?{_TO} ?{_ANY})?"
_SURE = r"(?:[0-9]{1,4}(?::[0-9]{2}| ?(?:am|pm|a\.m\.?|p\.m\.?)\b|[ap]\b)|noon)"
_SEVERAL = re.compile(
    rf"(?:^|\s)(?<!\bbetween\s)(?:(?:at|@|either|both) ?)?(?:{_SPAN}(?:,? (?:and|or|then|&|\+) (?:at )?{_SPAN})+|"
    rf"{_SURE}\w*(?:(?: ?/ ?|, ?){_SPAN})+){_END}",
    re.IGNORECASE,
)
_TIL = re.compile(r"\b(?:until|till?)\b", re.IGNORECASE)
_IS_SURE = re.compile(_SURE, re.IGNORECASE)
_BARE = re.compile(r"(?:^|\s)(?:at|@)\s*(?P<bare>[0-9]{1,2})(?=$|[\s,.;])", re.IGNORECASE)
_ZONE = re.compile(r"\s(?:[ecmp][sd]?t|eastern|central|mountain|pacific)(?: time)?(?=$|[\s,.;])", re.IGNORECASE)
# Behind such a day "1-3" are hours; behind "Dec" they are days.
_DATED = re.compile(rf"[0-9]{{1,2}}(?:st|nd|rd|th)|(?:{'|'.join(MONTHS_BY_NAME)}) [0-9]{{1,2}}")
_ONWARD = re.compile(r"^\s(?:onwards?|on out)\b", re.IGNORECASE)
_LENGTH = re.compile(
    r"(?:^|\s)(?:for |lasting )?(?P<long>an hour and a half|(?:1|one) ?h(?:ou)?r?,? (?:and )?30(?: ?m\w*)?)"
    r"(?=$|[\s,.;])|"
    r"(?<!\bat)(?<!@)(?:^|\s)(?:for |lasting )?(?P<count>[0-9]{1,3}(?:\.5)?|an?|half an|one|two|three)[ -]?"
    r"(?P<unit>minutes?|mins?|min|hours?|hrs?|hr|h)(?=$|[\s,.;])",
    re.IGNORECASE,
)
_UNREAD_TIME = re.compile(
    r"(?:^|\s)(?:(?:[0-9]{1,2}|noon|midday)ish|first thing|eod|cob|eob|end of (?:the )?day|all day|tonight|"
    r"(?<=[0-9]\s)[0-9]{1,2}-[0-9]{1,4}|[0-9]{1,2}-[0-9]{3,4}(?:[ap]m?)?|"
    r"(?:after|before|around|about|by|til|until|from) [0-9]{1,2}|[0-9]{1,2}[ap]|"
    r"[0-9]{1,2}[.h][0-9]{2}(?:am|pm)?|at [0-9]{3,4}|"
    r"(?:at )?(?:half|quarter) (?:past|to|after|till) \w+|(?:at|@) [0-9]{1,2}h|"
    r"(?!20[2-9][0-9])(?:0[6-9]|1[0-9]|2[0-3])[0-5][0-9]|"
    r"at (?:one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve)|"
    r"morning|afternoon|evening|night|nite|eve|[ap]\.?m\.?)(?=$|[\s,.;])",
    re.I,
)
_COUNTS = {"a": 1, "an": 1, "one": 1, "two": 2, "three": 3, "half an": 0.5}
_EARLY, _NOON, _LATE = 7, 12, 24
_EARLY_HOUR = re.compile(r"(?:(?:at|@|from)\s*)?[1-6](?::[0-9]{2})?", re.IGNORECASE)


def take_hours(text: str, notes: list[str]) -> tuple[str, time | None, int | None]:
    """The text without its time of day or its span, when that begins and how many minutes it is, where that is said.

    What names no one time is said, and there is none then.
    """
    spans = [one for one in _RANGE.finditer(text) if _is_sure(text, one)]
    begins = {one.start() for one in spans}
    listed = _SEVERAL.finditer(text)
    several = next((one for one in listed if _IS_SURE.search(one[0]) or begins & {*range(*one.span())}), None)
    if several is not None:
        notes.append(f"“{several[0].strip()}” is more than one time. Choose when it begins.")
        return _without(text, several, notes), None, None
    for found in reversed(spans):
        one, two = (found["one"] or found["low"]).strip(), (found["two"] or found["high"]).strip()
        at, length = _span(one.casefold(), two.casefold())
        if at is not None and length is not None:
            begin, _lead, _typed = _led(text, found)
            if not re.search("[apn]", two, re.IGNORECASE):
                _say_afternoon(at, one, notes)
            return f"{text[:begin]}{_behind(text, found, notes)}".strip(), at, length
    return _take_time(text, notes)


def _is_sure(text: str, span: re.Match[str]) -> bool:
    """Whether hours are meant, and not days or a count: by "am" or ":", "at", "til", or a time zone behind them."""
    if _IS_SURE.search(span[0]) or (span["at"] or "").startswith(("at", "@")) or _ZONE.match(text[span.end() :]):
        return True
    before = spell(text[: span.start()]).split()
    is_day = bool(before) and starts_day(before[-1])
    is_whole = (is_day and before[-1] not in {*MONTHS_BY_NAME, "next", "this"}) or _DATED.search(" ".join(before[-2:]))
    if is_whole and not _IS_SURE.search(text[span.end() :]):
        return True
    return _TIL.search(span[0]) is not None and not is_day


def _span(one: str, two: str) -> tuple[time | None, int | None]:
    at, until = _clock(one), _clock(two)
    half = re.search("[ap]", two)
    if half is not None and "noon" not in {one, two} and not re.search("[ap]", one):
        same = _clock(f"{one}{half[0]}m")
        # "11-1pm" begins before noon.
        at = same if same is not None and until is not None and same < until else at
    return at, _minutes(at, until)


def _take_time(text: str, notes: list[str]) -> tuple[str, time | None, int | None]:
    """The last time of day that is meant itself; to "until noon" behind it are minutes."""
    until: time | None = None
    asked = ""
    for match in reversed(list(_TIME.finditer(text))):
        at = _time_of(match)
        if at is None:
            notes.append(f"“{match[0].strip()}” is no time of day. Choose one.")
            return _without(text, match, notes), None, None
        begin, lead, typed = _led(text, match)
        if lead in ITSELF or lead is Lead.NEAR:
            minutes = _minutes(at, until)
            _say_afternoon(at, match[0].strip(), notes)
            if lead is Lead.NEAR:
                notes.append(f"I read “{typed}” as {at:%-H:%M}.")
            if asked and minutes is None:
                notes.append(f"“{asked}” isn't kept: it begins at {at:%-H:%M}.")
            return f"{text[:begin]}{_behind(text, match, notes)}".strip(), at, minutes
        until = at if lead is Lead.UNTIL else until
        asked = typed
        text = f"{text[:begin]}{_behind(text, match, notes)}"
    if asked:
        notes.append(f"“{asked}” names no one time. Choose when it begins.")
        return text.strip(), None, None
    bare = list(_BARE.finditer(text))
    hour = int(bare[-1]["bare"]) if bare else _LATE
    if hour >= _LATE:
        return text, None, None
    at = time(hour + _NOON if 0 < hour < _EARLY else hour)
    _say_afternoon(at, bare[-1][0].strip(), notes)
    return _without(text, bare[-1], notes), at, None


def _led(text: str, found: re.Match[str]) -> tuple[int, Lead, str]:
    """Where what leads to a time begins, what it says of it, and both as they were typed."""
    words = text[: found.start()].split()
    lead, size = lead_before(words, len(words)) or (Lead.ON, 0)
    typed = " ".join([*words[len(words) - size :], found[0].strip()])
    kept = words[: len(words) - size]
    while kept and kept[-1].casefold() in {"and", "&", "-", "–"}:
        kept.pop()
    return len(" ".join(kept)), lead, typed


def _say_afternoon(at: time, typed: str, notes: list[str]) -> None:
    """Nobody meets at 2:30 in the night, unless it's written as "02:30" or "2:30am"."""
    if at.hour > _NOON and _EARLY_HOUR.fullmatch(typed):
        notes.append(f"I read “{typed}” as {at.hour - _NOON}:{at:%M} in the afternoon.")


def take_length(text: str) -> tuple[str, int | None]:
    """The text without "for 90 minutes", and how many those are."""
    found = _LENGTH.search(text)
    if found is None:
        return text, None
    if found["long"]:
        return f"{text[: found.start()]}{text[found.end() :]}".strip(), 90
    count = _COUNTS.get(found["count"].casefold()) or float(found["count"])
    minutes = int(count * 60) if found["unit"].casefold().startswith("h") else int(count)
    return f"{text[: found.start()]}{text[found.end() :]}".strip(), minutes


def find_unread_time(text: str) -> str:
    """What looks like a time of day and can't be read as one; "" where there is nothing like it."""
    found = _UNREAD_TIME.search(text)
    return found[0].strip() if found is not None else ""


def find_written_zone(text: str) -> str:
    """The time zone that is written, such as "ET"; "" without one."""
    found = _ZONE.search(text)
    return found[0].strip() if found is not None else ""


def _minutes(at: time | None, until: time | None) -> int | None:
    if at is None or until is None:
        return None
    if until <= at and until.hour < 12:
        until = until.replace(hour=until.hour + 12)
    length = (until.hour - at.hour) * 60 + until.minute - at.minute
    return length if length > 0 else None


def _without(text: str, found: re.Match[str], notes: list[str]) -> str:
    return f"{text[: found.start()]}{_behind(text, found, notes)}".strip()


def _behind(text: str, found: re.Match[str], notes: list[str]) -> str:
    """What stands behind a time, without its zone, which is said."""
    rest = _ONWARD.sub("", text[found.end() :])
    if text[: found.start()].endswith(","):
        rest = rest.removeprefix(",")
    zone = _ZONE.match(rest)
    if zone is None:
        return rest
    notes.append(f"The meeting's own clock counts. Check the time zone, since “{zone[0].strip()}” was written.")
    return rest[zone.end() :]


def _clock(typed: str) -> time | None:
    found = re.compile(_CLOCK, re.IGNORECASE).fullmatch(typed if not typed.isdecimal() else f"{typed}:00")
    return _time_of(found) if found is not None else None


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
    elif 0 < hour < _EARLY and not (match["hour24"] or "0").startswith("0"):
        hour += _NOON
    return time(hour, minute) if hour < _LATE and minute < 60 else None
