"""Forgets one field of the record on one of its ways at a time, and sees whether the tests of that way notice.

`python -m tests.forgotten [--some N] [--way WORDS]` prints how many fields there are on each way, and which were not
noticed; it ends with 1 where there is any. Ways that are derived at run time can be forgotten like this: the file's
sections and the rows, each read and written, the merge, the audit trail's words, and what cards read of a value.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import os
import random
import sys
import tempfile
from collections import Counter
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any

from bot.clock import FixedCalendar, SystemElapsedTime
from bot.domain.coalition_file import SHAPES, Shape
from bot.domain.histories import history
from bot.log import configure_logging
from bot.services import Services
from bot.store import schema
from bot.store.database import Database, database_url
from bot.store.record.keeping import Inside, Keep
from bot.store.record.looking_up import Row, View
from bot.store.record.mapping import Mapped
from tests.domain.files.test_every_field import IN_FIELDS
from tests.every_card import Cards, Named, fields_on_cards, unseen
from tests.every_field import Change, all_changes, classes, default_of, filled, sample
from tests.every_field_paths import (
    MERGED_OTHERWISE,
    NOT_REWRITTEN,
    NOW,
    ONLY_ADDED,
    ONLY_NEW,
    check_file_anew,
    check_history,
    check_merge,
    check_new,
    check_rows,
    label_columns,
    mappings,
)

VOICE = ("DecisionAnswer", "voice")


@dataclass(frozen=True, slots=True)
class _Unwritten:
    """A way of keeping a field that reads it and doesn't write it."""

    keep: Keep

    @property
    def columns(self) -> tuple[str, ...]:
        return self.keep.columns

    def read(self, view: View, row: Row) -> Any:
        return self.keep.read(view, row)

    def write(self, _value: Any) -> dict[str, Any]:
        return {}


@dataclass(frozen=True, slots=True)
class _Half:
    """A tuple of values in one column, of which one field is not read, or not written."""

    keep: Inside
    field: str
    default: Any
    reads: bool

    @property
    def columns(self) -> tuple[str, ...]:
        return self.keep.columns

    def read(self, view: View, row: Row) -> Any:
        found = self.keep.read(view, row)
        return found if self.reads else tuple(replace(one, **{self.field: self.default}) for one in found)

    def write(self, value: Any) -> dict[str, Any]:
        return self.keep.write(
            tuple(replace(one, **{self.field: self.default}) for one in value) if self.reads else value
        )


@contextlib.contextmanager
def unread(value: str, field: str) -> Iterator[None]:
    """Rows are read without a field: it is what it is where nobody says anything."""
    with contextlib.ExitStack() as undo:
        for how, inside in mappings()[value]:
            if inside:
                _change_keep(undo, how, inside, field, reads=False)
            else:
                undo.callback(setattr, how, "value", how.value)
                how.value = _without(how.value, field)
        yield


@contextlib.contextmanager
def unwritten(value: str, field: str) -> Iterator[None]:
    """Rows are written without a field."""
    with contextlib.ExitStack() as undo:
        for how, inside in mappings()[value]:
            if inside:
                _change_keep(undo, how, inside, field, reads=True)
            else:
                undo.callback(how.keeps.__setitem__, field, how.keeps[field])
                how.keeps[field] = _Unwritten(how.keeps[field])
        yield


def _without(value: type[Any], field: str) -> Any:
    def make(**fields: Any) -> Any:
        fields.pop(field, None)
        return value(**fields)

    make.__name__ = value.__name__
    return make


def _change_keep(undo: contextlib.ExitStack, how: Any, name: str, field: str, *, reads: bool) -> None:
    keep = how.keeps[name]
    half = _Half(keep, field, default_of(keep.of, field), reads)
    undo.callback(how.keeps.__setitem__, name, keep)
    how.keeps[name] = half
    if isinstance(how, Mapped):
        undo.callback(setattr, how, "_others", how._others)
        how._others = [(one, half.read if one == name else read) for one, read in how._others]


@contextlib.contextmanager
def untold(value: str, field: str) -> Iterator[None]:
    """The audit trail has no words for a field's columns."""
    before = history._SILENT
    columns = {column for how, inside in mappings()[value] for column in how.keeps[inside or field].columns}
    history._SILENT = before | columns
    try:
        yield
    finally:
        history._SILENT = before


@dataclass(frozen=True, slots=True)
class Way:
    """A way that fields go: which can be forgotten on it, how, and which test is to notice."""

    name: str
    fields: tuple[Named, ...]
    forget: Callable[[str, str], contextlib.AbstractContextManager[None]]
    notice: Callable[[Named], Awaitable[None]]


