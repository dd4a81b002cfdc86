"""Where in a line a day stands: behind "by" or "due", else anything that looks like one. No reading of days here."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import date, timedelta

from bot.domain.typed.day_words import COUNT, COUNTS, MONTHS_BY_NAME, ORDINALS, WEEKDAYS_BY_NAME, spell, starts_day
from bot.domain.typed.leads_to_days import ITSELF, Lead, lead_before
from bot.domain.typed.spans_of_days import UnclearDay
from bot.domain.typed.typed_days import read_day
from bot.domain.typed.typed_lines import AROUND, TypedLine
from bot.domain.wording import date_in_words, near_day
from bot.errors import UserError

_MOST_WORDS = 9
# What leads to a day, longest first. "Due" and "by" mean the day itself, "before" the one before it.
_MARKS = (
    ("no", "later", "than"),
    ("not", "later", "than"),
    ("on", "or", "before"),
    ("needed", "by"),
    ("needed", "on"),
    ("due", "date"),
    ("due", "by"),
    ("due", "on"),
    ("deadline",),
    ("due",),
    ("by",),
    ("before",),
)
# After such a word a day is part of what is to be done: "the agenda for tomorrow".
_LEADING_ON = frozenset(
    {"for", "of", "the", "from", "at", "on", "until", "till", "about", "after", "since", "a", "our", "to", "and", "or",
     "through", "during", "between", "before", "every", "each", "last", "starting", "effective"}
)  # fmt: skip
_INTO = frozenset({"in", "by", "before", "until", "till", "for", "through", "during"})
_GOES_ON = frozenset({"in", "for", "to", "with", "at", "on", "and", "or", "so", "if", "because", "please"})
_ALONE = frozenset(
    {"today", "tomorrow", "tonight", "eod", "cob", "eow", "eom", "eoy", "eoq", "asap", "christmas", "thanksgiving"}
)
_UNITS = frozenset({"day", "days", "week", "weeks", "month", "months", "fortnight", "year", "quarter", "hours"})
# "By the Dec 9 meeting" is by that day; "by the next meeting" is a day that only the calendar of meetings knows.
_SITTINGS = frozenset({"meeting", "call", "session", "retreat", "digest", "stocktake", "gathering", "summit", "huddle"})
_SITTING_WORDS = 5
_LINKS = frozenset(
    {"next", "this", "coming", "end", "of", "the", "in", "within", "from", "now", "after", "mid", "early", "late",
     "later", "beginning", "start", "at", "on", "business", "working", "noon", "am", "pm", "morning", "afternoon",
     "evening", "night", "eve", "a.m.", "p.m.", "day", "time", "couple"}
)  # fmt: skip
_SLASHED = re.compile(
    r"(?!24/7)(?:1[3-9]|2[0-9]|3[01])/(?:1[0-2]|0?[1-9])(?:/[0-9]{2,4})?|(?:1[0-2]|0?[1-9])/(?:3[01]|[12][0-9]|0?[1-9])(?:/[0-9]{2,4})?|[0-9]{4}-[0-9]{2}-[0-9]{2}"
)
_NUMBER = re.compile(r"[0-9]{1,4}(?:st|nd|rd|th|am|pm)?|q[1-4]|[0-9]{1,2}:[0-9]{2}(?:am|pm)?")
_LENGTH = re.compile(rf"(?:[0-9]{{1,3}}|{COUNT}) (?:days?|weeks?|months?|years?)")
_TO_ANOTHER = frozenset({"or", "and", "&", "/", "+", "to", "thru", "through", "-", "–"})
# What isn't due on the day that it names.
_NEVER_DUE = frozenset({Lead.AFTER, Lead.EXCEPT, Lead.WITHIN})
_MANY = re.compile(r"\b(?:mon|tues|wednes|thurs|fri|satur|sun)days\b", re.IGNORECASE)
_PART_OF_ONE = re.compile(r"\b(?:in|within) [0-9]+[.,/][0-9]+ (?:day|w(?:ee)?k|month)s?\b", re.IGNORECASE)
_FRACTIONS = frozenset({"1/2", "1/3", "2/3", "1/4", "3/4"})
_SEVERAL_NUMBERS = re.compile("[0-9]{1,2}(?:st|nd|rd|th)?(?:ish|[-–/&][0-9]{1,2}(?:st|nd|rd|th)?)")
_OR_LATER = re.compile(r"(?:(?:at the )?(?:earliest|soonest)|or (?:later|after)|onwards?)(?!\w)")
_FAR = timedelta(days=300)
_DOTTED = re.compile("[0-9]{1,2}[.][0-9]{1,2}[.](?:[0-9]{2,4})?")
_WORDS_TOO = frozenset({"sat", "sun", "wed"})
_MONTHS_TOO = frozenset({"mar", "march", "may"})
_ORDINAL = re.compile(r"[0-9]{1,2}(?:st|nd|rd|th)")


@dataclass(frozen=True, slots=True)
class FoundDay:
    """A day in a line: from which word to which. `day` None: it can't be told which, `says` why."""

    start: int
    end: int
    day: date | None
    says: str = ""


