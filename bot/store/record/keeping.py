"""The ways in which one field of a value is kept in a row's columns, or in rows under it: reading beside writing.

Which field is kept in which way follows from its name and type (see `mapping`); what no name can tell is declared in
`nouns`.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final, Protocol

from bot.domain.vocabularies import known_word
from bot.store.record.looking_up import Row, View


@dataclass(frozen=True, slots=True)
class Pointer:
    """Stands for a surrogate key that has yet to be looked up: that of the row with this file id in this table.

    None where a row of one of the tables `before` has it; `or_none` where this table has none either.
    """

    table: str
    key: str
    before: tuple[str, ...] = ()
    or_none: bool = False


Columns = dict[str, Any]  # column → what is to stand in it, or a Pointer


class Keep(Protocol):
    """How one field is kept. `columns` are those of the row itself."""

    @property
    def columns(self) -> tuple[str, ...]: ...

    def read(self, view: View, row: Row) -> Any:
        """The field's value."""

    def write(self, value: Any) -> Columns:
        """The inverse: what stands in the columns then."""


@dataclass(frozen=True, slots=True)
class _OneColumn:
    """Kept in one column of the row."""

    column: str

    @property
    def columns(self) -> tuple[str, ...]:
        return (self.column,)


@dataclass(frozen=True, slots=True)
class Same(_OneColumn):
    """As it is. `instead_of_none` is what an empty column stands for."""

    instead_of_none: Any = None

    def read(self, _view: View, row: Row) -> Any:
        kept = row[self.column]
        return self.instead_of_none if kept is None else kept

    def write(self, value: Any) -> Columns:
        # What an empty column stands for is left empty, as a value that says nothing is.
        return {self.column: None if value == self.instead_of_none else value}


@dataclass(frozen=True, slots=True)
class Word(Same):
    """A word of a vocabulary as plain text."""

    vocabulary: type[StrEnum] = StrEnum

    def read(self, _view: View, row: Row) -> Any:
        kept = row[self.column]
        return None if kept is None else known_word(self.vocabulary, kept)

    def write(self, value: Any) -> Columns:
        return {self.column: None if value is None else str(value)}


@dataclass(frozen=True, slots=True)
class Extra(_OneColumn):
    """Fields that no rule reads, as they came."""

    def read(self, _view: View, row: Row) -> Any:
        return row[self.column]

    def write(self, value: Any) -> Columns:
        return {self.column: dict(value)}


@dataclass(frozen=True, slots=True)
class Listed(_OneColumn):
    """A tuple as a JSON list. `empty_is_none`: the column is empty where the list is."""

    empty_is_none: bool = False

    def read(self, _view: View, row: Row) -> Any:
        return tuple(row[self.column] or ())

    def write(self, value: Any) -> Columns:
        kept = [dict(one) if isinstance(one, Mapping) else one for one in value]
        return {self.column: None if self.empty_is_none and not kept else kept}


@dataclass(frozen=True, slots=True)
class Inside(_OneColumn):
    """A tuple of values as a JSON list of objects, every field by its name."""

    of: type[Any]
    empty_is_none: bool = False

    def read(self, _view: View, row: Row) -> Any:
        lists = [one.name for one in dataclasses.fields(self.of) if isinstance(one.default, tuple)]
        return tuple(
            self.of(**{**kept, **{name: tuple(kept[name]) for name in lists if name in kept}})
            for kept in row[self.column] or ()
        )

    def write(self, value: Any) -> Columns:
        kept = [
            {field.name: _plain(getattr(one, field.name)) for field in dataclasses.fields(self.of)} for one in value
        ]
        return {self.column: None if self.empty_is_none and not kept else kept}


def _plain(value: Any) -> Any:
    """A value as it is read back from JSON, so that what has not changed compares equal."""
    if isinstance(value, Mapping):
        return dict(value)
    return list(value) if isinstance(value, tuple) else value


@dataclass(frozen=True, slots=True)
class Points(_OneColumn):
    """A file id as the surrogate key of its row."""

    table: str

    def read(self, view: View, row: Row) -> Any:
        return view.key(self.table, row[self.column])

    def write(self, value: Any) -> Columns:
        return {self.column: None if value is None else Pointer(self.table, value)}


