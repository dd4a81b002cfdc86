"""Whose name was probably meant by words that nothing is called. Pure."""

from __future__ import annotations

import difflib
from collections.abc import Callable, Iterable
from typing import TypeVar

T = TypeVar("T")

_SHORTEST = 4  # characters of a word that can be told by itself
_LIKE = 0.7


def nearest(tries: Iterable[str], known: Iterable[T], words: Callable[[T], Iterable[str]]) -> T | None:
    """The first of these things of which one of its words reads much like the earliest of the tries that any does."""
    named: dict[str, T] = {}
    for one in known:
        for word in words(one):
            if len(word) >= _SHORTEST:
                named.setdefault(word.casefold(), one)
    found = (near for typed in tries for near in difflib.get_close_matches(typed.casefold(), named, n=1, cutoff=_LIKE))
    meant = next(found, None)
    return named[meant] if meant is not None else None
