"""Rows of action items and what happened to them. Steps for services, in their transaction."""

from __future__ import annotations

from sqlalchemy import or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.domain.actions import TAKEN_BACK, ActionCard
from bot.domain.wording import near_day
from bot.errors import UserError
from bot.services.access import Actor
from bot.services.actions.views import TABLE
from bot.store.actions import ActionItemRow
from bot.store.audit import AuditEntryRow, ChangeRow
from bot.store.people import MemberRow


async def entries_of(session: AsyncSession, row: ActionItemRow) -> list[tuple[AuditEntryRow, ChangeRow]]:
    """What happened to an action, oldest first."""
    found = await session.execute(
        select(AuditEntryRow, ChangeRow)
        .join(ChangeRow, ChangeRow.id == AuditEntryRow.change_id)
        .where(
            AuditEntryRow.coalition_id == row.coalition_id,
            AuditEntryRow.table_name == TABLE,
            AuditEntryRow.row_id == row.id,
        )
        .order_by(AuditEntryRow.id)
    )
    return [(entry, change) for entry, change in found.all()]


async def changed_meanwhile(
    session: AsyncSession, actor: Actor, row: ActionItemRow, card: ActionCard, field: str | None
) -> UserError:
    """Who changed an action while a form about it was open, and what it is now."""
    by_id = (await entries_of(session, row))[-1][1].actor_id
    name = "You"
    if by_id != actor.member_id:
        name = await session.scalar(select(MemberRow.name).where(MemberRow.id == by_id)) or "Somebody"
    state = card.status.replace("_", " ") + (f" ({card.reason})" if card.reason else "")
    return UserError(
        f"{name} changed {card.id} meanwhile: it is due {near_day(card.due, card.today)} now, {state}. "
        "Close this and open it again to change it.",
        field=field,
    )


def is_taken_back(change: AuditEntryRow, later: AuditEntryRow) -> bool:
    if change.operation == "insert":
        return bool(later.new.get("note") == TAKEN_BACK)
    return bool(later.new == change.old)


async def is_mine_alone(session: AsyncSession, actor: Actor, row_id: int, table: str) -> bool:
    """Whether nobody but this person has written to a row: what somebody else did about it is not corrected away."""
    others = await session.scalar(
        select(ChangeRow.id)
        .join(AuditEntryRow, AuditEntryRow.change_id == ChangeRow.id)
        .where(
            ChangeRow.coalition_id == actor.coalition_id,
            AuditEntryRow.table_name == table,
            AuditEntryRow.row_id == row_id,
            or_(ChangeRow.actor_id.is_(None), ChangeRow.actor_id != actor.member_id),
        )
        .limit(1)
    )
    return others is None
