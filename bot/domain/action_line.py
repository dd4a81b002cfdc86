"""An action item in one line: "Book 24 firm assessments @marcus by 26 Nov in supplier-growth".

`by` counts only before a day, `in` only before a known priority, the last match wins, the rest is the title. Whatever
is not understood stays in the title. Who and what is known is given; nothing is looked up here.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple

from bot.domain.typed_days import read_day
from bot.errors import UserError

CHOOSE_SOMEBODY = "Choose somebody from the list."
CHOOSE_ONE = "Choose one from the list."
WHOLE_COALITION = ("the whole coalition", "whole coalition")
_MENTION = re.compile(r"<@(?P<user>[A-Z0-9]+)(?:\|[^>]*)?>[.,;:!]*")
_AROUND = ".,;:!"
_DAY_WORDS = 5  # "Fri Dec 4, 2026" and what follows "in"
_NAME_WORDS = 4
_SHORTEST_BEGINNING = 3
# Before a name these say that it belongs to what is to be done: "Write to Marcus Teal".
_LEADING_ON = frozenset({"to", "with", "from", "of", "and", "or", "by", "at", "about", "on", "call", "ask", "the"})


class Known(NamedTuple):
    """Something that can be named in a line."""

    id: str
    name: str


@dataclass(frozen=True, slots=True)
class ActionLineContext:
    """Who and what a line can name. `accounts` leads from a Slack user id to a member's id; `me` is who writes.

    With `takes_day` False, "by" and a day stay in the title.
    """

    members: tuple[Known, ...] = ()
    priorities: tuple[Known, ...] = ()
    accounts: Mapping[str, str] = field(default_factory=dict)
    me: str | None = None
    takes_day: bool = True


@dataclass(frozen=True, slots=True)
class Problem:
    """What can't be taken as written. `field` is the part of the action that it is about."""

    field: str
    words: str


@dataclass(frozen=True, slots=True)
class ActionDraft:
    """What a line says. `taken` are the words that are not in the title, in the order of the line."""

    title: str
    owner: str | None = None
    due: date | None = None
    priority: str | None = None
    is_whole_coalition: bool = False
    problems: tuple[Problem, ...] = ()
    taken: tuple[str, ...] = ()


def parse_action_line(text: str, known: ActionLineContext, today: date) -> ActionDraft:
    """Takes a line apart; never raises. Days are read as of `today`."""
    line = _Line(text.split())
    problems: list[Problem] = []
    due = _take_due(line, today, problems) if known.takes_day else None
    priority = _take_priority(line, known)
    owner = _take_owner(line, known, problems)
    is_whole = priority == ""
    return ActionDraft(
        title=" ".join(line.rest()),
        owner=owner,
        due=due,
        priority=priority or None,
        is_whole_coalition=is_whole,
        problems=tuple(problems),
        taken=tuple(line.taken()),
    )


def match_known(typed: str, known: Sequence[Known]) -> list[Known]:
    """Those whose id or name is what was typed, else those whose id, name or one of its words begins with it."""
    wanted = _plain(typed)
    if not wanted:
        return []
    exact = [one for one in known if wanted in {_plain(one.id), _plain(one.name)}]
    if exact:
        return exact
    begins = [one for one in known if _plain(one.id).startswith(wanted) or _plain(one.name).startswith(wanted)]
    return begins or [one for one in known if any(word.startswith(wanted) for word in _plain(one.name).split())]


class _Line:
    """Words of a line, each still free or taken as something."""

    def __init__(self, words: list[str]) -> None:
        self.words = words
        self._taken = [False] * len(words)

    def is_free(self, start: int, end: int) -> bool:
        return end <= len(self.words) and not any(self._taken[start:end])

    def take(self, start: int, end: int) -> None:
        self._taken[start:end] = [True] * (end - start)

    def ends_at(self, place: int) -> bool:
        """Whether a clause may end here: at the end, or where another one begins."""
        return place >= len(self.words) or self._taken[place] or self.words[place].startswith(("@", "<@"))

    def phrase(self, start: int, end: int) -> str:
        return " ".join(self.words[start:end]).rstrip(_AROUND)

    def rest(self) -> list[str]:
        return [word for word, is_taken in zip(self.words, self._taken, strict=True) if not is_taken]

    def taken(self) -> list[str]:
        return [word for word, is_taken in zip(self.words, self._taken, strict=True) if is_taken]


def _take_due(line: _Line, today: date, problems: list[Problem]) -> date | None:
    for start in range(len(line.words) - 2, -1, -1):
        if line.words[start].casefold() != "by":
            continue
        for end in range(min(start + 1 + _DAY_WORDS, len(line.words)), start + 1, -1):
            try:
                found = read_day(line.phrase(start + 1, end), today)
            except UserError as error:
                line.take(start, end)
                problems.append(Problem("due", error.message))
                return None
            if found is not None:
                line.take(start, end)
                return found
    return None


