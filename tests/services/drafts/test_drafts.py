"""What somebody typed and has not said yes to."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.errors import UserError
from bot.services.drafts import Drafts
from bot.services.drafts.drafts import KEPT
from tests.services.stage import Stage

LINES = Drafts("line", "Type it again.")


async def test_a_draft_is_its_writers_alone_and_goes_after_a_week(stage: Stage) -> None:
    omar, grant, now = await stage.actor("omar"), await stage.actor("grant"), stage.calendar.now()
    async with stage.services.database.write() as session:
        await LINES.keep(session, omar, "one", {"text": "Call"}, now)
        await LINES.keep(session, omar, "one", {"text": "Call the college"}, now)
        await Drafts("other", "").keep(session, omar, "one", {"text": "Another kind"}, now)
        assert await LINES.values(session, omar, "one") == {"text": "Call the college"}
        for whose, token in ((grant, "one"), (omar, "two")):
            assert await LINES.find(session, whose, token) is None
            with pytest.raises(UserError, match="Type it again"):
                await LINES.row(session, whose, token)
    async with stage.services.database.write() as session:
        await LINES.keep(session, omar, "two", {}, now + KEPT)
        assert await LINES.find(session, omar, "one") is not None, "a week to the moment is not over a week"
        await LINES.keep(session, omar, "two", {}, now + KEPT + timedelta(seconds=1))
        assert await LINES.find(session, omar, "one") is None
        assert await Drafts("other", "").find(session, omar, "one") is not None, "kinds go for themselves"
