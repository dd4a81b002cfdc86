"""Importing: a new coalition, a three-way merge into one that lives, dry runs, and all or nothing."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import select

from bot.domain.coalition_file import check, to_file
from bot.domain.digests import dumps, to_data
from bot.domain.files import Difference
from bot.domain.record import Record, headline_metric
from bot.domain.record import record as values
from bot.services import Services
from bot.store.actions import ActionItemRow
from bot.store.audit import AuditEntryRow, ChangeRow
from bot.store.funding import FundingSourceRow
from bot.store.metrics import MetricRow
from bot.store.people import MemberRow
from bot.store.priorities import OutcomeRow
from bot.store.tables import METADATA
from tests.builders import day
from tests.examples import on
from tests.services.edits import EDITS
from tests.services.stage import Stage


async def content_of(services: Services) -> dict[str, list[tuple[Any, ...]]]:
    """Every row of every table."""
    async with services.database.read() as session:
        return {
            table.name: sorted((tuple(row) for row in await session.execute(select(table))), key=repr)
            for table in METADATA.sorted_tables
        }


async def rows_of(services: Services, *tables: Any) -> list[set[tuple[int, str]]]:
    """Which row each id of a file stands for."""
    async with services.database.read() as session:
        return [{(row.id, row.key) for row in await session.scalars(select(table))} for table in tables]


def with_action(record: Record, key: str, **fields: Any) -> Record:
    return replace(
        record, actions=tuple(replace(item, **fields) if item.id == key else item for item in record.actions)
    )


def outcomes(differences: tuple[Difference, ...]) -> list[tuple[str, str, str, str]]:
    return [(item.outcome, item.kind, item.id, item.field) for item in differences]


async def test_what_is_read_back_is_what_the_file_said(stage: Stage, sample: Record) -> None:
    """Every field, every unknown field and every list's order; only the moment of the import is added."""
    read = await stage.record()
    assert read == replace(sample, first_imported_at=stage.calendar.now())
    metric = read.priorities[0].metrics[1]
    assert (str(metric.readings[0].value), str(metric.baseline.value if metric.baseline else "")) == ("44.0", "41.0")


@pytest.mark.in_part
@on("postgres", "any_sample_url")
async def test_the_same_file_again_changes_nothing(any_sample: Stage, sample: Record) -> None:
    before = await content_of(any_sample.services)
    result = await any_sample.services.coalitions.import_record(sample)
    assert (result.created, result.differences) == (False, ())
    after = await content_of(any_sample.services)
    del before["imported_files"], after["imported_files"]
    assert after == before, "not even a line in the audit trail"


async def test_what_only_the_file_changed_is_applied(stage: Stage, sample: Record) -> None:
    file = with_action(sample, "A-101", due=day("2026-12-18"), title="Hire three instructors")
    result = await stage.services.coalitions.import_record(file)
    assert outcomes(result.differences) == [
        ("applied", "action", "A-101", "title"),
        ("applied", "action", "A-101", "due"),
        ("applied", "action", "A-101", "moves"),
    ]
    assert result.differences[1].live == day("2026-11-20")
    assert result.differences[1].file == day("2026-12-18")
    move = values.ActionMove(before=day("2026-11-20"), to=day("2026-12-18"), on=day("2026-11-23"))
    assert replace(await stage.record(), first_imported_at=None) == with_action(file, "A-101", moves=(move,))


async def live_change(stage: Stage, **columns: Any) -> None:
    """Changes action A-101 as something other than an import would."""
    async with stage.services.database.write(stage.operator.author(stage.calendar.now())) as session:
        row = await session.scalar(select(ActionItemRow).where(ActionItemRow.key == "A-101"))
        assert row is not None
        for name, value in columns.items():
            setattr(row, name, value)


