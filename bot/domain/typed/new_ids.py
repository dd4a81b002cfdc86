"""Ids of what is new, made of its name. Pure."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection
from itertools import count

_LONGEST_ID = 40


def new_key(name: str, taken: Collection[str], fallback: str = "item") -> str:
    """An id for something new, from its name."""
    return free_key(_words(name) or fallback, taken)


def key_for(name: str, taken: Collection[str], fallback: str) -> str:
    """The same with accents left out, different also in its letters from all that are taken."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()
    return free_key(_words(plain) or fallback, {one.casefold() for one in taken} | {"coalition"})


def free_key(stem: str, taken: Collection[str]) -> str:
    """The stem, with the first number behind it that is free where it is taken itself."""
    if stem not in taken:
        return stem
    return next(key for number in count(2) if (key := f"{stem}-{number}") not in taken)


def _words(name: str) -> str:
    return "-".join(re.findall("[a-z0-9]+", name.casefold()))[:_LONGEST_ID].strip("-")
