"""Engines that remember together how statements read. Every test opens a database of its own, and finding the words of
the same statements for each of them took a third of the processor time of tests of services.

What the program does is not changed by it: it opens one database, whose engine remembers by itself.

A week that was rehearsed once is remembered too, for all workers of a run: the same rows at the same moment have the
same week before them.

And drivers that work without a thread of their own, for tests in which nothing happens at once.
"""

from __future__ import annotations

import os
import pickle
from asyncio import Future
from collections.abc import Callable, Coroutine, Generator, Iterator
from contextlib import ExitStack, contextmanager
from datetime import datetime
from functools import partial
from hashlib import sha256
from pathlib import Path
from types import MappingProxyType, coroutine
from typing import Any

from aiosqlite import Connection
from sqlalchemy.connectors import asyncio as drivers
from sqlalchemy.engine import Dialect
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine
from sqlalchemy.ext.asyncio import engine as engines
from sqlalchemy.ext.asyncio import result as results
from sqlalchemy.ext.asyncio import session as sessions
from sqlalchemy.orm.util import LoaderCriteriaOption
from sqlalchemy.util import LRUCache, await_, greenlet_spawn

from bot.services.week import week
from bot.services.week.rehearsals import Rehearsal, rehearse
from bot.store.copies import Rows
from bot.store.database import database, sqlite_connection
from bot.store.database.sqlite_connection import OneTripConnection

# More than there are different statements in the program and its tests: what falls out is worded anew again and again.
_MOST = 5000
_dialects: dict[str, Dialect] = {}
_words: dict[str, LRUCache[Any, Any]] = {}


def share_words() -> None:
    """From now on, databases of one kind share what is known of statements."""
    database.create_async_engine = _create_engine


def _create_engine(*arguments: Any, **options: Any) -> AsyncEngine:
    engine = create_async_engine(*arguments, **options)
    own = engine.sync_engine.dialect
    dialect = _dialects.setdefault(own.name, own)
    # Until it has met a server, a dialect doesn't know what that one can do.
    if dialect.server_version_info is not None:
        engine.sync_engine.dialect = dialect
    engine.sync_engine.update_execution_options(compiled_cache=_words.setdefault(own.name, LRUCache(_MOST)))
    return engine


SHARED_FOLDER = "BACKBEAT_TEST_SHARED"  # tells workers where one leaves files for the others
_MOST_WEEKS = 50
_weeks: LRUCache[str, Rehearsal] = LRUCache(_MOST_WEEKS)


def share_rehearsals() -> None:
    """From now on, what is rehearsed again is not lived again: it takes seconds, and most tests that ask for the week
    to come do so on the sample's first Monday."""
    week.rehearse = _rehearse


async def _rehearse(rows: Rows, begin: datetime, until: datetime, *, has_mail: bool = False) -> Rehearsal:
    # Its rows are all that a rehearsal knows, besides the program; it changes them, so they are looked at before.
    key = sha256(repr((rows, begin, until, has_mail)).encode()).hexdigest()
    found: Rehearsal | None = _weeks.get(key)
    if found is None:
        kept = _kept(key)
        if kept is not None and kept.exists():
            found = pickle.loads(kept.read_bytes())
        else:
            found = await rehearse(rows, begin, until, has_mail=has_mail)
            if kept is not None:
                half = kept.with_suffix(f".{os.getpid()}")
                with half.open("wb") as file:
                    _OfWeeks(file).dump(found)
                half.rename(kept)
        _weeks[key] = found
    return found


def _read_only(found: dict[Any, Any]) -> MappingProxyType[Any, Any]:
    return MappingProxyType(found)


class _OfWeeks(pickle.Pickler):
    """Leaves out by which options rows were read: those hold functions, and such rows are read no more."""

    def reducer_override(self, thing: Any) -> Any:
        if isinstance(thing, MappingProxyType):
            return _read_only, (dict(thing),)
        return (type(None), ()) if isinstance(thing, LoaderCriteriaOption) else NotImplemented


def _kept(key: str) -> Path | None:
    """Where all workers of a run keep such a week, if this is one of them."""
    folder = os.environ.get(SHARED_FOLDER)
    return Path(folder) / f"week_{key}" if folder and Path(folder).is_dir() else None


@contextmanager
def in_this_thread() -> Iterator[None]:
    """Lets SQLite's driver work here instead of in a thread of its own: a turn to a thread and back takes longer than
    what it does there. Only where one thing is done after the other: what waits for the database lets nobody else on.
    """

    async def execute(_self: Connection, work: Callable[..., Any], *about: Any, **how: Any) -> Any:
        return work(*about, **how)

    with ExitStack() as until:
        until.callback(setattr, sqlite_connection, "connect", sqlite_connection.connect)
        sqlite_connection.connect = _connect
        until.callback(setattr, Connection, "_execute", Connection._execute)
        Connection._execute = execute  # type: ignore[method-assign,assignment]
        for module, name, instead in (
            (drivers, "await_", _await_at_once),
            (sessions, "greenlet_spawn", _spawn),
            (engines, "greenlet_spawn", _spawn),
            (results, "greenlet_spawn", _spawn),
        ):
            until.callback(setattr, module, name, getattr(module, name))
            setattr(module, name, instead)
        yield


class _NoThread:
    """What a connection needs of a thread where it needs none."""

    daemon = True

    def start(self) -> None:
        """There is nothing to start."""

    def put_nowait(self, asked: tuple[Future[Any] | None, Callable[[], Any]]) -> None:
        """What is handed to the thread is done here."""
        future, work = asked
        try:
            found = work()
        except Exception as error:
            if future is None:
                raise
            future.set_exception(error)
        else:
            if future is not None:
                future.set_result(found)


def _connect(path: str, was_open: Callable[[], bool] = lambda: False, **how: Any) -> OneTripConnection:
    """As the program's own, but for the thread: to start and end one takes as long as a few statements."""
    opened = _usual(path, was_open, **{**how, "check_same_thread": False})
    opened._thread = opened._tx = _NoThread()  # type: ignore[assignment]
    return opened


_usual = sqlite_connection.connect


def _await_at_once(work: Coroutine[Any, Any, Any]) -> Any:
    """What a driver does: done where it is asked, as far as it waits for nothing. SQLAlchemy would go back to the loop
    for every step of it, which is a fifteenth of the time of a test."""
    try:
        waiting = work.send(None)
    except StopIteration as done:
        return done.value
    return await_(_go_on(work, waiting))


@coroutine
def _go_on(work: Coroutine[Any, Any, Any], waiting: Any) -> Generator[Any, Any, Any]:
    """The rest of it, which waits for something."""
    while True:
        try:
            found = yield waiting
        except BaseException as error:
            step = partial(work.throw, error)
        else:
            step = partial(work.send, found)
        try:
            waiting = step()
        except StopIteration as done:
            return done.value


def _spawn(work: Callable[..., Any], *about: Any, _require_await: bool = False, **how: Any) -> Coroutine[Any, Any, Any]:
    """SQLAlchemy's own, which would take it for a mistake that nothing was waited for."""
    return greenlet_spawn(work, *about, **how)
