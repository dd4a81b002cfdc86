"""Finding an action, an issue or a decision by words of its title."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import NamedTuple

from bot.domain.wording import cut, one_line
from bot.errors import UserError

SHOWN = 5
_WORD = re.compile(r"[^\W_]+")


class Titled(NamedTuple):
    """One that may be meant; what is open goes before what is not."""

    id: str
    title: str
    is_open: bool


class NotTitled(UserError):
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
        raise NotTitled(f"I don't know the {noun} “{said}”. {otherwise}")
    if len(found) == 1:
        return found[0].id
    named = "; ".join(f"{one.id}, “{cut(one_line(one.title), 60)}”" for one in found[:SHOWN])
    more = f"; and {len(found) - SHOWN} more" if len(found) > SHOWN else ""
    raise UserError(f"Several {noun}s fit “{said}”: {named}{more}. Type a little more, or the id.")


def _words(text: str) -> list[str]:
    return _WORD.findall(text.casefold())
