"""Asks in the store: made at the close, decided once, answered once, changed by a round that opens again; by right."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import pytest
from sqlalchemy import select

from bot.clock import FixedCalendar
from bot.domain.record import Role
from bot.domain.vocabularies import AskState
from bot.errors import Refused, UserError
from bot.services import Services
from bot.services.access import Addressee, Transaction
from bot.services.asks import home_lines, read_help_wanted
from bot.store.asks import AskRow
from bot.store.outbox import DeliveryItemRow, DeliveryRow
from bot.store.people import LetterRow
from tests.builders import member, organization
from tests.conftest import Beginnings
from tests.examples import on
from tests.services.lived import once
from tests.services.small import small
from tests.services.stage import Stage


@pytest.fixture
async def stage(services: Services, calendar: FixedCalendar) -> Stage:
    return await in_round(services, calendar)


@pytest.fixture
async def any_stage(any_beginnings: Beginnings) -> AsyncIterator[Stage]:
    async with any_beginnings.after("in_a_round_of_asks", in_round) as stage:
        yield stage


@once
async def in_round(services: Services, calendar: FixedCalendar) -> Stage:
    """The small coalition in an open round. `other` is asked through a coordinator, `near` is not."""
    people = (
        member("ana", delegate="ben"),
        member("ben", delegate="cal"),
        member("cal"),
        member("lou", roles=(Role(role="backbone_lead", scope="coalition"),)),
        member("max", roles=(Role(role="backbone_staff", scope="coalition"),)),
        member("out", organization="other"),
        member("ned", organization="near"),
    )
    others = (
        organization(),
        organization("other", ask_via="coordinator", contacts=("out",)),
        organization("near", contacts=("ned",)),
    )
    found = await Stage.with_record(services, calendar, small(members=people, organizations=others))
    await found.go_live()
    found.at("2026-11-24T08:45")
    await found.services.rhythm.plan()
    found.at("2026-11-24T10:00")
    return found


async def rows(stage: Stage, table: Any) -> list[Any]:
    async with stage.services.database.read() as session:
        return list(await session.scalars(select(table).order_by(table.id)))


async def items(stage: Stage, kind: str) -> list[int | None]:
    """Whom items of a kind go to, by member id."""
    async with stage.services.database.read() as session:
        return list(
            await session.scalars(
                select(DeliveryRow.member_id)
                .join(DeliveryItemRow, DeliveryItemRow.delivery_id == DeliveryRow.id)
                .where(DeliveryItemRow.kind == kind)
                .order_by(DeliveryItemRow.id)
            )
        )


async def close(stage: Stage, at: str = "2026-11-26T12:00") -> None:
    stage.at(at)
    await stage.services.rhythm.close()


async def test_an_ask_goes_out_once_when_its_round_closes(stage: Stage) -> None:
    await stage.answer("ana", "p1", ask="A room.", ask_from="near")
    assert await rows(stage, AskRow) == []
    await close(stage)
    await close(stage)
    [ask] = await rows(stage, AskRow)
    assert (ask.state, ask.text, ask.asked) == ("sent", "A room.", "near")
    ned = await stage.actor("ned")
    assert await items(stage, "help_wanted") == [ned.member_id]
    async with stage.services.database.read() as session:
        tx = Transaction(session, stage.coalition_id, stage.calendar.now()).on(await stage.record())
        lines = await home_lines(tx.by(ned))
        assert [card.text for card in lines.to_answer] == ["A room."]
        nothing = await home_lines(tx.by(await stage.actor("cal")))
        assert (nothing.to_answer, nothing.to_decide) == ((), ())


async def test_what_is_edited_before_the_close_is_what_goes_out(stage: Stage) -> None:
    await stage.answer("ana", "p1", ask="A room.", ask_from="other")
    await stage.answer("ana", "p1", form="view-2", ask="A hall.", ask_from="near")
    await close(stage)
    [ask] = await rows(stage, AskRow)
    assert (ask.state, ask.text, ask.asked) == ("sent", "A hall.", "near")


@pytest.mark.in_part
@on("sqlite", "any_beginnings")
async def test_a_round_that_opens_again_sends_what_changed(any_stage: Stage) -> None:
    await any_stage.answer("ana", "p1", ask="A room.", ask_from="near")
    await close(any_stage)
    subject = await any_stage.subject("p1")
    lou = await any_stage.actor("lou")
    await any_stage.services.briefs.open_again(lou, subject.id)
    await any_stage.services.briefs.open_again(lou, subject.id)
    assert (await any_stage.subject("p1")).closed_at is None
    # Unchanged it is not sent a second time.
    await close(any_stage, "2026-11-26T13:30")
    assert len(await items(any_stage, "help_wanted")) == 1
    await any_stage.services.briefs.open_again(lou, subject.id)
    await any_stage.answer("ana", "p1", form="view-2", ask="A hall.", ask_from="other")
    await close(any_stage, "2026-11-26T15:00")
    [ask] = await rows(any_stage, AskRow)
    assert (ask.state, ask.text, ask.asked, ask.sent_at) == ("waiting", "A hall.", "other", None)
    await any_stage.services.asks.send(lou, ask.id)
    record = await any_stage.record()
    async with any_stage.services.database.read() as session:
        tx = Transaction(session, any_stage.coalition_id, any_stage.calendar.now()).on(record)
        found = {key: await read_help_wanted(tx, Addressee(key, lou), str(ask.id)) for key in ("ned", "out")}
    assert {key: one.is_settled for key, one in found.items() if one} == {"ned": True, "out": False}
    await any_stage.services.briefs.open_again(lou, subject.id)
    await any_stage.answer("ana", "p1", form="view-3", ask="")
    await close(any_stage, "2026-11-26T16:30")
    [ask] = await rows(any_stage, AskRow)
    assert ask.state == "withdrawn"
    any_stage.at("2026-11-27T07:30")
    with pytest.raises(UserError, match="The digest of this round is out"):
        await any_stage.services.briefs.open_again(lou, subject.id)


async def test_the_first_decision_counts_and_the_second_is_told(stage: Stage) -> None:
    await stage.answer("ana", "p1", ask="A room.", ask_from="other")
    await close(stage)
    [ask] = await rows(stage, AskRow)
    lou, max_ = await stage.actor("lou"), await stage.actor("max")
    held = await stage.services.asks.talk_first(lou, ask.id)
    assert (held.is_new, held.card.state) == (True, "held")
    assert (await stage.services.asks.talk_first(max_, ask.id)).is_new is False
    with pytest.raises(UserError, match="Write what is asked for"):
        await stage.services.asks.edit(max_, ask.id, " ", "other")
    with pytest.raises(UserError, match="Shorten this"):
        await stage.services.asks.edit(max_, ask.id, "x" * 301, "other")
    with pytest.raises(UserError, match="Choose who is asked first"):
        await stage.services.asks.edit(max_, ask.id, "A hall.", None)
    with pytest.raises(UserError, match="from the list"):
        await stage.services.asks.edit(max_, ask.id, "A hall.", "gone")
    sent = await stage.services.asks.edit(max_, ask.id, "A hall.", "other")
    assert (sent.is_new, sent.card.state, sent.card.edited, sent.card.said) == (True, "sent", True, "A room.")
    late = await stage.services.asks.send(lou, ask.id)
    assert (late.is_new, late.card.decided_by_name) == (False, "Max")
    assert len(await items(stage, "help_wanted")) == 1


@pytest.mark.in_part
@on("postgres", "any_beginnings")
async def test_the_first_answer_counts_and_everybody_concerned_hears_of_it(any_stage: Stage) -> None:
    await any_stage.answer("ben", "p1", ask="A room.", ask_from="near")
    await close(any_stage)
    [ask] = await rows(any_stage, AskRow)
    ned = await any_stage.actor("ned")
    for suggested, words in (("gone", "from the list"), ("near", "Choose somebody else")):
        with pytest.raises(UserError, match=words):
            await any_stage.services.asks.answer(ned, ask.id, "not_us", suggested)
    first = await any_stage.services.asks.answer(ned, ask.id, "not_us", "other")
    assert (first.is_new, first.card.is_own_answer, first.card.suggested_name) == (True, True, "Other")
    again = await any_stage.services.asks.answer(await any_stage.actor("lou"), ask.id, "can_help")
    assert (again.is_new, again.card.answer) == (False, "not_us")
    told = set(await items(any_stage, "ask_news"))
    assert told == {(await any_stage.actor(key)).member_id for key in ("ana", "ben", "lou", "max")}


@pytest.mark.in_part
@on("postgres", "any_beginnings")
async def test_what_its_owner_took_back_stays_so_when_the_round_opens_again(any_stage: Stage) -> None:
    await any_stage.answer("ana", "p1", ask="A room.", ask_from="near")
    await close(any_stage)
    [ask] = await rows(any_stage, AskRow)
    ana, lou = await any_stage.actor("ana"), await any_stage.actor("lou")
    assert (await any_stage.services.asks.withdraw(ana, ask.id)).is_new
    assert not (await any_stage.services.asks.withdraw(ana, ask.id)).is_new
    subject = await any_stage.subject("p1")
    await any_stage.services.briefs.open_again(lou, subject.id)
    await close(any_stage, "2026-11-26T13:30")
    [ask] = await rows(any_stage, AskRow)
    assert (ask.state, ask.ended_by_id) == ("withdrawn", ana.member_id)
    assert len(await items(any_stage, "help_wanted")) == 1
    # Said once more by its owner, it goes out.
    await any_stage.services.briefs.open_again(lou, subject.id)
    await any_stage.answer("ana", "p1", form="view-2", ask="A hall.", ask_from="near")
    await close(any_stage, "2026-11-26T15:00")
    [ask] = await rows(any_stage, AskRow)
    assert (ask.state, ask.text, ask.ended_at) == ("sent", "A hall.", None)


async def test_who_asked_says_what_came_of_it_and_nobody_else(stage: Stage) -> None:
    await stage.answer("ben", "p1", ask="A room.", ask_from="near")
    await close(stage)
    [ask] = await rows(stage, AskRow)
    asks = stage.services.asks
    for key in ("cal", "ned", "out"):
        for refused in (
            asks.end(await stage.actor(key), ask.id, AskState.CAME_THROUGH),
            asks.withdraw(await stage.actor(key), ask.id),
        ):
            with pytest.raises(Refused, match="said by Ana or a coordinator"):
                await refused
    await asks.answer(await stage.actor("ned"), ask.id, "talk")
    # What was answered is not taken back, and the first word on what came of it counts.
    assert (await asks.withdraw(await stage.actor("ana"), ask.id)).card.state == "answered"
    ended = await asks.end(await stage.actor("ben"), ask.id, AskState.FELL_THROUGH)
    assert (ended.is_new, ended.card.state, ended.card.ended_by_name) == (True, "fell_through", "Ben")
    again = await asks.end(await stage.actor("lou"), ask.id, AskState.CAME_THROUGH)
    assert (again.is_new, again.card.state) == (False, "fell_through")
    found = await asks.of_priority(await stage.actor("ana"), "p1")
    assert ([one.text for one in found.waiting], [one.text for one in found.over]) == ([], ["A room."])


async def test_each_step_refuses_who_may_not(stage: Stage) -> None:
    await stage.answer("ana", "p1", ask="A room.", ask_from="other")
    await close(stage)
    [ask] = await rows(stage, AskRow)
    subject = await stage.subject("p1")
    asks, letters, briefs = stage.services.asks, stage.services.letters, stage.services.briefs
    for key in ("ana", "ben", "out", "ned"):
        actor = await stage.actor(key)
        for refused in (
            asks.send(actor, ask.id),
            asks.edit(actor, ask.id, "A hall.", "other"),
            asks.talk_first(actor, ask.id),
            briefs.ask_for_figures(actor, 1),
            briefs.open_again(actor, subject.id),
            letters.form(actor, "cal"),
            letters.send(actor, "form", ["cal"], "Words."),
        ):
            with pytest.raises(Refused):
                await refused
    await asks.send(await stage.actor("lou"), ask.id)
    for key in ("ana", "cal", "ned"):
        with pytest.raises(Refused, match="answered by Other"):
            await asks.answer(await stage.actor(key), ask.id, "can_help")
    assert (await asks.show(await stage.actor("ana"), ask.id)).may_answer is False
    assert (await asks.show(await stage.actor("out"), ask.id)).may_answer is True
    with pytest.raises(Refused, match="read by those who read Priority p1"):
        await asks.show(await stage.actor("ned"), ask.id)
    with pytest.raises(UserError, match="can't find"):
        await asks.show(await stage.actor("lou"), 999)


async def test_a_letter_is_written_once_whatever_arrives_twice(stage: Stage) -> None:
    letters, ned, lou = stage.services.letters, await stage.actor("ned"), await stage.actor("lou")
    assert await letters.send(ned, "form-1", [], "May I bring a guest?") == ("Lou", "Max")
    assert await letters.send(ned, "form-1", [], "May I bring a guest?") == ("Lou", "Max")
    assert await letters.send(lou, "form-2", ["ned"], "Please do.") == ("Ned",)
    assert [one.text for one in await rows(stage, LetterRow)] == ["May I bring a guest?"] * 2 + ["Please do."]
    assert sorted(one.to for one in await stage.deliveries("letter")) == ["lou", "max", "ned"]
    for text, words in (("  ", "a few words"), ("x" * 1001, "Shorten this")):
        with pytest.raises(UserError, match=words):
            await letters.send(lou, "form-3", ["ned"], text)
    with pytest.raises(UserError, match="can't find"):
        await letters.send(lou, "form-3", ["gone"], "Words.")


async def test_a_brief_is_planned_once_and_only_for_coordinators(stage: Stage) -> None:
    await close(stage)
    subject = await stage.subject("p1")
    await stage.services.briefs.open_again(await stage.actor("lou"), subject.id)
    await close(stage, "2026-11-26T13:30")
    briefs = await stage.deliveries("brief")
    assert [(one.to, one.due) for one in briefs] == [("lou", "Thu Nov 26 14:00"), ("max", "Thu Nov 26 14:00")]


async def test_a_namesake_of_whoever_asked_is_no_asker(services: Services, calendar: FixedCalendar) -> None:
    people = (
        member("ana"),
        member("anna", name="Ana", organization="near"),
        member("lou", roles=(Role(role="backbone_lead", scope="coalition"),)),
        member("out", organization="other"),
    )
    others = (organization(), organization("other", ask_via="coordinator", contacts=("out",)), organization("near"))
    stage = await Stage.with_record(services, calendar, small(members=people, organizations=others))
    await stage.go_live()
    stage.at("2026-11-24T08:45")
    await stage.services.rhythm.plan()
    stage.at("2026-11-24T10:00")
    await stage.answer("ana", "p1", ask="A room.", ask_from="other")
    await close(stage)
    [ask] = await rows(stage, AskRow)
    assert ask.state == "waiting"
    assert (await stage.services.asks.show(await stage.actor("ana"), ask.id)).text == "A room."
    with pytest.raises(Refused, match="read by those who read Priority p1"):
        await stage.services.asks.show(await stage.actor("anna"), ask.id)