@pytest.mark.in_part
@on("sqlite", "any_sample_url")
async def test_a_live_value_stays_where_the_file_is_unchanged(any_sample: Stage, sample: Record) -> None:
    await live_change(any_sample, status="blocked", blocked_reason="No candidate.")
    result = await any_sample.services.coalitions.import_record(with_action(sample, "A-101", title="Hire instructors"))
    assert outcomes(result.differences) == [
        ("applied", "action", "A-101", "title"),
        ("kept", "action", "A-101", "status"),
        ("kept", "action", "A-101", "blocked_reason"),
    ]
    action = next(item for item in (await any_sample.record()).actions if item.id == "A-101")
    assert (action.title, action.status, action.blocked_reason) == ("Hire instructors", "blocked", "No candidate.")
    again = await any_sample.services.coalitions.import_record(with_action(sample, "A-101", title="Hire instructors"))
    assert {item.outcome for item in again.differences} == {"kept"}, "the newest file is the base of the next one"


@pytest.mark.in_part
@on("sqlite", "any_sample_url")
@pytest.mark.parametrize(("prefer_file", "due"), [(False, "2026-12-04"), (True, "2026-12-18")])
async def test_what_both_changed_is_listed_and_the_file_wins_only_where_it_is_preferred(
    any_sample: Stage, sample: Record, prefer_file: bool, due: str
) -> None:
    await live_change(any_sample, due=day("2026-12-04"), note="Agreed by phone")
    file = with_action(sample, "A-101", due=day("2026-12-18"))
    result = await any_sample.services.coalitions.import_record(file, prefer_file=prefer_file)
    assert outcomes(result.differences) == [
        ("conflict", "action", "A-101", "due"),
        ("kept", "action", "A-101", "note"),
        *([("applied", "action", "A-101", "moves")] if prefer_file else []),
    ]
    assert (result.differences[0].live, result.differences[0].file) == (day("2026-12-04"), day("2026-12-18"))
    action = next(item for item in (await any_sample.record()).actions if item.id == "A-101")
    assert (action.due, action.note) == (day(due), "Agreed by phone")


async def test_both_changed_alike_is_nothing_to_decide(stage: Stage, sample: Record) -> None:
    await live_change(stage, due=day("2026-12-18"))
    result = await stage.services.coalitions.import_record(with_action(sample, "A-101", due=day("2026-12-18")))
    assert result.differences == ()


async def test_what_is_missing_in_the_file_is_kept_and_listed(stage: Stage, sample: Record) -> None:
    file = replace(
        sample,
        actions=sample.actions[1:],
        issues=(),
        funding_sources=sample.funding_sources[:-1],
        priorities=(
            replace(sample.priorities[0], outcomes=sample.priorities[0].outcomes[:1]),
            *sample.priorities[1:],
        ),
        responses=sample.responses[1:],
        coalition=replace(sample.coalition, north_star=None),
    )
    result = await stage.services.coalitions.import_record(file, prefer_file=True)
    assert [(item.outcome, item.kind, item.id) for item in result.differences] == [
        ("missing", "north star", "limestone-bend"),
        ("missing", "outcome", "tp-io2"),
        ("missing", "outcome", "tp-io3"),
        ("missing", "check-in", "weekly-checkin/2026-11-03/talent-pathways"),
        ("missing", "action", "A-101"),
        ("missing", "issue", "I-1"),
        ("missing", "issue", "I-2"),
        ("missing", "issue", "I-3"),
        ("missing", "funding source", "F-9"),
    ]
    assert replace(await stage.record(), first_imported_at=None) == sample


