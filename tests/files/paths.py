"""Addresses a place in plain data by the path of a problem, to change it there."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

REMOVE = object()
_PART = re.compile(r"([^.\[\]]+)|\[(\d+)\]")


def parts(path: str) -> list[str | int]:
    """The keys and indexes of a path such as "members[3].delegate"."""
    return [word or int(index) for word, index in _PART.findall(path)]


def value_at(data: Any, path: str) -> Any:
    """What stands at a path."""
    for part in parts(path):
        data = data[part]
    return data


def change(data: Any, path: str, value: Any) -> None:
    """Set the value at a path, append at one past a list's end, or take away with `REMOVE`."""
    *above, last = parts(path)
    for part in above:
        data = data[part]
    if value is REMOVE:
        del data[last]
    elif isinstance(data, list) and last == len(data):
        data.append(value)
    else:
        data[last] = value


def paths_in(data: Any, path: str = "", *, inner: bool = False) -> Iterator[tuple[str, Any]]:
    """Every path to a single value, with the value; with `inner` also the paths of what holds others."""
    if path and (inner or not isinstance(data, dict | list) or not data):
        yield path, data
    if isinstance(data, dict):
        for key, below in data.items():
            yield from paths_in(below, f"{path}.{key}" if path else key, inner=inner)
    elif isinstance(data, list):
        for index, below in enumerate(data):
            yield from paths_in(below, f"{path}[{index}]", inner=inner)
