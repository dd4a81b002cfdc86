"""A new date for an action as people type it: "A-301 to Dec 7 because the inspector is away". No storing here."""

from __future__ import annotations

import re
from datetime import date

from bot.domain.typed import read_day
from bot.domain.wording import cut
from bot.errors import UserError

_SHOWN = 60
_VERBS = r"(?:please\s+)?(?:move|postpone|push|reschedule|shift|delay)(?:\s+(?:the\s+)?action)?"
_TO = r"(?:(?:moves?|moved|is|back|out|new\s+date|due|date)\s+)*(?:to|until|till|by|on|new\s+date|due)\b:?"
_ID = r"A-[0-9]+"
# With its id, so that it is nothing else's date that moves.
_BY_ID = re.compile(rf"(?:{_VERBS}\s+)?(?P<what>{_ID})\s+{_TO}\s+(?P<to>.+)", re.IGNORECASE)
_BY_ID_ALONE = re.compile(rf"{_VERBS}\s+(?P<what>{_ID})(?:\s+(?P<to>.+))?", re.IGNORECASE)
_NAMED = re.compile(rf"(?P<what>(?:A-?)?[0-9]+|.+?(?=\s+{_TO}))(?:\s+{_TO})?(?:\s+(?P<to>.+))?", re.IGNORECASE)
_WHY = (
    re.compile(r"(?P<day>.+?)[,;:]?\s+(?:because|since|as)\b:?\s+(?P<why>.+)", re.IGNORECASE),
    re.compile(r"(?P<day>.+?)\s*(?:[;:]|\s[-–—]|\()\s*(?P<why>.+?)\)?"),
    re.compile(r"(?P<day>.+),\s+(?P<why>.+?)"),
)


def moves_by_id(text: str) -> bool:
    """Whether words without a noun move an action: "move A-301 to Dec 7", "A-301 to Dec 7"."""
    words = " ".join(text.split())
    return any(one.fullmatch(words) is not None for one in (_BY_ID, _BY_ID_ALONE))


def split_move(text: str) -> tuple[str, str]:
    """Which action, by its id or words of its title, and the words of its new date; "" where none is said."""
    words = " ".join(text.split())
    found = _BY_ID.fullmatch(words) or _BY_ID_ALONE.fullmatch(words) or _NAMED.fullmatch(words)
    return (found["what"], found["to"] or "") if found is not None else (words, "")


def read_move(words: str, today: date) -> tuple[date, str]:
    """The new date and the reason that stands behind it. Raises UserError where they name no day."""
    splits = (pattern.fullmatch(words) for pattern in _WHY)
    unclear = None
    for day, why in ((words, ""), *((found["day"], found["why"]) for found in splits if found is not None)):
        try:
            due = read_day(day.strip(" .,"), today)
        except UserError as error:
            # With a reason behind it, it may be no day; without it, it is.
            unclear = error
            continue
        if due is not None:
            return due, why.strip()
    if unclear is not None:
        raise unclear
    raise UserError(f"I can't read “{cut(words, _SHOWN)}” as a day. Try “to Dec 11” or “to next Fri”.")
