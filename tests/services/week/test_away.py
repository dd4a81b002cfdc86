"""The week ahead says of somebody who is away that they are, not that their hours are closed."""

from __future__ import annotations

from datetime import date, time

from bot.clock import FixedCalendar
from bot.domain.record import Away, Role
from bot.services import Services
from bot.slack.blocks.week import week_view
from tests.builders import member, priority
from tests.services.reading import read
from tests.services.small import friday, small, weekly
from tests.services.stage import Stage


async def test_who_is_away_is_said_to_be_away_and_until_when(services: Services, calendar: FixedCalendar) -> None:
    """Two who coordinate and two who own a priority, one of each with a stand-in who gets it."""
    away = (Away(start=date(2026, 11, 23), end=date(2026, 12, 4)),)
    staff = (Role(role="backbone_staff", scope="coalition"),)
    record = small(
        members=(
            member("ana", delegate="max", away=away),
            member("ben", away=away),
            member("cal"),
            member("lou", delegate="cal", away=away, roles=(Role(role="backbone_lead", scope="coalition"),)),
            member("pat", delegate="max", away=away, roles=staff),
            member("max", roles=staff),
            member("out", organization="other"),
        ),
        priorities=(priority(channel="p-one"), priority("p2", owner="ben")),
        cadences=(friday(owner_preview_at=time(15)), weekly()),
    )
    stage = await Stage.with_record(services, calendar, record)
    week = await stage.services.week.preview(await stage.actor("max"))
    said = read(week_view(week, may_start=False))
    assert "Pat, the coordinators' brief (away until Dec 4; Max stands in and gets it)" in said
    # A brief is for coordinators, whoever stands in.
    assert "Lou, the coordinators' brief (away until Dec 4)" in said
    # An owner without a stand-in sees no preview; with one it comes to them instead.
    assert "Ben, preview of their part of the digest (away until Dec 4)" in said
    assert "Ana, preview of their part" not in said
    assert "no open hour" not in said
