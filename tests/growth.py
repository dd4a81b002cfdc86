"""The sample many times as large, to see whether work grows with a list. What one person owns grows with it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.domain.record import Metric, Priority, Record
from bot.services import Services
from bot.services.access import operator
from bot.store.asks import AskRow
from bot.store.checkins import ResponseRow, RoundRow, RoundSubjectRow
from bot.store.outbox import DeliveryRow
from bot.store.people import MemberRow
from bot.store.priorities import PriorityRow

# Digests and reminders stay single: a coalition has one of each, however large it is.
SEVERAL = ("checkin", "meeting", "stocktake")


def grown(record: Record, times: int) -> Record:
    """The record with everything in it `times` as often, under other ids; owners and stewards stay who they are."""
    return replace(
        record,
        organizations=_with_more(record, "organizations", times),
        members=_with_more(record, "members", times),
        groups=_with_more(record, "groups", times),
        priorities=_with_more(record, "priorities", times),
        cadences=_with_more(record, "cadences", times),
        responses=_with_more(record, "responses", times),
        actions=_with_more(record, "actions", times),
        issues=_with_more(record, "issues", times),
        decisions=_with_more(record, "decisions", times),
        funding_sources=_with_more(record, "funding_sources", times),
    )


def _with_more(record: Record, name: str, times: int) -> tuple[Any, ...]:
    return (*getattr(record, name), *_again(record, name, times))


def _again(record: Record, name: str, times: int) -> Iterator[Any]:
    for number in range(1, times):
        for item in getattr(record, name):
            match name:
                case "members":
                    yield replace(
                        _named(item, number), email=None, roles=tuple(r for r in item.roles if r.role != "admin")
                    )
                case "groups":
                    if item.kind == "working_group":
                        yield replace(_named(item, number), priority=f"{item.priority}-{number}", channel=None)
                case "priorities":
                    yield _priority(item, number)
                case "cadences":
                    if item.kind in SEVERAL:
                        yield _named(item, number)
                case "responses":
                    yield replace(item, priority=f"{item.priority}-{number}")
                case "organizations":
                    yield _named(item, number)
                case _:
                    letter, _, own = item.id.partition("-")
                    yield replace(item, id=f"{letter}-{number}{own}")


def _named(item: Any, number: int) -> Any:
    return replace(item, id=f"{item.id}-{number}", name=f"{item.name} {number}")


def _priority(item: Priority, number: int) -> Any:
    metrics: tuple[Metric, ...] = tuple(_named(metric, number) for metric in item.metrics)
    outcomes = tuple(_named(outcome, number) for outcome in item.outcomes)
    headline = f"{item.headline_metric}-{number}" if item.headline_metric else None
    return replace(
        _named(item, number),
        metrics=metrics,
        outcomes=outcomes,
        headline_metric=headline,
        working_group=f"{item.working_group}-{number}" if item.working_group else None,
        channel=None,
    )


async def grow(services: Services, coalition_id: int, record: Record, times: int) -> None:
    """Makes a live coalition `times` as large: its record, the open round, what is held, and what was asked."""
    await services.coalitions.import_record(grown(record, times))
    now = services.calendar.now()
    async with services.database.write(operator(coalition_id).author(now)) as session:
        await _ask_about_all(session, coalition_id)
        members = (await session.scalars(select(MemberRow.id).where(MemberRow.coalition_id == coalition_id))).all()
        held = (await session.scalars(select(DeliveryRow).where(DeliveryRow.state == "held"))).all()
        for number in range(1, times):
            for row in held:
                _copy(session, row, key=f"{row.key}-{number}", member_id=members[(row.id + number) % len(members)])
        for ask in (await session.scalars(select(AskRow))).all():
            for number in range(1, times):
                _copy(session, ask, response_id=await _response_about(session, ask.response_id, number))


async def _response_about(session: AsyncSession, response_id: int, number: int) -> int:
    """The same answer about another priority, made where the file didn't bring it."""
    said = await session.get_one(ResponseRow, response_id)
    key = (await session.get_one(PriorityRow, said.priority_id)).key
    priority = (await session.scalars(select(PriorityRow.id).where(PriorityRow.key == f"{key}-{number}"))).one()
    found = await session.scalar(
        select(ResponseRow.id).where(
            ResponseRow.priority_id == priority,
            ResponseRow.round == said.round,
            ResponseRow.cadence_id == said.cadence_id,
        )
    )
    if found is not None:
        return found
    copy = _copy(session, said, priority_id=priority)
    await session.flush()
    return int(copy.id)


async def _ask_about_all(session: AsyncSession, coalition_id: int) -> None:
    """The open round asks about every priority."""
    subjects = (
        await session.execute(
            select(RoundSubjectRow, PriorityRow.key)
            .join(RoundRow, RoundRow.id == RoundSubjectRow.round_id)
            .join(PriorityRow, PriorityRow.id == RoundSubjectRow.priority_id)
            .where(RoundSubjectRow.coalition_id == coalition_id)
        )
    ).all()
    for row, key in subjects:
        for priority in await session.scalars(select(PriorityRow.id).where(PriorityRow.key.like(f"{key}-%"))):
            _copy(session, row, priority_id=priority)


def _copy(session: AsyncSession, row: Any, **changed: Any) -> Any:
    values = {column.key: getattr(row, column.key) for column in row.__table__.columns if column.key != "id"}
    copy = type(row)(**values | changed)
    session.add(copy)
    return copy
