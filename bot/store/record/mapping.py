"""How a value of the record stands in a row: each field's way of being kept, by its name and type.

A mapping with a field that has no column, or a column that has no field, is refused when it is made, so that none can
be forgotten. The mappings themselves are in `nouns`.
"""

from __future__ import annotations

import dataclasses
import types
from collections.abc import Collection, Mapping
from enum import StrEnum
from typing import Any, Generic, TypeVar, Union, get_args, get_origin, get_type_hints

from sqlalchemy import Table

from bot.store.base import Base
from bot.store.record.keeping import Columns, Extra, Inside, Keep, Listed, Points, Same, Within, Word
from bot.store.record.looking_up import Row, View

T = TypeVar("T")


class Mapped(Generic[T]):
    """One kind of value and its row.

    `owner` is the column of the row that it stands under; `aside` are columns that the record doesn't hold; `identity`
    are the fields by which a row is found again. `keeps` are the fields whose way doesn't follow from their name.
    """

    def __init__(
        self,
        value: type[T],
        row: type[Base],
        *,
        owner: str | None = None,
        aside: Collection[str] = (),
        identity: tuple[str, ...] = ("id",),
        **keeps: Keep,
    ) -> None:
        self.value = value
        self.row: Any = row
        self.owner = owner
        self.identity = identity
        self.keeps = ways(value, table_of(row), keeps)
        beside = {"id", *({"coalition_id"} & set(table_of(row).columns.keys())), *aside, *([owner] if owner else [])}
        _require_whole(value, table_of(row), self.keeps, beside)
        self._plain = [(name, keep.columns[0]) for name, keep in self.keeps.items() if _is_plain(keep)]
        self._others = [(name, keep.read) for name, keep in self.keeps.items() if not _is_plain(keep)]
        self.columns = tuple(column for keep in self.keeps.values() for column in keep.columns)

    @property
    def table(self) -> str:
        """The name of its table."""
        name: str = self.row.__tablename__
        return name

    def read(self, view: View, row: Row) -> T:
        """The value that a row stands for."""
        # After ten years a coalition has tens of thousands of rows, so a column that is read as it is costs no call.
        fields = {name: row[column] for name, column in self._plain}
        for name, read in self._others:
            fields[name] = read(view, row)
        return self.value(**fields)

    def write(self, value: T, before: T | None = None) -> Columns:
        """What stands in the row's columns then; only what differs from the value that stood there `before`."""
        columns: Columns = {}
        for name, keep in self.keeps.items():
            field = getattr(value, name)
            if before is None or field != getattr(before, name):
                columns.update(keep.write(field))
        return columns


class Part(Generic[T]):
    """A value in columns that begin alike, in the row of another."""

    def __init__(self, value: type[T], table: Table, prefix: str, **keeps: Keep) -> None:
        self.value = value
        self.keeps = ways(value, table, keeps, prefix)
        self.columns = tuple(column for keep in self.keeps.values() for column in keep.columns)

    def read(self, view: View, row: Row) -> T:
        """The value."""
        return self.value(**{name: keep.read(view, row) for name, keep in self.keeps.items()})

    def write(self, value: T) -> Columns:
        """What stands in its columns then."""
        return {
            column: kept
            for name, keep in self.keeps.items()
            for column, kept in keep.write(getattr(value, name)).items()
        }


def table_of(row: type[Base]) -> Table:
    """A row's table."""
    table = row.__table__
    assert isinstance(table, Table)
    return table


def ways(value: type[Any], table: Table, keeps: Mapping[str, Keep], prefix: str = "") -> dict[str, Keep]:
    """How each field of a value is kept: as declared, else as its name and type say.

    Raises TypeError for a field that has no column, and for a declared one that the value doesn't have.
    """
    hints = get_type_hints(value)
    names = [field.name for field in dataclasses.fields(value)]
    for name in keeps:
        if name not in names:
            raise TypeError(f"{value.__name__} has no field {name}, but the rows of {table.name} are said to keep it")
    found: dict[str, Keep] = {}
    for name in names:
        keep = keeps.get(name) or _derived(name, hints[name], table, prefix)
        if keep is None:
            raise TypeError(f"{value.__name__}.{name} stands in no column of {table.name}: add one, or say where it is")
        found[name] = keep
    return found


def _derived(name: str, hint: Any, table: Table, prefix: str) -> Keep | None:
    column = "key" if name == "id" and not prefix else f"{prefix}{name}"
    if f"{column}_id" in table.columns:
        return Points(f"{column}_id", _pointed_at(table, f"{column}_id"))
    kind = _kind(hint)
    if column in table.columns:
        empty_is_none = bool(table.columns[column].nullable)
        if get_origin(kind) is tuple:
            of: Any = get_args(kind)[0]
            is_value = isinstance(of, type) and dataclasses.is_dataclass(of)
            return Inside(column, of, empty_is_none) if is_value else Listed(column, empty_is_none)
        if isinstance(kind, type) and issubclass(kind, StrEnum):
            return Word(column, vocabulary=kind)
        return Extra(column) if get_origin(kind) is Mapping else Same(column)
    if dataclasses.is_dataclass(kind) and isinstance(kind, type):
        return _within(kind, table, f"{column}_")
    return None


def _within(kind: type[Any], table: Table, prefix: str) -> Keep | None:
    """Without it, the column of the first field that it can't be without is empty."""
    needed = (field for field in dataclasses.fields(kind) if field.default is field.default_factory)
    marker = f"{prefix}{next(needed).name}"
    return Within(Part(kind, table, prefix), marker) if marker in table.columns else None


def _kind(hint: Any) -> Any:
    """What a field holds, where it holds anything."""
    if isinstance(hint, types.UnionType) or get_origin(hint) is Union:
        return next(one for one in get_args(hint) if one is not type(None))
    return hint


def _pointed_at(table: Table, column: str) -> str:
    """The table whose ids a column holds."""
    for constraint in table.foreign_key_constraints:
        if column in constraint.column_keys:
            return constraint.elements[0].target_fullname.partition(".")[0]
    raise TypeError(f"{table.name}.{column} points at no table: add refers(…)")


def _is_plain(keep: Keep) -> bool:
    return isinstance(keep, Extra) or (type(keep) is Same and keep.instead_of_none is None)


def _require_whole(value: type[Any], table: Table, keeps: Mapping[str, Keep], beside: Collection[str]) -> None:
    kept = {column for keep in keeps.values() for column in keep.columns}
    there = {column.name for column in table.columns}
    for column in sorted(there - kept - set(beside)):
        raise TypeError(f"{table.name}.{column} is kept by no field of {value.__name__}: add one, or set it aside")
    for column in sorted((set(beside) & kept) | (set(beside) - there)):
        raise TypeError(f"{table.name}.{column} is set aside, but is no column or is kept by a field")
