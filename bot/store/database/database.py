"""Engines, pragmas and sessions for SQLite and PostgreSQL. No tables and no rules here."""

from __future__ import annotations

import secrets
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from functools import partial
from typing import Any

from sqlalchemy import Connection, Executable, Update, event, make_url, text
from sqlalchemy.engine import URL, ExceptionContext
from sqlalchemy.exc import ArgumentError, DBAPIError
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession, create_async_engine

from bot.clock import ElapsedTime, SystemElapsedTime
from bot.errors import ConfigurationError
from bot.store.audit import Author, refuse_audited
from bot.store.base import HAS_MAIL, SOMETHING_TO_SEND
from bot.store.database import sqlite_connection
from bot.store.database.each import Each
from bot.store.database.elapsed import SQLITE_NAME
from bot.store.database.private_files import sqlite_file
from bot.store.database.rested import ask_rested
from bot.store.database.scope import keep_to
from bot.store.database.taking_part import TakingPart, know_taking_part
from bot.store.database.troubles import translated_errors
from bot.store.database.wakes import Wakes
from bot.store.record import Snapshots, keep_at_end, use_snapshots

# How long a statement waits for what somebody else holds. Whoever pressed something has an acknowledgement within
# three seconds, or reads that it is busy; what a tick wanted is wanted again at the next one.
BUSY_TIMEOUT_MS = 1500
AGAIN_TIMEOUT_MS = 50
# Elapsed seconds after which a statement of ours is at fault, and a transaction of ours that does nothing: its process
# was stopped in it, and others wait for what it holds.
STATEMENT_SECONDS = 20
IDLE_SECONDS = 60
CONNECT_SECONDS = 10
# As PostgreSQL's list of connections calls a process of ours, before something of its own.
PROCESS = "backbeat-"
_PROCESSES = text(
    "SELECT count(DISTINCT application_name) FROM pg_stat_activity"
    " WHERE datname = current_database() AND application_name LIKE :named"
)
# On a connection of which one statement is all that is asked: the database makes a transaction of it by itself, which
# saves the way there and back for its beginning and its end.
_ALONE = "alone"


def database_url(text: str) -> URL:
    """The setting as SQLAlchemy wants it: plain `sqlite:///` and `postgresql://` get their asynchronous drivers.

    Raises ConfigurationError for anything else.
    """
    try:
        url = make_url(text)
    except (ArgumentError, ValueError) as error:
        raise ConfigurationError(
            "DATABASE_URL cannot be read. Use sqlite:///backbeat.db or postgresql://user:password@host/name."
        ) from error
    backend = url.get_backend_name()
    if backend == "sqlite":
        return url.set(drivername="sqlite+aiosqlite")
    if backend in {"postgresql", "postgres"}:
        return url.set(drivername="postgresql+psycopg")
    raise ConfigurationError(
        "DATABASE_URL names a kind of database that Backbeat doesn't use. Use sqlite:/// or postgresql://."
    )


def sync_url(url: URL) -> URL:
    """The same database for Alembic, which works without a loop."""
    driver = "sqlite" if url.get_backend_name() == "sqlite" else "postgresql+psycopg"
    return url.set(drivername=driver)


