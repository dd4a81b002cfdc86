"""Who gets a preview of the digest: owners, and whoever an action in it names."""

from __future__ import annotations

from datetime import time

import pytest

from bot.clock import FixedCalendar
from bot.services import Services
from tests.builders import action
from tests.services.small import friday, small, weekly
from tests.services.stage import Stage


@pytest.mark.parametrize(("due", "to"), [("2026-11-20", ["ana", "cal"]), ("2026-12-20", ["ana"])])
async def test_who_owns_no_priority_gets_one_where_their_action_is_named(
    services: Services, calendar: FixedCalendar, due: str, to: list[str]
) -> None:
    """One that is overdue on the digest's day is named in it."""
    named = action("A-1", owner="cal", due=due, priority="p1")
    record = small(actions=[named], cadences=(friday(owner_preview_at=time(15)), weekly()))
    stage = await Stage.with_record(services, calendar, record)
    await stage.link()
    await stage.go_live()
    stage.at("2026-11-26T14:45")
    await stage.services.rhythm.plan()
    assert sorted(one.to for one in await stage.deliveries("owner_preview")) == to
