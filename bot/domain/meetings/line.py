"""A meeting in one line: "Budget table on Dec 3 at 10:00 for steering", and a move: "backbone to Dec 1 9:00". Pure.

A time of day is read before the day, since a day's words leave it out. Without a time zone both are of the meeting's
own clock.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from bot.domain.decisions import take_group, take_near_group
from bot.domain.meetings.rhythms_in_lines import take_rhythm
from bot.domain.meetings.times import find_unread_time, find_written_zone, take_hours, take_length
from bot.domain.typed import (
    ITSELF,
    WEEKDAYS_BY_NAME,
    Doubt,
    Known,
    Lead,
    Part,
    Problem,
    TypedLine,
    UnclearDay,
    another_day,
    drop_time,
    find_day,
    find_led_days,
    find_several_days,
    lead_before,
    left_part,
    named_part,
    plain,
    read_day,
    say_what_is_left,
    spell,
    starts_day,
)
from bot.domain.wording import date_in_words, near_day
from bot.errors import UserError

_UNREAD_END = re.compile(r"(?:^|\s)(?:until|till?|through|thru|ending|except|excluding|but not|skipping) \S.*", re.I)
# What a day is said not to be itself, as a meeting takes it: one that repeats, and one that is held once.
_LED = {
    Lead.EXCEPT: ("“{}” isn't kept here: skip a date once it's planned.", "“{}” names no day. Choose the day."),
    Lead.UNTIL: ("“{}” isn't kept: it repeats until somebody ends it.", "“{}” isn't kept: it's on one day."),
}
_LED[Lead.LASTING] = _LED[Lead.UNTIL]
_LINKS = frozenset({"and", "or", "&", "/", "+"})
_SEVERAL_READ = "I read more than one day. Choose the first day."
_SEVERAL_MEANT = "“{}” can be several days. Choose the first day."
_CHANGE = re.compile(r"(?P<name>.+)\s+to\s+(?P<to>.+)", re.IGNORECASE)
_FORMER = re.compile(r"(?P<name>.+)\s+from\s+(?P<former>.+)", re.IGNORECASE)
# Before a day these are what is met for: "family lunch Dec 3".
_OF_A_DAY = frozenset({"lunch", "morning", "afternoon", "evening", "night"})
_SAME_TIME = re.compile(r",? (?:at )?(?:the )?same time\b", re.IGNORECASE)
# Words in them are read as those outside.
_BRACKETS = re.compile(r"(?<!\S)[(\[]|[)\]](?=[.,;:]?(?!\S))")
_GROUP_WORDS, _DAY_WORDS = 4, 6
_FAR = timedelta(days=300)


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


def parse_meeting_line(
    text: str,
    groups: Sequence[Known],
    names: Mapping[str, str],
    today: date,
    areas: Mapping[str, str] | None = None,
    members: Sequence[Known] = (),
) -> MeetingDraft:
    """Takes a line apart; never raises. `names` are other names of groups, such as a channel's, by group id; `areas`
    the names of their priorities. `members` are those who may be named in it."""
    notes: list[str] = []
    whole = re.sub(r"(?<=\w)@(?=[0-9])", " @", " ".join(text.split()))
    said, at, minutes = take_hours(" ".join(_BRACKETS.sub(r" \g<0> ", whole).split()), notes)
    if minutes is None:
        said, minutes = take_length(said)
    said, rhythm = take_rhythm(said, today, notes)
    said = _with_brackets(said)
    unread = find_unread_time(said) if at is None and not notes else ""
    if unread:
        notes.append(f"I can't read “{unread}” as a time of day. Choose one.")
    of_time = len(notes)
    said, audience = _take_audience(said, groups, names, areas or {}, notes)
    of_group = len(notes)
    said, first = _take_first_beside_led(said, today, notes, repeats=rhythm.is_said)
    if rhythm.first is not None and first is not None:
        notes.append(_SEVERAL_READ)  # "2nd Tue from January"
    first = rhythm.first or first
    if first is None and rhythm.weekday:
        first = read_day(rhythm.weekday, today)
    is_said = len(notes) > of_group or (rhythm.is_said and not rhythm.repeats) or unread != ""
    left = say_what_is_left(
        _bare(said),
        day=None if is_said else Part("day", "the day", is_taken=first is not None),
        person=Part("person", others="a meeting is a group's"),
        places=(
            left_part("group", "the group", audience, (), groups, names, areas or {})
            if audience is not None or of_group == of_time
            else None,
        ),
        members=members,
        stands_in="name",
    )
    notes += [one.words for one in left]
    return MeetingDraft(
        name=_bare(said),
        first=first,
        at=at,
        audience=audience,
        minutes=minutes,
        repeats=rhythm.repeats,
        notes=tuple(notes),
    )


def _with_brackets(text: str) -> str:
    """The text with its brackets close to what is left in them, and without those that hold nothing more."""
    text = re.sub(r"[\s,;]+(?=[)\]])", "", re.sub(r"(?<=[(\[])[\s,;]+", "", text))
    return " ".join(re.sub(r"\(\)|\[\]", "", text).split())


def _take_audience(
    text: str, groups: Sequence[Known], names: Mapping[str, str], areas: Mapping[str, str], notes: list[str]
) -> tuple[str, str | None]:
    """The text without its group, and the group's id; what is not certain is noted."""
    said, audience = take_group(text, groups, names)
    problems: list[Problem] = []
    doubts: list[Doubt] = []
    for called in (names, areas):
        if audience is None and not problems:
            said, audience = take_near_group(said, groups, called, problems, doubts, is_meeting=True)
    notes += [one.words for one in (*problems, *doubts)]
    if audience is None and not problems:
        said, audience = _take_last_group(said, groups, notes)
    return said, audience