class Database:
    """One database: a writer engine and a reader engine, which on PostgreSQL are the same.

    `has_mail`: this program sends mail, which decides who can be reached. `fetches`: it looks at what others publish.
    """

    def __init__(self, url: URL, *, has_mail: bool = False, fetches: bool = False) -> None:
        self.url = url
        self.has_mail = has_mail
        self.fetches = fetches
        self.is_sqlite = url.get_backend_name() == "sqlite"
        self._has_opened_its_file = False
        # What SQLite takes elapsed time from (`elapsed_now`); PostgreSQL has a clock of its own.
        self.elapsed: ElapsedTime = SystemElapsedTime()
        self.writer, self.reader = self._engines()
        if self.is_sqlite:
            for engine in {self.writer, self.reader}:
                event.listen(engine.sync_engine, "connect", self._lend_clock)
        self._alone = {_ALONE: True} if self.is_sqlite else {"isolation_level": "AUTOCOMMIT"}
        self.snapshots = Snapshots()
        self.taking_part = TakingPart()
        event.listen(self.writer.sync_engine, "handle_error", self._doubt)
        self.on_something_to_send: Callable[[], None] = lambda: None
        # Between processes; those of a SQLite file are one.
        self.wakes = None if self.is_sqlite else Wakes(url, self._connect_arguments)
        # Whether something was written to be sent since somebody looked for it last.
        self.has_something_to_send = False

    def _engines(self) -> tuple[AsyncEngine, AsyncEngine]:
        if not self.is_sqlite:
            engine = create_async_engine(
                self.url,
                pool_size=10,
                # The one that was used last: what it was asked before it has prepared.
                pool_use_lifo=True,
                hide_parameters=True,
                connect_args={
                    "connect_timeout": int(str(self.url.query.get("connect_timeout", CONNECT_SECONDS))),
                    "application_name": f"{PROCESS}{secrets.token_hex(4)}",
                },
            )
            _prepare_postgresql(engine)
            ask_rested(engine, on_lost=lambda: self.snapshots.forget())
            return engine, engine
        connect = partial(sqlite_connection.connect, was_open=lambda: self._has_opened_its_file)
        how = {"timeout": BUSY_TIMEOUT_MS / 1000, "async_creator_fn": connect}
        # Parameters are what people wrote, and an error's text ends up in the log.
        # One writer connection: SQLite has one writer anyway, and waiting in our own queue is fairer than its lock.
        writer = create_async_engine(
            self.url,
            pool_size=1,
            max_overflow=0,
            # Errors would carry what people wrote into the log.
            hide_parameters=True,
            connect_args=how,
        )
        reader = create_async_engine(self.url, pool_size=4, hide_parameters=True, connect_args=how)
        _prepare_sqlite(writer, begin="BEGIN IMMEDIATE", query_only=False)
        _prepare_sqlite(reader, begin="BEGIN", query_only=True)
        for engine in (writer, reader):
            event.listen(engine.sync_engine, "connect", self._note_its_file)
        return writer, reader

    def _lend_clock(self, connection: Any, _record: Any) -> None:
        connection.create_function(SQLITE_NAME, 0, lambda: self.elapsed.epoch())

    def _note_its_file(self, _connection: Any, _record: Any) -> None:
        self._has_opened_its_file = sqlite_file(self.url) is not None

    def _doubt(self, error: ExceptionContext) -> None:
        """Whatever stands behind the address after a lost connection may be another state than was read before."""
        if error.is_disconnect:
            self.snapshots.forget()

    @asynccontextmanager
    async def read(self, coalition_id: int | None = None) -> AsyncIterator[AsyncSession]:
        """A session that sees one state of the database throughout and writes nothing.

        With a coalition it knows that one's rows only; whoever acts for somebody gives theirs.
        """
        with translated_errors(self.url):
            async with AsyncSession(self.reader, expire_on_commit=False) as session:
                if coalition_id is not None:
                    keep_to(session, coalition_id)
                if not self.is_sqlite:
                    await session.connection(execution_options={"isolation_level": "REPEATABLE READ"})
                use_snapshots(session, self.snapshots, is_steady=True, keeps_at_end=False)
                know_taking_part(session, self.taking_part)
                session.sync_session.info[HAS_MAIL] = self.has_mail
                yield session
                # What was read stays readable after the session; the rollback would make its rows forget their values.
                session.expunge_all()
                await session.rollback()

    @asynccontextmanager
    async def write(
        self, author: Author | None = None, *, coalition_id: int | None = None
    ) -> AsyncIterator[AsyncSession]:
        """One transaction: committed at the end, rolled back on any error.

        Changes of audited rows are recorded under `author`; without one, changing such a row is a programming error.
        With a coalition, which an author who is somebody brings along, it knows that one's rows only.
        """
        scope = coalition_id if author is None else author.coalition_id
        with translated_errors(self.url):
            async with AsyncSession(self.writer, expire_on_commit=False) as session:
                session.sync_session.info["author"] = author
                session.sync_session.info[HAS_MAIL] = self.has_mail
                know_taking_part(session, self.taking_part)
                if scope is not None:
                    keep_to(session, scope)
                # PostgreSQL tells what a transaction itself has changed; SQLite's one writer can keep all it has read.
                use_snapshots(session, self.snapshots, is_steady=self.is_sqlite, keeps_at_end=self.is_sqlite)
                async with session.begin():
                    yield session
                    await self._tell_others(session)
                keep_at_end(session)
                if session.sync_session.info.get(SOMETHING_TO_SEND):
                    self.has_something_to_send = True
                    self.on_something_to_send()

    async def _tell_others(self, session: AsyncSession) -> None:
        """In the same transaction, so that nobody looks before there is something to find."""
        if self.wakes is not None:
            await session.flush()
            if session.sync_session.info.get(SOMETHING_TO_SEND):
                await self.wakes.tell(session)

    def _connect_arguments(self) -> dict[str, Any]:
        """How PostgreSQL is reached, for a connection beside the engine's."""
        _, arguments = self.writer.dialect.create_connect_args(self.url)
        return {"connect_timeout": CONNECT_SECONDS, **arguments}

    async def ask(self, query: Executable, about: Mapping[str, Any]) -> Sequence[Any]:
        """The columns that one statement finds: it sees one state of the database by itself, in whatever coalition.

        As below, nothing is begun for it, and no session is made.
        """
        with translated_errors(self.url):
            async with self.reader.connect() as connection:
                await connection.execution_options(**self._alone)
                return (await connection.execute(query, about)).all()

    async def count_processes(self) -> int:
        """How many processes have this database open, this one with them. SQLite has one."""
        return 1 if self.is_sqlite else max(1, (await self.ask(_PROCESSES, {"named": f"{PROCESS}%"}))[0][0])

    async def change(self, statement: Update, about: Mapping[str, Any]) -> Sequence[Any]:
        """What one statement changed and returns; it is a transaction by itself: whole or not at all, and committed.

        Not for audited rows, which are refused, nor for what is to be sent.
        """
        refuse_audited(statement)
        with translated_errors(self.url):
            async with self.writer.connect() as connection:
                await connection.execution_options(**self._alone)
                found = (await connection.execute(statement, about)).all()
                await connection.commit()
                return found

    async def change_each(self, change: Each, about: Sequence[Mapping[str, Any]]) -> Sequence[bool]:
        """Whether it changed its row, for each of these: all of it is one transaction, committed, save
        where several are about one row.

        As above, it is not for audited rows, nor for what is to be sent.
        """
        refuse_audited(change.one)
        with translated_errors(self.url):
            async with self.writer.connect() as connection:
                await connection.execution_options(**self._alone)
                changed = await change.change(connection, about)
                await connection.commit()
                return changed

    async def close(self) -> None:
        """Closes every connection. What opens again may hold something else: a copy in memory does."""
        self.snapshots.forget()
        if self._has_opened_its_file:
            await self._fold_log()
        self._has_opened_its_file = False
        await self.writer.dispose()
        if self.reader is not self.writer:
            await self.reader.dispose()

    async def _fold_log(self) -> None:
        """Puts what stands in SQLite's write-ahead log into the file, so that a copy of the file alone holds it."""
        try:
            async with self.writer.connect() as connection:
                await connection.execution_options(**self._alone)
                await connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
        except (DBAPIError, ConfigurationError, OSError):
            # Whatever is wrong with it was said by whoever used it; the log stays beside the file then.
            return