def _take_priority(line: _Line, known: ActionLineContext) -> str | None:
    """The priority's id, "" for the whole coalition, None where none is named."""
    for start in range(len(line.words) - 2, -1, -1):
        if line.words[start].casefold() != "in" or not line.is_free(start, start + 1):
            continue
        longest = max((len(_plain(one.name).split()) for one in known.priorities), default=0)
        for end in range(min(start + 1 + max(longest, 3), len(line.words)), start + 1, -1):
            if not line.is_free(start, end):
                continue
            found = _priority(line.phrase(start + 1, end), known.priorities, is_whole_clause=line.ends_at(end))
            if found is not None:
                line.take(start, end)
                return found
    return None


def _priority(phrase: str, priorities: Sequence[Known], *, is_whole_clause: bool) -> str | None:
    wanted = _plain(phrase)
    if wanted in WHOLE_COALITION:
        return ""
    for one in priorities:
        if wanted in {_plain(one.id), _plain(one.name)}:
            return one.id
    # "in child care centers" is no priority's beginning: only a clause of its own may be cut short.
    if not is_whole_clause or len(wanted) < _SHORTEST_BEGINNING:
        return None
    begins = [one for one in priorities if _plain(one.id).startswith(wanted) or _plain(one.name).startswith(wanted)]
    return begins[0].id if len(begins) == 1 else None


def _take_owner(line: _Line, known: ActionLineContext, problems: list[Problem]) -> str | None:
    unknown: list[Problem] = []
    for start in range(len(line.words) - 1, -1, -1):
        word = line.words[start]
        if not line.is_free(start, start + 1):
            continue
        mention = _MENTION.fullmatch(word)
        if mention is not None:
            member = known.accounts.get(mention["user"])
            if member is not None:
                line.take(start, start + 1)
                return member
            unknown.append(Problem("owner", f"I don't know that person yet. {CHOOSE_SOMEBODY}"))
        elif word.startswith("@") and len(word) > 1:
            found = _named(line, start, known, unknown)
            if found is not None:
                return found
    if not unknown:
        return _written_out(line, known)
    problems.append(unknown[0])
    return None


def _named(line: _Line, start: int, known: ActionLineContext, unknown: list[Problem]) -> str | None:
    """The member of "@marcus" or "@Marcus Teal": the longest name that fits."""
    for end in range(min(start + _NAME_WORDS, len(line.words)), start, -1):
        if not line.is_free(start, end):
            continue
        typed = line.phrase(start, end)[1:]
        is_one_word = end == start + 1
        found = [one for one in known.members if _plain(typed) in {_plain(one.id), _plain(one.name)}]
        if not found and is_one_word:
            found = _of_one_word(typed, known)
        if len(found) == 1:
            line.take(start, end)
            return found[0].id
        if is_one_word:
            unknown.append(Problem("owner", _which(typed, found)))
    return None


def _of_one_word(typed: str, known: ActionLineContext) -> list[Known]:
    if typed.casefold() == "me" and known.me is not None:
        return [one for one in known.members if one.id == known.me]
    return match_known(typed.replace(".", " ").replace("_", " "), known.members)


def _which(typed: str, found: Sequence[Known]) -> str:
    if not found:
        return f"I don't know “@{typed}”. {CHOOSE_SOMEBODY}"
    names = " or ".join(one.name for one in found[:3])
    return f"“@{typed}” could be {names}. {CHOOSE_ONE}"


def _written_out(line: _Line, known: ActionLineContext) -> str | None:
    """A whole name without "@" where the title ends, if enough is left to be a title."""
    free = [place for place in range(len(line.words)) if line.is_free(place, place + 1)]
    for count in range(_NAME_WORDS, 1, -1):
        places = free[-count:]
        if len(places) < count or places[-1] - places[0] != count - 1 or not line.ends_at(places[-1] + 1):
            continue
        typed = _plain(line.phrase(places[0], places[-1] + 1))
        found = [one for one in known.members if typed == _plain(one.name)]
        before = [line.words[place].casefold() for place in free[:-count]]
        if len(found) != 1 or not before or before[-1] in _LEADING_ON:
            continue
        start = places[0] - (before[-1] == "for" and free[-count - 1] == places[0] - 1)
        if len(before) - (places[0] - start) < 2:
            continue
        line.take(start, places[-1] + 1)
        return found[0].id
    return None


def _plain(text: str) -> str:
    return " ".join(text.casefold().replace("-", " ").split())
