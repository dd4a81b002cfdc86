"""One declaration a section: what the file calls each field of a value and what may stand there.

From it follow how a section is read and written (here) and how two files are compared with what lives
(`bot/domain/files`). Whether a field has to be given, and what holds without it, is told by the value's own default.
What may stand in a field is its kind (`kinds.py`); what it must agree with are checks, functions beside the shape.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import Enum, auto
from operator import attrgetter
from typing import Any, Generic, TypeVar

from bot.domain.coalition_file.plain import written
from bot.domain.coalition_file.section import Section

V = TypeVar("V")
_EXTRA = "extra"
_NEEDED = object()


def always(_value: Any) -> bool:
    return True


def _never(_value: Any) -> bool:
    return False


class Merging(Enum):
    """What an import makes of a field in which the file and what lives differ."""

    COMPARED = auto()  # as a whole, with what the file said before
    BY_ID = auto()  # a list of things: each of them field by field
    IN_PARTS = auto()  # one thing: field by field
    ADDED_TO = auto()  # a history: what the file has more is added
    BY_RULE = auto()  # what stands below: field by field, and by a rule of its own in the comparison
    AS_LIVE = auto()  # a file changes nothing of it
    AS_IN_FILE = auto()  # the newest file's word holds


# What the comparison doesn't go through field by field.
_APART = (Merging.ADDED_TO, Merging.BY_RULE, Merging.AS_LIVE)


@dataclass(frozen=True, slots=True)
class Kind:
    """What may stand in a field. `read` gives None where nothing usable does; `mend` is what to write there."""

    read: Callable[[Section, str], Any]
    placeholder: Any = None
    mend: str = ""
    below: Shape[Any] | None = None  # the shape of what stands there, or of each entry of a list
    usual_unsaid: bool = False


@dataclass(frozen=True, slots=True)
class Field:
    """A field of a value: its name there, what may stand in it, and what is no matter of course.

    `key` is what the file calls it, in a `group` of fields if it stands in one. It is written unless it holds nothing,
    or what is usual where that goes `usual_unsaid`; `always` says of which values it is written all the same.
    """

    name: str
    kind: Kind
    key: str = ""
    group: str = ""
    always: Callable[[Any], bool] = _never
    usual_unsaid: bool = False
    merging: Merging = Merging.COMPARED
    usual: Any = _NEEDED

    def read(self, section: Section) -> Any:
        holder = section.section(self.group) if self.group else section
        if holder is None:
            return self.usual
        if self.usual is _NEEDED:
            return holder.need(self.key, self.kind.read, self.kind.placeholder, self.kind.mend)
        found = self.kind.read(holder, self.key)
        return self.usual if found is None else found

    def write(self, value: Any, found: dict[str, Any]) -> None:
        """Put the field of a value where it belongs in the section as it is written."""
        if self.group:
            found = found.setdefault(self.group, {})
        part = getattr(value, self.name)
        unsaid = part is None or (isinstance(part, str | tuple | Mapping) and not part)
        if self.usual_unsaid or self.kind.usual_unsaid:
            unsaid = unsaid or part == self.usual
        if not unsaid or self.always(value):
            below = self.kind.below
            if below is None or part is None:
                plain = written(part)
            else:
                plain = [below.write(each) for each in part] if isinstance(part, tuple) else below.write(part)
            found[self.key] = plain


def _usual(field: dataclasses.Field[Any]) -> Any:
    return _NEEDED if field.default is dataclasses.MISSING else field.default


EXTRA = Field(_EXTRA, Kind(lambda section, _key: section.extra()))


class Shape(Generic[V]):
    """What a section holds: its fields in the order in which they are written, and what they have to agree with.

    `noun` is what one of them is called, and `identify` tells it from the others of its list. The fields that no rule
    reads are written last, or where `EXTRA` stands. What is `not_in_file` is told of what lives only. Reading, writing
    and merging look into `reads`, `writes` and `merges` each time.
    """

    def __init__(
        self,
        of: type[V],
        noun: str,
        *fields: Field,
        checks: Sequence[Callable[[Section, V], None]] = (),
        identify: Callable[[V], str] = attrgetter("id"),
        not_in_file: Sequence[str] = (),
    ) -> None:
        self.of, self.noun, self.checks, self.identify = of, noun, checks, identify
        own = {field.name: field for field in dataclasses.fields(of)}  # type: ignore[arg-type]
        told = {field.name: field for field in fields}
        if _EXTRA in own:
            told.setdefault(_EXTRA, EXTRA)
        differs = own.keys() ^ {*told, *not_in_file}
        if differs:
            raise TypeError(f"{of.__name__} and its section of the file differ in {', '.join(sorted(differs))}.")
        self.writes = {
            name: replace(field, key=field.key or name, usual=_usual(own[name])) for name, field in told.items()
        }
        self._keys = {field.key for field in self.writes.values() if not field.group}
        self.groups = tuple(dict.fromkeys(field.group for field in self.writes.values() if field.group))
        # What no rule reads is known only after every other field has been asked for.
        self.reads = dict(sorted(self.writes.items(), key=lambda item: item[0] == _EXTRA))
        # What differs is listed in the order of the value's own fields, and last what no rule reads.
        named = sorted(own.keys() & told.keys(), key=[*(name for name in own if name != _EXTRA), _EXTRA].index)
        self.merges = {name: self.writes[name] for name in named if told[name].merging not in _APART}

    def read(self, section: Section) -> V:
        """The value of a section. Each mistake in it is noted; it may be relied on where there was none."""
        section.begin()
        found = {name: field.read(section) for name, field in self.reads.items() if name != _EXTRA}
        if _EXTRA in self.reads:
            groups = {key: group.extra() for key in self.groups if (group := section.section(key)) is not None}
            left = {key: extra for key, extra in groups.items() if extra}
            extra = self.reads[_EXTRA].kind.read(section, _EXTRA)
            found[_EXTRA] = {**extra, **left} if left else extra
        value = self.of(**found)
        for check in self.checks:
            check(section, value)
        return value

    def write(self, value: V) -> dict[str, Any]:
        """The value as plain data of the file."""
        found: dict[str, Any] = {}
        for name, field in self.writes.items():
            if name != _EXTRA:
                field.write(value, found)
                continue
            for key, part in getattr(value, _EXTRA).items():
                # A file may have used a word before a field was called so: what the field says holds.
                if key in self.groups:
                    found[key] = {**found.get(key, {}), **written(part)}
                elif key not in self._keys:
                    found[key] = written(part)
        return {key: part for key, part in found.items() if part or key not in self.groups}

    def all(self) -> Iterator[Shape[Any]]:
        """This shape and each one below it."""
        yield self
        for field in self.writes.values():
            if field.kind.below is not None:
                yield from field.kind.below.all()
