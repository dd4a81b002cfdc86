"""Reads what people are told about their own part, and hands actions over when an account is deactivated. Steps."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select

from bot.domain.actions import hand_on
from bot.domain.outbox import Item, Kind
from bot.domain.people import (
    AccountGone,
    AccountMoved,
    NewRoles,
    StandsIn,
    admins,
    decode_gone,
    decode_moved,
    encode_gone,
    encode_moved,
    role_words,
)
from bot.domain.record import Member, Record, open_actions
from bot.domain.rights import Right, coordinators
from bot.services.access import Addressee, ByActor, OnRecord, Transaction
from bot.services.outbox import offer, post
from bot.store.base import ids_of
from bot.store.outbox import DeliveryRow
from bot.store.people import MemberRow, SlackAccountRow, accounts_by_member


async def read_stands_in(tx: OnRecord, to: Addressee, about: str) -> StandsIn | None:
    """None where somebody else stands in by now."""
    principal = _member(tx.record, about)
    if principal is None or principal.delegate != to.key:
        return None
    return StandsIn(
        principal=principal.name,
        priorities=tuple(one.name for one in tx.record.priorities if one.owner == principal.id),
        helper=_helper(tx.record),
    )


async def read_roles(tx: OnRecord, to: Addressee, _about: str) -> NewRoles | None:
    member = _member(tx.record, to.key)
    if member is None:
        return None
    return NewRoles(coalition=tx.record.coalition.name, roles=role_words(tx.record, member), helper=_helper(tx.record))


async def read_account_gone(tx: OnRecord, to: Addressee, about: str) -> AccountGone | None:
    key, taken_by, actions = decode_gone(about)
    member, other = _member(tx.record, key), _member(tx.record, taken_by)
    if member is None:
        return None
    return AccountGone(
        id=member.id,
        name=member.name,
        organization=next(one.name for one in tx.record.everything.organizations if one.id == member.organization),
        actions=actions,
        taken_by=other.name if other is not None else None,
        owns=tuple(one.name for one in tx.record.priorities if one.owner == member.id),
        hands_over=member.ended is None and to.actor.standing.may(Right.MANAGE_MEMBERS),
    )


async def read_account_moved(tx: Transaction, row: DeliveryRow) -> AccountMoved | None:
    """What the account that it goes to is told."""
    account_id, by, moved_at, is_first = decode_moved(row.about)
    tx = await tx.read()
    account = await tx.session.scalar(select(SlackAccountRow).filter_by(coalition_id=row.coalition_id, id=account_id))
    key = await tx.session.scalar(select(MemberRow.key).where(MemberRow.id == row.member_id))
    member, did_it = _member(tx.record, key), _member(tx.record, by)
    if member is None or account is None:
        return None
    known = admins(tx.record)
    return AccountMoved(
        member=member.name,
        coalition=tx.record.coalition.name,
        by=did_it.name if did_it is not None else None,
        helpers=tuple(one.name for one in tx.record.members if one.id in known and one.id != member.id),
        moved_at=moved_at,
        is_new=account.member_id == row.member_id,
        is_first=is_first,
        zone=member.timezone or tx.record.coalition.timezone,
    )


async def tell_accounts(
    tx: ByActor, member_id: int, accounts: Sequence[SlackAccountRow], *, until: datetime, is_first: bool = False
) -> None:
    """Both accounts hear that a member's part went from one to the other, each at its own; the first one hears that it
    is linked."""
    for account in accounts:
        await post(
            tx,
            Kind.ACCOUNT_MOVED,
            encode_moved(account.id, tx.actor.key, tx.now, is_first=is_first),
            member_id=member_id,
            until=until,
        )


async def hand_over(tx: Transaction, member_id: int) -> None:
    """Somebody's account is gone: open actions go to the stand-in or the organization's next contact, and the
    coordinators are told, and whoever has the actions now."""
    await tx.session.flush()
    tx = await tx.read()
    ids = await ids_of(tx.session, MemberRow, tx.coalition_id)
    member = next(one for one in tx.record.members if ids[one.id] == member_id)
    accounts = await accounts_by_member(tx.session, tx.coalition_id)
    other = _successor(tx.record, member, {key for key, account in accounts.items() if not account.deactivated})
    actions = [one for one in open_actions(tx.record) if one.owner == member.id]
    if other is not None:
        writer = tx.writer()
        for action in actions:
            await writer.put(hand_on(action, member, other), action)
    told = dict.fromkeys([*(one.id for one in coordinators(tx.record)), *([other.id] if other and actions else [])])
    for key in told:
        if key != member.id:
            await offer(
                tx,
                ids[key],
                Item.ACCOUNT_GONE,
                encode_gone(member.id, other.id if other is not None else None, len(actions)),
            )


def _successor(record: Record, member: Member, reached: set[str]) -> Member | None:
    """The stand-in, else the organization's next contact, of those whom a message reaches."""
    organization = next(one for one in record.everything.organizations if one.id == member.organization)
    for key in (member.delegate, *organization.contacts):
        if key is not None and key != member.id and key in reached:
            return _member(record, key)
    return None


def _member(record: Record, key: str | None) -> Member | None:
    return next((one for one in record.members if one.id == key), None)


def _helper(record: Record) -> str | None:
    found = next(iter(coordinators(record)), None)
    return found.name if found is not None else None
