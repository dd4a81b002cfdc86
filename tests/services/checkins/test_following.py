"""The round of a stocktake goes along with the meeting at which stock is taken: told at once, asked once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

import pytest

from bot.clock import FixedCalendar
from bot.domain.meetings import MeetingRef
from bot.domain.record import Record
from bot.domain.record import record as values
from bot.domain.rhythm import STOCKTAKE, place
from bot.errors import UserError
from bot.files.coalition_file import load_coalition_file
from bot.services import Services
from bot.slack.blocks.checkins import SKIP_ROUND_FORM, before_saving_view, preview_message
from bot.slack.blocks.meetings import change_message
from tests.builders import cadence, meeting, member, priority
from tests.services.coalition.test_exports import exported
from tests.services.lived import once
from tests.services.own_set import live
from tests.services.reading import messages, read
from tests.services.small import friday, questions, small, weekly
from tests.services.stage import Stage

pytestmark = pytest.mark.usefixtures("one_after_the_other")

ROUND, HELD = datetime.fromisoformat("2026-12-17T09:00"), datetime.fromisoformat("2026-12-24T13:00")
TAKEN = meeting("taken", "2026-01-22T13:00", kind="stocktake", name="Taking stock", rrule="FREQ=MONTHLY;BYDAY=4TH")
ASKED = replace(
    cadence("stock", question_set=STOCKTAKE.id, name="Stocktake by owners", rrule="FREQ=MONTHLY;BYDAY=3TH"),
    dtstart=datetime.fromisoformat("2026-01-15T09:00"),
    closes_after_hours=120,
    reminder_after_hours=72,
    delegate_after_hours=96,
)


def taking_stock(*, asked: bool = True, taken: values.Cadence = TAKEN) -> Record:
    """Ana's priority, and Eve's in Eastern time: asked on the third Thursday, stock is taken on the fourth."""
    found = small(
        priorities=(priority("p1"), priority("p2", owner="eve")),
        cadences=(friday(), weekly(), *((ASKED,) if asked else ()), taken),
        question_sets=(questions(), *((STOCKTAKE,) if asked else ())),
    )
    return replace(found, members=(*found.members, member("eve", timezone="America/New_York")))


@once
async def begun(services: Services, calendar: FixedCalendar, file: Record, at: str = "2026-12-07T08:00") -> Stage:
    stage = await Stage.with_record(services, calendar, file)
    await stage.link()
    await stage.go_live()
    await live(stage, at)
    return stage


def at(text: str) -> datetime:
    return datetime.fromisoformat(text)


async def move(stage: Stage, to: str) -> str:
    found = await stage.services.meetings.move(await stage.actor("lou"), MeetingRef("taken", HELD), at(to))
    return read(change_message(found))


async def asked(stage: Stage, who: str = "ana") -> int:
    """How many messages ask somebody for the stocktake."""
    return sum("Monthly stocktake: Priority" in one for one in await messages(stage, who))


async def moves(stage: Stage) -> Sequence[values.Move]:
    return next(one for one in (await stage.record()).cadences if one.id == "stock").moves


@pytest.fixture
async def stage(services: Services, calendar: FixedCalendar) -> Stage:
    return await begun(services, calendar, taking_stock())


async def test_it_opens_as_long_ahead_of_the_moved_meeting_and_once(
    services: Services, calendar: FixedCalendar
) -> None:
    """Moved twice, of which the first is taken for nothing."""
    stage = await begun(services, calendar, taking_stock())
    assert "Stocktake by owners goes along and opens Thu Dec 24, 9:00 AM." in await move(stage, "2026-12-31T10:00")
    assert "Stocktake by owners goes along and opens Tue Dec 22, 9:00 AM." in await move(stage, "2026-12-29T10:00")
    lou = await stage.actor("lou")
    preview = await stage.services.checkin_cadences.preview(lou, "stock")
    assert "Tue Dec 22 (moved from Thu Dec 17)" in read(preview_message(preview))
    upcoming = await stage.services.checkin_cadences.upcoming(lou, "stock")
    assert "Tue Dec 22, 9:00 AM (moved from Thu Dec 17)" in str(SKIP_ROUND_FORM.view(upcoming))
    await live(stage, "2026-12-17T09:00")
    assert (await asked(stage), await asked(stage, "eve")) == (0, 0)
    await live(stage, "2026-12-22T08:00")
    assert (await asked(stage), await asked(stage, "eve")) == (0, 1), "each on their own clock"
    await live(stage, "2026-12-22T09:00", "2026-12-24T09:00")
    assert (await asked(stage), await asked(stage, "eve")) == (1, 1)
    # Back again changes nothing of what is open.
    assert "goes along" not in await move(stage, "2026-12-30T10:00")
    await live(stage, "2026-12-29T09:00")
    assert (await asked(stage), await asked(stage, "eve")) == (1, 1)
    assert [one.to for one in await moves(stage)] == [at("2026-12-22T09:00")]


async def test_a_round_that_is_about_to_open_for_somebody_stays(stage: Stage) -> None:
    """Eve's clock is an hour ahead, and her message is planned half an hour before it goes."""
    await live(stage, "2026-12-17T07:40")
    assert "goes along" not in await move(stage, "2026-12-29T10:00")
    await live(stage, "2026-12-17T08:00", "2026-12-17T09:00", "2026-12-22T09:00")
    assert (await asked(stage), await asked(stage, "eve")) == (1, 1)
    assert await moves(stage) == ()