@dataclass(frozen=True, slots=True)
class LedDay:
    """A day that isn't meant itself: from its first leading word on. `day` is where the day itself begins."""

    lead: Lead
    start: int
    day: int
    end: int


def take_day(line: TypedLine, today: date) -> date | None:
    """The day that a line says something is due, its words taken; what is not certain is added to the other two."""
    marked = _marked(line, today)
    if marked is not None or line.problems or line.doubts:
        return marked
    led = next((one for one in find_led_days(line, today) if one.lead in _NEVER_DUE), None)
    if led is not None:
        line.refuse("due", f"“{line.phrase(led.start, led.end)}” names no one day. Choose the day.")
        return None
    return _unmarked(line, today)


def _marked(line: TypedLine, today: date) -> date | None:
    for start in range(len(line.words) - 2, -1, -1):
        mark = _mark_at(line, start)
        if mark is None or not line.is_free(start, start + mark):
            continue
        if (lead_before(line.words, start + mark) or (None, 0))[0] is Lead.AFTER:
            continue  # "not before"
        # "due by" and "on or before" are one mark.
        first = next(
            (one for one in (start - 2, start - 1) if one >= 0 and (_mark_at(line, one) or 0) > start - one), start
        )
        start, mark = first, mark + start - first
        found = _longest(line, start + mark, today)
        if found is None:
            if said := _unreadable(line, start + mark):
                line.refuse("due", f"I can't read “{said}” as one day. Try “Nov 26” or “Mon”.")
                return None
            if sitting := _sitting(line, start, start + mark):
                line.refuse("due", f"“{line.phrase(start + mark, sitting)}” names no day. Choose the day.")
                return None
            continue
        found = _with_sitting(line, found)
        typed, behind = line.phrase(start, found.end), line.phrase(found.start, found.end)
        if behind.isdecimal() or behind in _FRACTIONS or _LENGTH.fullmatch(behind.casefold()):
            # "Grow by 12" is as likely as the twelfth.
            how = f"“by {near_day(found.day, today)}”" if found.day is not None else "such as “by Dec 12”"
            line.doubt("due", f"I left “{typed}” in the title. If it's the day, write {how}.")
            return None
        if later := _OR_LATER.match(line.phrase(found.end, found.end + 3).casefold()):
            line.refuse("due", f"“{typed} {later[0]}” names no one day. Choose the day.")
            return None
        if another := another_day(line, found.end, today) or (found.end if _is_many(behind) else None):
            line.refuse("due", f"I can't read “{line.phrase(found.start, another)}” as one day.")
            return None
        line.take(start, found.end)
        if found.day is None:
            line.refuse("due", found.says)
            return None
        due = found.day
        if line.words[start].casefold() == "before":
            due -= timedelta(days=1)
            line.doubt("due", f"I read “{typed}” as {near_day(due, today)}.")
        elif found.says:
            line.doubt("due", f"I read “{typed}” as {near_day(due, today)}.")
        elif due < today - _FAR:
            line.doubt("due", f"“{typed}” is {date_in_words(due)}, which has passed.")
        elif due > today + _FAR and not re.search("[0-9]{4}", typed):
            why = "This year's day has passed" if due.year != today.year else "Last year's day has passed"
            line.doubt("due", f"{why}, so I read “{typed}” as {date_in_words(due)}.")
        return due
    return None


