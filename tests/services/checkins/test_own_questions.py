"""A file's own questions: what was answered stands where its set is read, whole, and in no digest."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.clock import FixedCalendar
from bot.domain.checkins import entered_text
from bot.domain.outbox import Kind
from bot.domain.vocabularies import AnswerReaders
from bot.files.coalition_file import load_coalition_file
from bot.services import Services
from bot.services.checkins import AnsweredMeanwhile
from bot.slack.blocks.checkins import checkin_card, checkin_view, status_message
from bot.slack.blocks.histories import history_message
from bot.slack.blocks.priorities import card_message
from bot.slack.identifiers import Action
from tests.services.coalition.test_exports import exported
from tests.services.own_set import (
    READ_AS,
    STOCK,
    TOLD,
    WEEKLY,
    answered_both,
    asked_both,
    live,
    say,
    started,
    subject_of,
    with_own_set,
)
from tests.services.reading import messages, read
from tests.services.stage import Stage


@pytest.fixture
async def stage(services: Services, calendar: FixedCalendar) -> Stage:
    """Wednesday, nine: the stocktake was asked for and is answered, a day after the weekly update."""
    return await answered_both(services, calendar)


def require_all(text: str) -> None:
    missing = [words for words in READ_AS if words not in text]
    assert not missing, text


async def test_the_answered_message_says_each_answer(stage: Stage) -> None:
    found = [one for one in await messages(stage, "ana") if "Stocktake: Priority p1" in one]
    require_all(found[-1])
    assert "Between us." not in found[-1]
    await live(stage, "2026-11-27T12:05")
    require_all([one for one in await messages(stage, "ana") if "Stocktake: Priority p1" in one][-1])


async def test_status_says_each_answer(stage: Stage) -> None:
    lou = await stage.actor("lou")
    require_all(read(status_message(await stage.services.checkin_rounds.status(lou, "stock"))))
    weekly = read(status_message(await stage.services.checkin_rounds.status(lou, "weekly")))
    assert not any(words in weekly for words in READ_AS)


async def test_the_card_says_each_answer_to_whoever_reads_the_priority(stage: Stage) -> None:
    for who in ("ana", "lou"):
        card = read(card_message(await stage.services.priorities.card(await stage.actor(who), "p1")))
        require_all(card)
        assert "Monthly stocktake, Nov 25" in card
        assert "(Ana)" in card
        assert card.index("at risk") < card.index("Monthly stocktake")


async def test_the_history_says_each_answer_and_what_an_edit_changed(stage: Stage) -> None:
    stage.at("2026-11-25T10:00")
    await say(stage, "stock", **(TOLD | {"forecast": "51", "partner": ""}))
    ana = await stage.actor("ana")
    history = read(history_message(await stage.services.priorities.history(ana, "p1"), Action.PRIORITY_HISTORY))
    require_all(history)
    assert "• Monthly stocktake: answer edited\n• Where will it end? 51\n• Who helps? taken back" in history
    assert "Update: at risk, confidence 5 of 10" in history
    assert "Between us." not in history


async def test_the_export_carries_each_answer(stage: Stage) -> None:
    loaded = load_coalition_file(await exported(stage)).record
    assert loaded is not None
    given = next(one for one in loaded.responses if one.cadence == "stock")
    answers = {"assessment": given.assessment, "blocker": given.blocker, **given.extra}
    assert {name: entered_text(answers[name]) for name in TOLD} == TOLD
    assert answers["helped"] == ["time", "more_money"]


async def test_no_digest_speaks_of_them(stage: Stage) -> None:
    await live(
        stage, "2026-11-26T12:05", "2026-11-26T13:05", "2026-11-26T15:00", "2026-11-27T07:30", "2026-11-27T08:00"
    )
    digests = await messages(stage, None, Kind.ROLL_UP, Kind.REPLY, Kind.CHANNEL_EDITION)
    assert len(digests) > 2
    said = "\n".join([*digests, *await messages(stage, "ana", Kind.OWNER_PREVIEW)])
    assert "One offer." in said
    for words in ("Two cohorts", "48.5", "Nothing.", "Between us."):
        assert words not in said


async def test_what_somebody_else_answered_meanwhile_says_each_answer(stage: Stage) -> None:
    subject = await subject_of(stage, "stock")
    reply = await stage.services.checkins.submit(await stage.actor("lou"), "other", subject, TOLD, seen="")
    assert isinstance(reply, AnsweredMeanwhile)
    assert {one.plain for one in reply.answer.more} == set(READ_AS)
    assert reply.answer.assessment is None, "it would stand there twice"


async def test_a_question_beside_the_weekly_ones_stands_beside_them(
    services: Services, calendar: FixedCalendar
) -> None:
    record = with_own_set()
    weekly = replace(record.question_sets[0], questions=(*record.question_sets[0].questions, *STOCK.questions[1:3]))
    record = replace(record, question_sets=(weekly, STOCK))
    stage = await Stage.with_record(services, calendar, record)
    await stage.link()
    await stage.go_live()
    await live(stage, "2026-11-24T09:00")
    await say(stage, "weekly", **WEEKLY, curve="yes", forecast="50")
    lou = await stage.actor("lou")
    for text in (
        (await messages(stage, "ana"))[-1],
        read(status_message(await stage.services.checkin_rounds.status(lou, "weekly"))),
        read(card_message(await stage.services.priorities.card(lou, "p1"))),
    ):
        assert "Does it bend? yes" in text
        assert "Where will it end? 50" in text


async def test_it_says_who_reads_it_where_they_do(services: Services, calendar: FixedCalendar) -> None:
    """Its answers are in no digest and in no channel: whoever reads the priority finds them on its card."""
    stage = await started(services, calendar)
    await live(stage, "2026-11-25T08:45", "2026-11-25T09:00")
    ana = await stage.actor("ana")
    form = read(checkin_view(await stage.services.checkins.form(ana, await subject_of(stage, "stock"))))
    assert "Read by the Group steering on the priority's card, and by the coordinators from now." in form
    asked = (await messages(stage, "ana"))[-1]
    assert "Read by the Group steering on the priority's card" in asked
    assert "#p-one" not in asked
    await say(stage, "stock", **TOLD)
    await live(stage, "2026-11-27T12:05")
    answered = [one for one in await messages(stage, "ana") if "Stocktake: Priority p1" in one][-1]
    assert "digest" not in answered


async def test_a_week_is_about_the_round_that_says_how_priorities_stand(
    services: Services, calendar: FixedCalendar
) -> None:
    stage = await asked_both(services, calendar)
    lou = await stage.actor("lou")
    page = await stage.services.home.page(lou, whole=True)
    assert page.coordination is not None
    assert page.coordination.round is not None
    assert (page.coordination.round.cadence, page.coordination.round.answered) == ("weekly", 1)
    question = await stage.services.digests.ask_to_send(lou)
    assert question.open_updates == (), "nobody waits for the stocktake before a digest"


async def test_what_few_read_is_told_to_nobody_else(services: Services, calendar: FixedCalendar) -> None:
    record = with_own_set()
    narrow = replace(STOCK, readers=AnswerReaders.COORDINATORS)
    record = replace(record, question_sets=(record.question_sets[0], narrow))
    stage = await Stage.with_record(services, calendar, record)
    await stage.link()
    await stage.go_live()
    await live(stage, "2026-11-25T09:00")
    subject = await subject_of(stage, "stock")
    form = read(checkin_view(await services.checkins.form(await stage.actor("ana"), subject)))
    assert "Read by the coordinators only." in form
    assert "Read by the coordinators only" in (await messages(stage, "ana"))[-1]
    await say(stage, "stock", **TOLD)
    told = {}
    for who in ("ana", "lou"):
        actor = await stage.actor(who)
        card = read(card_message(await services.priorities.card(actor, "p1")))
        history = read(history_message(await services.priorities.history(actor, "p1"), Action.PRIORITY_HISTORY))
        told[who] = ("Does it bend? cannot tell" in card, "Does it bend? cannot tell" in history)
    assert told == {"ana": (False, False), "lou": (True, True)}
    assert "Stocktake, 5 minutes · read by the coordinators only" in read(
        checkin_card(await services.checkin_cadences.show(await stage.actor("lou"), "stock"))
    )
