"""Which statements run, whose they are, and how many of them read the record. No test is here."""

from __future__ import annotations

import re
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from types import FrameType
from typing import Any

import greenlet
from sqlalchemy import event

from bot.store.database import Database

ROOT = f"{Path(__file__).resolve().parents[1]}/"
RECORD = re.compile(r"^bot/store/record")
# What every statement passes through says nothing about whose it is.
PASSED = re.compile(r"^bot/store/(database|base)/")


@dataclass(frozen=True)
class Ran:
    """One statement with the places of our code that led to it, the nearest first."""

    sql: str
    places: tuple[str, ...]
    connection: int = 0  # others may run between two of one transaction

    @property
    def is_of_record(self) -> bool:
        """Whether it reads the coalition's record, which has its own economy."""
        return self.sql.startswith("SELECT") and any(RECORD.match(place) for place in self.places)


NOTHING = Ran("", ())


class Statements(list[Ran]):
    """What was run, in order."""

    @property
    def of_record(self) -> int:
        return sum(one.is_of_record for one in self)

    @property
    def reads_of_record(self) -> int:
        """How often the record was read, however many statements that takes."""
        alone = [[NOTHING, *(one for one in self if one.connection == of)] for of in {one.connection for one in self}]
        return sum(one.is_of_record and not before.is_of_record for each in alone for before, one in pairwise(each))

    @property
    def others(self) -> int:
        """All but the record's own, with what begins a transaction."""
        return len(self) - self.of_record

    def told(self) -> str:
        """For a person: how often each place ran what, the record's together."""
        counts = Counter(
            "the record" if one.is_of_record else f"{one.places[0] if one.places else '?'}: {shortened(one.sql)}"
            for one in self
        )
        return "\n".join(f"{count:5} {what}" for what, count in counts.most_common())


def shortened(sql: str) -> str:
    """The verb and the table of a statement."""
    words = " ".join(sql.split())
    found = re.search(r"^(SELECT) .*? FROM (\w+)|^(INSERT INTO|UPDATE|DELETE FROM|BEGIN|PRAGMA) ?(\w*)", words)
    return " ".join(filter(None, found.groups())) if found else words[:60]


@contextmanager
def counted(database: Database) -> Iterator[Statements]:
    """The statements that are run meanwhile."""
    statements = Statements()

    def note(connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        ran = Ran(statement.strip(), tuple(_places()), id(connection.connection.dbapi_connection))
        statements.append(ran)

    engines = {database.writer, database.reader}
    for engine in engines:
        event.listen(engine.sync_engine, "before_cursor_execute", note)
    try:
        yield statements
    finally:
        for engine in engines:
            event.remove(engine.sync_engine, "before_cursor_execute", note)


def _places() -> Iterator[str]:
    """Files and functions of ours on the way to here. SQLAlchemy runs beside the coroutine that awaits it."""
    frame: FrameType | None = sys._getframe(2)
    current = greenlet.getcurrent()
    while frame is not None or current.parent is not None:
        if frame is None:
            current = current.parent
            frame = current.gr_frame
            continue
        path = frame.f_code.co_filename
        if path.startswith(ROOT):
            place = path.removeprefix(ROOT)
            if not PASSED.match(place) and not place.startswith("tests/"):
                yield f"{place}:{frame.f_lineno} {frame.f_code.co_name}"
        frame = frame.f_back
