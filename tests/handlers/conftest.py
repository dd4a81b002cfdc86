"""The stage, with the sample imported as a draft, and the same stage live on its first Monday."""

from __future__ import annotations

import asyncio
import os
import pickle
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from bot.clock import FixedCalendar, SystemElapsedTime
from bot.demo import user_id_of
from bot.domain.record import Record
from bot.services import Services
from bot.services.sending import Timing
from bot.store.database import Database, database_url
from tests.conftest import MONDAY_SEVEN, made_once
from tests.handlers.stage import Stage, Still, stage_of

# A loaded machine must not make a lease run out: these tests are about words, not about leases.
UNHURRIED = Timing(lease=60.0, post_timeout=10.0, looks=(0.02, 0.05, 0.1), retry=0.05)


@pytest.fixture(autouse=True, scope="session")
def _no_proxy() -> None:
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "http_proxy", "https_proxy"):
        os.environ.pop(name, None)


@pytest.fixture(autouse=True)
def _in_turn(request: pytest.FixtureRequest) -> None:
    """SQLite works in the test's own thread; a test marked `at_once` leaves it its own."""
    if request.node.get_closest_marker("at_once") is None:
        request.getfixturevalue("one_after_the_other")


@asynccontextmanager
async def opened(url: str, calendar: FixedCalendar, sample: Record, still: Still | None = None) -> AsyncIterator[Stage]:
    """A stage on this database."""
    database = Database(database_url(url))
    services = Services(database, calendar, SystemElapsedTime(), owner="test", timing=UNHURRIED)
    async with stage_of(services, calendar, sample, still) as running:
        yield running
    await database.close()


@pytest.fixture
async def stage(sqlite_sample_url: str, calendar: FixedCalendar, sample: Record) -> AsyncIterator[Stage]:
    """Monday, 7:00 AM: the sample is imported, nobody who is connected is linked, nothing is sent."""
    async with opened(sqlite_sample_url, calendar, sample) as running:
        yield running


@pytest.fixture(scope="session")
def first_monday(
    tmp_path_factory: pytest.TempPathFactory, sqlite_sample_template: Path, sample: Record, _no_proxy: None
) -> tuple[Path, Still]:
    """The database and Slack on Monday, 9:00 AM: it takes a while to come there, so it is done once for all workers."""

    async def come_there(path: Path) -> Still:
        async with opened(f"sqlite:///{path}", FixedCalendar(MONDAY_SEVEN), sample) as stage:
            await stage.go_live()
            await stage.go("11-23 09:00")
            # Whoever has said that it sounds right has every button of the message as a button.
            for member in sample.members:
                actor = await stage.services.people.actor_of(stage.bot.token.team_id, user_id_of(member.id))
                if actor is not None:
                    await stage.services.first_contacts.confirm(actor)
            await stage.settle()
            await stage.edge.drain()
            return Still.of(stage)

    with made_once(tmp_path_factory, "first_monday.db") as (shared, here):
        slack = shared.with_suffix(".pickle")
        if here is not None:
            shutil.copy(sqlite_sample_template, here)
            slack.write_bytes(pickle.dumps(asyncio.run(come_there(here))))
    still: Still = pickle.loads(slack.read_bytes())
    return shared, still


@pytest.fixture
async def live(
    first_monday: tuple[Path, Still], tmp_path: Path, calendar: FixedCalendar, sample: Record
) -> AsyncIterator[Stage]:
    """Monday, 9:00 AM in Chicago: live, everybody linked, everybody's first message sent and found right."""
    path, still = first_monday
    copy = tmp_path / "live.db"
    shutil.copy(path, copy)
    async with opened(f"sqlite:///{copy}", calendar, sample, still) as running:
        yield running


@pytest.fixture
async def empty(sqlite_url: str, calendar: FixedCalendar, sample: Record) -> AsyncIterator[Stage]:
    """Monday, 7:00 AM: the sample's workspace, and a bot that knows no coalition."""
    async with opened(sqlite_url, calendar, sample) as running:
        yield running
