"""Puts a backup in the place of a database. What the bot then has to look for in Slack is left in it as a recovery."""

from __future__ import annotations

import json
import os
import shutil
import sqlite3
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlalchemy import Connection, NullPool, create_engine, delete, func, insert, inspect, select, text
from sqlalchemy.engine import URL

from bot.domain.sending import Why
from bot.errors import ConfigurationError, UserError
from bot.store import schema
from bot.store.audit import ChangeRow
from bot.store.backups import postgresql, sqlite
from bot.store.backups.backups import SETTING, back_up, keep_name
from bot.store.coalition import CoalitionRow
from bot.store.database import make_private, sqlite_file, sync_url, translated_errors
from bot.store.outbox import DeliveryRow, RecoveryRow
from bot.store.people import SettingRow

_LOGS = ("-wal", "-shm", "-journal")


@dataclass(frozen=True, slots=True)
class Restored:
    """What came of it: the calendar's moment at which the backup ends, its schema and the one that it has now, and
    where what was there before is kept."""

    since: datetime
    was: str
    schema: str
    kept: Path | None


def restore(url: URL, backup: Path, now: datetime, *, replace: bool = False) -> Restored:
    """Puts this backup in the place of the database and brings it to this program's schema.

    Whoever calls holds the database's lock. Raises UserError where a file can't be used or data would be lost,
    ConfigurationError for what is wrong with the database.
    """
    try:
        is_dump, is_sqlite = postgresql.is_dump(backup), sqlite.is_sqlite(backup)
    except OSError as error:
        raise UserError(f"{backup} can't be read ({error.strerror}). Check the path.") from error
    file = sqlite_file(url)
    if file is not None and is_sqlite:
        return _restore_sqlite(url, file, backup, now, replace=replace)
    if file is None and is_dump:
        return _restore_postgresql(url, backup, now, replace=replace)
    if is_dump:
        raise UserError(
            f"{backup} is a backup of PostgreSQL, and DATABASE_URL names a SQLite file. Name the other one."
        )
    if is_sqlite:
        raise UserError(f"{backup} is a backup of SQLite, and DATABASE_URL names PostgreSQL. Name the other one.")
    raise UserError(f"{backup} is no backup of Backbeat's. Name a file that `backbeat backup` made.")


def _restore_sqlite(url: URL, file: Path, backup: Path, now: datetime, *, replace: bool) -> Restored:
    if file.exists() and file.samefile(backup):
        raise UserError(f"{backup} is the database itself. Name a backup of it.")
    has_data = _has_data(file)
    if has_data and not replace:
        raise UserError(f"{file} holds a coalition. To put the backup in its place, add --replace: a copy is kept.")
    new = file.with_name(f".{file.name}.{os.getpid()}.unfinished")
    try:
        _copy_all(backup, new)
        was = _look_through(new, backup)
        since = _bring_up_to_date(url.set(database=str(new)), now)
        with closing(sqlite3.connect(new)) as connection:
            # One file is all of it, until the bot opens it.
            connection.execute("PRAGMA journal_mode = DELETE")
        with new.open("rb") as written:
            os.fsync(written.fileno())
        kept = _put_aside(file, now) if has_data else None
        if kept is None:
            _remove_logs(file)
        new.replace(file)
        keep_name(file)
        return Restored(since, was, schema.revision_of(url) or "", kept)
    except OSError as error:
        raise UserError(
            f"{file} can't be written ({error.strerror or error}). Check the folder's permissions and its free space."
        ) from error
    finally:
        for left in (new, *(new.with_name(new.name + ending) for ending in _LOGS)):
            left.unlink(missing_ok=True)


