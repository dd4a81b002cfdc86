"""Stored values as people would say them: a rule, a list of dates, a word of the file's vocabularies. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from bot.domain.rhythm import describe_rule
from bot.domain.wording import day, day_and_clock, one_line

_PROGRAM_WORD = re.compile(r"[a-z0-9]+(?:_[a-z0-9]+)+")
_MOMENT = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}[T ][0-9]{2}:[0-9]{2}(?::[0-9]{2})?(?:\.[0-9]+)?(?:Z|[+-][0-9:]+)?")
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_SAID = {
    "usd": "dollars",
    "email_only": "by e-mail only",
    "slack_connect": "from a connected workspace",
    "multi_channel_guest": "a guest of several channels",
    "single_channel_guest": "a guest of one channel",
    "member_local": "each person's clock",
    "consensus_then_two_thirds": "consensus, else two thirds",
    "all_members": "all members",
}


def words_of_value(column: str, value: Any, today: date) -> str | None:
    """Text, a number, a list or an object in words; None where there is nothing."""
    if isinstance(value, Mapping):
        found = [
            f"{_plain(str(name))} {words_of_value(str(name), one, today) or 'none'}" for name, one in value.items()
        ]
        return ", ".join(found) or None
    if isinstance(value, list | tuple):
        return ", ".join(words_of_value(column, one, today) or "none" for one in value) or None
    words = one_line(str(value))
    if column == "rrule":
        return describe_rule(words)
    if column.endswith("_hours"):
        return f"{words} hours"
    if _MOMENT.fullmatch(words):
        return day_and_clock(datetime.fromisoformat(words), today, with_zone=False)
    if _DATE.fullmatch(words):
        return day(date.fromisoformat(words), today)
    if column == "timezone":
        return words.replace("_", " ")
    return _SAID.get(words) or (_plain(words) if _PROGRAM_WORD.fullmatch(words) else words)


def _plain(words: str) -> str:
    return words.replace("_", " ")
