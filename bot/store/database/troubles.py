"""What is wrong with a database, in words for whoever runs the program: what passes by itself, and what to mend.

Which of both an error is decides whether the program waits. Nothing is tried again here.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
from sqlalchemy.engine import URL
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from bot.errors import Busy, ConfigurationError, Damaged, Unavailable
from bot.single_instance import taken_away
from bot.store.database.private_files import sqlite_file

# A lock that wasn't given in time, a statement that took too long, and two transactions that would wait for ever.
_BUSY_STATES = frozenset({"55P03", "57014", "40P01", "40001"})
# A server without room for another connection, or that is starting, stopping or changing places with its stand-in.
_AWAY_CLASSES = ("53", "57", "08")
_READ_ONLY = "25006"

_UNREACHABLE = "The PostgreSQL server of DATABASE_URL cannot be reached. Check that it runs and the address."
_LOST = "The connection to the PostgreSQL server of DATABASE_URL was lost."
_BUSY = "The database is busy: something else holds what is needed. Look for a transaction that was left open."
_LOCKED = "The database is locked by another program. Close it, or wait until it has finished, and try again."


@contextmanager
def translated_errors(url: URL) -> Iterator[None]:
    """Turns what a person can mend about this database, or has to wait for, into one sentence."""
    try:
        yield
    except DBAPIError as error:
        found = _trouble_of(error, url)
        if found is None:
            raise
        raise found from error
    except PoolTimeout as error:
        raise Busy("The database is busy: every connection to it is in use.") from error
    except psycopg.OperationalError as error:
        found = _postgresql_trouble(error)
        if found is None:
            raise
        raise found from error
    except OSError as error:
        raise Unavailable(
            "The database of DATABASE_URL cannot be reached. Check that it runs, and the address."
        ) from error


def _trouble_of(error: DBAPIError, url: URL) -> ConfigurationError | None:
    original = error.orig
    if isinstance(original, psycopg.Error):
        if error.connection_invalidated:
            return Unavailable(_LOST)
        return _postgresql_trouble(original)
    if url.get_backend_name() != "sqlite":
        return None
    return _sqlite_trouble(str(original).lower(), url)


def _postgresql_trouble(error: psycopg.Error) -> ConfigurationError | None:
    state = error.sqlstate
    if state in _BUSY_STATES:
        return Busy(_BUSY)
    if state == _READ_ONLY:
        return Unavailable("The PostgreSQL server of DATABASE_URL takes no changes at the moment: it is a stand-in.")
    if state is not None:
        return Unavailable(_UNREACHABLE) if state.startswith(_AWAY_CLASSES) else None
    if not isinstance(error, psycopg.OperationalError | psycopg.InterfaceError):
        return None
    # Before there is a connection, the server's refusal comes as words only.
    said = str(error).lower()
    if "authentication failed" in said or "no password supplied" in said or "no pg_hba.conf entry" in said:
        return ConfigurationError(
            "The PostgreSQL server of DATABASE_URL doesn't let Backbeat in. Check the user, the password and what "
            "pg_hba.conf allows."
        )
    if "role " in said and "does not exist" in said:
        return ConfigurationError("The PostgreSQL server of DATABASE_URL doesn't know this user. Check its name.")
    if "database " in said and "does not exist" in said:
        return ConfigurationError(
            "There is no such database on the PostgreSQL server of DATABASE_URL. Make it with `createdb`, or check its "
            "name."
        )
    return Unavailable(_UNREACHABLE)


def _sqlite_trouble(said: str, url: URL) -> ConfigurationError | None:
    file = Path(url.database or "").absolute()
    if "is locked" in said:
        return Busy(_LOCKED)
    if "unable to open database file" in said or "readonly database" in said:
        return ConfigurationError(
            f"The database file cannot be opened for writing ({file}). Check DATABASE_URL and the folder's permissions."
        )
    if "file is not a database" in said:
        return ConfigurationError(
            f"DATABASE_URL names a file that is not a Backbeat database ({file}). Name another file, or restore a "
            "backup."
        )
    if "malformed" in said:
        return Damaged(
            f"The database file is damaged ({file}). Stop Backbeat and restore a backup: `backbeat restore FILE "
            "--replace` keeps the damaged one beside it."
        )
    if "is full" in said or "disk i/o error" in said:
        return Unavailable(f"The disk takes nothing more of the database file ({file}). Make room, or look at it.")
    # Of its files, the log may go a moment before the rest: what was opened between them lacks what stood in it.
    return None if sqlite_file(url) is None or file.exists() else taken_away(file)
