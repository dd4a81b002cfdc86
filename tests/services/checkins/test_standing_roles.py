"""A second check-in on a priority: its answers leave the weekly standing alone, on every screen and after changes."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.clock import FixedCalendar
from bot.domain.digests import PriorityPart
from bot.errors import UserError
from bot.services import Services
from tests.services.own_set import WEEKLY, asked_both, asked_weekly, live, say, stocktake, subject_of, with_own_set
from tests.services.small import weekly
from tests.services.stage import Stage


@pytest.fixture
async def stage(services: Services, calendar: FixedCalendar) -> Stage:
    """On Wednesday at nine, once the weekly update was answered and the stocktake asked for."""
    return await asked_both(services, calendar)


async def part(stage: Stage) -> PriorityPart:
    (one,) = (await stage.services.digests.compose(stage.operator, stage.calendar.now())).priorities
    return one


async def test_a_stocktakes_answer_does_not_overwrite_the_weekly_standing(
    services: Services, calendar: FixedCalendar
) -> None:
    stage = await asked_weekly(services, calendar)
    await say(stage, "weekly", **WEEKLY)
    before = await part(stage)
    await live(stage, "2026-11-25T09:00")
    await say(stage, "stock", assessment="on_track", blocker="Nothing.")
    found = await part(stage)
    assert (replace(found.standing, age_days=0), found.confidence, found.moved, found.blocker) == (
        before.standing,
        before.confidence,
        "One offer.",
        "Pay.",
    )
    await live(stage, "2026-11-26T12:05", "2026-12-01T09:00")
    form = await stage.services.checkins.form(await stage.actor("ana"), await subject_of(stage, "weekly"))
    assert form.earlier is not None
    assert form.earlier.promise == "Signed."
    (item,) = (await stage.services.checkins.mine(await stage.actor("ana"))).open
    assert (item.last_assessment, item.last_confidence, str(item.last_on)) == ("at_risk", 5, "2026-11-24")


async def test_unanswered_rounds_of_another_set_make_nobody_silent(stage: Stage) -> None:
    await live(stage, "2026-11-27T12:05")
    assert (await part(stage)).standing.silent_rounds == 0
    await live(stage, "2026-12-01T09:00", "2026-12-03T12:05")
    assert (await part(stage)).standing.silent_rounds == 1


async def test_a_successor_goes_on_from_what_was_said_before_and_past_answers_keep_their_role(stage: Stage) -> None:
    await say(stage, "stock", assessment="on_track")
    paused = weekly(feeds=None, paused_at=stage.calendar.now())
    record = with_own_set(paused, stocktake(feeds="friday"))
    await stage.services.coalitions.import_record(record, prefer_file=True)
    assert (await part(stage)).standing.assessment == "at_risk", "a stocktake of before is one for ever"
    await live(stage, "2026-11-27T12:05", "2026-12-02T09:00")
    (item,) = (await stage.services.checkins.mine(await stage.actor("ana"))).open
    assert (item.last_assessment, str(item.last_on)) == ("at_risk", "2026-11-24")
    for day in ("2026-12-02", "2026-12-09", "2026-12-16"):
        await live(stage, f"{day}T08:45", f"{day}T09:00")
        again = stage.services.checkins.repeat_last(await stage.actor("ana"), day, await subject_of(stage, "stock"))
        if day != "2026-12-16":
            await again
            continue
        with pytest.raises(UserError, match="at most twice in a row"):
            await again
    found = await part(stage)
    assert (found.standing.assessment, str(found.standing.since)) == ("at_risk", "2026-11-24")
