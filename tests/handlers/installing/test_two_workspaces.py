"""Two workspaces in one process, on one database: whoever and whatever is of one reaches nothing of the other."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace

import pytest
from sqlalchemy import select

from bot.clock import FixedCalendar
from bot.doctor import _installations
from bot.domain.outbox import NOT_INSTALLED, State
from bot.domain.record import Record
from bot.store.outbox import DeliveryRow
from tests.conftest import MONDAY_SEVEN
from tests.handlers.installing.stage import DEMO, RIVER, Installed, installed
from tests.handlers.stage import words
from tests.marked import marked
from tests.schedules.stage import at

MARK = "◆"


@pytest.fixture
async def stage(sqlite_sample_url: str, sample: Record) -> AsyncIterator[Installed]:
    """Each word of River's coalition is marked."""
    async with installed(sqlite_sample_url, sample, FixedCalendar(MONDAY_SEVEN)) as found:
        theirs = marked(sample, MARK)
        coalition = replace(theirs.coalition, id="river-forks")
        await found.bot.services.coalitions.import_record(replace(theirs, coalition=coalition), as_key="river-forks")
        for team_id, key in ((DEMO, "limestone-bend"), (RIVER, "river-forks")):
            await found.install(team_id)
            await found.move_in(team_id, key)
            await found.go_live(team_id)
        yield found


def said_in(stage: Installed, team_id: str) -> str:
    """Whatever the bot called of Slack with this workspace's token, its arguments included."""
    return "\n".join(str(entry["request"]) for entry in stage.sandbox(team_id).wire.after())


async def test_what_was_removed_waits_while_the_other_goes_on_and_each_hears_by_its_own_token(
    stage: Installed,
) -> None:
    stage.town.uninstall(DEMO)
    await stage.sandbox(DEMO).settled()
    await stage.sandbox(DEMO).until(lambda: stage.bot.workspaces.of_workspace(None, DEMO) is None)
    stage.calendar.set(at("11-24 09:00"))
    await stage.bot.settle()
    assert stage.dms(RIVER, "imani")
    assert not stage.dms(DEMO, "imani")
    await stage.bot.keep_house()
    async with stage.bot.services.database.read() as session:
        waiting = (await session.scalars(select(DeliveryRow).where(DeliveryRow.reason == NOT_INSTALLED.words))).all()
    assert waiting
    assert {row.coalition_id for row in waiting} == {(await stage.bot.services.coalitions.find("limestone-bend")).id}
    [removed, stands] = [one.text for one in await _installations(stage.bot.services)]
    assert removed.startswith("The app was removed from Workspace T0DEMO.")
    assert "messages wait for it. Install it there again" in removed
    assert stands == "The app is installed in Workspace T0RIVER."
    await stage.install(DEMO)
    await stage.bot.settle()
    assert stage.dms(DEMO, "imani"), "nothing of it was taken away"
    # Both were written to by now: each with its own words.
    for team_id in (DEMO, RIVER):
        assert stage.dms(team_id, "imani")
        imani = stage.person(team_id, "imani")
        assert (await imani.command("/action", "A-101")).ok
        await imani.until(lambda who=imani: who.ephemerals)  # type: ignore[misc]
        await imani.open_home()
        await imani.until(lambda who=imani: who.home() is not None)  # type: ignore[misc]
        shown = words(imani.home()) + words(imani.ephemerals[-1])
        assert (MARK in shown) is (team_id == RIVER)
    assert MARK not in said_in(stage, DEMO)
    assert MARK in said_in(stage, RIVER)
    async with stage.bot.services.database.read() as session:
        rows = (await session.scalars(select(DeliveryRow).where(DeliveryRow.state == State.SENT))).all()
    posts = {team_id: {post.ts for post in stage.sandbox(team_id).record.posts} for team_id in (DEMO, RIVER)}
    for row in rows:
        team_id = DEMO if row.coalition_id == stage.coalition_id(DEMO) else RIVER
        assert row.ts in posts[team_id]
