"""Somebody who took part in an anonymous check-in is erased, while the round is open and after its close: what was said
stays nobody's, and nothing says any more that they took part."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from datetime import date
from typing import Any

import pytest
from sqlalchemy import select

from bot.clock import FixedCalendar
from bot.domain.endings import Leaving
from bot.services import Services
from bot.services.checkins import TookPart
from bot.store.checkins import RoundSubjectRow
from bot.store.outbox import DeliveryItemRow, DeliveryRow
from bot.store.people import MemberRow
from tests.conftest import Beginnings
from tests.examples import on
from tests.services.every_row import every_row
from tests.services.group_checkin import own_subject
from tests.services.own_set import live
from tests.services.pulse_rounds import (
    AFTER,
    CLOSES,
    NAMED,
    OPENS,
    PULSE,
    REMINDED,
    SAID,
    THURSDAY,
    WEDNESDAY,
    begin,
    say,
)
from tests.services.stage import Stage

pytestmark = pytest.mark.usefixtures("one_after_the_other")

HER = "cal"
NAME = NAMED[HER]["name"]
# How she may stand in a text, with her account and its conversation.
SHE = re.compile(r"\bcal\b|calla|quist|\bU?D?CAL\d", re.IGNORECASE)
OTHERS = ("ana", "dee", "eli", "fay", "gus")
LEAVES = Leaving(last_day=date(2026, 11, 25))


async def opened(services: Services, calendar: FixedCalendar) -> Stage:
    stage = await begin(services, calendar)
    await live(stage, OPENS)
    return stage


@pytest.fixture
async def stage(sqlite_beginnings: Beginnings) -> AsyncIterator[Stage]:
    async with sqlite_beginnings.after("a_pulse_opened", opened) as stage:
        yield stage


@pytest.fixture
async def any_stage(any_beginnings: Beginnings) -> AsyncIterator[Stage]:
    async with any_beginnings.after("a_pulse_opened", opened) as stage:
        yield stage


async def erase(stage: Stage) -> str:
    await stage.services.leavings.leave(stage.operator, HER, {}, LEAVES)
    stage.at(f"{THURSDAY}T09:30")
    return (await stage.services.erasures.erase(stage.operator, HER)).pseudonym


async def texts(stage: Stage) -> list[tuple[str, str, str]]:
    """Where she stands in a text, in any table."""
    rows = await every_row(stage.services.database)
    return [
        (table, column, str(value))
        for table, found in rows.items()
        for row in found
        for column, value in row.items()
        if value is not None and SHE.search(str(value))
    ]


async def of_members(stage: Stage, key: str) -> list[dict[str, Any]]:
    """What rounds hold of somebody who is asked for themselves, without what tells one row from another."""
    async with stage.services.database.read() as session:
        rows = await session.scalars(
            select(RoundSubjectRow)
            .join(MemberRow, MemberRow.id == RoundSubjectRow.member_id)
            .where(MemberRow.key == key)
            .order_by(RoundSubjectRow.id)
        )
        names = {column.name for column in RoundSubjectRow.__table__.columns} - {"id", "member_id", "owner_id"}
        return [{name: getattr(row, name) for name in names} for row in rows]


async def answers(stage: Stage) -> list[dict[str, Any]]:
    return sorted((await every_row(stage.services.database))["pulse_answers"], key=lambda row: row["random_key"])


async def messages_about(stage: Stage, key: str) -> set[tuple[str, str | None]]:
    """What is kept of the messages to somebody about the pulse: what became of which, updates included."""
    async with stage.services.database.read() as session:
        rows = await session.execute(
            select(DeliveryRow.operation, DeliveryItemRow.kind, DeliveryRow.reason)
            .join(MemberRow, MemberRow.id == DeliveryRow.member_id)
            .outerjoin(DeliveryItemRow, DeliveryItemRow.delivery_id == DeliveryRow.id)
            .where(MemberRow.key == key)
        )
        return {(row.kind or row.operation, row.reason) for row in rows}


@pytest.mark.in_part
@on("sqlite", "any_beginnings")
async def test_while_the_round_is_open_nothing_says_that_she_took_part(any_stage: Stage) -> None:
    """Written down with others by then: her row is that of somebody who did not, and the answers are untouched."""
    stage = any_stage
    for who in (HER, *OTHERS):
        assert isinstance(await say(stage, who), TookPart)
    await live(stage, f"{WEDNESDAY}T09:30", REMINDED)
    assert [row["took_part"] for row in await of_members(stage, HER)] == [True]
    assert await messages_about(stage, HER) == {("ask", None), ("reminder", "already answered"), ("update", None)}
    before = await answers(stage)
    assert len(before) == 6
    pseudonym = await erase(stage)
    assert await texts(stage) == []
    assert await answers(stage) == before
    [hers] = await of_members(stage, pseudonym)
    assert [hers] == await of_members(stage, "ben"), "he did not take part"
    gone = "whoever it was for takes no part anymore"
    assert await messages_about(stage, pseudonym) == {("ask", None), ("reminder", gone)}
    await stage.services.pulses.write_down(everything=True)
    assert await of_members(stage, pseudonym) == [hers]
    await live(stage, CLOSES, AFTER)
    [result] = (await stage.record()).pulses
    assert (result.asked, result.answered) == (9, 6), "what she said stays, and is nobody's"
    assert await answers(stage) == []
    assert await texts(stage) == []
    assert await of_members(stage, pseudonym) == await of_members(stage, "ben")


async def test_nor_is_it_written_down_afterwards_what_a_process_held_of_her(stage: Stage) -> None:
    """It may be another one, which does not know that she was erased."""
    subject = await own_subject(stage, HER, PULSE)
    await say(stage, HER)
    held = stage.services.database.taking_part
    assert held.held == {subject.id}
    pseudonym = await erase(stage)
    assert held.held == {subject.id}
    await stage.services.pulses.write_down(everything=True)
    assert [row["took_part"] for row in await of_members(stage, pseudonym)] == [False]
    assert held.held == frozenset()


async def test_after_the_close_neither_what_was_told_nor_who_was_asked_names_her(stage: Stage) -> None:
    """Somebody named her in an answer, as she did herself."""
    for who in (HER, *OTHERS):
        await say(stage, who, SAID[who] | {"better": f"{NAME} is number {SAID[who]['worth']}."})
    await live(stage, f"{WEDNESDAY}T09:30", REMINDED, CLOSES, AFTER)
    stage.at("2026-11-30T10:00")
    [before] = (await stage.record()).pulses
    assert sum(NAME in one for told in before.told for one in told.words) == 6
    assert await texts(stage)
    await stage.services.leavings.leave(stage.operator, HER, {}, LEAVES)
    pseudonym = (await stage.services.erasures.erase(stage.operator, HER)).pseudonym
    assert await texts(stage) == []
    [after] = (await stage.record()).pulses
    assert sum("A former member is number" in one for told in after.told for one in told.words) == 6
    assert [row["took_part"] for row in await of_members(stage, pseudonym)] == [False]