@pytest.mark.in_part
@on("sqlite", "any_sample_url")
async def test_readings_are_added_and_never_replaced(any_sample: Stage, sample: Record) -> None:
    def with_readings(record: Record, change: Callable[[values.Metric], tuple[values.Reading, ...]]) -> Record:
        priority = record.priorities[0]
        metric = priority.metrics[0]
        metrics = (replace(metric, readings=change(metric)), *priority.metrics[1:])
        return replace(record, priorities=(replace(priority, metrics=metrics), *record.priorities[1:]))

    corrected = values.Reading(
        period_start=day("2026-07-01"), period_end=day("2026-09-30"), value=Decimal(201), recorded_on=day("23")
    )
    # The file gives a second figure for a period instead of the first one, and leaves another one out.
    file = with_readings(sample, lambda metric: (*metric.readings[1:3], corrected))
    result = await any_sample.services.coalitions.import_record(file)
    assert outcomes(result.differences) == [("added", "reading", "tp-enrol/2026-09-30", "")]
    metric = (await any_sample.record()).priorities[0].metrics[0]
    assert metric.readings == (*sample.priorities[0].metrics[0].readings, corrected)
    again = await any_sample.services.coalitions.import_record(file)
    assert again.differences == ()
    assert (await any_sample.record()).priorities[0].metrics[0].readings == metric.readings


async def digest(stage: Stage, moment: datetime) -> str:
    return dumps(to_data(await stage.services.digests.compose(stage.operator, moment)))


def everything_moves(sample: Record) -> Record:
    """Metrics and an outcome go to a later and to an earlier priority, a member and an allocation go elsewhere too."""
    talent, supplier, family, quality = sample.priorities
    enrol, seats = talent.metrics[0], family.metrics[0]
    newer = values.Reading(
        period_start=day("2026-07-01"), period_end=day("2026-09-30"), value=Decimal(201), recorded_on=day("23")
    )
    moved = replace(enrol, tolerance=Decimal(5), readings=(*enrol.readings, newer))
    priorities = (
        replace(talent, headline_metric=None, outcomes=talent.outcomes[1:], metrics=(*talent.metrics[1:], seats)),
        supplier,
        replace(family, headline_metric=None, metrics=family.metrics[1:]),
        replace(quality, outcomes=(*quality.outcomes, talent.outcomes[0]), metrics=(*quality.metrics, moved)),
    )
    members = tuple(replace(one, organization="kessler") if one.id == "helen" else one for one in sample.members)
    first, second, *others = sample.funding_sources
    first = replace(first, allocations=first.allocations[:1])
    second = replace(
        second, amount=Decimal(2300000), allocations=(*second.allocations, sample.funding_sources[0].allocations[1])
    )
    return replace(sample, priorities=priorities, members=members, funding_sources=(first, second, *others))


@pytest.mark.in_part
@on("sqlite", "any_sample_url")
async def test_what_the_file_moves_is_the_same_thing_in_another_place(any_sample: Stage, sample: Record) -> None:
    stage, coalitions = any_sample, any_sample.services.coalitions
    helen = await stage.actor("helen")
    draft = await stage.services.metrics.draft(helen, "enrol 205 as of Sep 30 note Late forms")
    await stage.services.metrics.record(helen, draft.token)
    before = await content_of(stage.services)
    then, text, record = stage.calendar.now(), await digest(stage, stage.calendar.now()), await stage.record()
    stage.at("2026-11-23T08:00")
    file = everything_moves(sample)
    _, problems = check(to_file(file))
    assert not problems

    dry = await coalitions.import_record(file, dry_run=True)
    assert await content_of(stage.services) == before
    rows = await rows_of(stage.services, MetricRow, OutcomeRow, MemberRow, FundingSourceRow)
    real = await coalitions.import_record(file)
    assert (real.differences, real.record) == (dry.differences, dry.record)
    talent, family, quality = "talent-pathways", "family-access", "job-quality"
    assert [
        (*line, item.live, item.file) if item.outcome == "moved" else line
        for line, item in zip(outcomes(dry.differences), dry.differences, strict=True)
    ] == [
        ("applied", "member", "helen", "organization"),
        ("applied", "priority", talent, "headline_metric"),
        ("moved", "metric", "fa-seats", "priority", family, talent),
        ("applied", "priority", family, "headline_metric"),
        ("moved", "outcome", "tp-io1", "priority", talent, quality),
        ("moved", "metric", "tp-enrol", "priority", talent, quality),
        ("applied", "metric", "tp-enrol", "tolerance"),
        ("added", "reading", "tp-enrol/2026-09-30", ""),
        ("applied", "funding source", "F-1", "allocations"),
        ("applied", "funding source", "F-2", "amount"),
        ("applied", "funding source", "F-2", "allocations"),
    ]

    after = await content_of(stage.services)
    assert await rows_of(stage.services, MetricRow, OutcomeRow, MemberRow, FundingSourceRow) == rows
    assert len(after["readings"]) == len(before["readings"]) + 1
    live = await stage.record()
    assert (live.members, live.funding_sources) == (file.members, file.funding_sources)
    now = {item.id: item for item in live.priorities}
    enrol = next(item for item in now[quality].metrics if item.id == "tp-enrol")
    assert [int(one.value) for one in enrol.readings] == [118, 151, 187, 196, 205, 201]
    assert [item.id for key in (talent, quality) for item in now[key].metrics].count("tp-enrol") == 1
    for key, headline in ((talent, "tp-placed"), (family, "fa-wait"), (quality, "jq-pledge")):
        found = headline_metric(now[key])
        assert (found and found.id) == headline
    _, problems = check(await coalitions.export(stage.operator))
    assert not problems

    again = await coalitions.import_record(file)
    assert again.differences == ()
    twice = await content_of(stage.services)
    del after["imported_files"], twice["imported_files"]
    assert twice == after
    assert (await digest(stage, then), await stage.record(then)) == (text, record)


