"""Frozen values → rows: writes a coalition's facts, whether new or changed. Reading them back is in `view`.

What each section's values become is in `people_rows`, `priority_rows`, `cadence_rows`, `work_rows` and `funding_rows`.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, TypeVar

from sqlalchemy.ext.asyncio import AsyncSession

from bot.domain import record as values
from bot.domain.checkins import StandingRoles
from bot.store.coalition import CoalitionRow
from bot.store.record.cadence_rows import write_cadences, write_question_sets, write_responses
from bot.store.record.funding_rows import write_funding_sources
from bot.store.record.people_rows import (
    write_group_priorities,
    write_groups,
    write_member_children,
    write_members,
    write_organization_children,
    write_organizations,
)
from bot.store.record.priority_rows import add_readings, write_metric, write_priorities
from bot.store.record.work_rows import write_actions, write_decisions, write_issues
from bot.store.record.writer import Writer

T = TypeVar("T")


async def write_record(
    session: AsyncSession, coalition: CoalitionRow, record: values.Record, *, known: values.Record | None = None
) -> None:
    """Writes a whole record, in an order in which everything that is pointed at is there.

    With what is `known` to stand in the rows only what differs from it is looked at.
    """
    writer = Writer(session, coalition)
    await writer.load_rows()
    write_coalition(coalition, record)
    members = _news(record.members, known.members if known else ())
    organizations = _news(record.organizations, known.organizations if known else ())
    groups = _news(record.groups, known.groups if known else ())
    await write_organizations(writer, organizations)
    await write_members(writer, members)
    await write_organization_children(writer, organizations)
    await write_groups(writer, groups)
    await write_priorities(writer, _news(record.priorities, known.priorities if known else ()))
    await write_group_priorities(writer, groups)
    await write_member_children(writer, members)
    star = record.coalition.north_star
    if star is not None and star.metric is not None:
        await write_metric(writer, star.metric, None)
    for priority in record.priorities:
        for metric in priority.metrics:
            await write_metric(writer, metric, priority.id)
    await write_question_sets(writer, _news(record.question_sets, known.question_sets if known else ()))
    await write_cadences(writer, _news(record.cadences, known.cadences if known else ()))
    await write_responses(writer, _news(record.responses, known.responses if known else ()), StandingRoles(record))
    await write_actions(writer, _news(record.actions, known.actions if known else ()))
    await write_issues(writer, _news(record.issues, known.issues if known else ()))
    await write_decisions(writer, _news(record.decisions, known.decisions if known else ()))
    sources = _news(record.funding_sources, known.funding_sources if known else ())
    await write_funding_sources(writer, sources)


def _news(items: Sequence[T], known: Sequence[T]) -> Sequence[T]:
    """The items that are not known as they are."""
    there = {_id(one): one for one in known}
    return [one for one in items if there.get(_id(one)) != one]


def _id(item: Any) -> object:
    return (item.cadence, item.round, item.priority) if isinstance(item, values.Response) else item.id


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
