"""A SQLite database's copy: by SQLite's own online backup, which holds what stands in the write-ahead log too."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

from bot.errors import ConfigurationError

_BEGINS_WITH = b"SQLite format 3\x00"


def is_sqlite(file: Path) -> bool:
    """Whether a file is a SQLite database by its first bytes."""
    with file.open("rb") as opened:
        return opened.read(len(_BEGINS_WITH)) == _BEGINS_WITH


def copy_into(database: Path, target: Path, name: str, value: str) -> str:
    """Copies one state of a database that may be in use, leaves this setting in the copy, and checks it; its schema.

    It is copied in one go: nobody who writes meanwhile has to wait, and none of it stands in the copy.
    """
    if not database.exists() or not database.stat().st_size:
        raise ConfigurationError(f"There is no database to back up ({database.absolute()}). Check DATABASE_URL.")
    try:
        with closing(sqlite3.connect(database)) as original, closing(sqlite3.connect(target)) as copy:
            original.backup(copy)
            # One file is all of it then, wherever it is put.
            copy.execute("PRAGMA journal_mode = DELETE")
            schema = require_sound(copy, database)
            copy.execute("DELETE FROM settings WHERE name = ?", (name,))
            copy.execute("INSERT INTO settings (name, value) VALUES (?, ?)", (name, value))
            copy.commit()
            return schema
    except sqlite3.OperationalError as error:
        raise ConfigurationError(
            f"The database can't be copied ({error}). Nothing was made. Check the free space, and that nothing else "
            "holds the database."
        ) from error
    except sqlite3.DatabaseError as error:
        raise damaged(database) from error


def require_sound(connection: sqlite3.Connection, file: Path) -> str:
    """The schema of a database of ours in which SQLite finds nothing wrong. Raises ConfigurationError otherwise."""
    if connection.execute("PRAGMA integrity_check(1)").fetchall() != [("ok",)]:
        raise damaged(file)
    if connection.execute("SELECT 1 FROM sqlite_master WHERE name = 'alembic_version'").fetchone() is None:
        raise ConfigurationError(f"{file} is not a Backbeat database. Name another file.")
    found = connection.execute("SELECT version_num FROM alembic_version").fetchone()
    if found is None:
        raise ConfigurationError(f"There is nothing in {file}. Name another file.")
    return str(found[0])


def damaged(file: Path) -> ConfigurationError:
    """What there is to say of a file in which pages are broken."""
    return ConfigurationError(
        f"{file} is damaged, and what is copied from it would be too. Nothing was changed. Restore the last good "
        "backup: `backbeat restore FILE --replace`."
    )