async def test_what_is_new_in_the_file_comes_after_what_was_there(stage: Stage, sample: Record) -> None:
    priority = replace(
        sample.priorities[0],
        id="broadband",
        name="Broadband",
        outcomes=(),
        headline_metric="bb-homes",
        metrics=(replace(sample.priorities[0].metrics[0], id="bb-homes"),),
    )
    action = replace(sample.actions[0], id="A-900", priority="broadband", metric="bb-homes")
    file = replace(sample, priorities=(priority, *sample.priorities), actions=(action, *sample.actions))
    result = await stage.services.coalitions.import_record(file)
    assert outcomes(result.differences) == [("added", "priority", "broadband", ""), ("added", "action", "A-900", "")]
    record = await stage.record()
    assert record.priorities == (*sample.priorities, priority)
    assert record.actions == (*sample.actions, action)


async def test_a_dry_run_tells_everything_and_changes_nothing(stage: Stage, sample: Record) -> None:
    await live_change(stage, due=day("2026-12-04"), status="blocked")
    file = replace(with_action(sample, "A-101", due=day("2026-12-18"), title="Hire"), issues=sample.issues[:2])
    file = EDITS["a reading is added"](EDITS["a priority is added"](file))
    before = await content_of(stage.services)
    coalitions = stage.services.coalitions
    dry = await coalitions.import_record(file, dry_run=True, prefer_file=True)
    assert await content_of(stage.services) == before
    real = await coalitions.import_record(file, prefer_file=True)
    assert (dry.differences, dry.record, dry.coalition_id) == (real.differences, real.record, real.coalition_id)
    assert {item.outcome for item in dry.differences} == {"added", "applied", "kept", "conflict", "missing"}


async def test_a_dry_run_of_a_new_coalition_leaves_nothing(stage: Stage, sample: Record) -> None:
    before = await content_of(stage.services)
    dry = await stage.services.coalitions.import_record(sample, as_key="river-forks", dry_run=True)
    assert (dry.created, dry.key, dry.coalition_id) == (True, "river-forks", None)
    assert await content_of(stage.services) == before


@contextmanager
def meanwhile(stage: Stage, *steps: Callable[[], Awaitable[object]]) -> Iterator[list[int]]:
    """While this goes on, each comparison of a file with what lives is held up by the next of these steps."""
    coalitions, waiting, compared = stage.services.coalitions, list(steps), [0]
    usual = coalitions.plan_apart

    async def plan_apart(*args: Any) -> Any:
        compared[0] += 1
        plan = await usual(*args)
        if waiting:
            await waiting.pop(0)()
        return plan

    coalitions.plan_apart = plan_apart
    try:
        yield compared
    finally:
        coalitions.plan_apart = usual


