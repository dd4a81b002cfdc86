"""The week ahead says of somebody who is away that they are, not that their hours are closed."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from bot.clock import FixedCalendar
from bot.domain.record import Away, Record
from bot.services import Services
from bot.slack.blocks.week import week_view
from tests.services.reading import read
from tests.services.stage import Stage


async def test_who_is_away_is_said_to_be_away_and_until_when(
    services: Services, calendar: FixedCalendar, sample: Record
) -> None:
    away = (Away(start=date(2026, 11, 23), end=date(2026, 12, 4)),)
    members = tuple(replace(one, away=away) if one.id in {"priya", "grant"} else one for one in sample.members)
    for stand_in, instead in ((None, ""), ("omar", "; Omar Castellanos stands in and gets it")):
        people = tuple(replace(one, delegate=stand_in) if one.id in {"priya", "grant"} else one for one in members)
        coalition = replace(sample.coalition, id=f"with-{stand_in}".lower())
        stage = await Stage.with_record(services, calendar, replace(sample, members=people, coalition=coalition))
        week = await stage.services.week.preview(await stage.actor("dana"))
        said = read(week_view(week, may_start=False))
        assert f"Priya Raman, the coordinators' brief (away until Dec 4{instead})" in said
        # An owner without a stand-in sees no preview; with one it comes to them instead.
        assert ("Grant Okafor, preview of their part of the digest (away until Dec 4)" in said) is (stand_in is None)
        assert "no open hour" not in said
