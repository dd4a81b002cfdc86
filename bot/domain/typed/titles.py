"""Finding an action, an issue or a decision by words of its title."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable
from typing import NamedTuple

from bot.domain.typed.typed_lines import Known
from bot.domain.wording import cut, one_line
from bot.errors import Mistyped, UserError

SHOWN = 5
_LIKE = 0.75  # how much a title has to read like what was typed, of 1
_SHORTEST = 5  # characters in which a title can be recognized
_WORD = re.compile(r"[^\W_]+")


class Titled(NamedTuple):
    """One that may be meant; what is open goes before what is not."""

    id: str
    title: str
    is_open: bool


class NotTitled(Mistyped):
    """Nothing has such a title."""


def find_titled(typed: str, known: Iterable[Titled], noun: str, otherwise: str) -> str:
    """The id that was typed, else of the only one in whose title each typed word is or begins a word.

    Raises NotTitled where there is none, saying `otherwise`, and UserError with their ids where several fit.
    """
    known = tuple(known)
    for one in known:
        if one.id.casefold() == typed.strip().casefold():
            return one.id
    wanted = _words(typed)
    found = [one for one in known if wanted and all(any(w.startswith(v) for w in _words(one.title)) for v in wanted)]
    found = [one for one in found if one.is_open] or found
    said = cut(one_line(typed), 60)
    if not found:
        near = _nearest(typed, known)
        meant = Known(near.id, one_line(near.title)) if near is not None else None
        raise NotTitled(f"I don't know the {noun} “{said}”.", typed.strip(), meant, otherwise)
    if len(found) == 1:
        return found[0].id
    named = "; ".join(f"{one.id}, “{cut(one_line(one.title), 60)}”" for one in found[:SHOWN])
    more = f"; and {len(found) - SHOWN} more" if len(found) > SHOWN else ""
    raise UserError(f"Several {noun}s fit “{said}”: {named}{more}. Type a little more, or the id.")


def _nearest(typed: str, known: Iterable[Titled]) -> Titled | None:
    """The one whose title, or the beginning of it, reads much like what was typed; open ones first."""
    said = one_line(typed).casefold()
    titles: dict[str, Titled] = {}
    for one in sorted(known, key=lambda one: not one.is_open):
        words = one_line(one.title).casefold().split()
        for part in (" ".join(words), " ".join(words[: len(said.split())])):
            titles.setdefault(part, one)
    near = difflib.get_close_matches(said, list(titles), n=1, cutoff=_LIKE) if len(said) >= _SHORTEST else []
    return titles[near[0]] if near else None


def _words(text: str) -> list[str]:
    return _WORD.findall(text.casefold())
