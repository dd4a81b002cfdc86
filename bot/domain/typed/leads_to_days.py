"""What a word before a day or a time of day says of it: "after Dec 3" is not that day, "starting Dec 3" is its first.

One table for whoever reads days in lines; a noun that can't hold what a lead means asks about it. Which words behind a
lead are a day is found in `days_in_lines`.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from enum import Enum, auto

from bot.domain.typed.day_words import COUNT
from bot.domain.typed.typed_lines import AROUND


class Lead(Enum):
    """How a day or a time behind it is meant."""

    ON = auto()  # itself
    FROM = auto()  # as the first of several
    EXCEPT = auto()
    UNTIL = auto()  # as the last one
    AFTER = auto()
    BEFORE = auto()
    WITHIN = auto()  # as one in a stretch of days
    NEAR = auto()  # as one that may be another
    LASTING = auto()  # a length of days, and no day at all


_WORDS = {
    Lead.ON: ("on", "by"),
    Lead.FROM: ("from", "starting", "starting on", "starting from", "beginning", "beginning on", "since", "as of",
                "effective", "first on", "first one on", "starts", "starts on", "begins", "begins on", "commencing"),
    Lead.EXCEPT: ("except", "except on", "except for", "excluding", "excl", "but not", "but not on", "not", "not on",
                  "never on", "skip", "skipping", "and skip", "but skip", "no meeting", "no meeting on", "none on",
                  "without", "minus", "apart from", "other than", "unless it's", "instead of", "rather than",
                  "in place of"),
    Lead.UNTIL: ("until", "till", "til", "'til", "thru", "through", "to", "up to", "ending", "ending on", "ends",
                 "ends on", "and ends", "last on", "last one on", "until the end of"),
    Lead.AFTER: ("after", "later than", "past", "following", "not before", "no earlier than", "no sooner than",
                 "anytime after", "any time after", "right after"),
    Lead.BEFORE: ("before", "prior to", "ahead of", "earlier than", "within", "no later than", "not later than",
                  "sometime before", "anytime before", "any time before", "right before"),
    Lead.WITHIN: ("week of", "the week of", "in the week of", "wk of", "the wk of", "week beginning", "week starting",
                  "week commencing", "w/c", "week after", "the week after", "wk after", "week before",
                  "the week before", "wk before", "week following", "between"),
    Lead.NEAR: ("around", "about", "near", "roughly", "approx", "approximately", "circa", "sometime around"),
    Lead.LASTING: ("for", "lasting", "for the next"),
}  # fmt: skip
ITSELF = frozenset({Lead.ON, Lead.FROM})
_LEADS = {tuple(words.split()): lead for lead, all_words in _WORDS.items() for words in all_words}
_MOST_WORDS = max(map(len, _LEADS))
# "A week from Friday" and "two days after Dec 3" are days, and so is "the day after tomorrow".
_COUNTED_FROM = {("from",), ("after",), ("before",), ("on",), ("following",)}
_COUNTED = re.compile(r"(?:days?|w(?:ee)?ks?|fortnights?|months?|years?|hours?)")
_COUNTING = re.compile(rf"(?:[0-9]+|{COUNT})")


def lead_at_first(words: Sequence[str]) -> tuple[Lead, int] | None:
    """What the words at the beginning lead to, and how many they are."""
    for size in range(min(_MOST_WORDS, len(words) - 1), 0, -1):
        led = lead_before(words, size)
        if led is not None and led[1] == size:
            return led
    return None


def lead_before(words: Sequence[str], place: int) -> tuple[Lead, int] | None:
    """What the words right before a place say of what stands there, and how many they are; None where they lead to
    nothing."""
    for size in range(min(_MOST_WORDS, place), 0, -1):
        said = tuple(word.casefold().replace("’", "'").strip(f"{AROUND}(") for word in words[place - size : place])
        if len(said) > 1 and said[-1] in {"a", "the"} and said not in _LEADS:
            said = said[:-1]
        before = words[place - size - 1].casefold() if place > size else ""
        counts = _COUNTED if said in _COUNTED_FROM else _COUNTING if said[0] in {"week", "wk"} else None
        if said in _LEADS and not (counts is not None and counts.fullmatch(before)):
            return _LEADS[said], size
    return None
