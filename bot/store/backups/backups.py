"""Makes a backup of either kind of database. The file appears under its name only when it is whole and was checked."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlalchemy.engine import URL

from bot.errors import ConfigurationError, UserError
from bot.store.backups import postgresql, sqlite
from bot.store.database import Database, make_private, sqlite_file
from bot.store.people import SettingRow

# The row of the settings' table in which a backup says when it was taken.
SETTING = "backup"
# The row in which the database itself remembers when it was copied last.
LAST_BACKUP = "last backup"


@dataclass(frozen=True, slots=True)
class Backup:
    """A backup: the schema of the database in it, and its size in bytes."""

    file: Path
    schema: str
    size: int


def back_up(url: URL, target: Path, at: datetime, *, overwrite: bool = False) -> Backup:
    """Copies the database into `target`, readable for its user only.

    Raises UserError where the target can't be, ConfigurationError for what is wrong with the database.
    """
    if target.exists() and not overwrite:
        raise UserError(f"{target} is there already. Name another file, or add --overwrite.")
    if target.is_dir() or not target.absolute().parent.is_dir():
        raise UserError(f"{target} can't be a backup: name a file in a folder that is there.")
    file = sqlite_file(url)
    if file is not None and target.exists() and target.samefile(file):
        raise UserError(f"{target} is the database itself. Name another file.")
    with _taking_its_place(target) as unfinished:
        told = json.dumps({"at": at.isoformat()})
        if file is not None:
            schema = sqlite.copy_into(file, unfinished, SETTING, told)
        elif url.get_backend_name() == "postgresql":
            schema = postgresql.dump_into(url, unfinished, SETTING, told, target)
        else:
            raise ConfigurationError("A database in memory ends with its process: there is nothing to back up.")
    return Backup(target, schema, target.stat().st_size)


async def note_backup(url: URL, at: datetime) -> None:
    """Remembers in the database itself when it was copied. Nothing else is touched; its schema stays.

    Raises ConfigurationError where that can't be.
    """
    database = Database(url)
    try:
        async with database.write() as session:
            await session.merge(SettingRow(name=LAST_BACKUP, value=at.isoformat()))
    finally:
        await database.close()


@contextmanager
def _taking_its_place(target: Path) -> Iterator[Path]:
    """A private file beside the target, which takes its name once it is whole and on the disk; else it goes."""
    unfinished = target.with_name(f".{target.name}.{os.getpid()}.unfinished")
    try:
        unfinished.unlink(missing_ok=True)
        make_private(str(unfinished))
        yield unfinished
        with unfinished.open("rb") as written:
            os.fsync(written.fileno())
        unfinished.replace(target)
        keep_name(target)
    except OSError as error:
        raise UserError(
            f"{target} can't be written ({error.strerror or error}). Check the folder's permissions and its free space."
        ) from error
    finally:
        unfinished.unlink(missing_ok=True)


def keep_name(target: Path) -> None:
    """Lets the name outlast a power cut, as what stands in the file does."""
    folder = os.open(target.absolute().parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def named(bytes_: int) -> str:
    """A size as people say it."""
    return f"{bytes_ / 1e6:.1f} MB" if bytes_ >= 100_000 else f"{max(1, round(bytes_ / 1000))} kB"