def split_change(text: str) -> ChangeLine:
    """ "backbone from Nov 30 to Dec 1 9:00"; all of it is the name where nothing leads to a day."""
    found = _CHANGE.fullmatch(" ".join(text.split()))
    if found is None:
        return ChangeLine(name=text.strip())
    former = _FORMER.fullmatch(found["name"])
    if former is None:
        return ChangeLine(name=found["name"], to=found["to"])
    return ChangeLine(name=former["name"], former=former["former"], to=found["to"])


def read_moment(text: str, before: datetime, today: date, lasts: int | None = None) -> datetime:
    """When something is moved to: a day, a time or both; what isn't said stays as `before` has it, whose zone is
    the meeting's clock, and so do the minutes that it lasts.

    Raises UserError for what names neither.
    """
    notes: list[str] = []
    said, at, minutes = take_hours(" ".join(_SAME_TIME.sub("", text).split()), notes)
    if minutes not in {None, lasts}:
        raise UserError("It stays as long as it was. Say only when it begins, such as “Dec 1 9:00”.")
    if notes and at is None:
        raise UserError(f"{notes[0].partition('. ')[0]}. Try “Dec 1 9:00” or “Fri”.")
    if (zone := find_written_zone(text)) and zone[0].upper() != (before.tzname() or "")[:1]:
        raise UserError(
            f"This meeting's clock is {before.tzname()}, not “{zone}”. Write the time by it, such as “9:00”."
        )
    rest = _bare(said).removeprefix("on ").strip()
    day = before.date()
    if rest:
        found = read_day(rest, today)
        if found is None:
            raise UserError(f"I can't read “{text.strip()[:60]}” as a day and a time. Try “Dec 1 9:00” or “Fri”.")
        if at is None and drop_time(spell(rest))[1]:
            raise UserError(f"“{rest}” names no one time. Try “Dec 1 9:00” or “Fri”.")
        if found < today:
            raise UserError(f"{date_in_words(found)} has passed. Try “Dec 1 9:00” or “Fri”.")
        day = found
    elif at is None:
        raise UserError("Say when it is to be, such as “Dec 1 9:00” or “Fri”.")
    return datetime.combine(day, at if at is not None else before.time())


def _take_first_beside_led(text: str, today: date, notes: list[str], *, repeats: bool) -> tuple[str, date | None]:
    """The text without its day and without days that aren't it: "except Christmas", "after Dec 3". Those are said."""
    line = TypedLine(text)
    led = find_led_days(line, today)
    for one in led:
        line.take(one.start, one.end)
    said = line.title() if led else text
    if repeats and (unread := _UNREAD_END.search(said)):
        notes.append(f"“{unread[0].strip()}” isn't kept: it repeats on its days until somebody ends it.")
        said = said[: unread.start()]
    said, first = _take_first(said, today, notes)
    if first is not None and first < today:
        notes.append(f"{date_in_words(first)} has passed. Choose the first day.")
        first = None
    elif first is not None and first > today + _FAR and not re.search("[0-9]{4}", text):
        notes.append(f"This year's day has passed, so I took {date_in_words(first)}.")
    for one in led:
        typed = line.phrase(one.start, one.end)
        before, behind = spell(line.words[one.start - 1]), spell(line.words[one.day])
        if one.lead is Lead.UNTIL and {before, behind} <= WEEKDAYS_BY_NAME.keys():
            notes.append(_SEVERAL_READ)
            first = None
        elif not drop_time(spell(line.phrase(one.day, one.end)))[0]:
            notes.append(f"“{typed}” names no one time. Choose when it begins.")
        elif one.lead not in _LED and first is not None:
            # "Breakfast before Thanksgiving on Nov 25" is called so.
            said = f"{_bare(said)} {typed}"
            notes.append(f"“{typed}” stays in the name, and I took {near_day(first, today)}.")
        else:
            is_once = not repeats and (first is None or one.lead is not Lead.EXCEPT)
            notes.append(_LED.get(one.lead, (_SEVERAL_MEANT, _SEVERAL_MEANT))[is_once].format(typed))
    return said, first


