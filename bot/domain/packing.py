"""Frozen values ↔ plain data, by their type hints: what was composed once is stored and read back as it was."""

from __future__ import annotations

import dataclasses
import functools
import types
import typing
from collections.abc import Hashable, Mapping
from datetime import date, time
from enum import StrEnum
from typing import Any, TypeVar, cast

from bot.domain.vocabularies import known_word

T = TypeVar("T")


def pack(value: Any) -> Any:
    """Plain data of a frozen value: dictionaries and lists; numbers, dates and moments stay as they are."""
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {field.name: pack(getattr(value, field.name)) for field in dataclasses.fields(value)}
    if isinstance(value, Mapping):
        return {str(key): pack(item) for key, item in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [pack(item) for item in value]
    return value.value if isinstance(value, StrEnum) else value


@functools.cache
def _hints(kind: Hashable) -> dict[str, Any]:
    return typing.get_type_hints(kind)


def unpack(kind: type[T], data: Mapping[str, Any]) -> T:
    """The value of dataclass `kind` that `pack` made `data` of. Fields added since then take their defaults."""
    hints = _hints(cast(Hashable, kind))
    known = {field.name for field in dataclasses.fields(kind)}  # type: ignore[arg-type]
    return kind(**{name: _as(hints[name], item) for name, item in data.items() if name in known})


def _as(hint: Any, data: Any) -> Any:
    if data is None or hint is Any:
        return data
    if isinstance(data, str) and hint in (date, time):
        return hint.fromisoformat(data)  # as an earlier version kept it
    origin = typing.get_origin(hint)
    if origin in (types.UnionType, typing.Union):
        return _as(next(arm for arm in typing.get_args(hint) if arm is not type(None)), data)
    if origin is tuple:
        arms = typing.get_args(hint)
        return tuple(_as(arms[0], item) for item in data)
    if dataclasses.is_dataclass(hint) and isinstance(hint, type):
        return unpack(hint, data)
    if isinstance(hint, type) and issubclass(hint, tuple):
        return hint(*data)
    if isinstance(hint, type) and issubclass(hint, StrEnum):
        return known_word(hint, data)
    return data
