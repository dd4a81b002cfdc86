"""What still holds of a delivery at the moment it is claimed: who it is for, what it asks, where and when it may go.

Steps of the claim's transaction; how a delivery changes its state otherwise is in `deliveries`.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from sqlalchemy import and_, func, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from bot.domain.deliveries import Item, Kind, Receiver, State, delivery_key, late_rule, sendable_at
from bot.store.checkins import ResponseRow, RoundRow, RoundSubjectRow
from bot.store.coalitions import CoalitionRow
from bot.store.deliveries import DeliveryItemRow, DeliveryRow
from bot.store.digests import DigestRow
from bot.store.members import AwayRow, MemberRow
from bot.store.organizations import ClosedDayRow
from bot.store.priorities import PriorityRow
from bot.store.slack_accounts import SlackAccountRow, SlackChannelRow

PLACE_UNKNOWN = "where the message it belongs to is in Slack isn't known"
NO_OPEN_HOUR = "no open hour of this person was left before the round closed"


@dataclass(frozen=True, slots=True)
class Destination:
    """A person's conversation (`channel_id` None until it was opened) or a channel."""

    team_id: str | None = None
    user_id: str | None = None
    channel_id: str | None = None


def settle(row: DeliveryRow, state: State, reason: str) -> None:
    """Ends a delivery that isn't sent, with the reason."""
    row.state = state
    row.reason = reason
    row.next_attempt_at = None


async def receivers_of(session: AsyncSession, rows: Sequence[DeliveryRow]) -> Mapping[int, Receiver]:
    """When the people whom these deliveries go to may be written to, by member; in three queries for all of them."""
    ids = {row.member_id for row in rows if row.member_id is not None}
    if not ids:
        return {}
    blocked: dict[int, set[date]] = defaultdict(set)
    for away in await session.scalars(select(AwayRow).where(AwayRow.member_id.in_(ids))):
        span = min((away.end - away.start).days, 366)
        blocked[away.member_id].update(away.start + timedelta(days=n) for n in range(span + 1))
    closed = await session.execute(
        select(MemberRow.id, ClosedDayRow.day)
        .join(ClosedDayRow, ClosedDayRow.organization_id == MemberRow.organization_id)
        .where(MemberRow.id.in_(ids))
    )
    for member_id, day in closed:
        blocked[member_id].add(day)
    people = await session.execute(
        select(MemberRow.id, MemberRow.timezone, CoalitionRow.timezone, CoalitionRow.quiet_from, CoalitionRow.quiet_to)
        .join(CoalitionRow, CoalitionRow.id == MemberRow.coalition_id)
        .where(MemberRow.id.in_(ids))
    )
    return {
        member_id: Receiver(
            zone=own or zone,
            quiet_from=time.fromisoformat(quiet_from),
            quiet_to=time.fromisoformat(quiet_to),
            blocked_days=frozenset(blocked[member_id]),
        )
        for member_id, own, zone, quiet_from, quiet_to in people
    }


async def is_written_to(session: AsyncSession, row: DeliveryRow) -> bool:
    """Whether another message with prompts is on its way to this person: two at once would both be the first one."""
    under_way = await session.scalar(
        select(DeliveryRow.id)
        .where(
            DeliveryRow.member_id == row.member_id,
            DeliveryRow.kind == Kind.PROMPTS,
            DeliveryRow.operation == "post",
            DeliveryRow.state.in_([State.CLAIMED, State.AMBIGUOUS]),
        )
        .limit(1)
    )
    if under_way is not None:
        return True
    # Another process may be claiming for this person at the same time, which only a lock shows.
    mine = await session.scalar(
        select(MemberRow.id).where(MemberRow.id == row.member_id).with_for_update(key_share=True, skip_locked=True)
    )
    return mine is None


async def gather_overdue(session: AsyncSession, row: DeliveryRow, now: datetime) -> None:
    """After downtime several messages to one person are due at once: they become this one, each priority once."""
    others = (
        await session.scalars(
            select(DeliveryRow)
            .where(
                DeliveryRow.member_id == row.member_id,
                DeliveryRow.kind == Kind.PROMPTS,
                DeliveryRow.operation == "post",
                DeliveryRow.state == State.PLANNED,
                DeliveryRow.due_at <= now,
                DeliveryRow.id != row.id,
            )
            .order_by(DeliveryRow.due_at, DeliveryRow.id)
            .with_for_update(skip_locked=True)
        )
    ).all()
    if not others:
        return
    items = (
        await session.scalars(
            select(DeliveryItemRow)
            .where(DeliveryItemRow.delivery_id.in_([row.id, *(other.id for other in others)]))
            .order_by(DeliveryItemRow.position)
        )
    ).all()
    there = {item.round_subject_id for item in items if item.delivery_id == row.id}
    position = max((item.position for item in items if item.delivery_id == row.id), default=-1)
    for other in others:
        for item in items:
            if item.delivery_id == other.id and item.round_subject_id not in there:
                position += 1
                item.delivery_id, item.position = row.id, position
                there.add(item.round_subject_id)
        row.expires_at = max(row.expires_at or now, other.expires_at or now)
        settle(other, State.DROPPED, "sent together with an earlier message")
    await session.flush()


