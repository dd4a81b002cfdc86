"""A report about a mail, on both databases: noted once, undone by a coordinator, and by whoever's turn it is."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import select

from bot.domain.outbox import State
from bot.services.sending import CameBack
from bot.store.outbox import DeliveryRow
from bot.store.people import MemberRow
from tests.examples import on
from tests.services.stage import Stage

KEY = "0a" * 16
REPORT = CameBack(
    message_ids=(f"{KEY}@partner.example",),
    recipients=("executive@harrow-county.example",),
    is_final=True,
    status="5.1.1",
)


async def lorna(stage: Stage) -> tuple[Any, Any]:
    """Her row, and the mail to her, if one was sent."""
    async with stage.services.database.read() as session:
        member = (await session.scalars(select(MemberRow).filter_by(key="lorna"))).one()
        return member, (await session.scalars(select(DeliveryRow).filter_by(key=KEY))).one_or_none()


@pytest.mark.in_part
@on("postgres", "any_sample_url")
async def test_a_report_is_noted_once_and_undone(any_sample: Stage) -> None:
    stage = any_sample
    stage.at("2026-11-25T08:00")
    member, _none = await lorna(stage)
    async with stage.services.database.write() as session:
        now = stage.calendar.now()
        about = {"coalition_id": stage.coalition_id, "member_id": member.id, "planned_at": now, "due_at": now}
        session.add(DeliveryRow(**about, key=KEY, kind="letter", transport="mail", state=State.SENT, sent_at=now))
    bounces = stage.services.bounces
    assert [await bounces.is_its_turn(), await bounces.is_its_turn()] == [True, False]
    for other in ("unknown@partner.example", "x", f"<{KEY}>"):
        assert not await bounces.note(replace(REPORT, message_ids=(other,)))
    assert [await bounces.note(REPORT), await bounces.note(REPORT)] == [True, False]
    member, row = await lorna(stage)
    assert (row.state, member.mail_refused is not None) == (State.FAILED, True)
    omar = await stage.actor("omar")
    assert (await stage.services.members.card(omar, "lorna")).mail_comes_back
    assert not (await stage.services.members.mail_works(omar, "lorna")).mail_comes_back
    member, row = await lorna(stage)
    assert (row.state, member.mail_refused) == (State.FAILED, None)
