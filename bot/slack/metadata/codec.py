"""How a value becomes the text that Slack keeps for a button, an option or a view, and comes back. Which values do
stands beside this, by noun.

A value is a frozen dataclass of ids, pages, days and marks, never of what people wrote. Its text is JSON with the
fields under their names and `v`, the version of its shape; what is None is left out. An id or a number alone travels
as it is. Messages stay in channels for good, so whoever changes a shape adds a reader of the one before.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any, TypeVar

from pydantic import Field, PlainSerializer, PlainValidator, TypeAdapter
from pydantic_core import from_json, to_json

from bot.domain.meetings import MeetingRef
from bot.errors import UserError

OUT_OF_DATE = "This button is from an older message. Write anything to me for the menu."
OUT_OF_DATE_FORM = "This form is from an older version. Copy what you wrote, close it and open it again."
VERSION = "v"

T = TypeVar("T")
# What a version wrote (parsed JSON, or the text where it was none) → the fields as the next version has them.
Reader = Callable[[Any], Any]


@dataclass(frozen=True, slots=True)
class Shape:
    """How one kind of value is read: `says` what is told of any other text; None takes it for a value without content.

    `earlier` has a reader for each version before, from 0: what was written before versions were.
    """

    says: str | None
    earlier: tuple[Reader, ...]


SHAPES: dict[type, Shape] = {}
_ADAPTERS: dict[type, TypeAdapter[Any]] = {}


def carried(*earlier: Reader, says: str | None = OUT_OF_DATE) -> Callable[[type[T]], type[T]]:
    """Lets values of a dataclass travel. Without readers, version 0 had the same fields."""

    def declare(kind: type[T]) -> type[T]:
        SHAPES[kind] = Shape(says, earlier or ((lambda found: found),))
        return kind

    return declare


def encode(value: Any) -> str:
    """The text under which Slack keeps a value."""
    kind = type(value)
    if kind in _PLAIN:
        return _PLAIN[kind][0](value)
    found = _adapter(kind).dump_python(value, mode="json", exclude_none=True)
    return to_json({VERSION: len(SHAPES[kind].earlier), **found}).decode()


def decode(kind: type[T], text: str | None) -> T:
    """The inverse of `encode`, of this version or of any before. Raises UserError for any other text."""
    if kind in _PLAIN:
        plain: T | None = _PLAIN[kind][1](text or "")
        if plain is None:
            raise UserError(OUT_OF_DATE)
        return plain
    shape = SHAPES[kind]
    try:
        return _read(kind, shape, text or "")
    except (ValueError, KeyError, TypeError, AttributeError):
        if shape.says is None:
            return kind()
        raise UserError(shape.says) from None


def _read(kind: type[T], shape: Shape, text: str) -> T:
    found: Any = from_json(text) if text[:1] in {"{", "["} else text
    version = found.pop(VERSION, 0) if isinstance(found, dict) else 0
    if version > len(shape.earlier):
        raise ValueError("a later version")
    for read in shape.earlier[version:]:
        found = read(found)
    value: T = _adapter(kind).validate_json(to_json(found), strict=True)
    # What another kind has beside this one's fields has no place here either.
    if not all(_is_sound(getattr(value, name)) for name in found):
        raise ValueError("a number below 0, or a moment with a time zone")
    return value


def _is_sound(value: Any) -> bool:
    """Keys, pages and versions count from 0; moments are wall times."""
    if isinstance(value, datetime):
        return value.tzinfo is None
    if isinstance(value, Mapping):
        return all(map(_is_sound, (*value.keys(), *value.values())))
    return not isinstance(value, int) or value >= 0


def _adapter(kind: type) -> TypeAdapter[Any]:
    """Made when a value of this kind first travels: together they would take longer than a command's help."""
    if kind not in _ADAPTERS:
        _ADAPTERS[kind] = TypeAdapter(kind)
    return _ADAPTERS[kind]


def _whole(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() else None


# What travels alone and unversioned: it is one thing only, and deliveries keep some of it in the same form.
_PLAIN: Mapping[type, tuple[Callable[[Any], str], Callable[[str], Any]]] = {
    str: (str, lambda text: text or None),
    int: (str, _whole),
    MeetingRef: (lambda ref: str(ref.key), MeetingRef.read),
}


def _read_ref(text: Any) -> MeetingRef:
    found = MeetingRef.read(text)
    if found is None:
        raise ValueError("no occurrence")
    return found


# An occurrence inside another value, in the form in which it travels alone.
Ref = Annotated[MeetingRef, PlainValidator(_read_ref), PlainSerializer(lambda ref: ref.key)]


def one_of(*words: str) -> Any:
    """For a field that is one of these words."""
    return Field(pattern=f"^({'|'.join(words)})$")


def alone(name: str) -> Reader:
    """Version 0 was this field alone, or the fields as they are now."""
    return lambda found: {name: found} if isinstance(found, str) and found else found


def renamed(**names: str) -> Reader:
    """Version 0 had all of these fields under earlier names, and maybe others."""
    return lambda found: {**{new: found.pop(old) for old, new in names.items()}, **found}


def parted(mark: str, *names: str) -> Reader:
    """Version 0 was these fields with marks between them; the last of them may hold marks itself, or nothing."""
    return lambda found: dict(zip(names, found.split(mark, len(names) - 1), strict=True))
