"""Days away as people type them: "Dec 20 to Jan 3", "until Fri", "tomorrow", "next week", "2 weeks from Dec 7",
"Dec 20-28", "back on Monday". No storing here."""

from __future__ import annotations

import re
from collections.abc import Collection
from datetime import date, timedelta

from bot.domain.typed import (
    COUNT,
    COUNTS,
    MONTHS_BY_NAME,
    WEEKDAYS_BY_NAME,
    Lead,
    UnclearDay,
    lead_at_first,
    lead_before,
    months_later,
    read_day,
    read_stretch,
    spell,
)
from bot.domain.wording import MONTHS, cut, day, near_day
from bot.errors import UserError

LONGEST = 366
MOST_MEANT = 183  # days that are taken for days away without a year being written
_HOW = "Try “away Dec 20 to Jan 3”, “away until Fri” or “away tomorrow”."
_WORDS = (
    r"away|out of (?:the )?office|(?:out )?sick|out|off|ooo|pto|on (?:vacation|leave|holiday)|vacation|gone|"
    r"not working|(?:(?:maternity|paternity|parental|family|medical) )?leave|travell?ing"
)
_FIRST = re.compile(
    rf"(?:i'?m |i am |i'll be |i will be )?(?:be )?(?:(?:{_WORDS}) )?(?:on |for |over )?(?:all day )?(?P<rest>.*?)"
    rf"(?: all day)?(?:,? (?:inclusive|incl|please|thanks))?",
    re.DOTALL,
)
# A name, with capitals: "for 2 weeks" and "for Christmas" are none.
_FOR_SOMEBODY = re.compile(r"(?P<days>.*\S)\s+for\s+(?P<who>[A-Z][\w'-]+(?:\s+[A-Z][\w'-]+)*)")
_FOR_WORDS = re.compile(r"(?P<days>.*\S)\s+for\s+(?P<who>[\w'-]+(?:\s+[\w'-]+){0,3})[.!]?")
_UNTIL = re.compile(r"(?:until|till|til|through|thru|to) (?P<end>.+)")
_BACK = re.compile(r"(?:(?:i'?m )?(?:back|returning|return|in again))(?: in the office)?(?: on)? (?P<day>.+)")
_BETWEEN = re.compile(r"\s+(?:to|until|till|til|through|thru|and|&)\s+|\s*[–—→]\s*|\s+-+>?\s+")
_AND = re.compile(r"\s+(?:and|&)\s+")
_LENGTH = rf"(?P<count>[0-9]{{1,3}}|{COUNT}) (?P<unit>(?:working |business |work )?days?|weeks?|months?)"
_NEXT = re.compile(rf"(?:the )?(?:next )?{_LENGTH}")
_FROM = re.compile(rf"(?:the )?(?:next )?{_LENGTH} (?:from|starting|starting on|beginning|as of) (?P<start>.+)")
_STARTING = re.compile(rf"(?:starting |beginning |as of )?(?P<start>.+?) for {_LENGTH}")
_WEEK_OF = re.compile(
    r"(?:the )?(?:(?:week|w/c) ?(?P<which>of|beginning|starting|commencing|after|following|before|(?<=w/c)) "
    r"(?:the )?(?P<day>.+)|(?P<holiday>\w+) week)"
)
_WEEKS_OFF = {"after": 7, "following": 7, "before": -7}
_WHOLE = re.compile(r"^(?:(?:the )?(?:rest|whole|all|entire|entirety)(?: of)? |all (?:of )?|in )(?:the )?")
_TH = "(?:st|nd|rd|th)?"
_DASHED = re.compile(
    rf"(?P<month>[a-z]+) (?P<first>[0-9]{{1,2}}){_TH}-(?P<last>[0-9]{{1,2}}){_TH}(?: (?P<year>[0-9]{{4}}))?"
    rf"|(?P<first2>[0-9]{{1,2}}){_TH}-(?P<last2>[0-9]{{1,2}}){_TH} (?P<month2>[a-z]+)(?: (?P<year2>[0-9]{{4}}))?"
)
_SLASHES = re.compile(
    r"(?P<first>[0-9]{1,2}/[0-9]{1,2}(?:/[0-9]{2,4})?|[a-z]{3,} ?[0-9]{1,2})-"
    r"(?P<last>[0-9]{1,2}(?:/[0-9]{1,2}(?:/[0-9]{2,4})?)?|[a-z]{3,} ?[0-9]{1,2})"
)
# Not one day away; `spell` would take "Fridays" for one.
_RHYTHM = re.compile(
    r"\b(?:(?:every|each) \S.*|(?:mon|tues|wednes|thurs|fri|satur|sun)days\b.*|(?:week|dai)ly)", re.IGNORECASE
)
_PART = re.compile(
    r"(?:(?:[0-9]+ )?[0-9]+[.,/][0-9]+|(?:\w+ and )?(?:a )?half) ?(?:an? |of |the )*(?:\w+ )?(?:day|week|month)s?\b|"
    r"(?:\b\w+ ){0,2}\b(?:[ap]\.?m\b(?! back)\.?|(?:morning|afternoon|evening|noon|lunch|first thing)\b)|[0-9][ap]m\b"
)
_LOW_AND_HIGH = re.compile(r"between (?P<first>.+) and (?P<last>.+)")
_ONWARD = re.compile(r"(?P<day>.+) (?:on|onwards?|forward|on out|and on|and beyond)")
_BOTH = "Write the first and the last day, such as “Dec 20 to Jan 3”."
# What a word before a day leaves open.
_OPEN = {
    Lead.FROM: f"has no last day. {_BOTH} One day is “away Fri”.",
    Lead.EXCEPT: "leaves days out in between. Write each stretch by itself, such as “Dec 20 to 24”.",
    Lead.AFTER: f"names no first and last day. {_BOTH}",
    Lead.BEFORE: f"names no first and last day. {_BOTH}",
    Lead.NEAR: f"names no first and last day. {_BOTH}",
    Lead.WITHIN: f"names no first and last day. {_BOTH}",
}
_NAMES = re.compile(r"(?P<first>[a-z]+)-(?P<last>[a-z]+)")


