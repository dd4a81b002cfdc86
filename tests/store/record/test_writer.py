"""Writing a value that was changed: what stays keeps its row, and the audit trail holds what differs, nothing else."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import select

from bot.domain.record import Allocation, DatedValue, FundingSource, Metric, Move, Record
from bot.store.audit import AuditEntryRow
from bot.store.record import Writer, read_record
from tests.builders import day
from tests.services.stage import Stage
from tests.statements import counted

pytestmark = pytest.mark.usefixtures("one_after_the_other")

Trail = list[tuple[str, str, dict[str, Any]]]


async def written(stage: Stage, value: Any, before: Any) -> Trail:
    """Table, operation and new values of each change."""
    author = stage.operator.author(stage.calendar.now())
    async with stage.services.database.write(author) as session:
        last = await session.scalar(select(AuditEntryRow.id).order_by(AuditEntryRow.id.desc()).limit(1))
        await Writer(session, stage.coalition_id).put(value, before)
    async with stage.services.database.read() as session:
        query = select(AuditEntryRow).where(AuditEntryRow.id > last).order_by(AuditEntryRow.id)
        return [(one.table_name, one.operation, one.new or {}) for one in await session.scalars(query)]


async def read(stage: Stage) -> Record:
    async with stage.services.database.read(stage.coalition_id) as session:
        return await read_record(session, stage.coalition_id)


async def source_of(stage: Stage) -> FundingSource:
    return next(one for one in (await read(stage)).funding_sources if len(one.allocations) > 2)


async def metric_of(stage: Stage) -> Metric:
    priorities = (await read(stage)).priorities
    return next(one for priority in priorities for one in priority.metrics if len(one.milestones) > 2)


async def test_nothing_is_written_where_nothing_differs(any_sample: Stage) -> None:
    source = await source_of(any_sample)
    assert await written(any_sample, source, source) == []
    assert await written(any_sample, source, None) == []


async def test_an_allocation_changes_in_its_place(any_sample: Stage) -> None:
    source = await source_of(any_sample)
    first, second, *rest = source.allocations
    changed = replace(source, allocations=(first, replace(second, amount=Decimal(7)), *rest))
    assert await written(any_sample, changed, source) == [("allocations", "update", {"amount": Decimal(7)})]
    assert await source_of(any_sample) == changed


async def test_an_allocation_goes_and_another_comes(any_sample: Stage) -> None:
    source = await source_of(any_sample)
    known = await read(any_sample)
    to = next(one.id for one in known.groups if one.id not in {one.to for one in source.allocations})
    changed = replace(source, allocations=(*source.allocations[1:], Allocation(to=to, amount=Decimal(5))))
    trail = await written(any_sample, changed, source)
    kinds = [(table, operation) for table, operation, _new in trail]
    assert kinds.count(("allocations", "delete")) == kinds.count(("allocations", "insert")) == 1
    assert all(set(new) == {"position"} for _table, operation, new in trail if operation == "update")
    assert await source_of(any_sample) == changed


async def test_a_milestone_that_stays_keeps_its_row(any_sample: Stage) -> None:
    metric = await metric_of(any_sample)
    new = DatedValue(value=Decimal(1), on=day("2026-10-31"))
    changed = replace(metric, milestones=(metric.milestones[0], *metric.milestones[2:], new))
    trail = await written(any_sample, changed, metric)
    assert [(table, operation) for table, operation, _new in trail] == [
        ("milestones", "delete"),
        ("milestones", "insert"),
    ]
    assert await metric_of(any_sample) == changed


async def test_values_in_another_order_come_back_in_it(any_sample: Stage) -> None:
    metric, source = await metric_of(any_sample), await source_of(any_sample)
    turned = replace(metric, milestones=metric.milestones[::-1])
    await written(any_sample, turned, metric)
    assert await metric_of(any_sample) == turned
    around = replace(source, allocations=source.allocations[::-1])
    await written(any_sample, around, source)
    assert await source_of(any_sample) == around


async def test_a_moved_date_is_moved_again_in_its_place(any_sample: Stage) -> None:
    cadence = (await read(any_sample)).cadences[0]
    slot = datetime.fromisoformat("2026-12-01T09:00")
    moved = replace(cadence, moves=(*cadence.moves, Move(original=slot, to=slot.replace(hour=11))))
    await written(any_sample, moved, cadence)
    again = replace(moved, moves=(*cadence.moves, Move(original=slot, to=slot.replace(hour=12))))
    assert await written(any_sample, again, moved) == [("moves", "update", {"to": slot.replace(hour=12)})]
    assert (await read(any_sample)).cadences[0] == again


async def test_what_it_points_at_is_looked_up_in_one_statement_a_table(any_sample: Stage) -> None:
    source = await source_of(any_sample)
    changed = replace(source, allocations=tuple(replace(one, amount=one.amount + 1) for one in source.allocations))
    with counted(any_sample.services.database) as statements:
        await written(any_sample, changed, source)
    looked_up = [one.sql for one in statements if one.sql.startswith(("SELECT priorities.", "SELECT groups."))]
    assert len(looked_up) <= 2, looked_up
