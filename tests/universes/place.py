"""The file in which universes live one after the other, and SQLite's connections to it.

They stay open from one universe to the next. To open one reads the whole schema, which takes as long as some hundred
statements.
"""

from __future__ import annotations

import shutil
import sqlite3
from collections import defaultdict
from collections.abc import Callable
from pathlib import Path
from typing import Any

from bot.store.database import Database, database_url
from bot.store.record import Snapshots

# More than there are different statements.
_STATEMENTS = 2000


class Raw(sqlite3.Connection):
    """SQLite's own connection. `pragmas`: those that hold for it."""

    pragmas: tuple[str, ...] = ()

    def __init__(self, *where: Any, **how: Any) -> None:
        super().__init__(*where, **how)
        self._lent: dict[str, Callable[..., Any]] = {}

    def lend(self, name: str, parameters: int, function: Callable[..., Any]) -> None:
        """From now on this function goes by the name. SQLite is told once: by another one it would forget each
        statement that it has prepared."""
        if name not in self._lent:
            self.create_function(name, parameters, lambda *values: self._lent[name](*values))
        self._lent[name] = function


class Template:
    """A database to begin with, in memory, and the record as a process that was there before has read it."""

    def __init__(self, path: Path, snapshots: Snapshots) -> None:
        self.path, self.snapshots = path, snapshots
        file = sqlite3.connect(path)
        self.database = sqlite3.connect(":memory:")
        file.backup(self.database)
        file.close()
        self.schema_version: int = self.database.execute("PRAGMA schema_version").fetchone()[0]


class Place:
    """One file, for one universe at a time."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._filling: sqlite3.Connection | None = None
        self._free: defaultdict[tuple[str, ...], list[Raw]] = defaultdict(list)
        self._databases: list[Database] = []
        self._all: list[Raw] = []

    def fill(self, template: Template) -> None:
        """Puts a copy of this one in the place of what was there. Nobody may be in a transaction."""
        if self._filling is None:
            shutil.copyfile(template.path, self.path)
            self._filling = sqlite3.connect(self.path, isolation_level=None)
        template.database.backup(self._filling)
        # A copy counts its schema as a new one, and every connection would read it again.
        self._filling.execute(f"PRAGMA schema_version = {template.schema_version}")

    def connect(self, *pragmas: str) -> Raw:
        """A connection in no transaction, with these pragmas: each pragma would have it forget what it has prepared."""
        free = self._free[pragmas]
        if not free:
            opened = sqlite3.connect(
                self.path,
                isolation_level=None,
                check_same_thread=False,
                timeout=0,
                cached_statements=_STATEMENTS,
                factory=Raw,
            )
            for pragma in pragmas:
                opened.execute(pragma)
            opened.pragmas = pragmas
            self._all.append(opened)
            return opened
        return free.pop()

    def give_back(self, raw: Raw) -> None:
        """Rolls back what is open; the next one who connects has it."""
        if raw.in_transaction:
            raw.rollback()
        self._free[raw.pragmas].append(raw)

    def borrow(self) -> Database:
        """A database with engines that have no connection. Engines remember how statements read, so that the next
        process need not find out; of a process they know nothing."""
        return self._databases.pop() if self._databases else Database(database_url(f"sqlite:///{self.path}"))

    def hand_back(self, database: Database) -> None:
        """Its process has to be dead."""
        for engine in (database.writer, database.reader):
            pool = engine.sync_engine.pool
            engine.sync_engine.pool = pool.recreate()
        database.snapshots.forget()
        database.has_something_to_send = False
        self._databases.append(database)

    def close(self) -> None:
        """Closes all of it."""
        for raw in self._all:
            raw.close()
        if self._filling is not None:
            self._filling.close()