def read_away(text: str, today: date) -> tuple[date, date]:
    """The first and the last day away that were typed. Raises UserError where they can't be read or have passed."""
    words = spell(re.sub(r"\(.*?\)", " ", text))
    found = _FIRST.fullmatch(words.strip())
    words = (found["rest"] if found is not None else words).strip()
    span, is_open = _stretch(words, today), False
    if span is None:
        words, is_open = _without_lead(words, text)
        span = _by_length(words, today, text) or _dashed(words, today, text)
    if span is not None:
        return checked(*span, today)
    back = _BACK.fullmatch(words)
    if back is not None:
        return _until_back(today, _day(back["day"], today, text), today)
    until = _UNTIL.fullmatch(words)
    if until is not None:
        return checked(today, _end(until["end"], today, today, text), today)
    return _between(words, today, text, is_open=is_open)


def _without_lead(words: str, text: str) -> tuple[str, bool]:
    """The words without what leads to a first day, and whether that was there, so that a last one is needed.

    Raises UserError for days that are no stretch: "Fridays", "2.5 weeks", "after Dec 20", "next week except Fri".
    """
    if (found := _RHYTHM.search(text)) is not None:
        raise UserError(
            f"“{cut(found[0], 60)}” comes again. Write each day by itself, such as “away Fri”.", field="start"
        )
    if (part := _PART.search(words)) is not None:
        raise UserError(f"Days away are whole, and “{part[0]}” isn't. {_BOTH}", field="start")
    if (onward := _ONWARD.fullmatch(words)) is not None:
        words = f"from {onward['day'].removeprefix('from ')}"
    typed = words.split()
    led = lead_at_first(typed)
    parts = [lead_before(typed, place) for place in range(1, len(typed))]
    lead = Lead.EXCEPT if any(one is not None and one[0] is Lead.EXCEPT for one in parts) else led[0] if led else None
    if led is not None and lead is Lead.FROM:
        return " ".join(typed[led[1] :]), True
    if (between := _LOW_AND_HIGH.fullmatch(words)) is not None:
        return f"{between['first']} to {between['last']}", False
    if lead in _OPEN:
        raise UserError(f"“{cut(text.strip(), 60)}” {_OPEN[lead]}", field="start")
    return words, False


