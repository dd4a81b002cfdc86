"""When people may be written to: their clock, the quiet hours, and the days on which nothing reaches them; and what
keeps messages from reaching somebody at all, such as no account. Steps for other services."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date, time, timedelta
from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.domain.outbox import MAIL_COMES_BACK, HeldAccount, Path, Receiver, Trouble, mark_of_address, path_to
from bot.services.access import Transaction
from bot.store.base import HAS_MAIL
from bot.store.coalition import CoalitionRow
from bot.store.database import parameter, prepared
from bot.store.organizations import ClosedDayRow, OrganizationRow
from bot.store.people import AwayRow, MemberRow, SlackAccountRow, members_with_accounts


async def receivers_of(session: AsyncSession, member_ids: Collection[int]) -> Mapping[int, Receiver]:
    """When these members may be written to, by member; in one query for all of them."""
    if not member_ids:
        return {}
    return receivers_in((await session.execute(_HOURS, {"of": sorted(member_ids)})).all())


def receivers_in(rows: Iterable[Sequence[Any]]) -> Mapping[int, Receiver]:
    """When members may be written to, by member: of what `with_hours` found, the columns that it added."""
    hours: dict[int, Sequence[Any]] = {}
    blocked: dict[int, set[date]] = defaultdict(set)
    for member_id, *own, start, end in rows:
        hours[member_id] = own
        if start is not None:
            span = min((end - start).days, 366)
            blocked[member_id].update(start + timedelta(days=n) for n in range(span + 1))
    return {
        member_id: Receiver(
            zone=zone,
            quiet_from=time.fromisoformat(quiet_from),
            quiet_to=time.fromisoformat(quiet_to),
            blocked_days=frozenset(blocked[member_id]),
            blocked_yearly=frozenset(yearly or ()),
        )
        for member_id, (zone, quiet_from, quiet_to, yearly) in hours.items()
    }


def with_hours(members: Select[*tuple[Any, ...]]) -> Select[*tuple[Any, ...]]:
    """Adds to a query of members when they may be written to: a row for each of them and time without messages, or one
    where there is no such time. `of` are the ids of the members."""
    of = parameter("of", expanding=True)
    closed = (
        select(MemberRow.id, ClosedDayRow.day, ClosedDayRow.day)
        .join(ClosedDayRow, ClosedDayRow.organization_id == MemberRow.organization_id)
        .where(MemberRow.id.in_(of))
    )
    away = select(AwayRow.member_id, AwayRow.start, AwayRow.end).where(AwayRow.member_id.in_(of))
    blocked = away.union_all(closed).subquery()
    return (
        members.add_columns(
            MemberRow.id,
            func.coalesce(func.nullif(MemberRow.timezone, ""), CoalitionRow.timezone),
            CoalitionRow.quiet_from,
            CoalitionRow.quiet_to,
            OrganizationRow.closed_yearly,
            blocked.c.start,
            blocked.c.end,
        )
        .join(CoalitionRow, CoalitionRow.id == MemberRow.coalition_id)
        .outerjoin(OrganizationRow, OrganizationRow.id == MemberRow.organization_id)
        .outerjoin(blocked, blocked.c.member_id == MemberRow.id)
        .where(MemberRow.id.in_(of))
    )


# Built once: each thing that is to be said asks when its receiver may be written to.
_HOURS = prepared(with_hours(select().select_from(MemberRow)))


def sends_mail(tx: Transaction) -> bool:
    """Whether this program sends mail."""
    return bool(tx.session.sync_session.info.get(HAS_MAIL))


def path_of(
    tx: Transaction, member: MemberRow, account: SlackAccountRow | None, *, asks_again: bool = False
) -> Path | Trouble:
    """How this member, with this account, is reached; or why nothing reaches them. `asks_again`: where Slack took no
    direct message some while ago, it may by now."""
    held = held_of(account) if account is not None else None
    if asks_again and held is not None and held.may_be_tried_at(tx.now):
        held = replace(held, refusal=None)
    path = path_to(member.access, member.email, held, has_mail=sends_mail(tx))
    return MAIL_COMES_BACK if path is Path.MAIL and comes_back(member) else path


def comes_back(member: MemberRow) -> bool:
    """Whether mail to this address comes back. A corrected one has another mark."""
    return member.mail_refused is not None and member.mail_refused == mark_of_address(member.email or "")


def held_of(account: SlackAccountRow) -> HeldAccount:
    """What is known of an account, as a value."""
    return HeldAccount(
        deactivated=account.deactivated,
        refusal=account.dm_refusal,
        refused_at=account.dm_refused_at,
        noted_at=account.noted_at,
    )


def trouble_of(tx: Transaction, member: MemberRow, account: SlackAccountRow | None) -> Trouble | None:
    """Why this member, with this account, gets no message of their own; None where nothing hinders it."""
    found = path_of(tx, member, account)
    return found if isinstance(found, Trouble) else None


async def troubles_of(tx: Transaction, member_ids: Collection[int]) -> Mapping[int, Trouble]:
    """Those of these members whom nothing reaches, and why; in one statement, and none where there is nobody."""
    if not member_ids:
        return {}
    rows = await members_with_accounts(tx.session, MemberRow.id.in_(member_ids))
    found = {member.id: trouble_of(tx, member, account) for member, account in rows}
    return {member_id: trouble for member_id, trouble in found.items() if trouble is not None}
