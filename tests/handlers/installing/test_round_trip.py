"""Installing by OAuth from the first click to the first answer, in a browser of its own; and what is refused."""

from __future__ import annotations

from collections.abc import AsyncIterator
from urllib.parse import parse_qsl, urlsplit

import pytest
from sqlalchemy import select

from bot.clock import FixedCalendar
from bot.connection.traffic import Refusal
from bot.demo import user_id_of
from bot.domain.record import Record
from bot.slack.manifest import OPTIONAL_SCOPES, SCOPES
from bot.store.installations import InstallationRow
from tests.conftest import MONDAY_SEVEN
from tests.handlers.installing.stage import ADMIN, DEMO, RIVER, Installed, browser, installed, visit


@pytest.fixture
async def stage(sqlite_sample_url: str, sample: Record) -> AsyncIterator[Installed]:
    async with installed(sqlite_sample_url, sample, FixedCalendar(MONDAY_SEVEN)) as found:
        yield found


async def row_of(stage: Installed, team_id: str) -> InstallationRow:
    async with stage.bot.services.database.read() as session:
        return (await session.scalars(select(InstallationRow).filter_by(team_id=team_id))).one()


async def test_a_workspace_is_served_as_soon_as_it_is_installed_and_no_other_one(stage: Installed) -> None:
    said = await stage.install(DEMO)
    assert (said.status, said.text) == (
        200,
        "Backbeat is in Workspace T0DEMO. An owner or admin writes /coalition setup there to begin.",
    )
    row = await row_of(stage, DEMO)
    token = stage.sandbox(DEMO)._core.bot_token
    assert row.token is not None
    assert token not in row.token
    assert (row.installed_by, set(row.scopes.split(","))) == (user_id_of(ADMIN), {*SCOPES, *OPTIONAL_SCOPES})
    marcus = stage.person(DEMO, "marcus")
    assert (await marcus.command("/action", "A-101")).ok
    await marcus.until(lambda: marcus.ephemerals)
    # Of the other workspace Slack says nothing, since the app isn't there. Should it do so, nothing is answered.
    stage.sandbox(RIVER)._core.is_installed = True
    stranger = stage.person(RIVER, "marcus")
    assert (await stranger.command("/action", "A-101")).ok
    await stranger.says("hello")
    await stage.sandbox(RIVER).settled()
    assert not stranger.ephemerals
    assert stage.bot.traffic.refused[Refusal.WORKSPACE] == 2
    assert [entry for entry in stage.sandbox(RIVER).wire.after() if entry["kind"] == "web_api"] == []


async def test_no_imported_coalition_moves_in_by_itself(stage: Installed) -> None:
    await stage.install(DEMO)
    assert not stage.bot.workspaces.coalitions, "whoever installs the app must not get somebody else's coalition"
    await stage.move_in(DEMO, "limestone-bend")
    assert stage.bot.workspaces.coalitions == {stage.coalition_id(DEMO)}


async def test_whoever_declines_or_comes_back_otherwise_reads_why(stage: Installed) -> None:
    said = await stage.install(DEMO, declined=True)
    assert (said.status, said.text) == (
        400,
        "Nothing was installed, since it was declined. Begin again from the install link.",
    )
    async with browser() as mine, browser() as others:
        where = dict(parse_qsl(urlsplit(await stage.begin(mine)).query))
        back = stage.town.allow(where, DEMO, user_id_of(ADMIN))
        assert "in another browser" in (await visit(others, back)).text
        assert (await visit(mine, back)).status == 200
        assert "opened already" in (await visit(mine, back)).text
        assert (
            "within ten minutes" in (await visit(mine, f"{stage.url}/slack/oauth_redirect?code=x&state=made-up")).text
        )
        again = dict(parse_qsl(urlsplit(await stage.begin(mine)).query))
        forged = f"{stage.url}/slack/oauth_redirect?code=forged&state={again['state']}"
        assert "doesn't know this code" in (await visit(mine, forged)).text
    assert len(stage.town.granted) == 1
