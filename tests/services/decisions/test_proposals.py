"""Changes that wait for a decision, on both databases."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest
from sqlalchemy import select

from bot.errors import UserError
from bot.services.decisions import propose_change
from bot.services.decisions.proposals import OPTIONS
from bot.store.decisions import DecisionRow
from bot.store.record import read_record
from tests.services.stage import Stage

CHANGES = {"target": Decimal("250.5"), "on": date(2027, 3, 31), "milestones": [Decimal(1)]}


async def proposed(stage: Stage, title: str = "Set the target to 250.5") -> str:
    grant = await stage.actor("grant")
    now = stage.calendar.now()
    async with stage.services.database.write(grant.author(now)) as session:
        record = await read_record(session, stage.coalition_id)
        return await propose_change(
            session,
            record,
            grant,
            title=title,
            priority="supplier-growth",
            kind="test",
            key="sg-firms",
            changes=CHANGES,
            why="Two  buyers\nleft.",
            now=now,
        )


async def test_a_change_becomes_a_decision_for_steering(any_sample: Stage) -> None:
    before = any_sample.calendar.now()
    any_sample.calendar.set(before + timedelta(hours=1))
    assert [await proposed(any_sample), await proposed(any_sample)] == ["D-6", "D-7"]
    found = next(one for one in (await any_sample.record()).decisions if one.id == "D-6")
    assert (found.title, found.decider, found.priority, found.accountable, found.status) == (
        "Set the target to 250.5",
        "steering",
        "supplier-growth",
        "grant",
        "needed",
    )
    assert (found.options, found.why, found.needed_by, found.answers) == (OPTIONS, "Two buyers left.", None, ())
    async with any_sample.services.database.read() as session:
        applies = await session.scalar(select(DecisionRow.applies).where(DecisionRow.key == "D-6"))
    assert applies == {"kind": "test", "key": "sg-firms", "changes": CHANGES}
    assert all(one.id != "D-6" for one in (await any_sample.record(before)).decisions), "it was not there before"


async def test_without_a_steering_group_nothing_can_be_proposed(stage: Stage) -> None:
    grant = await stage.actor("grant")
    async with stage.services.database.write(grant.author(stage.calendar.now())) as session:
        record = replace(await read_record(session, stage.coalition_id), groups=())
        with pytest.raises(UserError, match="no steering group"):
            await propose_change(
                session,
                record,
                grant,
                title="x",
                priority=None,
                kind="test",
                key="x",
                changes={},
                why="",
                now=stage.calendar.now(),
            )
