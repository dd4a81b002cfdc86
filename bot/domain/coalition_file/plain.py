"""Plain data: what a coalition file may hold where no rule reads it, and how values are written back."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, time
from decimal import Decimal
from enum import StrEnum
from typing import Any

from bot.domain.coalition_file.problems import Problems, has_control_characters, join, kind_of

_DEEPEST = 20
_LONGEST_TEXT = 10_000
_MOST_DIGITS = 40


def plain(value: Any, path: str, problems: Problems, depth: int = 0) -> Any:
    """A copy of a value that no rule reads, of dicts, lists, text, numbers, dates, true, false and null only."""
    if depth > _DEEPEST:
        problems.add(path, f"is nested more than {_DEEPEST} deep. Make it flatter.")
        return None
    if isinstance(value, Mapping):
        for key in value:
            if not isinstance(key, str):
                problems.add(path, f"has a key that is {kind_of(key)}. Put it in quotes.")
        return {
            key: plain(below, join(path, key), problems, depth + 1) for key, below in value.items() if type(key) is str
        }
    if isinstance(value, list | tuple):
        return [plain(below, join(path, index), problems, depth + 1) for index, below in enumerate(value)]
    if isinstance(value, str):
        if len(value) > _LONGEST_TEXT:
            problems.add(path, f"has {len(value)} characters. Shorten it to {_LONGEST_TEXT}.")
        if has_control_characters(value):
            problems.add(path, "holds a control character. Type the text again by hand.")
        return value
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, int) and value.bit_length() <= 3 * _MOST_DIGITS:
        return value
    if isinstance(value, Decimal) and value.is_finite() and _digits(value) <= _MOST_DIGITS:
        return value
    if isinstance(value, date) and not isinstance(value, datetime):
        return value
    mend = "Write fewer digits." if isinstance(value, int | Decimal) else "Put it in quotes."
    problems.add(path, f"is {kind_of(value)} that cannot be kept. {mend}")
    return None


def written(value: Any) -> Any:
    """A value of a record as plain data of the file: tuples as lists, mappings as dicts, times as text."""
    if isinstance(value, Mapping):
        return {key: written(below) for key, below in value.items()}
    if isinstance(value, list | tuple):
        return [written(below) for below in value]
    if isinstance(value, StrEnum):
        return value.value
    if isinstance(value, datetime):
        return value.isoformat()
    return value.isoformat(timespec="minutes") if isinstance(value, time) else value


def _digits(number: Decimal) -> int:
    _, digits, exponent = number.as_tuple()
    return max(len(digits), abs(exponent) if isinstance(exponent, int) else 0, abs(number.adjusted()))
