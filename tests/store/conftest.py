"""A coalition whose first week was lived through, until there is something in every table; lived once, copied for each
test."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from bot.clock import FixedCalendar
from tests.conftest import MONDAY_SEVEN, made_once, postgres_copy, postgres_made_once, staged
from tests.engines import in_this_thread
from tests.services.stage import Stage, play_until_digest, use_the_rest


async def use(url: str) -> None:
    """Lives through that week."""
    async with staged(url, FixedCalendar(MONDAY_SEVEN)) as stage:
        await play_until_digest(stage)
        await use_the_rest(stage)


@pytest.fixture(scope="session")
def sqlite_used(tmp_path_factory: pytest.TempPathFactory, sqlite_sample_template: Path) -> Path:
    """A SQLite database of which that is so."""
    with made_once(tmp_path_factory, "used.db") as (shared, here):
        if here is not None:
            shutil.copy(sqlite_sample_template, here)
            with in_this_thread():
                asyncio.run(use(f"sqlite:///{here}"))
    return shared


@pytest.fixture(scope="session")
def postgres_used(tmp_path_factory: pytest.TempPathFactory, postgres_server: str, postgres_sample_template: str) -> str:
    """The name of such a PostgreSQL database."""
    with postgres_made_once(tmp_path_factory, postgres_server, "template_used", postgres_sample_template) as url:
        if url is not None:
            asyncio.run(use(url))
    return "template_used"


@pytest.fixture
def sqlite_used_url(sqlite_used: Path, tmp_path: Path) -> str:
    """A copy of it, as DATABASE_URL."""
    path = tmp_path / "used.db"
    shutil.copy(sqlite_used, path)
    return f"sqlite:///{path}"


@pytest.fixture
def postgres_used_url(postgres_server: str, postgres_used: str) -> Iterator[str]:
    """A copy of it, as DATABASE_URL."""
    with postgres_copy(postgres_server, postgres_used) as url:
        yield url


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def used_url(request: pytest.FixtureRequest) -> str:
    """A copy of each kind in turn."""
    url: str = request.getfixturevalue(f"{request.param}_used_url")
    return url


@pytest.fixture
async def used(used_url: str, calendar: FixedCalendar) -> AsyncIterator[Stage]:
    """A coalition with something in every table."""
    async with staged(used_url, calendar) as opened:
        yield opened
