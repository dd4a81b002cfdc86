"""The stage, with the sample imported as a draft, and the same stage live on its first Monday."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from bot.clock import FixedCalendar, SystemElapsedTime
from bot.domain.record import Record
from bot.services import Services
from bot.services.deliveries import Timing
from bot.store.database import Database, database_url
from tests.handlers.stage import Stage, stage_of

# A loaded machine must not make a lease run out: these tests are about words, not about leases.
UNHURRIED = Timing(lease=60.0, post_timeout=10.0, looks=(0.02, 0.05, 0.1), retry=0.05)


@pytest.fixture
async def stage(
    sqlite_sample_url: str, calendar: FixedCalendar, sample: Record, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[Stage]:
    """Monday, 7:00 AM: the sample is imported, nobody who is connected is linked, nothing is sent."""
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "http_proxy", "https_proxy"):
        monkeypatch.delenv(name, raising=False)
    database = Database(database_url(sqlite_sample_url))
    services = Services(database, calendar, SystemElapsedTime(), owner="test", timing=UNHURRIED)
    async with stage_of(services, calendar, sample) as running:
        yield running
    await database.close()


@pytest.fixture
async def live(stage: Stage) -> Stage:
    """Monday, 9:00 AM in Chicago: live, everybody linked, everybody's first message sent."""
    await stage.go_live()
    await stage.go("11-23 09:00")
    return stage


@pytest.fixture
async def empty(
    sqlite_url: str, calendar: FixedCalendar, sample: Record, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[Stage]:
    """Monday, 7:00 AM: the sample's workspace, and a bot that knows no coalition."""
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "http_proxy", "https_proxy"):
        monkeypatch.delenv(name, raising=False)
    database = Database(database_url(sqlite_url))
    services = Services(database, calendar, SystemElapsedTime(), owner="test", timing=UNHURRIED)
    async with stage_of(services, calendar, sample) as running:
        yield running
    await database.close()