def _take_first(text: str, today: date, notes: list[str]) -> tuple[str, date | None]:
    """The text without its day: behind "on" or "starting", or at its end."""
    line = TypedLine(text)
    if said := find_several_days(line):
        notes.append(f"I can't read “{said}” as one day. Choose the first day.")
        return text, None
    for place in range(len(line.words) - 1, 0, -1):
        led = lead_before(line.words, place)
        if led is None or led[0] not in ITSELF:
            continue
        start = place - led[1]
        for end in range(len(line.words), place, -1):
            typed = line.phrase(place, end)
            try:
                found = read_day(typed, today)
            except UnclearDay as unclear:
                notes.append(unclear.message)
                found = unclear.guess
            except UserError as error:
                notes.append(error.message)
                line.take(start, end)
                return line.title(), None
            if found is not None and another_day(line, end, today):
                notes.append(_SEVERAL_READ)
                return text, None
            if found is not None:
                line.take(start, end)
                return line.title(), found
    for start in range(max(1, len(line.words) - _DAY_WORDS), len(line.words)):
        # Where the line ends a day needs no word before it. "Lunch" is a time of day and no day.
        typed = line.phrase(start, len(line.words))
        if line.cuts_brackets(start, len(line.words)) or line.words[start].casefold() in _OF_A_DAY:
            continue
        if line.words[start] in _LINKS:
            continue
        if not drop_time(spell(typed))[0] and typed.casefold() != "tonight":
            continue
        try:
            found = read_day(typed, today)
        except UserError:
            continue
        if found is not None:
            before = find_day(TypedLine(" ".join(line.words[:start]).rstrip(",")), today)
            linked = line.words[start - 1].casefold() in _LINKS
            if linked:
                before = find_day(TypedLine(" ".join(line.words[: start - 1])), today)
            if starts_day(line.words[start - 1]) or (before is not None and before.end == start - linked):
                notes.append(_SEVERAL_READ)
                return text, None
            line.take(start, len(line.words))
            return line.title(), found
    last = find_day(line, today)
    if last is None and (named := next((word for word in line.words[1:] if _is_weekday(word)), None)):
        first = read_day(named.strip(",.;"), today)
        if first is not None:
            notes.append(f"“{named.strip(',.;')}” stands in the name, so I took {near_day(first, today)}.")
        return text, first
    if last is None:
        return text, None
    if last.day is None:
        notes.append(last.says)
        return text, None
    if another_day(line, last.end, today):
        notes.append(_SEVERAL_READ)
        return text, None
    typed = line.phrase(last.start, last.end)
    if not line.ends_at(last.end) or not last.start or line.before(last.start) in {"in", "for", "until"}:
        notes.append(f"“{typed}” stands in the name, so I took {near_day(last.day, today)}.")
        return text, last.day
    if last.says:
        notes.append(last.says)
    line.take(last.start, last.end)
    return line.title(), last.day


def _is_weekday(word: str) -> bool:
    return spell(word) in WEEKDAYS_BY_NAME and (word[0].isupper() or spell(word) not in {"wed", "sat", "sun"})


def _take_last_group(text: str, groups: Sequence[Known], notes: list[str]) -> tuple[str, str | None]:
    """ "Budget table Dec 3 steering": a group's whole name or id where the line ends, if a name is left; of two words
    and more also its beginning, "talent wg"."""
    words = text.split()
    for count in range(min(_GROUP_WORDS, len(words) - 2), 0, -1):
        typed = " ".join(words[-count:]).rstrip(".,;")
        wanted = plain(typed) if count == 1 else named_part(typed)
        found = [one for one in groups if wanted in {plain(one.id), plain(one.name)}]
        if count > 1 and not found:
            found = [one for one in groups if plain(one.name).startswith(f"{wanted} ")]
        if len(found) == 1:
            group = found[0]
            notes.append(f"I read “{typed}” as the {group.name}.")
            return " ".join(words[:-count]), group.id
    return text, None


def _bare(text: str) -> str:
    words = text.split()
    while words and words[-1].casefold().strip(",.;") in {"", "on", "at", "for", "the"}:
        words.pop()
    return " ".join(words).strip(" ,;")
