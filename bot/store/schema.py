"""Brings a database to the schema of this program, and says when it is too old, too new or busy."""

from __future__ import annotations

import contextlib
import glob
import sqlite3
from contextlib import closing
from functools import cache
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, create_engine, event, inspect, text
from sqlalchemy.engine import URL
from sqlalchemy.pool import NullPool

import migrations
from bot.errors import ConfigurationError
from bot.store.compatibility import oldest_program
from bot.store.database import CONNECT_SECONDS, make_private, sync_url, translated_errors
from bot.store.record import are_there, put_triggers
from bot.store.statistics import are_told, put_statistics
from bot.store.tables import METADATA

ADVISORY_LOCK = 6_283_185
LOCK_SECONDS = 3
KEPT_COPIES = 3


def _folder() -> str:
    return str(Path(next(iter(migrations.__path__))))


def _config(connection: Connection | None = None) -> Config:
    config = Config()
    config.set_main_option("script_location", _folder())
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    return config


def head() -> str:
    """The revision that this program works with."""
    return _line_of(_folder())[-1]


@cache
def _line_of(_folder: str) -> tuple[str, ...]:
    """Every revision that this program knows, the first one first. Found once: all are read and compiled for it."""
    script = ScriptDirectory.from_config(_config())
    newest = script.get_current_head()
    if newest is None:
        raise ConfigurationError("This installation has no migrations. Install Backbeat again.")
    return tuple(reversed([one.revision for one in script.walk_revisions("base", newest)]))


def _connect(url: URL, *, writes: bool = True) -> Connection:
    address = sync_url(url)
    if address.get_backend_name() == "postgresql" and "connect_timeout" not in address.query:
        address = address.update_query_dict({"connect_timeout": str(CONNECT_SECONDS)})
    engine = create_engine(address, poolclass=NullPool)
    if engine.dialect.name == "sqlite":
        make_private(url.database or "")

        @event.listens_for(engine, "connect")
        def keep_transactions(connection: object, _record: object) -> None:
            connection.isolation_level = None  # type: ignore[attr-defined]

        @event.listens_for(engine, "begin")
        def begin(connection: Connection) -> None:
            # Python's driver would commit before DDL; a migration is one transaction or nothing.
            connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")

    return engine.connect()


def revision_of(url: URL) -> str | None:
    """The revision that the database stands at; None for an empty one."""
    with translated_errors(url), _connect(url, writes=False) as connection:
        return _current(connection)


def migrate(url: URL, revision: str = "head", *, backup: bool = True) -> str | None:
    """Brings the database to `revision`; returns the path of the backup that was made of a SQLite file, if any.

    A newer one that this program can live with stays as it is. Raises ConfigurationError for any other newer one, and
    for one that is busy.
    """
    with translated_errors(url), _connect(url, writes=False) as connection:
        if _is_ahead(connection):
            return None
        before = _current(connection)
    if before == head() and revision == "head":
        _put_back(url)
        return None
    with translated_errors(url), _connect(url) as connection:
        _wait_for_other_migrators(connection)
        # What another one has done meanwhile is done, and its backup is not written over by what it made.
        if _is_ahead(connection):
            return None
        before = _current(connection)
        if before == head() and revision == "head":
            return None
        if before is None:
            _refuse_foreign(connection)
        saved = _back_up(url, before) if backup and before is not None else None
        command.upgrade(_config(connection), revision)
        put_statistics(connection)
        connection.commit()
    return saved


def _wait_for_other_migrators(connection: Connection) -> None:
    """Until the end of the transaction nobody else migrates. SQLite's one writer is this transaction already."""
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": ADVISORY_LOCK})
        # A table that somebody else holds is asked for again later: while this waits for it, everybody waits behind.
        connection.execute(text(f"SET LOCAL lock_timeout = '{LOCK_SECONDS}s'"))