def _prepare_postgresql(engine: AsyncEngine) -> None:
    # Said after connecting, since a pool between here and the server (PgBouncer) takes no options with the greeting.
    @event.listens_for(engine.sync_engine, "connect")
    def connect(connection: Any, _record: Any) -> None:
        cursor = connection.cursor()
        cursor.execute(
            f"SET lock_timeout = {BUSY_TIMEOUT_MS}; SET statement_timeout = '{STATEMENT_SECONDS}s'; "
            f"SET idle_in_transaction_session_timeout = '{IDLE_SECONDS}s'"
        )
        cursor.close()
        connection.commit()


def _prepare_sqlite(engine: AsyncEngine, *, begin: str, query_only: bool) -> None:
    # Whoever stands behind somebody who waited in vain has waited as long: together they have no more time than one.
    lately = {"held": False}

    @event.listens_for(engine.sync_engine, "connect")
    def connect(connection: Any, _record: Any) -> None:
        connection.isolation_level = None
        cursor = connection.cursor()
        cursor.execute(f"PRAGMA busy_timeout = {BUSY_TIMEOUT_MS}")
        cursor.execute("PRAGMA journal_mode = WAL")
        cursor.execute("PRAGMA foreign_keys = ON")
        # FULL costs about 0.2 ms a commit and keeps what was promised through a power cut.
        cursor.execute("PRAGMA synchronous = FULL")
        if query_only:
            cursor.execute("PRAGMA query_only = ON")
        cursor.close()

    @event.listens_for(engine.sync_engine, "begin")
    def start(connection: Connection) -> None:
        if connection.get_execution_options().get(_ALONE):
            return
        wait = AGAIN_TIMEOUT_MS if lately["held"] else BUSY_TIMEOUT_MS
        if connection.info.get("wait", BUSY_TIMEOUT_MS) != wait:
            connection.exec_driver_sql(f"PRAGMA busy_timeout = {wait}")
            connection.info["wait"] = wait
        lately["held"] = True
        connection.exec_driver_sql(begin)
        lately["held"] = False