def _with_sitting(line: TypedLine, found: FoundDay) -> FoundDay:
    """With the meeting that "the Dec 9 steering meeting" is about."""
    if line.words[found.start].casefold() != "the":
        return found
    for place in range(found.end, min(found.end + 3, len(line.words))):
        if line.is_free(place, place + 1) and line.words[place].casefold().rstrip(AROUND) in _SITTINGS:
            return replace(found, end=place + 1)
    return found


def _sitting(line: TypedLine, start: int, first: int) -> int:
    """Where "the next steering meeting" behind "by" or "before" ends; 0 where no such words stand there."""
    for end in range(first + 1, min(first + _SITTING_WORDS, len(line.words)) + 1):
        if not line.is_free(first, end):
            return 0
        words = [word.casefold().rstrip(AROUND) for word in line.words[first:end]]
        if line.ends_at(end) or line.words[end].casefold() in _GOES_ON:
            is_next = words[0] == "next" or words[:2] == ["the", "next"]
            is_before = line.words[start].casefold() == "before"
            return end if words[-1] in _SITTINGS or is_next or (is_before and words[-1] == "committee") else 0
    return 0


def another_day(line: TypedLine, end: int, today: date) -> int | None:
    """Where another day right behind one, or behind "or", ends: "by fri or mon", "thu fri", "dec 8, 15 and 22"."""
    first = end + 1 if end < len(line.words) and line.words[end].casefold() in _TO_ANOTHER else end
    if first >= len(line.words):
        return None
    is_listed = line.words[end - 1].endswith(",") and line.words[end].rstrip(",").isdecimal()
    if first == end and not is_listed and not starts_day(line.words[end]):
        return None
    found = _longest(line, first, today)
    return found.end if found is not None and _is_day_word(line.words[first]) else None


def _is_many(typed: str) -> bool:
    """Whether a weekday is meant each time that it comes: "Fridays"."""
    return _MANY.search(typed) is not None


def _mark_at(line: TypedLine, start: int) -> int | None:
    """How many words of a mark begin here."""
    words = tuple(word.casefold().rstrip(":,") for word in line.words[start : start + 3])
    mark = next((len(one) for one in _MARKS if words[: len(one)] == one), None)
    return mark if mark is not None and start + mark < len(line.words) else None


def _longest(line: TypedLine, start: int, today: date, *, freely: bool = True) -> FoundDay | None:
    """The most words from here on that are a day, or a day that the calendar does not have."""
    for end in range(min(start + _MOST_WORDS, len(line.words)), start, -1):
        if not line.is_free(start, end) or line.cuts_brackets(start, end):
            continue
        typed = line.phrase(start, end)
        found = _read(typed, today, freely=freely)
        if found is None:
            continue
        day, says = found
        if _is_firm(typed) or line.ends_at(end) or line.words[end].casefold() in _GOES_ON:
            return FoundDay(start, end, day, says)
    return None


def _read(typed: str, today: date, *, freely: bool = True) -> tuple[date | None, str] | None:
    try:
        day = read_day(typed, today, freely=freely)
    except UnclearDay as unclear:
        return unclear.guess, unclear.message
    except UserError as error:
        return None, error.message
    return None if day is None else (day, "")


