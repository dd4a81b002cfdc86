"""The two values of a difference between a file and what lives, in a few plain words."""

from __future__ import annotations

from dataclasses import is_dataclass

from bot.domain.record import Allocation, DatedValue
from bot.domain.wording import cut, plural

MOST_VALUE = 60


def value_words(value: object) -> str:
    """A value in at most 60 characters; of a list without plain words only how many entries it has."""
    if value is None or value == ():
        return "nothing"
    if isinstance(value, DatedValue):
        return f"{value.value:,} on {value.on}"
    if not isinstance(value, tuple):
        # A whole item has no words of its own here.
        return "another value" if is_dataclass(value) else cut(str(value), MOST_VALUE)
    listed = [f"{one.to} {one.amount:,}" if isinstance(one, Allocation) else one for one in value]
    texts = [one for one in listed if isinstance(one, str)]
    joined = "; ".join(texts) if isinstance(value[0], Allocation) else ", ".join(texts)
    return cut(joined, MOST_VALUE) if len(texts) == len(value) else plural(len(value), "entry", "entries")
