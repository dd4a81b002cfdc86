"""Keeps a second process off one SQLite database, and knows whether there was one when the bot ran last.

The lock belongs to the process and ends with it, however it ends. What stands in its file stays: without it a database
that somebody deleted would look like a first start.
"""

from __future__ import annotations

import fcntl
import os
import re
from pathlib import Path
from types import TracebackType
from typing import Self

from bot.errors import ConfigurationError, TakenAway

_REMEMBERED = (
    "Backbeat ran on {name}, beside this file. Delete this file only to begin with an empty database.\n"
    "Last mark: {number:012}\n"
)
_NUMBER = re.compile(rb"Last mark: (\d+)")


def lock_of(database: Path) -> Path:
    """The file beside a database that is held while the bot runs on it."""
    return database.with_name(database.name + ".lock")


def is_new(database: Path) -> bool:
    """Whether nothing is there yet. Raises ConfigurationError where the bot has run on it and it went away since."""
    if _size(database):
        return False
    if _size(lock_of(database)):
        raise ConfigurationError(
            f"The database {database.absolute()} is gone: it was there when Backbeat ran last. Put it back, or restore "
            f"a backup: `backbeat restore FILE`. To begin with an empty one instead, delete {lock_of(database).name} "
            "beside it."
        )
    return True


def taken_away(database: Path) -> TakenAway:
    """What there is to say of a database that was there a moment ago."""
    return TakenAway(
        f"The database {database.absolute()} was deleted or replaced while Backbeat runs on it: what is said from now "
        "on is lost when it ends. End it, and put the file back, or restore a backup: `backbeat restore FILE`."
    )


def _identity(file: Path) -> tuple[int, int] | None:
    try:
        found = file.stat()
    except OSError:
        return None
    return found.st_dev, found.st_ino


def _size(file: Path) -> int:
    try:
        return file.stat().st_size
    except OSError:
        return 0


class SingleInstance:
    """Holds `FILE.lock` beside a database file. PostgreSQL needs none: there, rows are locked one by one."""

    def __init__(self, database: Path) -> None:
        self._database = database
        self._path = lock_of(database)
        self._handle: int | None = None
        self._file: tuple[int, int] | None = None

    def __enter__(self) -> Self:
        try:
            handle = os.open(self._path, os.O_RDWR | os.O_CREAT, 0o600)
        except OSError as error:
            raise ConfigurationError(
                f"The folder of the database can't be written ({self._path.parent}). Check DATABASE_URL."
            ) from error
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            os.close(handle)
            raise ConfigurationError(
                "Another Backbeat is running on this database. Stop it first; to run several, use PostgreSQL."
            ) from error
        self._handle = handle
        return self

    def remember(self, number: int) -> None:
        """From now on a database that isn't there is one that went away, and one whose last mark is lower than this
        number is an older copy."""
        self._file = self._file or _identity(self._database)
        if self._handle is not None:
            text = _REMEMBERED.format(name=self._database.name, number=number).encode()
            os.pwrite(self._handle, text, 0)
            os.ftruncate(self._handle, len(text))
            os.fsync(self._handle)

    @property
    def number(self) -> int | None:
        """The number of the last mark that was left in the database beside this file; None where nobody wrote it."""
        found = _NUMBER.search(os.pread(self._handle, 1000, 0)) if self._handle is not None else None
        return int(found.group(1)) if found is not None else None

    def require_file(self) -> None:
        """Raises ConfigurationError where somebody took the file away under the bot, which goes on without a name."""
        if self._file is not None and _identity(self._database) != self._file:
            raise taken_away(self._database)

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._handle is not None:
            os.close(self._handle)
            self._handle = None
