"""Whose a Slack account is: who may say so of whom, and what follows. Steps for other services."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import select

from bot.domain.outbox import Item, State
from bot.domain.people import AccountId
from bot.domain.record import Member, Record
from bot.domain.rights import Right, standing_of
from bot.errors import Refused, UserError
from bot.services.access import ByActor, Transaction, UseCase, helper_in, one_at_a_time
from bot.services.outbox import refresh_items
from bot.services.people.news import tell_accounts
from bot.store.outbox import DeliveryItemRow, DeliveryRow
from bot.store.people import MemberRow, SlackAccountRow
from bot.store.record import read_record

# After that it is no news anymore, such as when a draft goes live.
_TOLD_WITHIN = timedelta(days=7)


async def link_account(tx: ByActor, member: MemberRow, team_id: str, user_id: str, by: str) -> None:
    """This account is the member's from now on. Raises Refused where only somebody who configures may say so.

    Whoever acts by an account has all rights of its member. So who gives roles also says which account is that of
    somebody who has one already, or who may configure the coalition.
    """
    # Somebody else who links the same account, or a look at Slack that finds it by its address, comes before or after.
    await one_at_a_time(tx)
    before = await _account_of_member(tx, member.id)
    if before is not None and (before.team_id, before.user_id) == (team_id, user_id):
        before.linked_by, before.linked_at, before.deactivated = by, tx.now, False
        await tx.session.flush()
        return
    has_one = before is not None and not before.deactivated
    if not tx.actor.standing.may(Right.CONFIGURE):
        record = await read_record(tx.session, tx.coalition_id)
        if has_one:
            raise _refusal(f"{member.name} has a Slack account here already.", record)
        if may_configure(record, member.key):
            raise _refusal(f"{member.name} may change everything here.", record)
    other = await account_row(tx, team_id, user_id)
    if other is not None and other.member_id is not None:
        name = await tx.session.scalar(
            select(MemberRow.name).filter_by(coalition_id=tx.coalition_id, id=other.member_id)
        )
        raise UserError(f"That account already belongs to {name}. Pick another one.")
    if before is not None:
        before.member_id = None
        # One after the other: a member has one account at any moment.
        await tx.session.flush()
    row = other
    if row is None:
        row = SlackAccountRow(coalition_id=tx.coalition_id, user_id=user_id)
        tx.session.add(row)
    row.team_id, row.member_id = team_id, member.id
    row.linked_by, row.linked_at, row.deactivated = by, tx.now, False
    await tx.session.flush()
    await _let_go(tx, member.id)
    if before is not None and has_one:
        await tell_accounts(tx, member.id, [before, row], until=tx.now + _TOLD_WITHIN)
    else:
        await end_request(tx, row)


async def end_request(tx: ByActor, account: SlackAccountRow) -> None:
    """Whoever asked to be linked hears that they are, and the request says so wherever it was sent."""
    # Of somebody in the coalition's own workspace, and as programs before wrote it, the id alone.
    about = [str(AccountId(account.user_id)), str(AccountId(account.user_id, account.team_id))]
    asked = await tx.session.scalar(
        select(DeliveryItemRow.id)
        .filter_by(coalition_id=tx.coalition_id, kind=Item.LINK_REQUEST)
        .where(DeliveryItemRow.about.in_(about))
        .limit(1)
    )
    if asked is None or account.member_id is None:
        return
    await refresh_items(tx, [Item.LINK_REQUEST], about)
    until = tx.now + _TOLD_WITHIN
    await tell_accounts(tx, account.member_id, [account], until=until, is_first=True)


async def require_own_address(tx: UseCase, member: Member) -> None:
    """Raises Refused where a new address would let anybody be linked by it to somebody who may configure."""
    if tx.actor.standing.may(Right.CONFIGURE) or not may_configure(tx.record, member.id):
        return
    linked = await tx.session.scalar(
        select(SlackAccountRow.id)
        .join(MemberRow, MemberRow.id == SlackAccountRow.member_id)
        .where(tx.owns(SlackAccountRow), MemberRow.key == member.id)
    )
    if linked is None:
        raise _refusal(f"{member.name} may change everything here, and is linked by this address.", tx.record)


def may_configure(record: Record, key: str) -> bool:
    """Whether this member may configure the coalition."""
    return any(one.id == key and standing_of(record, one).may(Right.CONFIGURE) for one in record.members)


async def account_row(tx: Transaction, team_id: str, user_id: str) -> SlackAccountRow | None:
    """What is known in this coalition of a Slack account, which is a user's id in that user's own workspace."""
    found: SlackAccountRow | None = await tx.session.scalar(
        select(SlackAccountRow).where(
            tx.owns(SlackAccountRow), SlackAccountRow.team_id == team_id, SlackAccountRow.user_id == user_id
        )
    )
    return found


async def _account_of_member(tx: Transaction, member_id: int) -> SlackAccountRow | None:
    found: SlackAccountRow | None = await tx.session.scalar(
        select(SlackAccountRow).filter_by(coalition_id=tx.coalition_id, member_id=member_id)
    )
    return found


def _refusal(why: str, record: Record) -> Refused:
    helper = helper_in(record, configures=True) or "An admin"
    return Refused(f"{why} An admin links the account. {helper} can help.")


async def _let_go(tx: Transaction, member_id: int) -> None:
    """What waited for this person's account is looked at again at once."""
    rows = await tx.session.scalars(
        select(DeliveryRow).filter_by(coalition_id=tx.coalition_id, member_id=member_id, state=State.PLANNED)
    )
    for row in rows:
        row.next_attempt_at = None
        row.waiting = False
        row.reason = None
