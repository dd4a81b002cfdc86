"""Whose name was probably meant by words that nothing is called. Pure."""

from __future__ import annotations

import difflib
from collections.abc import Callable, Iterable, Mapping
from typing import TypeVar

T = TypeVar("T")

_SHORTEST = 4  # characters of a word that can be told by itself
_LIKE = 0.7
_SOMEWHAT_LIKE = 0.6


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


def likeliest(said: str, by_word: Mapping[str, T]) -> T | None:
    """What is called by the word (in lower case) that reads most like what was said; None where no word does."""
    near = difflib.get_close_matches(said.casefold(), list(by_word), n=1, cutoff=_SOMEWHAT_LIKE)
    return by_word[near[0]] if near else None
