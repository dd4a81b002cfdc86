"""Changes that wait for a decision, on both databases."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest
from sqlalchemy import select, text

from bot.domain.record import DatedValue, Need, Outcome
from bot.errors import UserError
from bot.services.access import Transaction
from bot.services.decisions import propose_change
from bot.services.decisions.proposals import OPTIONS
from bot.store.decisions import DecisionRow
from bot.store.record import read_record
from tests.examples import on
from tests.services.stage import Stage

CHANGES = {"target": Decimal("250.5"), "on": date(2027, 3, 31), "milestones": [Decimal(1)]}


async def proposed(stage: Stage, title: str = "Set the target to 250.5") -> str:
    grant = await stage.actor("grant")
    now = stage.calendar.now()
    async with stage.services.database.write(grant.author(now)) as session:
        return await propose_change(
            await Transaction(session, stage.coalition_id, now).by(grant).read(),
            title=title,
            priority="supplier-growth",
            kind="test",
            key="sg-firms",
            changes=CHANGES,
            why="Two  buyers\nleft.",
        )


@pytest.mark.in_part
@on("postgres", "any_sample_url")
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
                Transaction(session, stage.coalition_id, stage.calendar.now()).by(grant).on(record),
                title="x",
                priority=None,
                kind="test",
                key="x",
                changes={},
                why="",
            )


# As the version before plans had types kept them.
KEPT_BEFORE = (
    '{"kind":"metric","key":"tp-enrol","changes":{"target":[{"$number":"500"},{"$date":"2028-12-31"}],"milestones":'
    '[[{"$number":"350"},{"$date":"2027-03-31"}],[{"$number":"400"},{"$date":"2027-12-31"}]],"reason":"A new grant."}}',
    '{"kind":"priority","key":"talent-pathways","changes":{"goal":"More jobs.","owner":"dana","need":'
    '[{"$number":"2500000"},{"$date":"2028-12-31"}],"state":"paused","reason":"Winter."}}',
    '{"kind":"outcome","key":"tp-io1","changes":{"due":{"$date":"2027-05-31"},"completed":{"$date":"2026-11-20"},'
    '"evidence":"The lease.","reason":"It moved.","priority":"talent-pathways"}}',
    '{"kind":"outcome","key":"","changes":{"name":"A second hall","due":{"$date":"2027-05-31"},"reason":"It helps.",'
    '"priority":"talent-pathways"}}',
)


@pytest.mark.in_part
@on("sqlite", "any_sample_url")
async def test_a_change_that_an_earlier_version_kept_is_made_as_it_was_meant(any_sample: Stage) -> None:
    stage, chair = any_sample, await any_sample.actor("priya")
    for kept in KEPT_BEFORE:
        key = await proposed(stage)
        async with stage.services.database.write(chair.author(stage.calendar.now())) as session:
            query = text("update decisions set applies = :kept where key = :key")
            await session.execute(query, {"kept": kept, "key": key})
        await stage.services.decisions.record(chair, key, "Approve", note="At the meeting.")
    priority = (await stage.record()).priorities[0]
    metric = next(one for one in priority.metrics if one.id == "tp-enrol")
    assert metric.target == DatedValue(value=Decimal(500), on=date(2028, 12, 31), extra={"reason": "A new grant."})
    assert [(one.value, one.on) for one in metric.milestones] == [
        (Decimal(350), date(2027, 3, 31)),
        (Decimal(400), date(2027, 12, 31)),
    ]
    assert (priority.goal, priority.owner, priority.assessment) == ("More jobs.", "dana", "paused")
    assert priority.need == Need(amount=Decimal(2500000), through=date(2028, 12, 31), basis="three-year training plan")
    assert priority.extra["reason"] == "Winter."
    first, last = priority.outcomes[0], priority.outcomes[-1]
    assert (first.due, first.completed) == (date(2027, 5, 31), date(2026, 11, 20))
    assert {**first.extra} == {**first.extra, "evidence": "The lease.", "reason": "It moved."}
    assert last == Outcome(
        id="talent-pathways-a-second-hall", name="A second hall", due=date(2027, 5, 31), extra={"reason": "It helps."}
    )