def _put_back(url: URL) -> None:
    """Triggers where a database was restored without them, and what SQLite is told where it was told otherwise."""
    with translated_errors(url), _connect(url, writes=False) as connection:
        if are_there(connection) and are_told(connection):
            return
    with translated_errors(url), _connect(url) as connection:
        put_triggers(connection)
        put_statistics(connection)
        connection.commit()


def downgrade(url: URL, revision: str) -> None:
    """Takes the database back to `revision` ("base" empties it)."""
    with translated_errors(url), _connect(url) as connection:
        command.downgrade(_config(connection), revision)
        connection.commit()


def require_current(url: URL) -> None:
    """Raises ConfigurationError unless the database stands at this program's schema, or a newer one that suits it."""
    with translated_errors(url), _connect(url, writes=False) as connection:
        if _is_ahead(connection) or (current := _current(connection)) == head():
            return
    if current is None:
        raise ConfigurationError(
            "There is nothing in the database of DATABASE_URL. Run `backbeat migrate` first; if there should be "
            "something, check its name, or restore a backup."
        )
    raise ConfigurationError(
        "The database is older than this version of Backbeat. Run `backbeat migrate` first, then try again."
    )


def newer_revision(url: URL) -> str | None:
    """Where the database stands if that is beyond this program, which may run on it all the same; else None.

    Raises ConfigurationError where it may not.
    """
    with translated_errors(url), _connect(url, writes=False) as connection:
        return _current(connection) if _is_ahead(connection) else None


def _current(connection: Connection) -> str | None:
    return MigrationContext.configure(connection).get_current_revision()


def _is_ahead(connection: Connection) -> bool:
    """Whether a newer program has been here, after which this one may run still. Raises ConfigurationError if not."""
    current, known = _current(connection), _line_of(_folder())
    if current is None or current in known:
        return False
    oldest = oldest_program(connection)
    if oldest in known:
        return True
    beyond = f" and works only with programs of schema {oldest} or newer" if oldest is not None else ""
    raise ConfigurationError(
        f"The database was written by a newer version of Backbeat (schema {current}){beyond}; this one has {head()}. "
        "Install that version, or restore the backup made before the update."
    )


def is_sound(url: URL) -> bool:
    """Whether SQLite finds nothing wrong with its file, of which it reads every page; PostgreSQL looks after itself."""
    with translated_errors(url), _connect(url, writes=False) as connection:
        if connection.dialect.name != "sqlite":
            return True
        return connection.exec_driver_sql("PRAGMA quick_check(1)").scalar() == "ok"


def _refuse_foreign(connection: Connection) -> None:
    """A file with tables of another program is left alone; a PostgreSQL database may hold others beside ours."""
    there = set(inspect(connection).get_table_names()) - {"alembic_version"}
    if (connection.dialect.name == "sqlite" and there) or there & set(METADATA.tables):
        raise ConfigurationError(
            "DATABASE_URL names a database of another program, not a Backbeat database. Name another one."
        )


def _back_up(url: URL, revision: str) -> str | None:
    if url.get_backend_name() != "sqlite" or not url.database or url.database == ":memory:":
        return None
    source = Path(url.database)
    if not source.exists():
        return None
    saved = source.with_name(f"{source.name}.before-{head()}-from-{revision}")
    make_private(str(saved))
    try:
        # SQLite's own copy holds what still stands in the write-ahead log, which a copy of the file would not.
        with closing(sqlite3.connect(source)) as original, closing(sqlite3.connect(saved)) as copy:
            original.backup(copy)
    except sqlite3.Error as error:
        raise ConfigurationError(
            f"The database can't be copied to {saved} before the update ({error}). Nothing was changed. "
            "Check the folder's permissions and its free space."
        ) from error
    _forget_oldest(source)
    return str(saved)


def _forget_oldest(source: Path) -> None:
    """Of the copies that updates have left only the newest few are kept: nobody goes back further than that."""
    copies = sorted(
        source.parent.glob(f"{glob.escape(source.name)}.before-*-from-*"), key=lambda one: one.stat().st_mtime
    )
    for old in copies[:-KEPT_COPIES]:
        with contextlib.suppress(OSError):
            old.unlink()