async def still_asks(session: AsyncSession, row: DeliveryRow, now: datetime, receiver: Receiver | None) -> bool:
    """Whether a bundle of prompts has anything left to ask now; else it is settled, or put off to an open hour."""
    items = await _items(session, row)
    late = []
    for item, subject, answered, owner_id, stand_in_id in items:
        rule = late_rule(Kind(row.kind), Item(item.kind), now, subject.closes_at)
        wanted = stand_in_id if item.kind == Item.DELEGATE else owner_id
        if not answered and rule.send and wanted != row.member_id:
            await _pass_on(session, row, item, subject, wanted, now)
        elif not answered:
            late.append(rule)
    if not any(rule.send for rule in late):
        if late:
            settle(row, State.MISSED, f"{late[0].reason}{f' ({row.reason})' if row.reason else ''}")
        elif any(answered for _item, _subject, answered, _owner, _stand_in in items):
            settle(row, State.DROPPED, "already answered")
        elif items:
            settle(row, State.DROPPED, "somebody else is asked now")
        else:
            settle(row, State.DROPPED, "nothing left to ask")
        return False
    moment = now if receiver is None else sendable_at(now, receiver, not_before=now, until=row.expires_at)
    if moment is None:
        settle(row, State.MISSED, NO_OPEN_HOUR)
    elif moment > now:
        row.due_at = moment
    return moment == now


async def _items(
    session: AsyncSession, row: DeliveryRow
) -> list[tuple[DeliveryItemRow, RoundSubjectRow, bool, int, int | None]]:
    """Each item with its subject, whether it was answered, the priority's owner and the owner's stand-in of now."""
    owner = aliased(MemberRow)
    found = await session.execute(
        select(DeliveryItemRow, RoundSubjectRow, ResponseRow.id, owner.id, owner.delegate_id)
        .join(RoundSubjectRow, RoundSubjectRow.id == DeliveryItemRow.round_subject_id)
        .join(RoundRow, RoundRow.id == RoundSubjectRow.round_id)
        .join(PriorityRow, PriorityRow.id == RoundSubjectRow.priority_id)
        .join(owner, owner.id == PriorityRow.owner_id)
        .outerjoin(
            ResponseRow,
            and_(
                ResponseRow.cadence_id == RoundRow.cadence_id,
                ResponseRow.round == RoundRow.day,
                ResponseRow.priority_id == RoundSubjectRow.priority_id,
            ),
        )
        .where(DeliveryItemRow.delivery_id == row.id)
        .order_by(DeliveryItemRow.position)
    )
    return [(item, subject, answer is not None, owner_id, other) for item, subject, answer, owner_id, other in found]


async def _pass_on(
    session: AsyncSession,
    row: DeliveryRow,
    item: DeliveryItemRow,
    subject: RoundSubjectRow,
    wanted: int | None,
    now: datetime,
) -> None:
    """The priority or its stand-in changed hands after this was planned: whoever may answer now is asked instead."""
    if wanted is None:
        await session.delete(item)
        await session.flush()
        return
    kind = Item.DELEGATE if item.kind == Item.DELEGATE else Item.ASK
    key = delivery_key(row.key, "instead", subject.id, kind, wanted)
    other = await session.scalar(select(DeliveryRow).where(DeliveryRow.key == key))
    if other is None:
        other = DeliveryRow(
            coalition_id=row.coalition_id,
            key=key,
            kind=row.kind,
            member_id=wanted,
            subject={"first_due": now.isoformat()},
            planned_at=now,
            due_at=now,
            expires_at=subject.closes_at,
        )
        session.add(other)
        await session.flush()
    count = await session.scalar(select(func.count(DeliveryItemRow.id)).where(DeliveryItemRow.delivery_id == other.id))
    item.delivery_id, item.kind, item.position = other.id, kind, count or 0
    await session.flush()


async def has_successor(session: AsyncSession, row: DeliveryRow, now: datetime) -> bool:
    """Whether the next digest of the same cadence for this channel is due too: one covers the whole gap."""
    mine, theirs = aliased(DigestRow), aliased(DigestRow)
    newer = await session.scalar(
        select(DeliveryRow.id)
        .join(theirs, theirs.id == DeliveryRow.digest_id)
        .join(mine, and_(mine.id == row.digest_id, mine.cadence_id == theirs.cadence_id))
        .where(
            DeliveryRow.coalition_id == row.coalition_id,
            DeliveryRow.kind == row.kind,
            DeliveryRow.operation == "post",
            DeliveryRow.channel == row.channel,
            DeliveryRow.due_at > row.due_at,
            DeliveryRow.due_at <= now,
        )
        .limit(1)
    )
    return newer is not None


async def destination_of(session: AsyncSession, row: DeliveryRow, parent: DeliveryRow | None) -> Destination | str:
    """Where to send to, or the sentence that says what is missing."""
    if parent is not None:
        return Destination(channel_id=parent.channel_id)
    if row.member_id is not None:
        member = await session.get_one(MemberRow, row.member_id)
        if member.access == "email_only":
            return "e-mail isn't set up, so this person can't be reached"
        account = await session.scalar(
            select(SlackAccountRow).where(
                SlackAccountRow.coalition_id == row.coalition_id, SlackAccountRow.member_id == row.member_id
            )
        )
        if account is None:
            return "not linked to a Slack account: pick it in Home, or run `backbeat link`"
        if account.deactivated:
            return "the Slack account is deactivated: link another one"
        return Destination(account.team_id, account.user_id, account.dm_channel_id)
    channel = await session.scalar(
        select(SlackChannelRow).where(
            SlackChannelRow.coalition_id == row.coalition_id, SlackChannelRow.name == row.channel
        )
    )
    if channel is None or channel.channel_id is None or not channel.is_member:
        return f"not in #{row.channel}: invite the bot there with /invite"
    return Destination(channel_id=channel.channel_id)
