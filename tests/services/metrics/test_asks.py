"""Stewards are asked for figures: due ones with the week's list, all in the quarter's round; and the week names it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from bot.clock import FixedCalendar
from bot.domain.metrics import figure_about, read_figure_about
from bot.domain.metrics.asks import AskedFigure
from bot.services import Services
from tests.sample import sample_record
from tests.services.lived import once
from tests.services.stage import Stage

ROUND = "2027-01-20"


@once
async def _in_january(services: Services, calendar: FixedCalendar) -> Stage:
    stage = await Stage.with_record(services, calendar, sample_record())
    stage.at("2027-01-19T12:00")
    await stage.link()
    await stage.join_channels()
    await stage.go_live()
    return stage


@pytest.fixture
async def stage(services: Services, calendar: FixedCalendar) -> Stage:
    """The sample on the day before the quarter's round, live since now."""
    return await _in_january(services, calendar)


def asked_in(seen: list[tuple[str, ...]]) -> list[str]:
    """The metrics of the figures in a message."""
    return sorted(one.split()[1] for items in seen for one in items if one.startswith("figure "))


async def test_the_quarters_round_asks_each_steward_once_in_one_message_on_their_own_clock(stage: Stage) -> None:
    preview = await stage.services.week.preview(stage.operator)
    assert "Quarterly metric refresh" not in preview.not_sent_yet
    told = {name for entry in preview.entries for name in entry.has("refresh")}
    # The preview tells of a bot that runs: what is due at this moment goes today, and leaves tomorrow to the round.
    await stage.settle()
    for hour in ("08:00", "10:00"):
        stage.at(f"{ROUND}T{hour}")
        await stage.settle()
    record = await stage.record()
    names = {member.id: member.name for member in record.members}
    asked = [one for one in await stage.deliveries("prompts") if "Jan 20" in one.due and asked_in([one.items])]
    assert {names[one.to] for one in asked} == told
    assert len({one.to for one in asked}) == len(asked), "one message each"
    luis = next(one for one in asked if one.to == "luis")
    assert (luis.due, asked_in([luis.items])) == ("Wed Jan 20 08:00", ["fa-quality", "fa-seats"]), "nine on his clock"

    before = len(asked)
    stage.at("2027-01-22T09:00")
    await stage.settle()
    again = [one for one in await stage.deliveries("prompts") if one.due > "" and asked_in([one.items])]
    assert sum("Jan 2" in one.due for one in again) == before, "nobody is asked a second time"


async def test_a_steward_whose_message_of_the_day_has_gone_is_asked_the_day_after_and_once(stage: Stage) -> None:
    """After downtime the word that a decision's day has passed goes first, and the round for figures is open a week."""
    preview = await stage.services.week.preview(stage.operator)
    told = {name for entry in preview.entries for name in entry.has("refresh")}
    # Nothing ran on the 19th.
    for moment in ("20T07:00", "20T10:00", "21T10:00"):
        stage.at(f"2027-01-{moment}")
        await stage.settle()
    names = {member.id: member.name for member in (await stage.record()).members}
    asked = [one for one in await stage.deliveries("prompts") if one.state == "sent" and asked_in([one.items])]
    assert {names[one.to] for one in asked} == told
    marcus = next(one for one in asked if one.to == "marcus")
    assert (marcus.due, asked_in([marcus.items])) == ("Thu Jan 21 09:00", ["fa-commute", "sg-firms"])
    figures = [figure for one in asked for figure in asked_in([one.items])]
    assert len(set(figures)) == len(figures), "each figure once"


def test_what_an_item_is_about_comes_back() -> None:
    asked = AskedFigure("jq-wage", date(2026, 11, 23), date(2026, 9, 30))
    for one in (asked, replace(asked, wanted=None)):
        assert read_figure_about(figure_about(one)) == one
