"""Whose a Slack account is: who may say so of whom, and what follows. Steps for other services."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.domain.outbox import Item, State
from bot.domain.record import Member, Record
from bot.domain.rights import Right, standing_of
from bot.errors import Refused, UserError
from bot.services.access import Actor, helper_in, one_at_a_time
from bot.services.outbox import refresh_items
from bot.services.people.news import tell_accounts
from bot.store.outbox import DeliveryItemRow, DeliveryRow
from bot.store.people import MemberRow, SlackAccountRow
from bot.store.record import read_record

# After that it is no news anymore, such as when a draft goes live.
_TOLD_WITHIN = timedelta(days=7)


async def link_account(
    session: AsyncSession, actor: Actor, member: MemberRow, team_id: str, user_id: str, by: str, now: datetime
) -> None:
    """This account is the member's from now on. Raises Refused where only somebody who configures may say so.

    Whoever acts by an account has all rights of its member. So who gives roles also says which account is that of
    somebody who has one already, or who may configure the coalition.
    """
    coalition_id = actor.coalition_id
    # Somebody else who links the same account, or a look at Slack that finds it by its address, comes before or after.
    await one_at_a_time(session, coalition_id)
    before = await _account_of_member(session, coalition_id, member.id)
    if before is not None and before.user_id == user_id:
        before.team_id, before.linked_by, before.linked_at, before.deactivated = team_id, by, now, False
        await session.flush()
        return
    has_one = before is not None and not before.deactivated
    if not actor.standing.may(Right.CONFIGURE):
        record = await read_record(session, coalition_id)
        if has_one:
            raise _refusal(f"{member.name} has a Slack account here already.", record)
        if may_configure(record, member.key):
            raise _refusal(f"{member.name} may change everything here.", record)
    other = await account_row(session, coalition_id, user_id)
    if other is not None and other.member_id is not None:
        name = await session.scalar(select(MemberRow.name).filter_by(coalition_id=coalition_id, id=other.member_id))
        raise UserError(f"That account already belongs to {name}. Pick another one.")
    if before is not None:
        before.member_id = None
        # One after the other: a member has one account at any moment.
        await session.flush()
    row = other
    if row is None:
        row = SlackAccountRow(coalition_id=coalition_id, user_id=user_id)
        session.add(row)
    row.team_id, row.member_id = team_id, member.id
    row.linked_by, row.linked_at, row.deactivated = by, now, False
    await session.flush()
    await _let_go(session, coalition_id, member.id)
    if before is not None and has_one:
        await tell_accounts(session, actor, member.id, [before, row], now, until=now + _TOLD_WITHIN)
    else:
        await end_request(session, actor, row, now)


async def end_request(session: AsyncSession, actor: Actor, account: SlackAccountRow, now: datetime) -> None:
    """Whoever asked to be linked hears that they are, and the request says so wherever it was sent."""
    asked = await session.scalar(
        select(DeliveryItemRow.id)
        .filter_by(coalition_id=actor.coalition_id, kind=Item.LINK_REQUEST, about=account.user_id)
        .limit(1)
    )
    if asked is None or account.member_id is None:
        return
    await refresh_items(session, actor.coalition_id, [Item.LINK_REQUEST], [account.user_id], now)
    until = now + _TOLD_WITHIN
    await tell_accounts(session, actor, account.member_id, [account], now, until=until, is_first=True)


async def require_own_address(session: AsyncSession, actor: Actor, record: Record, member: Member) -> None:
    """Raises Refused where a new address would let anybody be linked by it to somebody who may configure."""
    if actor.standing.may(Right.CONFIGURE) or not may_configure(record, member.id):
        return
    linked = await session.scalar(
        select(SlackAccountRow.id)
        .join(MemberRow, MemberRow.id == SlackAccountRow.member_id)
        .where(SlackAccountRow.coalition_id == actor.coalition_id, MemberRow.key == member.id)
    )
    if linked is None:
        raise _refusal(f"{member.name} may change everything here, and is linked by this address.", record)


def may_configure(record: Record, key: str) -> bool:
    """Whether this member may configure the coalition."""
    return any(one.id == key and standing_of(record, one).may(Right.CONFIGURE) for one in record.members)


async def account_row(session: AsyncSession, coalition_id: int, user_id: str) -> SlackAccountRow | None:
    """What is known in this coalition of a Slack account; whoever acts is known by the user's id alone."""
    found: SlackAccountRow | None = await session.scalar(
        select(SlackAccountRow)
        .where(SlackAccountRow.coalition_id == coalition_id, SlackAccountRow.user_id == user_id)
        .order_by(SlackAccountRow.member_id.is_(None), SlackAccountRow.id)
        .limit(1)
    )
    return found


async def _account_of_member(session: AsyncSession, coalition_id: int, member_id: int) -> SlackAccountRow | None:
    found: SlackAccountRow | None = await session.scalar(
        select(SlackAccountRow).filter_by(coalition_id=coalition_id, member_id=member_id)
    )
    return found


def _refusal(why: str, record: Record) -> Refused:
    helper = helper_in(record, configures=True) or "An admin"
    return Refused(f"{why} An admin links the account. {helper} can help.")


async def _let_go(session: AsyncSession, coalition_id: int, member_id: int) -> None:
    """What waited for this person's account is looked at again at once."""
    rows = await session.scalars(
        select(DeliveryRow).filter_by(coalition_id=coalition_id, member_id=member_id, state=State.PLANNED)
    )
    for row in rows:
        row.next_attempt_at = None
        row.waiting = False
        row.reason = None
