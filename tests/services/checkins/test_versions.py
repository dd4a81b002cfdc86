"""Questions that are edited while they are asked: a round finishes with those it opened with, and so it is shown."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from bot.clock import FixedCalendar, SystemElapsedTime
from bot.domain.record import Question, QuestionSet, Record
from bot.domain.vocabularies import AnswerReaders
from bot.errors import Refused
from bot.files.coalition_file import load_coalition_file
from bot.services import Services
from bot.services.access import operator
from bot.services.checkins import NotYet, Stored
from bot.slack.blocks.checkins import checkin_view, status_message
from bot.slack.blocks.histories import history_message
from bot.slack.blocks.priorities import card_message
from bot.slack.identifiers import Action
from bot.store.database import Database, database_url
from tests.conftest import QUICK
from tests.services.coalition.test_exports import exported
from tests.services.group_checkin import ANA, BEN, WORK, with_group_checkin
from tests.services.group_checkin import say as say_for
from tests.services.own_set import STOCK, TOLD, asked_both, live, say, subject_of, with_own_set
from tests.services.reading import messages, read
from tests.services.stage import Stage

NEW = replace(
    STOCK,
    title="New stocktake",
    readers=AnswerReaders.EVERYBODY,
    questions=(
        Question(id="curve", type="choice", label="Which way?", options=("up", "down"), required=True),
        Question(id="why", type="text", label="Why so?", required=True),
    ),
)


def with_set(record: Record, changed: QuestionSet) -> Record:
    sets = tuple(changed if one.id == changed.id else one for one in record.question_sets)
    return replace(record, question_sets=sets)


async def bring(stage: Stage, changed: QuestionSet) -> None:
    """A file brings the questions changed."""
    await stage.services.coalitions.import_record(with_set(with_own_set(), changed))


async def live_set(stage: Stage) -> QuestionSet:
    record = await stage.services.coalitions.record(operator(stage.coalition_id))
    return next(one for one in record.question_sets if one.id == STOCK.id)


@pytest.fixture
async def stage(services: Services, calendar: FixedCalendar) -> Stage:
    """Wednesday, nine: the stocktake is asked."""
    return await asked_both(services, calendar)


async def form(stage: Stage, who: str = "ana") -> str:
    actor = await stage.actor(who)
    return read(checkin_view(await stage.services.checkins.form(actor, await subject_of(stage, "stock"))))


async def screens(stage: Stage) -> str:
    """Where a coordinator reads the round's answers."""
    lou = await stage.actor("lou")
    history = await stage.services.priorities.history(lou, "p1")
    return "\n".join(
        [
            read(status_message(await stage.services.checkin_rounds.status(lou, "stock"))),
            read(card_message(await stage.services.priorities.card(lou, "p1"))),
            read(history_message(history, Action.PRIORITY_HISTORY)),
        ]
    )


async def test_an_open_round_finishes_with_the_questions_it_opened_with(stage: Stage) -> None:
    stage.at("2026-11-25T09:30")
    await bring(stage, NEW)
    shown = await form(stage)
    assert "Does it bend?" in shown
    assert "Why so?" not in shown
    assert "Stocktake" in (await messages(stage, "ana"))[-1]
    assert isinstance(await say(stage, "stock", **TOLD), Stored)
    assert "Does it bend? cannot tell" in await screens(stage)
    # The next one asks what is asked now.
    await live(stage, "2026-11-27T12:05", "2026-12-02T09:00")
    shown = await form(stage)
    assert "Why so?" in shown
    assert "Does it bend?" not in shown
    assert isinstance(await say(stage, "stock", curve="up"), NotYet)
    assert isinstance(await say(stage, "stock", curve="up", why="Two offers."), Stored)
    after = await screens(stage)
    assert "Which way? up" in after
    # In its history the first answer has its own words.
    assert "Does it bend? cannot tell" in after


async def test_what_was_answered_is_read_by_those_who_were_named(stage: Stage) -> None:
    """Widened afterwards, nobody new reads it; narrowed, those who were told so still do."""
    await say(stage, "stock", **TOLD)
    await bring(stage, replace(STOCK, readers=AnswerReaders.COORDINATORS))
    ana = await stage.actor("ana")
    assert "Does it bend? cannot tell" in read(card_message(await stage.services.priorities.card(ana, "p1")))
    await live(stage, "2026-11-27T12:05", "2026-12-02T09:00")
    assert "Read by the coordinators only." in await form(stage)
    await say(stage, "stock", **(TOLD | {"curve": "yes"}))
    card = read(card_message(await stage.services.priorities.card(ana, "p1")))
    assert "Does it bend? cannot tell" in card
    assert "Does it bend? yes" not in card


