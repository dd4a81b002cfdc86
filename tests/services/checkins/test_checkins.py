"""Check-ins: what is open for whom, forms with mistakes, and answers that are stored once however often they come."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest
from sqlalchemy import func, select

from bot.clock import FixedCalendar
from bot.domain.checkins import check_values
from bot.errors import Refused, UserError
from bot.services import Services
from bot.services.checkins import NotYet, RoundClosed, Stored
from bot.store.audit import AuditEntryRow
from bot.store.checkins import DraftRow, ResponseRow, SubmissionRow
from tests.conftest import Beginnings
from tests.examples import on
from tests.services.lived import once
from tests.services.small import questions, small
from tests.services.stage import Stage
from tests.tables import on_each

GOOD = {"assessment": "on_track", "confidence": "7", "moved": "Moved.", "next": "Next."}


@pytest.fixture
async def stage(services: Services, calendar: FixedCalendar) -> Stage:
    return await in_round(services, calendar)


@pytest.fixture
async def any_stage(any_beginnings: Beginnings) -> AsyncIterator[Stage]:
    async with any_beginnings.after("in_a_round_of_checkins", in_round) as stage:
        yield stage


@once
async def in_round(services: Services, calendar: FixedCalendar) -> Stage:
    """The small coalition on Tuesday at ten, in an open round."""
    stage = await Stage.with_record(services, calendar, small())
    await stage.go_live()
    await open_round(stage, "2026-11-24")
    return stage


async def open_round(stage: Stage, day: str) -> None:
    stage.at(f"{day}T08:45")
    await stage.services.rhythm.plan()
    stage.at(f"{day}T10:00")
    await stage.services.rhythm.close()


async def responses(stage: Stage) -> list[ResponseRow]:
    async with stage.services.database.read() as session:
        return list(await session.scalars(select(ResponseRow).order_by(ResponseRow.id)))


async def submit(stage: Stage, who: str, values: dict[str, Any], form: str = "view-1") -> Any:
    subject = await stage.subject("p1")
    return await stage.services.checkins.submit(await stage.actor(who), form, subject.id, values)


@on_each(
    ("values", "errors"),
    [
        ({}, {"assessment", "confidence", "moved", "next", "blocker"}),
        (GOOD | {"next": ""}, {"next"}),
        (GOOD | {"assessment": "off_track"}, {"blocker"}),
        (GOOD | {"assessment": "at_risk", "blocker": ""}, {"blocker"}),
        (GOOD | {"assessment": "at_risk", "blocker": "Rent."}, set()),
        (GOOD | {"blocker": "Rent."}, set()),  # more than is asked for may be said
        (GOOD | {"confidence": "0"}, set()),
        (GOOD | {"confidence": "10"}, set()),
        (GOOD | {"confidence": "11"}, {"confidence"}),
        (GOOD | {"confidence": "-1"}, {"confidence"}),
        (GOOD | {"confidence": "7.5"}, {"confidence"}),
        (GOOD | {"confidence": "seven"}, {"confidence"}),
        (GOOD | {"confidence": "²"}, {"confidence"}),
        (GOOD | {"confidence": "٧"}, {"confidence"}),
        (GOOD | {"assessment": "met", "blocker": "Rent."}, {"assessment"}),
        (GOOD | {"moved": "x" * 20}, set()),
        (GOOD | {"moved": "x" * 21}, {"moved"}),
        (GOOD | {"ask": "A list."}, set()),
        (GOOD | {"ask": "A list.", "ask_from": "other"}, set()),
        (GOOD | {"ask_from": "other"}, {"ask"}),
        (GOOD | {"moved": "   "}, {"moved"}),
    ],
)
def test_what_must_be_mended_before_an_answer_is_stored(values: dict[str, str], errors: set[str]) -> None:
    found = check_values(questions(), values, lambda *_: True)
    assert set(found) == errors
    assert all(sentence.endswith(".") for sentence in found.values())


async def test_a_form_with_mistakes_stores_nothing(stage: Stage) -> None:
    reply = await submit(stage, "ana", GOOD | {"assessment": "off_track", "confidence": "11"})
    assert reply == NotYet(
        {"confidence": "Choose a number from 0 to 10.", "blocker": "Add one sentence, or choose On track."}
    )
    assert await responses(stage) == []
    async with stage.services.database.read() as session:
        assert await session.scalar(select(func.count(SubmissionRow.id))) == 0, "mended, it is stored"
    assert isinstance(await submit(stage, "ana", GOOD), Stored)


async def test_an_answer_is_stored_with_who_gave_it(stage: Stage) -> None:
    reply = await submit(stage, "ana", GOOD | {"for_coordinator": "Tired.", "ask": " A list. ", "ask_from": "other"})
    closes_at = (await stage.subject("p1")).closes_at
    assert reply == Stored("Priority p1", None, closes_at, False)
    [response] = (await stage.record()).responses
    assert (response.by, response.on_behalf_of, response.assessment, response.confidence) == (
        "ana",
        None,
        "on_track",
        7,
    )
    assert (response.ask, response.ask_from, response.answered_at) == ("A list.", "other", stage.calendar.now())
    assert response.extra == {"for_coordinator": "Tired."}
    assert response.round.isoformat() == "2026-11-24"


@pytest.mark.in_part
@on("sqlite", "any_beginnings")
async def test_the_same_form_sent_again_gets_the_first_reply(any_stage: Stage) -> None:
    first = await submit(any_stage, "ana", GOOD)
    async with any_stage.services.database.read() as session:
        audited = await session.scalar(select(func.count(AuditEntryRow.id)))
    any_stage.at("2026-11-24T11:00")
    assert await submit(any_stage, "ana", dict(reversed(GOOD.items()))) == first
    any_stage.at("2026-11-26T13:00")
    assert await submit(any_stage, "ana", GOOD) == first, "also after the close: Slack may send it again late"
    async with any_stage.services.database.read() as session:
        assert await session.scalar(select(func.count(AuditEntryRow.id))) == audited
        assert await session.scalar(select(func.count(SubmissionRow.id))) == 1


async def test_the_same_form_with_other_values_changes_the_answer(stage: Stage) -> None:
    await submit(stage, "ana", GOOD)
    [before] = await responses(stage)
    stage.at("2026-11-24T11:00")
    reply = await submit(stage, "ana", GOOD | {"confidence": "4"})
    assert isinstance(reply, Stored)
    assert reply.edited
    [after] = await responses(stage)
    assert (after.id, after.confidence, after.answered_at) == (before.id, 4, before.answered_at)
    assert after.edited_at == stage.calendar.now()
    assert await submit(stage, "ana", GOOD | {"confidence": "4"}) == reply


@pytest.mark.at_once
@pytest.mark.parametrize("forms", [["view-1"] * 5, [f"view-{n}" for n in range(5)]], ids=["one form", "five forms"])
async def test_five_submissions_at_once_are_one_answer(any_stage: Stage, forms: list[str]) -> None:
    replies = await asyncio.gather(*(submit(any_stage, "ana", GOOD, form) for form in forms))
    assert all(isinstance(reply, Stored) for reply in replies)
    assert len(await responses(any_stage)) == 1
    assert sum(not reply.edited for reply in replies) == (5 if len(set(forms)) == 1 else 1)


@pytest.mark.at_once
async def test_owner_and_stand_in_at_once_leave_the_owners_answer(any_stage: Stage) -> None:
    replies = await asyncio.gather(
        submit(any_stage, "ben", GOOD | {"moved": "Ben's."}, "view-b"),
        submit(any_stage, "ana", GOOD | {"moved": "Ana's."}, "view-a"),
        return_exceptions=True,
    )
    assert all(isinstance(reply, Stored | Refused) for reply in replies)
    [response] = (await any_stage.record()).responses
    assert (response.by, response.on_behalf_of, response.moved) == ("ana", None, "Ana's.")


async def test_an_owner_edits_over_the_stand_in(stage: Stage) -> None:
    reply = await submit(stage, "ben", GOOD, "view-b")
    assert isinstance(reply, Stored)
    assert reply.stands_in_for == "Ana"
    [response] = (await stage.record()).responses
    assert (response.by, response.on_behalf_of) == ("ben", "ana")
    reply = await submit(stage, "ana", GOOD | {"confidence": "3"}, "view-a")
    assert isinstance(reply, Stored)
    assert (reply.edited, reply.stands_in_for) == (True, None)
    [response] = (await stage.record()).responses
    assert (response.by, response.on_behalf_of, response.confidence) == ("ana", None, 3)


async def test_a_stand_in_does_not_answer_over_the_owner(stage: Stage) -> None:
    await submit(stage, "ana", GOOD)
    for attempt in (submit(stage, "ben", GOOD | {"confidence": "1"}, "view-b"), repeat(stage, "ben", "no-b")):
        with pytest.raises(Refused, match=r"^Ana has answered\. Nothing to do\.$"):
            await attempt
    [response] = (await stage.record()).responses
    assert (response.by, response.confidence) == ("ana", 7)


async def test_a_stand_in_may_edit_what_they_said(stage: Stage) -> None:
    await submit(stage, "ben", GOOD, "view-b")
    reply = await submit(stage, "ben", GOOD | {"confidence": "2"}, "view-c")
    assert isinstance(reply, Stored)
    assert reply.edited
    assert [one.confidence for one in await responses(stage)] == [2]


async def test_a_coordinator_answers_on_behalf(stage: Stage) -> None:
    reply = await submit(stage, "lou", GOOD, "view-l")
    assert isinstance(reply, Stored)
    assert reply.stands_in_for == "Ana"
    [response] = (await stage.record()).responses
    assert (response.by, response.on_behalf_of) == ("lou", "ana")


@pytest.mark.parametrize("who", ["cal", "out"])
async def test_anybody_else_is_refused_and_told_who_can_help(stage: Stage, who: str) -> None:
    subject = await stage.subject("p1")
    actor = await stage.actor(who)
    checkins = stage.services.checkins
    for attempt in (
        checkins.form(actor, subject.id),
        checkins.submit(actor, "view-x", subject.id, GOOD),
        checkins.repeat_last(actor, "view-y", subject.id),
    ):
        with pytest.raises(Refused) as caught:
            await attempt
        assert caught.value.message == (
            "The update on Priority p1 is given by its owner, the owner's stand-in or a coordinator. "
            "Ana or Lou can help."
        )
    assert await responses(stage) == []
    assert (await checkins.mine(actor)).open == ()


async def test_what_is_open_for_whom(stage: Stage) -> None:
    checkins = stage.services.checkins
    subject = await stage.subject("p1")
    assert (await checkins.mine(await stage.actor("ben"))).open == (), "not asked yet"
    await stage.services.checkin_rounds.hand_over(await stage.actor("ana"), subject.id)
    for who, kind in (("ana", "ask"), ("ben", "delegate")):
        [item] = (await checkins.mine(await stage.actor(who))).open
        assert (item.kind, item.subject_id, item.state, item.closes_at) == (kind, subject.id, "open", subject.closes_at)
    await submit(stage, "ana", GOOD)
    [item] = (await checkins.mine(await stage.actor("ana"))).open
    assert item.state == "answered"
    stage.at("2026-11-26T12:00")
    assert (await checkins.mine(await stage.actor("ana"))).open == ()


@pytest.mark.in_part
@on("sqlite", "any_beginnings")
async def test_after_the_close_what_was_written_is_kept_for_the_next_round(any_stage: Stage) -> None:
    closes_at = (await any_stage.subject("p1")).closes_at
    any_stage.at("2026-11-26T12:00")
    late = GOOD | {"moved": "Too late.", "for_coordinator": "Tired."}
    reply = await submit(any_stage, "ana", late)
    assert isinstance(reply, RoundClosed)
    assert (reply.closed_at, reply.next_opens_at, reply.coordinator, reply.zone) == (
        closes_at,
        any_stage.at("2026-12-01T09:00"),
        "Lou",
        "America/Chicago",
    )
    assert await responses(any_stage) == []
    any_stage.at("2026-11-26T13:00")
    await submit(any_stage, "ana", late | {"moved": "Later still."})
    await open_round(any_stage, "2026-12-01")
    form = await any_stage.services.checkins.form(await any_stage.actor("ana"), (await any_stage.subject("p1")).id)
    assert {item.id: item.initial for item in form.questions if item.initial} == late | {"moved": "Later still."}
    ben = await any_stage.services.checkins.form(await any_stage.actor("ben"), (await any_stage.subject("p1")).id)
    assert not any(item.initial for item in ben.questions), "a draft is its writer's"
    await submit(any_stage, "ana", GOOD, "view-2")
    async with any_stage.services.database.read() as session:
        assert await session.scalar(select(func.count(DraftRow.id))) == 0


async def test_a_form_shows_the_answer_that_is_there(stage: Stage) -> None:
    await submit(stage, "ana", GOOD | {"for_coordinator": "Tired."})
    subject = await stage.subject("p1")
    form = await stage.services.checkins.form(await stage.actor("ana"), subject.id)
    assert (form.state, form.for_name, form.coordinator) == ("answered", None, "Lou")
    assert {item.id: item.initial for item in form.questions if item.initial} == GOOD | {"for_coordinator": "Tired."}
    form = await stage.services.checkins.form(await stage.actor("lou"), subject.id)
    assert form.for_name == "Ana"


async def repeat(stage: Stage, who: str, form: str) -> Any:
    subject = await stage.subject("p1")
    return await stage.services.checkins.repeat_last(await stage.actor(who), form, subject.id)


async def test_no_change_works_at_most_twice_running(stage: Stage) -> None:
    with pytest.raises(UserError, match="in your own words"):
        await repeat(stage, "ana", "no-0")
    await submit(stage, "ana", GOOD | {"assessment": "at_risk", "blocker": "Rent."})
    for number, day in enumerate(("2026-12-01", "2026-12-08"), start=1):
        await open_round(stage, day)
        first = await repeat(stage, "ana", f"no-{number}")
        assert isinstance(first, Stored)
        assert await repeat(stage, "ana", f"no-{number}") == first, "a second press is the first one"
    await open_round(stage, "2026-12-15")
    [item] = (await stage.services.checkins.mine(await stage.actor("ana"))).open
    assert not item.may_repeat
    with pytest.raises(UserError, match="“No change” works at most twice in a row"):
        await repeat(stage, "ana", "no-3")
    found = (await stage.record()).responses
    assert [(one.assessment, one.confidence, one.blocker, one.no_change) for one in found] == [
        ("at_risk", 7, "Rent.", False),
        ("at_risk", 7, "Rent.", True),
        ("at_risk", 7, "Rent.", True),
    ]
    assert [one.moved for one in found] == ["Moved.", None, None]
    await submit(stage, "ana", GOOD, "view-4")
    await open_round(stage, "2026-12-22")
    assert isinstance(await repeat(stage, "ana", "no-4"), Stored), "an answer of one's own begins a new run"


@pytest.mark.at_once
async def test_five_presses_at_once_are_one_repeat(any_stage: Stage) -> None:
    await submit(any_stage, "ana", GOOD)
    await open_round(any_stage, "2026-12-01")
    replies = await asyncio.gather(*(repeat(any_stage, "ana", "no-1") for _press in range(5)))
    assert len({repr(reply) for reply in replies}) == 1
    assert len(await responses(any_stage)) == 2


async def test_no_change_never_undoes_an_answer(stage: Stage) -> None:
    await submit(stage, "ana", GOOD)
    await open_round(stage, "2026-12-01")
    await submit(stage, "ana", GOOD | {"confidence": "2"}, "view-2")
    await repeat(stage, "ana", "no-1")
    assert [(one.confidence, one.no_change) for one in await responses(stage)] == [(7, False), (2, False)]


async def test_no_change_needs_a_set_that_allows_it(services: Services, calendar: FixedCalendar) -> None:
    stage = await Stage.with_record(services, calendar, small(question_sets=[questions(allow_no_change=False)]))
    await stage.go_live()
    await open_round(stage, "2026-11-24")
    await submit(stage, "ana", GOOD)
    await open_round(stage, "2026-12-01")
    with pytest.raises(UserError, match="in your own words"):
        await repeat(stage, "ana", "no-1")


async def test_no_change_after_the_close_says_so(stage: Stage) -> None:
    await submit(stage, "ana", GOOD)
    await open_round(stage, "2026-12-01")
    stage.at("2026-12-03T12:00")
    assert isinstance(await repeat(stage, "ana", "no-1"), RoundClosed)
    assert len(await responses(stage)) == 1


async def test_a_checkin_that_is_not_known_is_one_sentence(stage: Stage) -> None:
    ana = await stage.actor("ana")
    for attempt in (
        stage.services.checkins.form(ana, 999),
        stage.services.checkins.submit(ana, "view", 999, GOOD),
        stage.services.checkins.repeat_last(ana, "view", 999),
    ):
        with pytest.raises(UserError, match="I can't find this check-in anymore"):
            await attempt