def _has_data(file: Path) -> bool:
    """Whether a file holds anything that somebody may miss: also one that can't be read."""
    if not file.exists() or not file.stat().st_size:
        return False
    try:
        with closing(sqlite3.connect(file)) as connection:
            tables = [name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
            if "coalitions" not in tables:
                return bool(tables)
            return connection.execute("SELECT 1 FROM coalitions LIMIT 1").fetchone() is not None
    except sqlite3.DatabaseError:
        return True


def _copy_all(backup: Path, new: Path) -> None:
    """A copy to work on, with what stands in a log beside the backup: somebody may have copied both by hand."""
    for ending in ("", *_LOGS):
        source, target = backup.with_name(backup.name + ending), new.with_name(new.name + ending)
        target.unlink(missing_ok=True)
        if source.exists() and ending != "-shm":
            make_private(str(target))
            shutil.copyfile(source, target)


def _look_through(new: Path, backup: Path) -> str:
    try:
        with closing(sqlite3.connect(new)) as connection:
            return sqlite.require_sound(connection, backup)
    except sqlite3.DatabaseError as error:
        raise sqlite.damaged(backup) from error


def _put_aside(file: Path, now: datetime) -> Path:
    """Moves what was there, whatever state it is in, with its log."""
    kept = _free_name(file.with_name(f"{file.name}.replaced-{now:%Y%m%d-%H%M%S}"))
    for ending in ("", *_LOGS):
        there = file.with_name(file.name + ending)
        if there.exists():
            there.replace(kept.with_name(kept.name + ending))
    return kept


def _free_name(wanted: Path) -> Path:
    name, number = wanted, 1
    while name.exists():
        number += 1
        name = wanted.with_name(f"{wanted.name}-{number}")
    return name


def _remove_logs(file: Path) -> None:
    for ending in _LOGS:
        file.with_name(file.name + ending).unlink(missing_ok=True)


def _restore_postgresql(url: URL, backup: Path, now: datetime, *, replace: bool) -> Restored:
    server = postgresql.look_at(url)
    program = postgresql.tool("pg_restore", server.version)
    if program is None:
        raise ConfigurationError(
            f"Restoring into this server takes pg_restore of PostgreSQL {server.version} or newer, which isn't on this "
            f"machine. Install it, or run where it is, into an empty database: pg_restore --no-owner --no-acl "
            f"--single-transaction --dbname='{postgresql.address_of(url)}' {backup}"
        )
    kept = None
    if server.schema is not None:
        if _holds_coalitions(url):
            if not replace:
                raise UserError(
                    "The database of DATABASE_URL holds a coalition. To put the backup in its place, add --replace: a "
                    "copy is kept."
                )
            kept = _free_name(Path(f"backbeat-replaced-{now:%Y%m%d-%H%M%S}.dump").absolute())
            back_up(url, kept, now)
        if schema.newer_revision(url) is not None:
            raise ConfigurationError(
                "The database was written by a newer version of Backbeat, which alone can empty it. Install that "
                "version, or name an empty database."
            )
        schema.downgrade(url, "base")
        _drop_version(url)
    postgresql.run(
        [
            program,
            "--no-owner",
            "--no-acl",
            "--exit-on-error",
            "--single-transaction",
            f"--dbname={postgresql.address_of(url)}",
            str(backup),
        ],
        url,
    )
    was = schema.revision_of(url)
    if was is None:
        raise UserError(f"{backup} is no backup of Backbeat's. Name a file that `backbeat backup` made.")
    since = _bring_up_to_date(url, now)
    return Restored(since, was, schema.revision_of(url) or "", kept)


def _holds_coalitions(url: URL) -> bool:
    with translated_errors(url), create_engine(sync_url(url), poolclass=NullPool).connect() as connection:
        if not inspect(connection).has_table(CoalitionRow.__tablename__):
            return False
        return connection.scalar(text("SELECT 1 FROM coalitions LIMIT 1")) is not None


def _drop_version(url: URL) -> None:
    """The dump brings the table of it along, which a database that was emptied still has."""
    with translated_errors(url), create_engine(sync_url(url), poolclass=NullPool).begin() as connection:
        connection.execute(text("DROP TABLE IF EXISTS alembic_version"))


def _bring_up_to_date(url: URL, now: datetime) -> datetime:
    """Migrates what was restored and leaves a recovery for each coalition; the moment at which the backup ends."""
    schema.migrate(url, backup=False)
    with translated_errors(url), create_engine(sync_url(url), poolclass=NullPool).begin() as connection:
        told = {one.name: one.value for one in connection.execute(select(SettingRow.name, SettingRow.value))}
        since = min(_moment(told.get(SETTING)) or _moment(told.get("run")) or _newest(connection) or now, now)
        # One that the backup was in the middle of goes further back.
        begun = connection.scalars(select(RecoveryRow.since).where(RecoveryRow.ended_at.is_(None))).all()
        since = min([since, *begun])
        connection.execute(delete(RecoveryRow).where(RecoveryRow.ended_at.is_(None)))
        for coalition_id in connection.scalars(select(CoalitionRow.id)).all():
            connection.execute(
                insert(RecoveryRow).values(
                    coalition_id=coalition_id,
                    why=Why.RESTORED,
                    since=since,
                    # Until the bot begins to run on it, which says it anew.
                    noticed_at=now,
                    reaches_until=now,
                    found=0,
                    held=0,
                )
            )
    return since


def _moment(told: str | None) -> datetime | None:
    """When a backup was taken, or the bot left its last mark, by what the setting says."""
    try:
        return datetime.fromisoformat(json.loads(told or "{}")["at"])
    except (ValueError, TypeError, KeyError):
        return None


def _newest(connection: Connection) -> datetime | None:
    """The newest moment in a copy that says nothing itself, since its file may have been written much later."""
    asked = [select(func.max(column)) for column in (DeliveryRow.sent_at, ChangeRow.at)]
    return max((found for query in asked if (found := connection.scalar(query)) is not None), default=None)
