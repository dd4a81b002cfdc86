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
    # Two who coordinate and two who own a priority, one of each with a stand-in who gets it.
    stand_ins = {"priya": "omar", "dana": "imani", "tom": "omar", "grant": None}
    members = tuple(
        replace(one, away=away, delegate=stand_ins[one.id]) if one.id in stand_ins else one for one in sample.members
    )
    stage = await Stage.with_record(services, calendar, replace(sample, members=members))
    names = {one.id: one.name for one in members}
    week = await stage.services.week.preview(await stage.actor("omar"))
    said = read(week_view(week, may_start=False))
    assert "Priya Raman, the coordinators' brief (away until Dec 4; Omar Castellanos stands in and gets it)" in said
    # A brief is for coordinators, whoever stands in.
    assert f"{names['dana']}, the coordinators' brief (away until Dec 4)" in said
    # An owner without a stand-in sees no preview; with one it comes to them instead.
    assert f"{names['grant']}, preview of their part of the digest (away until Dec 4)" in said
    assert f"{names['tom']}, preview of their part" not in said
    assert "no open hour" not in said