async def test_a_meeting_that_is_not_held_leaves_the_stock_due(stage: Stage) -> None:
    await move(stage, "2026-12-29T10:00")
    found = await stage.services.meetings.skip(await stage.actor("lou"), MeetingRef("taken", HELD))
    told = read(change_message(found))
    assert "Stocktake by owners opens Thu Dec 17, 9:00 AM all the same; “checkin skip” leaves it out." in told
    await live(stage, "2026-12-17T09:00")
    assert await asked(stage) == 1


async def test_a_file_that_moves_the_meeting_moves_the_round_with_the_next_look(stage: Stage) -> None:
    moved = place(TAKEN, HELD, at("2026-12-29T10:00"))
    await stage.services.coalitions.import_record(taking_stock(taken=moved), prefer_file=True)
    await stage.settle()
    kept = await moves(stage)
    assert [(one.to, one.follows) for one in kept] == [(at("2026-12-22T09:00"), at("2026-12-29T10:00"))]
    loaded = load_coalition_file(await exported(stage))
    assert loaded.problems == ()
    assert loaded.record is not None
    assert next(one for one in loaded.record.cadences if one.id == "stock").moves == tuple(kept)
    await stage.settle()
    assert await moves(stage) == kept


async def test_one_that_is_started_afterwards_goes_along_as_its_preview_says(
    services: Services, calendar: FixedCalendar
) -> None:
    moved = place(TAKEN, HELD, at("2026-12-29T10:00"))
    stage = await begun(services, calendar, taking_stock(asked=False, taken=moved))
    lou = await stage.actor("lou")
    shown = await services.checkin_drafts.stocktake(lou)
    assert "Tue Dec 22 (moved from Thu Dec 17)" in read(before_saving_view(shown))
    await services.checkin_drafts.save(lou, shown.token)
    made = next(one for one in (await stage.record()).cadences if one.name == "Monthly stocktake")
    assert [one.to for one in made.moves] == [at("2026-12-22T09:00")]


async def test_by_hand_it_goes_where_somebody_puts_it(stage: Stage) -> None:
    await move(stage, "2026-12-29T10:00")
    lou, checkins = await stage.actor("lou"), stage.services.checkin_cadences
    with pytest.raises(UserError, match="the meeting that it leads to was moved"):
        await checkins.restore(lou, "stock", ROUND)
    await checkins.move(lou, "stock", ROUND, at("2026-12-18T09:00"))
    await move(stage, "2026-12-30T10:00")
    await stage.settle()
    assert [(one.to, one.follows) for one in await moves(stage)] == [(at("2026-12-18T09:00"), None)]
    # Taken back, it is again as long ahead as usual, and says so.
    back = await checkins.restore(lou, "stock", ROUND)
    assert back.at is not None
    assert back.at.date() == at("2026-12-23T09:00").date()
    await checkins.skip(lou, "stock", ROUND)
    await stage.settle()
    assert await moves(stage) == ()
    await live(stage, "2026-12-17T09:00", "2026-12-23T09:00")
    assert await asked(stage) == 0