def split_person(text: str, names: Collection[str] = ()) -> tuple[str, str]:
    """Whose days they are and the days: "@grant Dec 20 to 28", "Dec 20 to 28 for Grant Okafor". "" for one's own.

    `names` are the members', which may be written small: "for lorna", "for lorna pruitt".
    """
    words = text.split()
    at = next((place for place, word in enumerate(words) if word.startswith(("@", "<@"))), None)
    if at is not None:
        start = at - (at > 0 and words[at - 1].casefold() == "for")
        return words[at].rstrip(",.:"), " ".join(words[:start] + words[at + 1 :])
    found = _FOR_SOMEBODY.fullmatch(text.strip()) or _for_known(text, names)
    return (found["who"], found["days"]) if found is not None else ("", text)


def _for_known(text: str, names: Collection[str]) -> re.Match[str] | None:
    """ "Dec 20 for lorna", where somebody is called that; months are none: "for april" says when."""
    found = _FOR_WORDS.fullmatch(text.strip())
    said = found["who"].casefold() if found is not None else ""
    known = {part for name in names for part in (name.casefold(), *name.casefold().split())}
    return found if said in known - MONTHS_BY_NAME.keys() else None


def checked(start: date, end: date, today: date) -> tuple[date, date]:
    """The two days. Raises UserError where they are the wrong way round, over already, or more than a year."""
    if end < start:
        raise UserError(
            f"{day(end, today)} comes before {day(start, today)}. Choose a last day that is not earlier.", field="end"
        )
    if end < today:
        raise UserError("Those days have passed. Choose today or later days.", field="end")
    if (end - start).days >= LONGEST:
        raise UserError(
            "That's more than a year. Choose an earlier last day, or ask a coordinator to hand your priority on.",
            field="end",
        )
    return start, end


def _between(words: str, today: date, text: str, *, is_open: bool) -> tuple[date, date]:
    """One day, or a first and a last one; with `is_open` one day has no last one."""
    parts = _BETWEEN.split(re.sub(r"(?<=\S) (?:and )?(?:to )?back ", " - back ", words))
    if len(parts) > 2 or not parts[0]:
        raise _unread(text)
    if len(parts) == 2 and (until := _BACK.fullmatch(parts[1])) is not None:
        start = _start(parts[0], today, text)
        return _until_back(start, _day(until["day"], start, text), today)
    if is_open and len(parts) == 1:
        raise UserError(f"“{cut(text.strip(), 60)}” {_OPEN[Lead.FROM]}", field="end")
    start = _start(parts[0], today, text, parts[1] if len(parts) == 2 else "")
    if len(parts) == 1:
        return checked(start, start, today)
    end = _end(parts[1], start, today, text)
    # Without a year the second day is the next one of its kind, which makes a year of days the wrong way round.
    if (end - start).days > MOST_MEANT and today <= _end(parts[1], today, today, text) < start:
        raise UserError(
            f"{day(end, start)} comes before {day(start, today)}. Swap them, or write the year of the last day.",
            field="end",
        )
    between = (start + timedelta(days=count) for count in range(1, (end - start).days))
    if _AND.search(words) and any(one.weekday() < 5 for one in between):
        raise UserError(
            f"From {near_day(start, today)} to {near_day(end, today)}, or just these two days? Write “to” between "
            "them, or say each day by itself.",
            field="end",
        )
    return checked(start, end, today)


def _stretch(words: str, today: date) -> tuple[date, date] | None:
    """A week, a month or the rest of one."""
    if words in {"this week", "the rest of the week", "rest of the week", "the rest of this week", "rest of this week"}:
        return today, today + timedelta(days=6 - today.weekday())
    if words in {"the weekend", "this weekend", "weekend", "the weekends"}:
        saturday = today + timedelta(days=(5 - today.weekday()) % 7)
        return saturday, saturday + timedelta(days=1)
    span = read_stretch(_WHOLE.sub("", words), today)
    week = _WEEK_OF.fullmatch(words) if span is None else None
    if week is not None and week["holiday"] not in WEEKDAYS_BY_NAME:
        within = read_day(week["day"] or week["holiday"], today)
        if within is None:
            return None
        monday = within - timedelta(days=within.weekday() - _WEEKS_OFF.get(week["which"] or "", 0))
        return max(monday, today), monday + timedelta(days=6)
    if span is None:
        return None
    start, end = span
    if start > today and words.removeprefix("the ").startswith("rest "):
        raise UserError(f"“{words}” has no first day. {_BOTH}", field="start")
    if (end - start).days < 5:
        end = start + timedelta(days=6)
    return max(start, today), end


