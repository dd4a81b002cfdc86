"""What is wrong in a coalition file: one problem a path, with a sentence that names the mend."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from difflib import get_close_matches
from functools import lru_cache

_LONGEST_SHOWN = 60
_MOST_LISTED = 8
_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff]")


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """One mistake: where it is (`members[3].delegate`, "" for the whole file) and one or two short sentences."""

    path: str
    message: str


class Problems:
    """Collects all problems of a file, so that a person mends them in one go."""

    def __init__(self) -> None:
        self._found: dict[Problem, None] = {}

    def add(self, path: str, rest: str) -> None:
        """Note a problem; `rest` continues the sentence that begins with the path, or stands after a colon."""
        between = "" if rest.startswith(":") else " "
        self._found[Problem(path, f"{name(path)}{between}{rest}")] = None

    def all(self) -> list[Problem]:
        """Every problem once, in the order in which they were found."""
        return list(self._found)

    def __len__(self) -> int:
        return len(self._found)


def name(path: str) -> str:
    """A path as it stands in a sentence."""
    return f"`{path}`" if path else "The file"


def join(path: str, key: str | int) -> str:
    """The path of a key or of a list's entry below another path."""
    if isinstance(key, int):
        return f"{path}[{key}]"
    return f"{path}.{key}" if path else key


def shown(value: object) -> str:
    """A value as it is quoted back: short, on one line, without control characters."""
    if isinstance(value, str):
        text = "".join(letter if letter.isprintable() else " " for letter in value[: _LONGEST_SHOWN + 1])
        if len(text) > _LONGEST_SHOWN:
            text = text[: _LONGEST_SHOWN - 1].rstrip() + "…"
        return f"“{text}”"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Decimal):
        return format(value, "f") if abs(value.adjusted()) < _LONGEST_SHOWN else "a number out of range"
    if isinstance(value, int):
        # The length check comes first because Python refuses to write out very long integers.
        return str(value) if value.bit_length() < 180 else "a number out of range"
    if isinstance(value, date) and not isinstance(value, datetime):
        return value.isoformat()
    return kind_of(value)


def kind_of(value: object) -> str:
    """What a value is, in a person's words."""
    if value is None:
        return "empty"
    if isinstance(value, bool):
        return "true or false"
    if isinstance(value, int | Decimal):
        return "a number"
    if isinstance(value, str):
        return "text"
    if isinstance(value, float):
        return "an inexact number"
    if isinstance(value, date) and not isinstance(value, datetime):
        return "a date"
    if isinstance(value, list | tuple):
        return "a list"
    if isinstance(value, dict):
        return "a group of fields"
    return "something else"


def nearest(word: str, candidates: Iterable[str], *, cutoff: float = 0.6) -> str | None:
    """The candidate that was most likely meant, or None."""
    by_fold = {candidate.casefold(): candidate for candidate in candidates}
    if word.casefold() in by_fold:
        return by_fold[word.casefold()]
    close = get_close_matches(word.casefold()[:200], by_fold, n=1, cutoff=cutoff)
    return by_fold[close[0]] if close else None


def suggest(word: str, candidates: Iterable[str]) -> str:
    """The mend for a word that is none of the candidates: the nearest one, else all where they are few."""
    known = list(candidates)
    meant = nearest(word, known)
    if meant is not None:
        return f"Did you mean “{meant}”?"
    if 0 < len(known) <= _MOST_LISTED:
        return f"Known here: {', '.join(known)}."
    return "Correct it, or add what it names."


def looks_like(key: str, known: Iterable[str]) -> str | None:
    """The known key that a person most likely meant by an unknown one: the same letters, or one slip in a word."""
    candidates = list(known)
    plain = _letters(key)
    same = [candidate for candidate in candidates if plain == _letters(candidate)]
    slips = [candidate for candidate in candidates if _is_slip_of(key.casefold(), candidate)]
    return next(iter([*same, *slips]), None)


def has_control_characters(text: str) -> bool:
    """Whether a text holds characters that no screen shows; new lines and tabs are none of them."""
    return _CONTROL.search(text) is not None


@lru_cache(maxsize=4096)
def _letters(key: str) -> str:
    return "".join(letter for letter in key.casefold() if letter.isalnum())


def _is_slip_of(key: str, known: str) -> bool:
    ours, theirs = key.split("_"), known.split("_")
    if len(ours) != len(theirs):
        return False
    # Words are compared one by one because "decided_by" and "decided_on" are near, and yet two things.
    return all(one == other or _is_one_slip(one, other) for one, other in zip(ours, theirs, strict=True))


def _is_one_slip(one: str, other: str) -> bool:
    """Whether a letter was left out, added, swapped with its neighbour or, in longer words, taken for another."""
    if min(len(one), len(other)) < 4:
        return False
    if len(one) == len(other):
        differ = [index for index, letter in enumerate(one) if letter != other[index]]
        swapped = len(differ) == 2 and differ[1] == differ[0] + 1 and sorted(one) == sorted(other)
        return swapped or (len(differ) == 1 and len(one) > 4)
    short, long = sorted((one, other), key=len)
    return len(long) == len(short) + 1 and any(short == long[:i] + long[i + 1 :] for i in range(len(long)))
