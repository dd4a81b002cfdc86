"""Ids of what is new, made of its name. Pure."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection

_NOT_IN_IDS = re.compile(r"[^a-z0-9]+")
_LONGEST_ID = 40


def new_key(name: str, taken: Collection[str]) -> str:
    """An id for a new metric, priority or outcome, from its name."""
    plain = "-".join(re.findall("[a-z0-9]+", name.casefold()))[:40].strip("-") or "item"
    number, found = 1, plain
    while found in taken:
        number += 1
        found = f"{plain}-{number}"
    return found


def key_for(name: str, taken: Collection[str], fallback: str) -> str:
    """A short id made of a name, different from all that are taken."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().casefold()
    base = _NOT_IN_IDS.sub("-", plain).strip("-")[:_LONGEST_ID].strip("-") or fallback
    used = {one.casefold() for one in taken} | {"coalition"}
    number, key = 2, base
    while key in used:
        key, number = f"{base}-{number}", number + 1
    return key
