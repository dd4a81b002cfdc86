"""Frozen values → rows: writes a coalition's facts, whether new or changed. Reading them back is in `record_view`.

What each section's values become is in `people_rows`, `priority_rows`, `cadence_rows`, `work_rows` and `funding_rows`.
"""

from __future__ import annotations

from sqlalchemy.ext.asyncio import AsyncSession

from bot.domain import record as values
from bot.domain.standing_roles import StandingRoles
from bot.store.cadence_rows import write_cadences, write_question_sets, write_responses
from bot.store.coalitions import CoalitionRow
from bot.store.funding_rows import write_funding_sources
from bot.store.people_rows import (
    write_group_priorities,
    write_groups,
    write_member_children,
    write_members,
    write_organization_children,
    write_organizations,
)
from bot.store.priority_rows import add_readings, write_metric, write_priorities
from bot.store.work_rows import write_actions, write_decisions, write_issues
from bot.store.writer import Writer


async def write_record(session: AsyncSession, coalition: CoalitionRow, record: values.Record) -> None:
    """Writes a whole record, in an order in which everything that is pointed at is there."""
    writer = Writer(session, coalition)
    await writer.load_rows()
    write_coalition(coalition, record)
    await write_organizations(writer, record.organizations)
    await write_members(writer, record.members)
    await write_organization_children(writer, record.organizations)
    await write_groups(writer, record.groups)
    await write_priorities(writer, record.priorities)
    await write_group_priorities(writer, record.groups)
    await write_member_children(writer, record.members)
    star = record.coalition.north_star
    if star is not None and star.metric is not None:
        await write_metric(writer, star.metric, None)
    for priority in record.priorities:
        for metric in priority.metrics:
            await write_metric(writer, metric, priority.id)
    await write_question_sets(writer, record.question_sets)
    await write_cadences(writer, record.cadences)
    await write_responses(writer, record.responses, StandingRoles(record))
    await write_actions(writer, record.actions)
    await write_issues(writer, record.issues)
    await write_decisions(writer, record.decisions)
    await write_funding_sources(writer, record.funding_sources)


def write_coalition(row: CoalitionRow, record: values.Record) -> None:
    """Everything that the coalition row itself holds."""
    coalition = record.coalition
    star = coalition.north_star
    for name, value in {
        "name": coalition.name,
        "short_name": coalition.short_name,
        "timezone": coalition.timezone,
        "currency": coalition.currency,
        "north_star_statement": None if star is None else star.statement,
        "north_star_extra": {} if star is None else dict(star.extra),
        "schema_version": record.schema_version,
        "as_of": record.as_of,
        "extra": dict(coalition.extra),
        "file_extra": dict(record.extra),
    }.items():
        if getattr(row, name) != value:
            setattr(row, name, value)


async def add_all_readings(session: AsyncSession, coalition: CoalitionRow, record: values.Record) -> None:
    """Adds every reading of a new coalition."""
    writer = Writer(session, coalition)
    await writer.load_rows()
    star = record.coalition.north_star
    metrics = [] if star is None or star.metric is None else [star.metric]
    metrics += [metric for priority in record.priorities for metric in priority.metrics]
    for metric in metrics:
        await add_readings(writer, metric.id, metric.readings)
