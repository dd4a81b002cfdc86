"""Where the app is installed: kept sealed, ended once and for what stands, renewed by one process alone."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from dataclasses import replace

import pytest
from sqlalchemy import select, update

from bot.clock import FixedCalendar, SystemElapsedTime
from bot.domain.installations import Ended, Installation, Tokens
from bot.domain.people import Workspace
from bot.sealing import Seal, new_key
from bot.services import Services
from bot.services.installations import REFRESH_BEFORE
from bot.store.database import Database, database_url
from bot.store.installations import InstallationRow
from tests.clocks import MovedClock
from tests.conftest import MONDAY_SEVEN

KEY = new_key()


def installation(team_id: str, **tokens: object) -> Installation:
    return Installation(
        workspace=Workspace(team_id=team_id, name=f"Name of {team_id}", enterprise_id=None, bot_user_id="UBOT"),
        app_id="A1",
        scopes=frozenset({"chat:write"}),
        tokens=Tokens(bot=f"xoxb-{team_id}", **tokens),  # type: ignore[arg-type]
        installed_by="U1",
    )


@pytest.fixture
async def processes(any_url: str) -> AsyncIterator[list[Services]]:
    databases = [Database(database_url(any_url)) for _ in range(2)]
    yield [
        Services(one, FixedCalendar(MONDAY_SEVEN), MovedClock(), owner=f"p{number}", seal=Seal([KEY]))
        for number, one in enumerate(databases)
    ]
    for one in databases:
        await one.close()


async def test_installed_again_the_newer_tokens_count_and_no_row_comes_twice(processes: list[Services]) -> None:
    first, second = (one.installations for one in processes)
    await first.keep(installation("T1"))
    before = await second.versions()
    await second.keep(replace(installation("T1"), tokens=Tokens(bot="xoxb-newer")))
    [found] = await first.every()
    assert (found.tokens.bot, found.workspace.name) == ("xoxb-newer", "Name of T1")
    assert (await first.versions())["T1"] == before["T1"] + 1
    assert "xoxb" not in repr(found)


async def test_what_has_ended_is_not_served_and_what_was_installed_since_stands(processes: list[Services]) -> None:
    first, second = (one.installations for one in processes)
    await first.keep(installation("T1"))
    await first.keep(installation("T2"))
    then = MONDAY_SEVEN.timestamp()
    assert not await second.end("T1", None, Ended.UNINSTALLED, then - 60), "that was told of an earlier one"
    assert await second.end("T1", None, Ended.REVOKED, then)
    assert await second.end("T1", None, Ended.UNINSTALLED, then), "removing it takes the token back too"
    assert not await second.end("T1", None, Ended.UNINSTALLED, then)
    assert not await second.end("T9", None, Ended.UNINSTALLED, then)
    assert [one.team_id for one in await first.every()] == ["T2"]
    assert await first.of_team("T1") is None
    assert [(one.team_id, one.ended) for one in await first.states()] == [("T1", Ended.UNINSTALLED), ("T2", None)]
    async with processes[0].database.read() as session:
        row = (await session.scalars(select(InstallationRow).filter_by(team_id="T1"))).one()
    assert (row.token, row.refresh_token, row.name) == (None, None, "Name of T1")


async def test_another_organizations_word_ends_nothing(processes: list[Services]) -> None:
    one = installation("T1")
    await processes[0].installations.keep(replace(one, workspace=replace(one.workspace, enterprise_id="E1")))
    assert not await processes[0].installations.end("T1", "E2", Ended.UNINSTALLED)
    assert await processes[0].installations.end("T1", "E1", Ended.UNINSTALLED)


async def test_a_row_that_got_another_workspaces_token_opens_nothing(processes: list[Services]) -> None:
    installations = processes[0].installations
    await installations.keep(installation("T1"))
    await installations.keep(installation("T2"))
    async with processes[0].database.write() as session:
        token = await session.scalar(select(InstallationRow.token).filter_by(team_id="T1"))
        await session.execute(update(InstallationRow).filter_by(team_id="T2").values(token=token))
    assert [one.team_id for one in await installations.every()] == ["T1"]
    assert [one.is_readable for one in await installations.states()] == [True, False]


@pytest.mark.at_once
async def test_of_processes_one_alone_asks_for_newer_tokens_and_only_before_they_end(processes: list[Services]) -> None:
    first, second = (one.installations for one in processes)
    ends = SystemElapsedTime().epoch() + REFRESH_BEFORE + 60
    await first.keep(installation("T1", refresh="xoxe-1", expires_at=ends))
    await first.keep(installation("T2"))
    assert await first.take_refresh() is None, "there is time"
    _move_on(processes, 120.0)
    taken = await asyncio.gather(*(one.take_refresh() for one in (first, second, first, second)))
    [mine] = [one for one in taken if one is not None]
    assert mine.tokens.refresh == "xoxe-1"
    _move_on(processes, 240.0)
    again = await second.take_refresh()
    assert again is not None, "who asked first has died over it"
    await second.refreshed(again, Tokens(bot="xoxb-newer", refresh="xoxe-2", expires_at=ends + 43_200))
    # The first comes back after all: what it brings is older than what stands.
    await first.refreshed(replace(mine, version=mine.version - 1), Tokens(bot="xoxb-old", refresh="xoxe-0"))
    found = await first.of_team("T1")
    assert found is not None
    assert (found.tokens.bot, found.tokens.refresh) == ("xoxb-newer", "xoxe-2")
    assert await first.take_refresh() is None


def _move_on(processes: Sequence[Services], seconds: float) -> None:
    for one in processes:
        assert isinstance(one.deliveries.elapsed, MovedClock)
        one.deliveries.elapsed.ahead = seconds


async def test_keys_change_one_after_the_other(processes: list[Services], any_url: str) -> None:
    await processes[0].installations.keep(installation("T1", refresh="xoxe-1", expires_at=1.0))
    newer = new_key()
    database = processes[1].database
    both = Services(database, FixedCalendar(MONDAY_SEVEN), SystemElapsedTime(), seal=Seal([newer, KEY]))
    assert await both.installations.reseal() == (1, ())
    new = Services(database, FixedCalendar(MONDAY_SEVEN), SystemElapsedTime(), seal=Seal([newer]))
    [found] = await new.installations.every()
    assert (found.tokens.bot, found.tokens.refresh) == ("xoxb-T1", "xoxe-1")
    assert await processes[0].installations.every() == (), "the key before opens it no more"
    assert await processes[0].installations.reseal() == (0, ("Name of T1",))
