"""What somebody typed and has not said yes to."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.errors import UserError
from bot.services.access import Transaction
from bot.services.drafts import Drafts
from bot.services.drafts.drafts import KEPT
from tests.services.stage import Stage

LINES = Drafts("line", "Type it again.")


async def test_a_draft_is_its_writers_alone_and_goes_after_a_week(stage: Stage) -> None:
    omar, grant, now = await stage.actor("omar"), await stage.actor("grant"), stage.calendar.now()
    async with stage.services.database.write() as session:
        tx = Transaction(session, stage.coalition_id, now)
        mine = tx.by(omar)
        await LINES.keep(mine, "one", {"text": "Call"})
        await LINES.keep(mine, "one", {"text": "Call the college"})
        await Drafts("other", "").keep(mine, "one", {"text": "Another kind"})
        assert await LINES.values(mine, "one") == {"text": "Call the college"}
        for whose, token in ((grant, "one"), (omar, "two")):
            assert await LINES.find(tx.by(whose), token) is None
            with pytest.raises(UserError, match="Type it again"):
                await LINES.row(tx.by(whose), token)
    async with stage.services.database.write() as session:
        mine = Transaction(session, stage.coalition_id, now + KEPT).by(omar)
        await LINES.keep(mine, "two", {})
        assert await LINES.find(mine, "one") is not None, "a week to the moment is not over a week"
        await LINES.keep(replace(mine, now=now + KEPT + timedelta(seconds=1)), "two", {})
        assert await LINES.find(mine, "one") is None
        assert await Drafts("other", "").find(mine, "one") is not None, "kinds go for themselves"
