"""What actions, issues and decisions share: an id of a letter and a number, lists by page, and what became of one.

Which lists there are, what a card holds and what may be done is each noun's own.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Generic, TypeVar

from bot.domain.typed import Known

PAGE = 5

QueryT = TypeVar("QueryT", bound="NumberedQuery")
CardT = TypeVar("CardT")
ThingT = TypeVar("ThingT")


@dataclass(frozen=True, slots=True)
class Ids:
    """The ids of one noun: its letter, and a number from 1 on."""

    letter: str

    def next_id(self, known: Iterable[str]) -> str:
        """Return the id of the next one: one more than the greatest number in use."""
        own = re.compile(f"{self.letter}-([0-9]+)")
        numbers = [int(found[1]) for one in known if (found := own.fullmatch(one)) is not None]
        return f"{self.letter}-{max(numbers, default=0) + 1}"

    def read_id(self, typed: str) -> str | None:
        """Return the id that was typed as "A-101", "a101" or "101"; None for anything else."""
        found = re.fullmatch(f"[{self.letter}{self.letter.lower()}]?-?([0-9]{{1,9}})", typed.strip(" .,;:!?"))
        return f"{self.letter}-{found[1]}" if found is not None else None


@dataclass(frozen=True, slots=True, kw_only=True)
class NumberedQuery:
    """Which of them are listed. `kind` is mine by default; `id` says which, of those kinds that are about something."""

    kind: str = "mine"
    id: str = ""
    page: int = 0

    def cut(self: QueryT, found: Sequence[ThingT]) -> tuple[QueryT, int, Sequence[ThingT]]:
        """Return the page that there is next to the one asked for, how many come before it, and what stands on it."""
        start = min(self.page, max(0, (len(found) - 1) // PAGE)) * PAGE
        return replace(self, page=start // PAGE), start, found[start : start + PAGE]


@dataclass(frozen=True, slots=True, kw_only=True)
class NumberedList(Generic[QueryT, CardT]):
    """One page of a list. `name` is that of what it is about; `sight` says what this reader sees, if not all."""

    query: QueryT
    name: str | None
    cards: tuple[CardT, ...]
    start: int  # how many come before these
    total: int
    today: date
    may_add: bool = True
    sight: str | None = None
    has_none_of_own: bool = False  # asked for their own, of which there are none, so everything stands here

    @property
    def left(self) -> int:
        """How many come after these."""
        return self.total - self.start - len(self.cards)


@dataclass(frozen=True, slots=True, kw_only=True)
class NumberedReadBack:
    """One as it would be made of a line, kept under `token` until somebody says so."""

    token: str
    title: str
    priority_name: str | None
    problems: tuple[str, ...]  # sentences; with one of them it is not made as it stands
    today: date
    doubts: tuple[str, ...] = ()  # what was taken in one way and may be meant in another, as sentences


@dataclass(frozen=True, slots=True, kw_only=True)
class NumberedChange(Generic[CardT]):
    """What became of one. Which words `what` may be is each noun's own."""

    what: str
    card: CardT
    already: bool = False  # it was so before
    differs: bool = False  # it was so already, in other words than what was sent now


@dataclass(frozen=True, slots=True, kw_only=True)
class SightForm:
    """The form in which is chosen who sees one: everybody, the coordinators, or a group by its id."""

    id: str
    title: str
    visibility: str
    keepers: tuple[Known, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Sight:
    """Who sees one from now on. `readers` is empty where whoever reads its priority does."""

    id: str
    title: str
    readers: tuple[str, ...]
    already: bool = False  # it was so before
