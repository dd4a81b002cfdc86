"""What a form changed: two people may have the same one open, so only what somebody touched is theirs to change. Pure.

A form carries a short mark of each value it was opened with, never the value: marks tell what was touched, and what
somebody else changed meanwhile.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar, cast

from bot.domain.typed.form_answers import Mistakes

Marks = Mapping[str, str]
# What a form says, by field: only what it asked for.
P = TypeVar("P", bound=Mapping[str, object])
CHANGED_MEANWHILE = "Somebody changed this meanwhile. Copy what you wrote, close this and open it again."


@dataclass(frozen=True, slots=True)
class Edit(Generic[P]):
    """`changes` are to be stored; `clashes` are fields that both changed, each in another way."""

    changes: P
    clashes: tuple[str, ...]


def marks_of(values: Mapping[str, object]) -> dict[str, str]:
    """A mark of each value."""
    return {name: _mark(value) for name, value in values.items()}


def mark_of(*values: object) -> str:
    """One mark of several values, for a form that is sent as a whole."""
    return _mark(values)


def edit_of(opened: Marks, now: Mapping[str, object], typed: P) -> Edit[P]:
    """What `typed` changes of the values that are so `now`, where the form was opened with the marks `opened`."""
    changes: dict[str, object] = {}
    clashes = []
    for name, value in typed.items():
        touched = name not in opened or _mark(value) != opened[name]
        if not touched or value == now.get(name):
            continue
        if name in opened and _mark(now.get(name)) != opened[name]:
            clashes.append(name)
        else:
            changes[name] = value
    return Edit(cast(P, changes), tuple(clashes))


def require_no_clash(fields: Sequence[str]) -> None:
    """Raises Mistakes for fields that somebody else changed while the form was open."""
    if fields:
        raise Mistakes(dict.fromkeys(fields, CHANGED_MEANWHILE))


def fields_of(kind: type[P], value: object) -> P:
    """What stands in a value under the names of such a plan."""
    return cast(P, {name: getattr(value, name) for name in kind.__annotations__})


def only(kind: type[P], plan: Mapping[str, object]) -> P:
    """What a plan says of the names of this kind."""
    return cast(P, {name: value for name, value in plan.items() if name in kind.__annotations__})


def refuse_clashes(fields: Sequence[str], words: Callable[[str], str], **places: str) -> None:
    """The same, with what is so now, in `words`. `places` are fields of the form that have another name there."""
    if fields:
        said = "Somebody changed this meanwhile: it is {} now. Open the form again to change it."
        raise Mistakes({places.get(name, name): said.format(words(name)) for name in fields})


def _mark(value: object) -> str:
    return hashlib.sha256(repr(value).encode()).hexdigest()[:8]
