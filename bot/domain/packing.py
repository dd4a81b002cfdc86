"""Frozen values ↔ plain data, by their type hints: what was composed once is stored and read back as it was."""

from __future__ import annotations

import dataclasses
import functools
import types
import typing
from collections.abc import Callable, Hashable, Mapping
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


def unpack(kind: type[T], data: Mapping[str, Any]) -> T:
    """The value of dataclass `kind` that `pack` made `data` of. Fields added since then take their defaults."""
    return cast(T, _reader(cast(Hashable, kind))(data))


@functools.cache
def _reader(hint: Hashable) -> Callable[[Any], Any]:
    """How data of this type is read. Found once for each: asking a type hint what it is took most of an unpacking."""
    if hint is date or hint is time:
        return functools.partial(_written_out, hint)
    origin = typing.get_origin(hint)
    if origin in (types.UnionType, typing.Union):
        return _reader(next(arm for arm in typing.get_args(hint) if arm is not type(None)))
    if origin is tuple:
        return _of_tuple(_reader(typing.get_args(hint)[0]))
    if dataclasses.is_dataclass(hint) and isinstance(hint, type):
        return _of_dataclass(hint)
    if isinstance(hint, type) and issubclass(hint, tuple):
        return lambda data: data if data is None else hint(*data)
    if isinstance(hint, type) and issubclass(hint, StrEnum):
        return lambda data: data if data is None else known_word(hint, data)
    return _as_it_is


def _as_it_is(data: Any) -> Any:
    return data


def _written_out(kind: type[date | time], data: Any) -> Any:
    """A day or a time of day, which an earlier version kept as text."""
    return kind.fromisoformat(data) if isinstance(data, str) else data


def _of_tuple(read: Callable[[Any], Any]) -> Callable[[Any], Any]:
    if read is _as_it_is:
        return lambda data: data if data is None else tuple(data)
    return lambda data: data if data is None else tuple([read(item) for item in data])


def _of_dataclass(kind: type[Any]) -> Callable[[Any], Any]:
    readers: dict[str, Callable[[Any], Any]] = {}

    def read(data: Any) -> Any:
        if data is None:
            return None
        # Asked for at the first value: a type may hold values of its own type.
        if not readers:
            hints = typing.get_type_hints(kind)
            readers.update({field.name: _reader(hints[field.name]) for field in dataclasses.fields(kind)})
        return kind(**{name: readers[name](item) for name, item in data.items() if name in readers})

    return read
