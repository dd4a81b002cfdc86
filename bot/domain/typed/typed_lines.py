"""A line of words of which some are taken as something, and what could not be read for certain. No reading here."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

AROUND = ".,;:!"
_POLITE = frozenset({"please", "pls", "thanks", "thx"})
MENTION = re.compile(r"<@(?P<user>[A-Z0-9]+)(?:\|[^>]*)?>[.,;:!]*")
CHANNEL = re.compile(r"<#[A-Z0-9]+\|(?P<name>[^>]+)>[.,;:!]*|#(?P<typed>[a-z0-9][\w-]*)[.,;:!]*")


class Known(NamedTuple):
    """Something that can be named in a line."""

    id: str
    name: str


@dataclass(frozen=True, slots=True)
class Problem:
    """What can't be taken as written. `field` is the part that it is about."""

    field: str
    words: str


@dataclass(frozen=True, slots=True)
class Doubt(Problem):
    """What was taken in one way and may be meant in another: said beside the line that is read back."""


class TypedLine:
    """Words of a line, each still free or taken as something."""

    def __init__(self, text: str) -> None:
        self.words = text.split()
        self._taken = [False] * len(self.words)

    def is_free(self, start: int, end: int) -> bool:
        return 0 <= start <= end <= len(self.words) and not any(self._taken[start:end])

    def take(self, start: int, end: int) -> None:
        self._taken[start:end] = [True] * (end - start)

    def ends_at(self, place: int) -> bool:
        """Whether a clause may end here: at the end, or where another one begins."""
        if place >= len(self.words) or self._taken[place] or self.words[place].startswith(("@", "<@", "#", "<#")):
            return True
        if not any(letter.isalnum() for letter in self.words[place]):
            return True  # a dash, an emoji
        return self.words[place].casefold().rstrip(AROUND) in _POLITE and self.ends_at(place + 1)

    def phrase(self, start: int, end: int) -> str:
        return " ".join(self.words[start:end]).rstrip(AROUND)

    def before(self, place: int) -> str:
        """The free word before a place, in lower case; "" where there is none."""
        return self.words[place - 1].casefold().rstrip(AROUND) if self.is_free(place - 1, place) and place else ""

    def rest(self) -> list[str]:
        return [word for word, is_taken in zip(self.words, self._taken, strict=True) if not is_taken]

    def taken(self) -> list[str]:
        return [word for word, is_taken in zip(self.words, self._taken, strict=True) if is_taken]


def match_known(typed: str, known: Sequence[Known]) -> list[Known]:
    """Those whose id or name is what was typed, else those whose id, name or one of its words begins with it."""
    wanted = plain(typed)
    if not wanted:
        return []
    exact = [one for one in known if wanted in {plain(one.id), plain(one.name)}]
    if exact:
        return exact
    begins = [one for one in known if plain(one.id).startswith(wanted) or plain(one.name).startswith(wanted)]
    return begins or [one for one in known if any(word.startswith(wanted) for word in plain(one.name).split())]


def plain(text: str) -> str:
    """Lower case with single spaces, hyphens read as spaces."""
    return " ".join(text.casefold().replace("-", " ").split())