class Scene:
    """One database with the sample, for as many tries as there are."""

    def __init__(self, folder: Path) -> None:
        url = database_url(f"sqlite:///{folder}/forgotten.db")
        schema.migrate(url)
        self.database = Database(url)
        self.services = Services(self.database, FixedCalendar(NOW), SystemElapsedTime())
        self.coalition_id = 0
        self._new = 0

    async def fill(self) -> None:
        """Makes the coalition that is changed."""
        result = await self.services.coalitions.import_record(sample())
        assert result.coalition_id is not None
        self.coalition_id = result.coalition_id
        self._cards = Cards(self.services, self.coalition_id)

    async def rows(self, field: Named) -> None:
        """Writes and reads a change of this field, or a new coalition with it filled."""
        if field[0] in ONLY_NEW:
            for record in filled():
                self._new += 1
                own = replace(record.coalition, id=f"new-{self._new}")
                await check_new(self.services, replace(record, coalition=own))
            return
        live = field[0] not in {"Response", "Coalition", "NorthStar"}
        await check_rows(self.database, self.coalition_id, [_change(field)], live=live)

    async def trail(self, field: Named) -> None:
        """Reads what the audit trail tells of a change of this field."""
        await check_history(self.services, self.coalition_id, [_change(field)])

    async def card(self, field: Named) -> None:
        """Looks for a change of this field on the cards of its noun."""
        await self._cards.require_shown(*field)


def _change(field: Named) -> Change:
    return next(one for one in all_changes() if (one.value, one.field) == field)


def _shape(value: str) -> Shape[Any]:
    return SHAPES[classes()[value]]


@contextlib.contextmanager
def _without_field(way: str, value: str, field: str) -> Iterator[None]:
    """A file's section is read, written or merged without a field."""
    shape = _shape(value)
    before = getattr(shape, way)
    setattr(shape, way, {name: one for name, one in before.items() if name != field})
    try:
        yield
    finally:
        setattr(shape, way, before)


async def _file(field: Named) -> None:
    check_file_anew(_change(field))


async def _merge(field: Named) -> None:
    check_merge([_change(field)])


def ways(scene: Scene) -> tuple[Way, ...]:
    """All ways with their fields."""
    known = mappings()
    fields = tuple(
        (one.value, one.field)
        for one in all_changes()
        if one.value in known and one.name not in ONLY_ADDED | NOT_REWRITTEN
    )
    told = tuple(
        (one.value, one.field) for one in all_changes() if label_columns(one) and one.name not in NOT_REWRITTEN
    )
    in_file = tuple((one.value, one.field) for one in all_changes())
    merged = tuple(
        (one.value, one.field)
        for one in all_changes()
        if one.field in _shape(one.value).merges
        and classes()[one.value] in IN_FIELDS
        and not {one.value, one.name} & (ONLY_NEW | ONLY_ADDED | MERGED_OTHERWISE)
    )
    return (
        Way("file, reading", in_file, partial(_without_field, "reads"), _file),
        Way("file, writing", in_file, partial(_without_field, "writes"), _file),
        Way("file, merging", merged, partial(_without_field, "merges"), _merge),
        Way("rows, reading", fields, unread, scene.rows),
        # Rounds are written by the import itself, and whose voice it is in columns that no field has.
        Way("rows, writing", tuple(one for one in fields if one[0] != "Round" and one != VOICE), unwritten, scene.rows),
        Way("audit trail", told, untold, scene.trail),
        Way("cards", tuple(fields_on_cards()), unseen, scene.card),
    )


async def try_all(
    folder: Path, *, some: int | None = None, seed: int = 1, only: str = ""
) -> tuple[dict[str, int], list[str], Counter[str]]:
    """Forgets each field on each way, or `some` of them on each; how many were tried, which nobody noticed, and by
    what errors the others were."""
    scene = Scene(folder)
    tried, unnoticed = {}, []
    how: Counter[str] = Counter()
    try:
        await scene.fill()
        for way in (one for one in ways(scene) if only in one.name):
            fields = list(way.fields)
            chosen = fields if some is None else random.Random(seed).sample(fields, some)
            for field in chosen:
                # It has to be quiet while nothing is forgotten.
                await way.notice(field)
                with way.forget(*field):
                    try:
                        await way.notice(field)
                    except Exception as error:
                        # A test fails by what it finds, or by what the program then can't do.
                        how[type(error).__name__] += 1
                        continue
                unnoticed.append(f"{way.name}: {'.'.join(field)}")
            tried[way.name] = len(chosen)
    finally:
        await scene.database.close()
    return tried, unnoticed, how


def main() -> int:
    """Tries all of them, or some."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--some", type=int, help="so many on each way, instead of all")
    parser.add_argument("--way", default="", help="only the ways with these words in their name")
    parser.add_argument("--seed", type=int, default=1)
    arguments = parser.parse_args()
    configure_logging("ERROR")
    os.environ["BACKBEAT_TEST_WHOLE"] = "1"
    with tempfile.TemporaryDirectory() as folder:
        tried, unnoticed, how = asyncio.run(
            try_all(Path(folder), some=arguments.some, seed=arguments.seed, only=arguments.way)
        )
    print(f"{len(all_changes())} fields of {len(classes())} values")
    for way, number in tried.items():
        missed = sum(line.startswith(way) for line in unnoticed)
        print(f"{way}: {number} forgotten, {number - missed} noticed")
    print("noticed by", ", ".join(f"{name} {number}" for name, number in how.most_common()))
    print(*unnoticed, sep="\n")
    return 1 if unnoticed else 0


if __name__ == "__main__":
    sys.exit(main())
