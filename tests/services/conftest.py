"""Services are asked one thing after the other, but where a test is about two at once."""

from __future__ import annotations

from collections.abc import AsyncIterator
from functools import partial

import pytest

from bot.clock import FixedCalendar
from bot.services import Services
from tests.conftest import SECOND, made_once, staged
from tests.sample import sample_record
from tests.services.lived import a_week, a_week_and_the_rest, know_record, once, share_lives
from tests.services.stage import Stage


@pytest.fixture(scope="session", autouse=True)
def _lives(tmp_path_factory: pytest.TempPathFactory) -> None:
    """What is lived through for several tests is so once for all workers."""
    share_lives(partial(made_once, tmp_path_factory))


@pytest.fixture(autouse=True)
def _in_turn(request: pytest.FixtureRequest) -> None:
    """SQLite works in the test's own thread; a test marked `at_once` leaves it its own."""
    if request.node.get_closest_marker("at_once") is None:
        request.getfixturevalue("one_after_the_other")


@once
async def _linked(services: Services, calendar: FixedCalendar) -> Stage:
    stage = await Stage.with_record(services, calendar, sample_record())
    await stage.link()
    await stage.go_live()
    return stage


@once
async def _asked_at_nine(services: Services, calendar: FixedCalendar) -> Stage:
    stage = await _linked(services, calendar)
    stage.at("2026-11-23T09:00")
    await stage.settle()
    return stage


@once
async def _reached(services: Services, calendar: FixedCalendar) -> Stage:
    stage = await Stage.with_record(services, calendar, sample_record())
    await stage.link()
    await stage.join_channels()
    await stage.go_live()
    return stage


@pytest.fixture
async def linked(services: Services, calendar: FixedCalendar) -> Stage:
    """The sample on SQLite, live on Monday at seven, everybody by their account."""
    return await _linked(services, calendar)


@pytest.fixture
async def asked_at_nine(services: Services, calendar: FixedCalendar) -> Stage:
    """The same once everybody is asked, on Monday at nine."""
    return await _asked_at_nine(services, calendar)


@pytest.fixture
async def reached(services: Services, calendar: FixedCalendar) -> Stage:
    """The sample live on Monday at seven, everybody by their account, with all its channels."""
    return await _reached(services, calendar)


@pytest.fixture
async def played(services: Services, calendar: FixedCalendar) -> Stage:
    """The sample on SQLite after a live week up to its digest."""
    return await a_week(services, calendar)


@pytest.fixture
async def any_played(any_services: Services, calendar: FixedCalendar) -> Stage:
    """The same on each kind of database."""
    return await a_week(any_services, calendar)


@pytest.fixture
async def used(services: Services, calendar: FixedCalendar) -> Stage:
    """The sample on SQLite after that week and all that people do besides."""
    return await a_week_and_the_rest(services, calendar)


@pytest.fixture
async def any_used(any_services: Services, calendar: FixedCalendar) -> Stage:
    """The same on each kind of database."""
    return await a_week_and_the_rest(any_services, calendar)


@pytest.fixture
async def two(sqlite_two_url: str, calendar: FixedCalendar) -> AsyncIterator[tuple[Stage, Stage]]:
    """The sample as two drafts in one database on SQLite, on Monday at seven."""
    async with staged(sqlite_two_url, calendar) as first:
        ids = {one.key: one.id for one in await first.services.coalitions.all()}
        second = Stage(first.services, calendar, ids[SECOND])
        await know_record(first, "two", second)
        yield first, second