def _unreadable(line: TypedLine, start: int) -> str:
    """A word, with the one behind it, that is made of several days: "fri/sat", "Dec 4-6"; "" for any other."""
    word = line.words[start].casefold().strip(AROUND)
    behind = line.phrase(start + 1, start + 2) if line.is_free(start + 1, start + 2) else ""
    if word in MONTHS_BY_NAME and _SEVERAL_NUMBERS.fullmatch(behind):
        return line.phrase(start, start + 2)
    parts = [part for part in re.split(r"[/&+–-]", word) if part]
    names = [part for part in parts if part in WEEKDAYS_BY_NAME or part in MONTHS_BY_NAME]
    days = [part for part in re.split("[–-]", word) if _SLASHED.fullmatch(part)]
    is_several = (len(parts) > 1 and len(names) == len(parts)) or len(days) > 1 or ("ish" in parts and len(parts) > 1)
    return line.phrase(start, start + 1) if is_several else ""


def _is_firm(typed: str) -> bool:
    """Whether words are a day whatever follows: "by the first responder" and "by May Chen" are none."""
    words = spell(typed).split()
    if len(words) == 1 and words[0].isdecimal():
        return False
    if any(word in WEEKDAYS_BY_NAME or word in {"today", "tomorrow", "eod", "cob"} for word in words):
        return True
    has_number = any(word[0].isdigit() for word in words)
    has_month = any(word in MONTHS_BY_NAME for word in words)
    return has_number and (has_month or not _ORDINAL.fullmatch(words[-1]))


def _unmarked(line: TypedLine, today: date) -> date | None:
    """A day that nothing leads to: taken as the due day where a clause ends, elsewhere it stays. Both is said."""
    found = find_day(line, today)
    if said := find_several_days(line):
        line.refuse("due", f"I can't read “{said}” as one day. Choose the day.")
        return None
    if found is None:
        if (part := _PART_OF_ONE.search(line.title())) is not None:
            line.refuse("due", f"“{part[0]}” names no one day. Choose the day.")
        return None
    led = lead_before(line.words, found.start)
    stays = led is not None and led[0] not in ITSELF
    if led is not None and led[0] is Lead.NEAR and line.before(found.start) != "about":
        found, stays = replace(found, start=found.start - led[1]), False
    typed, before = line.phrase(found.start, found.end), line.before(found.start)
    if found.day is None:
        line.refuse("due", f"{found.says}")
        return None
    first = found.start - 1 if found.start and starts_day(line.words[found.start - 1]) else found.start
    if before in _TO_ANOTHER and (one := find_day(TypedLine(" ".join(line.words[: found.start - 1])), today)):
        first = one.start if one.end == found.start - 1 else first
    another = another_day(line, found.end, today) or (found.end if first < found.start or _is_many(typed) else None)
    if another is not None:
        line.refuse("due", f"I can't read “{line.phrase(first, another)}” as one day. Choose the day.")
        return None
    if line.ends_at(found.end) and found.start and not stays and before not in _LEADING_ON | _INTO:
        line.take(found.start, found.end)
        line.doubt("due", f"I read “{typed}” as {near_day(found.day, today)}.")
    else:
        line.doubt("due", f"“{typed}” stands in the title, so I took {near_day(found.day, today)}.")
    return found.day


def find_several_days(line: TypedLine) -> str:
    """Words of a line that are made of several days, such as "fri/sat"; "" where there are none."""
    places = (place for place in range(len(line.words)) if line.is_free(place, place + 1))
    return next((said for place in places if (said := _unreadable(line, place))), "")


def find_led_days(line: TypedLine, today: date) -> list[LedDay]:
    """The days of a line that words before them say aren't meant themselves: "after Dec 3", "except Christmas"."""
    found: list[LedDay] = []
    for place in range(1, len(line.words)):
        led = lead_before(line.words, place)
        day = _longest(line, place, today, freely=False) if led is not None and led[0] not in ITSELF else None
        if led is None or day is None or line.phrase(place, day.end).isdecimal():
            continue  # Behind "to" or "about" a number alone counts something.
        if led[0] is Lead.LASTING and not _LENGTH.fullmatch(line.phrase(place, day.end).casefold()):
            continue
        start = place - led[1]
        # "Welcome to Friday" ends no days.
        if line.words[start].casefold() != "to" or (start and _is_day_word(line.words[start - 1])):
            found.append(LedDay(led[0], start, place, day.end))
    return found


