"""A line of words of which some are taken as something, and what could not be read for certain. No reading here."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

AROUND = ".,;:!"
_PARTING = ",;:"
_OPENING, _CLOSING = frozenset("(["), frozenset(")]")
_MARKS_ALONE = frozenset({"-", "--", "–", "—", "/", "|", "->", "=>", "→", "•", "*", ",", ";", ":"})
_ADDING = frozenset({"+", "&"})
_BRACKETED = re.compile(r"(?P<open>[(\[]*)(?P<word>.*?)(?P<close>[)\]]*(?P<end>[.,;:!?]*))")
POLITE = frozenset({"please", "pls", "thanks", "thx"})
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
    """Words of a line, each still free or taken as something. Brackets around words are words of their own."""

    def __init__(self, text: str) -> None:
        parts = [part for word in text.split() for part in _split_brackets(word)]
        self.words = [part for part, _is_close in parts]
        self._is_close = [is_close for _part, is_close in parts]
        self._taken = [False] * len(self.words)
        self.problems: list[Problem] = []
        self.doubts: list[Doubt] = []

    def refuse(self, field: str, words: str) -> None:
        self.problems.append(Problem(field, words))

    def doubt(self, field: str, words: str) -> None:
        self.doubts.append(Doubt(field, words))

    def is_unclear(self, field: str) -> bool:
        """Whether something about this part can't be taken as written."""
        return any(one.field == field for one in self.problems)

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
        return self.words[place].casefold().rstrip(AROUND) in POLITE and self.ends_at(place + 1)

    def cuts_brackets(self, start: int, end: int) -> bool:
        """Whether one of two brackets stands in these words and the other one outside."""
        words = self.words[start:end]
        return sum(word in _OPENING for word in words) != sum(word[0] in _CLOSING for word in words)

    def phrase(self, start: int, end: int) -> str:
        return " ".join(self.words[start:end]).rstrip(AROUND)

    def before(self, place: int) -> str:
        """The free word before a place, in lower case; "" where there is none."""
        return self.words[place - 1].casefold().rstrip(AROUND) if self.is_free(place - 1, place) and place else ""

    def title(self) -> str:
        """What is free, without the marks and brackets that only parted or held what was taken."""
        free = [place for place in range(len(self.words)) if not self._taken[place]]
        if len(free) < len(self.words):
            free = self._without_loose_marks(self._without_empty_brackets(free))
        said = ""
        for place in free:
            if self._is_close[place]:
                said = said.rstrip(_PARTING)
            said += self.words[place] if not said or self._is_close[place] else f" {self.words[place]}"
        return said.rstrip(_PARTING).strip() if any(self._taken) else said

    def _without_empty_brackets(self, free: list[int]) -> list[int]:
        """Where what stood between two brackets is taken, both go."""
        dropped: set[int] = set()
        for place in free:
            if self.words[place] in _OPENING:
                closing = next((one for one in free if one > place and self.words[one][0] in _CLOSING), None)
                inside = range(place + 1, closing if closing is not None else place + 1)
                if closing is not None and inside and all(self._taken[one] for one in inside):
                    dropped |= {place, closing}
        return [place for place in free if place not in dropped]

    def _without_loose_marks(self, free: list[int]) -> list[int]:
        """A dash or a slash goes at either end, and beside another one, where what it parted is gone."""
        kept: list[int] = []
        for place in free:
            is_last = self.words[place] in _ADDING and place + 1 < len(self.words) and self._taken[place + 1]
            if is_last or (self.words[place] in _MARKS_ALONE and (not kept or self.words[kept[-1]] in _MARKS_ALONE)):
                continue
            kept.append(place)
        while kept and self.words[kept[-1]] in _MARKS_ALONE:
            kept.pop()
        return kept

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
    """Lower case with single spaces, hyphens read as spaces and "&" as "and"."""
    return " ".join(text.casefold().replace("-", " ").replace(" & ", " and ").split())


def _split_brackets(word: str) -> list[tuple[str, bool]]:
    """A word and the brackets around it, each with whether it stands close behind the one before it."""
    found = _BRACKETED.fullmatch(word)
    if found is None or not found["word"]:
        return [(word, False)]
    closing = found["close"] if found["close"] != found["end"] else ""
    # "plan(s)" and "f(x)" hold their brackets inside.
    if closing and not found["open"] and found["word"].count("(") + found["word"].count("["):
        return [(word, False)]
    parts = [*found["open"], found["word"] if closing else found["word"] + found["end"]]
    if closing:
        marks = closing.rstrip(".,;:!?")
        parts += [*marks[:-1], marks[-1] + found["end"]]
    return [(part, place > 0) for place, part in enumerate(parts)]