@dataclass(frozen=True, slots=True)
class OneOf:
    """A file id of one of several tables, each with a column of its own; the first table that has it counts.

    The `words` are no ids: they stand for themselves in `word_column`, or are what is meant by nothing at all.
    """

    tables: tuple[tuple[str, str], ...]  # (column, table)
    words: tuple[str, ...] = ()
    word_column: str | None = None

    @property
    def columns(self) -> tuple[str, ...]:
        return (*([self.word_column] if self.word_column else []), *(column for column, _ in self.tables))

    def read(self, view: View, row: Row) -> Any:
        for column, table in self.tables:
            if row[column] is not None:
                return view.key(table, row[column])
        return row[self.word_column] if self.word_column else next(iter(self.words), None)

    def write(self, value: Any) -> Columns:
        columns: Columns = dict.fromkeys(self.columns)
        if value is None or value in self.words:
            return columns | ({self.word_column: value} if self.word_column else {})
        before: tuple[str, ...] = ()
        for column, table in self.tables:
            columns[column] = Pointer(table, value, before, or_none=(column, table) != self.tables[-1])
            before = (*before, table)
        return columns


@dataclass(frozen=True, slots=True)
class Within:
    """A value in columns of its own, kept by `keep`. It is there where `marker` is not empty, or says so as a flag."""

    keep: Keep
    marker: str
    is_flag: bool = False

    @property
    def columns(self) -> tuple[str, ...]:
        return (*([self.marker] if self.is_flag else []), *self.keep.columns)

    def read(self, view: View, row: Row) -> Any:
        kept = row[self.marker]
        return self.keep.read(view, row) if (kept if self.is_flag else kept is not None) else None

    def write(self, value: Any) -> Columns:
        flag = {self.marker: value is not None} if self.is_flag else {}
        if value is None:
            return flag | {column: {} if column.endswith("extra") else None for column in self.keep.columns}
        return flag | self.keep.write(value)


NO_COLUMNS: Final[tuple[str, ...]] = ()


class _NoColumns:
    """Kept in no column of the row itself."""

    columns = NO_COLUMNS

    def write(self, value: Any) -> Columns:
        return {}


@dataclass(frozen=True, slots=True)
class Made(_NoColumns):
    """Looked up among other rows, and written by whoever writes these."""

    look_up: Callable[[View, Row], Any]

    def read(self, view: View, row: Row) -> Any:
        return self.look_up(view, row)


@dataclass(frozen=True, slots=True)
class Through(_NoColumns):
    """A field of the row that this one belongs to, kept there."""

    table: str
    column: str
    keep: Keep

    def read(self, view: View, row: Row) -> Any:
        return self.keep.read(view, view.rows[self.table][row[self.column]])


@dataclass(frozen=True, slots=True)
class Under(_NoColumns):
    """A tuple of values in rows of their own under this one, in their order, each kept by `keep`.

    `only` are columns that tell this field's rows from those of another field in the same table; `is_numbered`: their
    place stands in a column; `by`: columns by which such a row is known again and changes in its place; `is_apart`:
    whoever makes one of them writes it, and never the value as a whole.
    """

    table: str
    keep: Keep
    only: tuple[tuple[str, str], ...] = ()
    is_numbered: bool = False
    by: tuple[str, ...] = ()
    is_apart: bool = False

    def read(self, view: View, row: Row) -> Any:
        rows = view.under(self.table, row["id"])
        for column, value in self.only:
            rows = [one for one in rows if one[column] == value]
        return tuple([self.keep.read(view, one) for one in rows])

    def children(self, value: Sequence[Any]) -> list[Columns]:
        """What stands in the rows under it then."""
        return [
            {**self.keep.write(one), **dict(self.only), **({"position": n} if self.is_numbered else {})}
            for n, one in enumerate(value)
        ]


@dataclass(frozen=True, slots=True)
class Keyed(_NoColumns):
    """A tuple of values that are nouns of their own: taken out of the tuple, a value keeps its row."""

    table: str
    is_apart: bool = False  # as above

    def read(self, view: View, row: Row) -> Any:
        return view.made_under(self.table, row["id"])
