"""Rows of priorities and outcomes: writing what a plan says, at once or when it was decided. Steps for services."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.domain.known import in_coalition_time
from bot.domain.outbox import Item
from bot.domain.priorities import Plan, mark_columns
from bot.domain.record import Record
from bot.domain.typed import new_key
from bot.domain.vocabularies import Role
from bot.errors import UserError
from bot.services.access import Actor
from bot.services.decisions import APPLY
from bot.services.outbox import offer
from bot.store.organizations import GroupRow
from bot.store.people import MemberRow, RoleRow
from bot.store.priorities import OutcomeRow, PriorityRow

# Kinds of proposed changes.
PRIORITY = "priority"
OUTCOME = "outcome"


def new_priority_row(coalition_id: int, key: str) -> PriorityRow:
    """A row for the plan to fill."""
    return PriorityRow(coalition_id=coalition_id, key=key, assessment="not_started", need_extra={}, extra={})


async def locked_priority(session: AsyncSession, coalition_id: int, key: str) -> PriorityRow:
    """The priority's row, held until the end of the transaction."""
    row: PriorityRow | None = await session.scalar(
        select(PriorityRow).where(PriorityRow.coalition_id == coalition_id, PriorityRow.key == key).with_for_update()
    )
    if row is None:
        raise UserError("I can't find this priority anymore. Type “priorities” to see what there is.")
    return row


async def locked_outcome(session: AsyncSession, coalition_id: int, key: str) -> OutcomeRow:
    """The outcome's row, held until the end of the transaction."""
    row: OutcomeRow | None = await session.scalar(
        select(OutcomeRow).where(OutcomeRow.coalition_id == coalition_id, OutcomeRow.key == key).with_for_update()
    )
    if row is None:
        raise UserError("I can't find this outcome anymore. Open the priority again.")
    return row


async def write_priority(
    session: AsyncSession, row: PriorityRow, plan: Plan, today: date, *, by: Actor, now: datetime
) -> None:
    """Writes what a plan says into a priority's row. A new owner gets the former one's role, and both are told."""
    before = row.owner_id
    for name in ("name", "goal", "channel", "headline_metric"):
        if name in plan:
            setattr(row, name, plan[name])
    if "owner" in plan:
        owner_id = await session.scalar(
            select(MemberRow.id).where(MemberRow.coalition_id == row.coalition_id, MemberRow.key == plan["owner"])
        )
        if owner_id is None:
            raise UserError("The new owner is not a member anymore. Choose somebody else.")
        row.owner_id = owner_id
    if "working_group" in plan:
        row.working_group_id = await session.scalar(
            select(GroupRow.id).where(GroupRow.coalition_id == row.coalition_id, GroupRow.key == plan["working_group"])
        )
    if "need" in plan:
        row.need_amount, row.need_through = plan["need"] or (None, None)
    if "state" in plan:
        for name, value in mark_columns(plan["state"], today).items():
            setattr(row, name, value)
    if plan.get("reason"):
        row.extra = {**(row.extra or {}), "reason": plan["reason"]}
    session.add(row)
    await session.flush()
    if row.owner_id != before:
        await _hand_over(session, row, before, by, now)


async def _hand_over(session: AsyncSession, row: PriorityRow, before: int | None, by: Actor, now: datetime) -> None:
    """Whoever owned a priority keeps no right to it by a role that was given with it."""
    given = (
        await session.scalars(
            select(RoleRow).where(
                RoleRow.coalition_id == row.coalition_id,
                RoleRow.priority_id == row.id,
                RoleRow.role == Role.PRIORITY_OWNER,
            )
        )
    ).all()
    for role in given:
        if role.member_id == before:
            await session.delete(role)
    if any(role.member_id == before for role in given) and all(role.member_id != row.owner_id for role in given):
        session.add(
            RoleRow(
                coalition_id=row.coalition_id,
                member_id=row.owner_id,
                role=Role.PRIORITY_OWNER.value,
                priority_id=row.id,
                extra={},
            )
        )
    await session.flush()
    for member_id in (before, row.owner_id):
        if member_id is not None and member_id != by.member_id:
            await offer(session, row.coalition_id, member_id=member_id, item=Item.ROLES, about="", due_at=now, now=now)


async def write_outcome(session: AsyncSession, row: OutcomeRow, plan: Plan) -> None:
    """Writes what a plan says into an outcome's row; the reason and what shows it are kept beside it."""
    for name in ("name", "due", "completed"):
        if name in plan:
            setattr(row, name, plan[name])
    kept = {name: plan[name] for name in ("evidence", "reason") if plan.get(name)}
    if kept:
        row.extra = {**(row.extra or {}), **kept}
    session.add(row)
    await session.flush()


async def add_outcome(session: AsyncSession, coalition_id: int, priority: str, plan: Plan) -> str:
    """Adds an outcome to a priority; returns its id."""
    owner = await locked_priority(session, coalition_id, priority)
    keys = await session.scalars(select(OutcomeRow.key).where(OutcomeRow.coalition_id == coalition_id))
    key = new_key(f"{priority} {plan['name']}", set(keys.all()))
    await write_outcome(session, OutcomeRow(coalition_id=coalition_id, key=key, priority_id=owner.id, extra={}), plan)
    return key


async def _apply_priority(
    session: AsyncSession, record: Record, actor: Actor, key: str, changes: Mapping[str, Any], now: datetime
) -> None:
    row = await locked_priority(session, actor.coalition_id, key)
    need = {"need": tuple(changes["need"])} if changes.get("need") else {}
    today = in_coalition_time(record, now).date()
    await write_priority(session, row, {**changes, **need}, today, by=actor, now=now)


async def _apply_outcome(
    session: AsyncSession, record: Record, actor: Actor, key: str, changes: Mapping[str, Any], now: datetime
) -> None:
    if key:
        await write_outcome(session, await locked_outcome(session, actor.coalition_id, key), changes)
    else:
        await add_outcome(session, actor.coalition_id, str(changes["priority"]), changes)


APPLY[PRIORITY] = _apply_priority
APPLY[OUTCOME] = _apply_outcome