def find_day(line: TypedLine, today: date) -> FoundDay | None:
    """The words of a line that look like a day: the most that belong to one, the last where several are as long."""
    best: FoundDay | None = None
    for start in range(len(line.words)):
        for end in range(start + 1, min(start + _MOST_WORDS, len(line.words)) + 1):
            if not line.is_free(start, end) or not _is_day_word(line.words[end - 1]):
                break
            if (best is not None and end - start < best.end - best.start) or not _looks_like_day(line, start, end):
                continue
            found = _read(line.phrase(start, end), today, freely=False)
            if found is not None:
                best = FoundDay(start, end, *found)
    return best


def _looks_like_day(line: TypedLine, start: int, end: int) -> bool:
    typed = line.words[start:end]
    if not all(_is_day_word(word) for word in typed):
        return False
    words = [spell(word) for word in typed]
    names = [word for word in words if word in MONTHS_BY_NAME or word in WEEKDAYS_BY_NAME]
    if len(words) == 1:
        return _is_day_alone(line, start, typed[0], words[0])
    if _ORDINAL.fullmatch(words[-1]) and not names:
        return line.ends_at(end) and words[0] != "on"
    if typed[0] in _FRACTIONS:
        return False
    if words[0] == "the" and words[1] in MONTHS_BY_NAME:
        return False
    if (
        len(names) == 1
        and names[0] in MONTHS_BY_NAME
        and not any(word[0].isdigit() or word in ORDINALS for word in words)
    ):
        return line.before(start) in _INTO or words[0] in {"mid", "early", "late", "end", "beginning", "start"}
    if names:
        return words[0] not in {"in", "on", "at", "from", "of", "after", "night", "eve"}
    return (
        words[0] in {"in", "within", "next", "this", "end", "eod", "cob", "early", "late", "later"}
        or words[:2] in (["the", "end"], ["the", "day"], ["day", "after"], ["week", "after"])
        or words[-2:] == ["after", "next"]
        or any(word in _ALONE for word in words)
        or words[-2:] in (["from", "now"], ["from", "today"])
        or any(_SLASHED.fullmatch(word) for word in words)
    ) and any(word in _UNITS or word in _ALONE or _SLASHED.fullmatch(word) for word in words)


def _is_day_alone(line: TypedLine, start: int, typed: str, word: str) -> bool:
    """One word: a weekday in full, or short with a capital where a clause ends; a month only behind "in" or so."""
    if (
        word in _ALONE
        or typed.casefold().strip(AROUND) in _ALONE
        or _SLASHED.fullmatch(word)
        or _DOTTED.fullmatch(typed)
    ):
        return word not in _FRACTIONS
    is_end = line.ends_at(start + 1)
    if word in WEEKDAYS_BY_NAME:
        # In small letters too where the line ends, but for those that are words: "he sat", "the sun".
        is_last = is_end and start > 0 and word not in _WORDS_TOO
        return (
            len(typed.rstrip(".,;:!")) > 5
            or (typed[0].isupper() and (is_end or line.before(start) in {"on", "this"}))
            or (is_last and line.before(start) not in _LEADING_ON)
        )
    if word in MONTHS_BY_NAME:
        return (typed[0].isupper() or word not in _MONTHS_TOO) and line.before(start) in _INTO
    return re.fullmatch("q[1-4]", word) is not None and (is_end or line.before(start) in _INTO)


def _is_day_word(typed: str) -> bool:
    word = spell(typed)
    if _DOTTED.fullmatch(typed):
        return True
    return word != "" and all(
        one in MONTHS_BY_NAME
        or one in WEEKDAYS_BY_NAME
        or one in _ALONE
        or one in _UNITS
        or one in _LINKS
        or one in COUNTS
        or one in ORDINALS
        or _NUMBER.fullmatch(one) is not None
        or _SLASHED.fullmatch(one) is not None
        for one in word.split()
    )