async def test_only_what_was_asked_makes_a_version(stage: Stage, services: Services, calendar: FixedCalendar) -> None:
    await bring(stage, replace(STOCK, minutes=7))
    assert (await live_set(stage)).version == 1
    await bring(stage, NEW)
    now = await live_set(stage)
    assert (now.version, [one.version for one in now.earlier]) == (2, [1])
    assert now.earlier[0].questions == STOCK.questions
    # Nobody was asked version 2.
    await bring(stage, replace(NEW, title="Newer stocktake"))
    now = await live_set(stage)
    assert (now.version, now.title, [one.version for one in now.earlier]) == (2, "Newer stocktake", [1])


async def test_a_checkin_that_asks_another_set_leaves_its_open_round_as_it_was(stage: Stage) -> None:
    record = with_own_set()
    other = replace(NEW, id="other-set")
    cadences = tuple(replace(one, question_set=other.id) if one.id == "stock" else one for one in record.cadences)
    await stage.services.coalitions.import_record(
        replace(record, cadences=cadences, question_sets=(*record.question_sets, other))
    )
    assert "Does it bend?" in await form(stage)
    assert isinstance(await say(stage, "stock", **TOLD), Stored)
    assert "Does it bend? cannot tell" in await screens(stage)


async def test_an_export_carries_every_version(stage: Stage, tmp_path: Path, sqlite_template: Path) -> None:
    await say(stage, "stock", **TOLD)
    await bring(stage, NEW)
    await live(stage, "2026-11-27T12:05", "2026-12-02T09:00")
    await say(stage, "stock", curve="up", why="Two offers.")
    before = await screens(stage)
    text = await exported(stage)
    loaded = load_coalition_file(text).record
    assert loaded is not None
    path = tmp_path / "other.db"
    shutil.copy(sqlite_template, path)
    database = Database(database_url(f"sqlite:///{path}"))
    calendar = FixedCalendar(stage.calendar.now())
    services = Services(database, calendar, SystemElapsedTime(), owner="other", timing=QUICK)
    other = await Stage.with_record(services, calendar, loaded)
    after = await screens(other)
    assert await exported(other) == text
    await database.close()
    for words in ("Does it bend? cannot tell", "Which way? up"):
        assert words in before
    assert "Which way? up" in after
    assert await live_set(stage) == next(one for one in loaded.question_sets if one.id == STOCK.id)


async def test_what_people_answer_for_themselves_keeps_its_questions_too(
    services: Services, calendar: FixedCalendar
) -> None:
    """Its labels, and its readers: opened to the group afterwards, what few were told to read stays theirs."""
    few = replace(WORK, readers=AnswerReaders.COORDINATORS)
    record = with_set(with_group_checkin(), few)
    stage = await Stage.with_record(services, calendar, record)
    await stage.link()
    await stage.go_live()
    await live(stage, "2026-11-25T09:00")
    anew = replace(WORK, questions=(replace(WORK.questions[0], label="Is it quick enough?"), *WORK.questions[1:]))
    await services.coalitions.import_record(with_set(record, anew))
    assert isinstance(await say_for(stage, "ana", ANA), Stored)
    lou, cal = await stage.actor("lou"), await stage.actor("cal")
    page = await services.checkin_answers.page(lou, "group")
    assert page.lines[0].said[0].label == "Is the pace right?"
    with pytest.raises(Refused):
        await services.checkin_answers.page(cal, "group")
    await live(stage, "2026-11-27T12:05", "2026-12-02T09:00")
    assert isinstance(await say_for(stage, "ben", BEN), Stored)
    page = await services.checkin_answers.page(cal, "group")
    assert page.lines[0].said[0].label == "Is it quick enough?"
    read = {row[1] for row in (await services.checkin_answers.table(cal, "group")).rows[1:]}
    assert read == {"Ben"}
    assert {row[1] for row in (await services.checkin_answers.table(lou, "group")).rows[1:]} == {"Ana", "Ben"}