async def test_others_write_while_a_file_is_compared(any_sample: Stage, sample: Record) -> None:
    """On a dry run nobody waits for it; at an import what they wrote is compared too."""
    file = with_action(sample, "A-101", title="Hire instructors")
    coalitions = any_sample.services.coalitions

    async def writes() -> None:
        await asyncio.wait_for(live_change(any_sample, note="Agreed by phone"), 30)

    with meanwhile(any_sample, writes) as compared:
        dry = await coalitions.import_record(file, dry_run=True)
    assert (compared, outcomes(dry.differences)) == ([1], [("applied", "action", "A-101", "title")])

    async def writes_too() -> None:
        await asyncio.wait_for(live_change(any_sample, title="Hire four"), 30)

    with meanwhile(any_sample, writes_too) as compared:
        result = await coalitions.import_record(file)
    assert (compared, outcomes(result.differences)) == (
        [2],
        [("conflict", "action", "A-101", "title"), ("kept", "action", "A-101", "note")],
    )
    action = next(item for item in (await any_sample.record()).actions if item.id == "A-101")
    assert (action.title, action.note) == ("Hire four", "Agreed by phone")


async def test_an_import_ends_however_often_others_write(stage: Stage, sample: Record) -> None:
    notes = iter(f"Note {number}" for number in range(9))
    steps = [lambda: live_change(stage, note=next(notes))] * 9
    with meanwhile(stage, *steps) as compared:
        result = await stage.services.coalitions.import_record(with_action(sample, "A-101", title="Hire instructors"))
    assert compared == [3]
    assert outcomes(result.differences)[0] == ("applied", "action", "A-101", "title")
    action = next(item for item in (await stage.record()).actions if item.id == "A-101")
    assert (action.title, action.note) == ("Hire instructors", "Note 2")


@pytest.mark.at_once
async def test_a_new_coalition_that_somebody_else_brings_in_meanwhile_is_merged(stage: Stage, sample: Record) -> None:
    """Two at once make one coalition."""
    coalitions = stage.services.coalitions
    first, second = await asyncio.gather(*(coalitions.import_record(sample, as_key="river") for _two in range(2)))
    assert {first.created, second.created} == {True, False}
    assert [one.key for one in await coalitions.all()].count("river") == 1


@pytest.mark.parametrize("as_key", [None, "river-forks"])
async def test_a_failure_midway_leaves_nothing(any_sample: Stage, sample: Record, as_key: str | None) -> None:
    before = await content_of(any_sample.services)
    # Funding sources are written last, and this one names an organization that is nowhere.
    broken = replace(sample.funding_sources[0], name="Changed", organization="nowhere")
    file = replace(EDITS["an action is done"](sample), funding_sources=(*sample.funding_sources[1:], broken))
    with pytest.raises(KeyError, match="nowhere"):
        await any_sample.services.coalitions.import_record(file, as_key=as_key)
    assert await content_of(any_sample.services) == before


async def test_a_change_by_import_is_recorded_as_one(stage: Stage, sample: Record) -> None:
    stage.at("2026-11-23T08:00")
    await stage.services.coalitions.import_record(with_action(sample, "A-101", due=day("2026-12-18")))
    async with stage.services.database.read() as session:
        query = select(AuditEntryRow, ChangeRow).join(ChangeRow, ChangeRow.id == AuditEntryRow.change_id)
        entry, change = (await session.execute(query.order_by(AuditEntryRow.id.desc()).limit(1))).one()
    assert (change.path, change.at, entry.table_name) == ("import", stage.calendar.now(), "action_items")
    assert entry.old == {"due": day("2026-11-20"), "moves": None}
