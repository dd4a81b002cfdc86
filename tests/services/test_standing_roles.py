"""A second check-in on a priority: its answers leave the weekly standing alone, on every screen and after changes."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import select

from bot.clock import FixedCalendar
from bot.domain import record as values
from bot.domain.digest_parts import PriorityPart
from bot.errors import UserError
from bot.services import Services
from bot.store.cadences import CadenceRow
from bot.store.checkins import RoundRow, RoundSubjectRow
from tests.builders import cadence
from tests.services.small import friday, questions, small, weekly
from tests.services.stage import Stage

STOCK = questions(
    id="stock",
    title="Stocktake",
    questions=(
        values.Question(id="assessment", type="choice", label="How?", options=("on_track", "off_track")),
        values.Question(id="blocker", type="text", label="In the way?"),
        values.Question(id="moved", type="text", label="Story?"),
    ),
)


def daily(**fields: Any) -> values.Cadence:
    """A stocktake each Wednesday that feeds nothing."""
    usual: dict[str, Any] = {"question_set": "stock", "rrule": "FREQ=WEEKLY;BYDAY=WE", "dtstart": FIRST}
    return cadence("stock", **(usual | fields))


FIRST = cadence().dtstart.replace(day=7)


@pytest.fixture
async def stage(services: Services, calendar: FixedCalendar) -> Stage:
    record = small(cadences=(friday(), weekly(), daily()), question_sets=(questions(), STOCK))
    found = await Stage.with_record(services, calendar, record)
    await found.link()
    await found.join_channels()
    await found.go_live()
    return found


async def live(stage: Stage, *moments: str) -> None:
    for moment in moments:
        stage.at(moment)
        await stage.settle()


async def subject_of(stage: Stage, check_in: str) -> int:
    async with stage.services.database.read() as session:
        found = await session.scalar(
            select(RoundSubjectRow.id)
            .join(RoundRow, RoundRow.id == RoundSubjectRow.round_id)
            .join(CadenceRow, CadenceRow.id == RoundRow.cadence_id)
            .where(CadenceRow.key == check_in)
            .order_by(RoundSubjectRow.opens_at.desc())
        )
    assert found is not None
    return found


async def answer(stage: Stage, check_in: str, **said: str) -> None:
    actor, subject = await stage.actor("ana"), await subject_of(stage, check_in)
    form = f"{check_in}:{stage.calendar.now()}"
    await stage.services.check_ins.submit(actor, form, subject, said)


async def part(stage: Stage) -> PriorityPart:
    (one,) = (await stage.services.digests.compose(stage.operator, stage.calendar.now())).priorities
    return one


WEEKLY = {"assessment": "at_risk", "confidence": "5", "moved": "One offer.", "blocker": "Pay.", "next": "Signed."}


async def test_a_stocktakes_answer_does_not_overwrite_the_weekly_standing(stage: Stage) -> None:
    await live(stage, "2026-11-24T08:45", "2026-11-24T09:00")
    await answer(stage, "weekly", **WEEKLY)
    before = await part(stage)
    await live(stage, "2026-11-25T08:45", "2026-11-25T09:00")
    await answer(stage, "stock", assessment="on_track", blocker="Nothing.", moved="It bends.")
    found = await part(stage)
    assert (replace(found.standing, age_days=0), found.confidence, found.moved, found.blocker) == (
        before.standing,
        before.confidence,
        "One offer.",
        "Pay.",
    )
    await live(stage, "2026-11-26T12:05", "2026-12-01T08:45", "2026-12-01T09:00")
    form = await stage.services.check_ins.form(await stage.actor("ana"), await subject_of(stage, "weekly"))
    assert form.promise == "Signed."
    (item,) = await stage.services.check_ins.open_for(await stage.actor("ana"))
    assert (item.last_assessment, item.last_confidence, str(item.last_on)) == ("at_risk", 5, "2026-11-24")


async def test_unanswered_rounds_of_another_set_make_nobody_silent(stage: Stage) -> None:
    await live(stage, "2026-11-24T08:45", "2026-11-24T09:00")
    await answer(stage, "weekly", **WEEKLY)
    await live(stage, "2026-11-25T08:45", "2026-11-25T09:00", "2026-11-27T12:05")
    assert (await part(stage)).standing.silent_rounds == 0
    await live(stage, "2026-12-01T08:45", "2026-12-01T09:00", "2026-12-03T12:05")
    assert (await part(stage)).standing.silent_rounds == 1


async def test_a_successor_goes_on_from_what_was_said_before_and_past_answers_keep_their_role(stage: Stage) -> None:
    await live(stage, "2026-11-24T08:45", "2026-11-24T09:00")
    await answer(stage, "weekly", **WEEKLY)
    await live(stage, "2026-11-25T08:45", "2026-11-25T09:00")
    await answer(stage, "stock", assessment="on_track", moved="It bends.")
    record = small(
        cadences=(friday(), weekly(feeds=None, paused_at=stage.calendar.now()), daily(feeds="friday")),
        question_sets=(questions(), STOCK),
    )
    await stage.services.coalitions.import_record(record, prefer_file=True)
    assert (await part(stage)).standing.assessment == "at_risk", "a stocktake of before is one for ever"
    await live(stage, "2026-11-27T12:05", "2026-12-02T08:45", "2026-12-02T09:00")
    (item,) = await stage.services.check_ins.open_for(await stage.actor("ana"))
    assert (item.last_assessment, str(item.last_on)) == ("at_risk", "2026-11-24")
    for day in ("2026-12-02", "2026-12-09", "2026-12-16"):
        await live(stage, f"{day}T08:45", f"{day}T09:00")
        again = stage.services.check_ins.repeat_last(await stage.actor("ana"), day, await subject_of(stage, "stock"))
        if day != "2026-12-16":
            await again
            continue
        with pytest.raises(UserError, match="at most twice in a row"):
            await again
    found = await part(stage)
    assert (found.standing.assessment, str(found.standing.since)) == ("at_risk", "2026-11-24")