def _by_length(words: str, today: date, text: str) -> tuple[date, date] | None:
    """ "2 weeks" from today on, "3 days from Monday", "Dec 7 for 2 weeks"."""
    after = _FROM.fullmatch(words)
    found = after or _STARTING.fullmatch(words) or _NEXT.fullmatch(words)
    if found is None:
        return None
    has_start = "start" in found.re.groupindex
    start = _day(found["start"], today, text) if has_start else today
    count, unit = COUNTS.get(found["count"]) or int(found["count"]), found["unit"].removesuffix("s")
    if unit == "month":
        return start, months_later(start, count) - timedelta(days=1)
    if unit == "week":
        return start, start + timedelta(days=7 * count - 1)
    end = start
    for _ in range(count - 1):
        is_working = unit != "day" and end.weekday() > 3
        end += timedelta(days=7 - end.weekday() if is_working else 1)
    return start, end


def _dashed(words: str, today: date, text: str) -> tuple[date, date] | None:
    """ "Dec 20-28", "20-28 Dec", "12/20-1/3", "Mon-Wed": a dash without spaces."""
    found = _DASHED.fullmatch(words.replace("–", "-"))
    if found is not None and (found["month"] or found["month2"]) in MONTHS_BY_NAME:
        month, year = found["month"] or found["month2"], found["year"] or found["year2"] or ""
        start = _day(f"{month} {found['first'] or found['first2']} {year}", today, text)
        return start, _day(f"{month} {found['last'] or found['last2']} {start.year}", start, text)
    slashed = _SLASHES.fullmatch(words)
    if slashed is not None:
        start = _day(slashed["first"], today, text)
        return start, _end(slashed["last"], start, today, text)
    names = _NAMES.fullmatch(words)
    if names is not None and {names["first"], names["last"]} <= WEEKDAYS_BY_NAME.keys():
        start = _day(names["first"], today, text)
        return start, _day(names["last"], start, text)
    return None


def _until_back(start: date, back: date, today: date) -> tuple[date, date]:
    """Whoever is back on a day is away until the one before."""
    if back <= start:
        raise UserError(
            f"{near_day(back, today)} isn't after {near_day(start, today)}. Choose a later day.", field="end"
        )
    return checked(start, back - timedelta(days=1), today)


def _start(words: str, today: date, text: str, second: str = "") -> date:
    """ "20 to 28 Dec": the first day is of the last one's month."""
    if words.rstrip("stndrh").isdigit() and (named := re.search(r"[a-z]{3,}", second)) and named[0] in MONTHS_BY_NAME:
        return _day(f"{named[0]} {words}", today, text)
    return _day(words, today, text)


def _end(words: str, start: date, today: date, text: str) -> date:
    # "Dec 20 to 28": the second day is of the same month.
    if words.isdigit():
        return _day(f"{MONTHS[start.month - 1]} {words} {start.year}", start, text)
    if re.search(r"\b(?:next|this)\b", words):
        # "Next Mon to next Wed" are days of one week: both are counted from today.
        found = _day(words, today, text)
        if found >= start:
            return found
    if words.startswith(("the end of", "end of")):
        return _day(words, max(start, today), text)
    return _day(words, start, text)


def _day(words: str, today: date, text: str) -> date:
    try:
        found = read_day(words, today)
    except UnclearDay as unclear:
        if unclear.guess is None and not any(letter.isdigit() for letter in words):
            raise _unread(text) from None
        raise UserError(unclear.message, field="start") from None
    if found is None:
        raise _unread(text)
    return found


def _unread(text: str) -> UserError:
    return UserError(f"I can't read “{cut(text.strip(), 60)}” as days. {_HOW}", field="start")
