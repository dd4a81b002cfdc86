"""The stocktake of a priority: asked by the month, told with its forecast; what it asks to be decided is proposed."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from bot.clock import FixedCalendar
from bot.domain.checkins import NextKey
from bot.domain.digests import compose
from bot.domain.meetings import MeetingRef
from bot.domain.metrics import chart_of_line
from bot.domain.outbox import Kind
from bot.domain.record import Record
from bot.domain.rhythm import STOCKTAKE
from bot.errors import UserError
from bot.files.coalition_file import load_coalition_file
from bot.services import Services
from bot.slack.blocks.checkins import answers_message, before_saving_view, my_checkins_message
from bot.slack.blocks.histories import history_message
from bot.slack.blocks.meetings import agenda_message
from bot.slack.blocks.metrics import card_message as figure_message
from bot.slack.blocks.priorities import card_message
from bot.slack.identifiers import Action
from tests.builders import cadence, day, meeting, metric, priority, reading
from tests.services.coalition.test_exports import exported
from tests.services.lived import once
from tests.services.own_set import live, say
from tests.services.reading import messages, read
from tests.services.small import friday, questions, small, weekly
from tests.services.stage import Stage

TOLD = {
    "curve": "no",
    "story": "The spring cohort was half as large.",
    "change": "Open a second site.",
    "decision": "Pay for a second site by Dec 18",
    "forecast": "58.5",
    "forecast_on": "2027-03-31",
}
SITTING = meeting("sync", "2026-12-16T10:00", group="steering", rrule="FREQ=MONTHLY;BYDAY=3WE")
PLACED = metric("m1", reading("2026-06-30", 20), reading("2026-09-30", 30), name="People placed")


def taking_stock(**fields: Any) -> Record:
    """The small coalition whose owner is asked for a stocktake on the fourth Tuesday, a day before it is told here."""
    monthly = cadence(
        "stock", **({"question_set": STOCKTAKE.id, "name": "Monthly stocktake", "rrule": "FREQ=MONTHLY;BYDAY=4TU"})
    )
    monthly = replace(monthly, dtstart=monthly.dtstart.replace(day=27), closes_after_hours=120)
    usual: dict[str, Any] = {
        "priorities": (priority(channel="p-one", metrics=(PLACED,)),),
        "cadences": (friday(), weekly(), monthly, SITTING),
        "question_sets": (questions(), STOCKTAKE),
    }
    return small(**(usual | fields))


@once
async def begun(services: Services, calendar: FixedCalendar, file: Record) -> Stage:
    found = await Stage.with_record(services, calendar, file)
    await found.link()
    await found.join_channels()
    await found.go_live()
    await live(found, "2026-11-24T09:00")
    return found


@pytest.fixture
async def stage(services: Services, calendar: FixedCalendar) -> Stage:
    """Tuesday, nine: Ana is asked for her weekly update and for the stocktake."""
    return await begun(services, calendar, taking_stock())


async def decisions(stage: Stage) -> dict[str, str]:
    return {one.id: one.title for one in (await stage.record()).decisions}


async def card(stage: Stage, who: str = "ana") -> str:
    return read(card_message(await stage.services.priorities.card(await stage.actor(who), "p1")))


async def test_it_stands_on_the_card_with_its_forecast_and_says_nothing_of_the_standing(stage: Stage) -> None:
    await say(stage, "stock", **TOLD)
    shown = await card(stage)
    assert "Monthly stocktake, Nov 24 (Ana) · asks for D-1" in shown
    assert "• Nov 2026 forecast 58.5 by Mar 31, 2027" in shown
    assert "“The spring cohort was half as large.”" in shown
    assert "2027-03-31" not in shown, "told with the forecast, and not a second time"
    [part] = compose(await stage.record(), stage.calendar.now()).priorities
    assert part.standing.by is None, "a stocktake says to nobody how it stands"


async def test_the_forecast_is_in_the_pictures_and_is_compared_with_what_came(stage: Stage) -> None:
    await say(stage, "stock", **TOLD)
    ana = await stage.actor("ana")
    figure = await stage.services.metrics.card(ana, "m1")
    assert figure.chart is not None
    assert figure.chart.forecast is not None
    assert (figure.chart.forecast.value, figure.chart.forecast.on) == (Decimal("58.5"), day("2027-03-31"))
    [part] = compose(await stage.record(), stage.calendar.now()).priorities
    drawn = chart_of_line(part.metrics[0], day("2026-11-24"))
    assert drawn is not None
    assert "The owner's forecast is 58.5 on Mar 31, 2027." in drawn.alt

    stage.at("2027-04-10T10:00")
    draft = await stage.services.metrics.draft(ana, "m1 55 as of 2027-03-31")
    await stage.services.metrics.record(ana, draft.token)
    told = "Nov 2026 forecast 58.5 by Mar 31 · came true 55"
    assert told in await card(stage)
    figure = await stage.services.metrics.card(ana, "m1")
    assert told in read(figure_message(figure))
    assert figure.chart is not None
    assert figure.chart.forecast is None, "it lies behind the newest figure"


async def test_it_is_of_the_metric_and_the_day_that_were_meant_then(stage: Stage) -> None:
    """Neither another headline nor another target makes anything else of what was said."""
    await say(stage, "stock", **(TOLD | {"forecast_on": ""}))
    [response] = [one for one in (await stage.record()).responses if one.cadence == "stock"]
    assert response.extra["forecast_of"] == "m1"
    assert response.extra["forecast_for"] == "2027-12-31"


async def test_a_withheld_figure_takes_the_forecast_with_it(services: Services, calendar: FixedCalendar) -> None:
    few = replace(
        PLACED,
        confidential_below_n=5,
        readings=(reading("2026-06-30", 20, reporters=9), reading("2026-09-30", 30, reporters=2)),
    )
    file = taking_stock(priorities=(priority(channel="p-one", metrics=(few,)),))
    stage = await begun(services, calendar, file)
    await say(stage, "stock", **TOLD)
    assert "58.5" not in await card(stage)
    ana = await stage.actor("ana")
    history = read(history_message(await stage.services.priorities.history(ana, "p1"), Action.PRIORITY_HISTORY))
    assert "The spring cohort was half as large." in history
    assert "58.5" not in history
    assert "no round has closed yet" in read(answers_message(await stage.services.checkin_answers.page(ana, "stock")))
    stage.at("2026-11-30T09:00")
    answers = read(answers_message(await stage.services.checkin_answers.page(ana, "stock")))
    assert "The spring cohort was half as large." in answers
    assert "58.5" not in answers
    stage.at("2026-11-24T09:30")
    figure = await stage.services.metrics.card(await stage.actor("ana"), "m1")
    assert "58.5" not in read(figure_message(figure))
    assert figure.chart is not None
    assert figure.chart.forecast is None
    [part] = compose(await stage.record(), stage.calendar.now()).priorities
    assert part.metrics[0].forecast is None


async def test_what_it_asks_to_be_decided_is_proposed_once(stage: Stage) -> None:
    reply = await say(stage, "stock", **TOLD)
    assert reply.decision == "D-1"
    assert await decisions(stage) == {"D-1": "Pay for a second site by Dec 18"}
    [made] = (await stage.record()).decisions
    assert (made.decider, made.priority, made.needed_by) == ("steering", "p1", day("2026-12-18"))
    await stage.settle()
    assert any("Pay for a second site" in one for one in await messages(stage, None, Kind.DECISION))

    stage.at("2026-11-24T10:00")
    again = await say(stage, "stock", **(TOLD | {"decision": "Pay for two sites", "story": "Another."}))
    assert again.decision is None
    assert await decisions(stage) == {"D-1": "Pay for a second site by Dec 18"}
    stage.at("2026-11-24T11:00")
    await say(stage, "stock", "lou", **(TOLD | {"decision": "Pay for three sites"}))
    assert len(await decisions(stage)) == 1
    assert "asks for D-1" in await card(stage)


async def test_without_a_day_it_is_needed_by_the_next_meeting_and_an_edit_may_be_the_first_to_ask(stage: Stage) -> None:
    await say(stage, "stock", **(TOLD | {"decision": ""}))
    assert await decisions(stage) == {}
    stage.at("2026-11-24T10:00")
    await say(stage, "stock", **(TOLD | {"decision": "Pay for a second site"}))
    [made] = (await stage.record()).decisions
    assert made.needed_by == day("2026-12-16")


async def test_whoever_may_not_propose_asks_in_words_only(stage: Stage) -> None:
    """A stand-in answers for the owner, and has no other right of theirs."""
    await live(stage, "2026-11-25T14:30")
    reply = await say(stage, "stock", "ben", **TOLD)
    assert reply.decision == ""
    assert await decisions(stage) == {}
    assert "Pay for a second site by Dec 18" in await card(stage)


async def test_an_answer_that_was_written_ahead_is_completed_too(services: Services, calendar: FixedCalendar) -> None:
    stage = await Stage.with_record(services, calendar, taking_stock())
    await stage.link()
    await stage.join_channels()
    await stage.go_live()
    stage.at("2026-11-24T08:00")
    ana = await stage.actor("ana")
    ahead = next(one for one in (await stage.services.checkins.mine(ana)).ahead if one.cadence == "stock")
    await stage.services.checkins.submit_ahead(ana, "early", NextKey("stock", "p1", ahead.slot), TOLD)
    assert await decisions(stage) == {}
    await live(stage, "2026-11-24T09:00")
    assert list(await decisions(stage)) == ["D-1"]
    assert "asks for D-1" in await card(stage)


async def test_it_goes_with_the_file_and_its_history_says_it(stage: Stage) -> None:
    await say(stage, "stock", **TOLD)
    loaded = load_coalition_file(await exported(stage))
    assert loaded.problems == ()
    assert loaded.record is not None
    [given] = [one for one in loaded.record.responses if one.cadence == "stock"]
    assert {**TOLD, "forecast_of": "m1", "forecast_for": "2027-03-31", "decision_id": "D-1"}.items() <= {
        name: str(value) for name, value in given.extra.items()
    }.items()
    ana = await stage.actor("ana")
    history = read(history_message(await stage.services.priorities.history(ana, "p1"), Action.PRIORITY_HISTORY))
    assert "Where will the figure be if nothing changes? 58.5" in history
    assert "forecast_of" not in history


async def test_it_begins_by_one_press_that_shows_what_it_would_do(services: Services, calendar: FixedCalendar) -> None:
    taken = meeting(
        "taken", "2026-01-22T13:00", kind="stocktake", name="Stocktake together", rrule="FREQ=MONTHLY;BYDAY=4TH"
    )
    stage = await Stage.with_record(
        services, calendar, small(cadences=(friday(), weekly(), taken), question_sets=(questions(),))
    )
    stage.at("2026-11-24T10:00")
    lou = await stage.actor("lou")
    assert "Start the stocktake" in str(my_checkins_message(await stage.services.checkins.mine(lou)).blocks)
    shown = await stage.services.checkin_drafts.stocktake(lou)
    assert "Dec 17" in read(before_saving_view(shown)), "a week before stock is taken together"
    assert [one.name for one in shown.receivers] == ["Ana"]
    await stage.services.checkin_drafts.save(lou, shown.token)
    made = next(one for one in (await stage.record()).cadences if one.name == "Monthly stocktake")
    assert (made.rrule, made.feeds, made.question_set) == ("FREQ=MONTHLY;BYDAY=3TH", None, STOCKTAKE.id)
    assert "Start the stocktake" not in str(my_checkins_message(await stage.services.checkins.mine(lou)).blocks)
    with pytest.raises(UserError, match="already"):
        await stage.services.checkin_drafts.stocktake(lou)


async def test_where_stock_is_taken_together_they_stand_on_the_agenda(
    services: Services, calendar: FixedCalendar
) -> None:
    together = meeting(
        "together", "2026-11-27T13:00", kind="stocktake", name="Stocktake", group="steering", rrule="FREQ=MONTHLY"
    )
    file = taking_stock()
    stage = await begun(services, calendar, replace(file, cadences=(*file.cadences, together)))
    [next_one] = [
        one for one in (await stage.services.meetings.every(await stage.actor("lou"))).lines if one.name == "Stocktake"
    ][:1]
    before = read(agenda_message(await stage.services.agendas.show(await stage.actor("lou"), next_one.ref)))
    assert "Stocktake to come: Priority p1" in before
    await say(stage, "stock", **TOLD)
    shown = read(agenda_message(await stage.services.agendas.show(await stage.actor("lou"), next_one.ref)))
    told = "Priority p1, Tue Nov 24: Nov 2026 forecast 58.5 by Mar 31, 2027 · “The spring cohort was half as large.”"
    assert f"{told} · asks for D-1" in shown
    assert "to come" not in shown
    # The meeting after it has what is said from then on.
    stage.at("2026-11-30T10:00")
    later = MeetingRef(next_one.ref.cadence, next_one.ref.slot.replace(month=12))
    after = read(agenda_message(await stage.services.agendas.show(await stage.actor("lou"), later)))
    assert "Stocktake to come: Priority p1" in after
    assert "58.5" not in after
