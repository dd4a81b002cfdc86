"""Where messages are, read for whatever screen speaks of them. Steps for other services."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime

from sqlalchemy import select

from bot.domain.outbox import Item, Kind, Trouble, Whereabouts, cut_off, whereabouts_of
from bot.services.access import Transaction
from bot.services.outbox.receivers import trouble_of
from bot.store.coalition import CoalitionRow
from bot.store.outbox import DeliveryItemRow, DeliveryRow, posts_of, select_items
from bot.store.people import MemberRow, SlackChannelRow, members_with_accounts


def where_is(row: DeliveryRow, to: str, *, is_live: bool, now: datetime, trouble: Trouble | None = None) -> Whereabouts:
    """Where a delivery is. `trouble`: what keeps everything from its receiver."""
    return whereabouts_of(
        state=row.state,
        to=to,
        due_at=row.due_at,
        sent_at=row.sent_at,
        expires_at=row.expires_at,
        reason=row.reason,
        waiting=row.waiting,
        held_back=row.held_back,
        is_live=is_live,
        now=now,
        trouble=trouble,
    )


async def where_items_are(
    tx: Transaction, item: Item, abouts: Collection[str]
) -> Mapping[tuple[str, int | None], Whereabouts]:
    """Where the newest message is that tells each person of these things of one kind, by thing and member's row."""
    if not abouts:
        return {}
    rows = await tx.rows(
        select_items(DeliveryItemRow.about, DeliveryItemRow.left_out, DeliveryRow)
        .where(
            tx.owns(DeliveryItemRow),
            DeliveryItemRow.kind == item,
            DeliveryItemRow.about.in_(abouts),
            DeliveryRow.operation == "post",
        )
        .order_by(DeliveryRow.id)
    )
    wheres = await _wheres(tx, [row.DeliveryRow for row in rows])
    return {(row.about, row.DeliveryRow.member_id): wheres[row.DeliveryRow.id] for row in rows}


async def where_posts_are(
    tx: Transaction, kind: Kind, abouts: Collection[str]
) -> Mapping[str, tuple[Whereabouts, ...]]:
    """Where the messages of their own are that speak of these things, by thing."""
    if not abouts:
        return {}
    rows = await tx.values(
        select(DeliveryRow)
        .where(posts_of(tx.coalition_id, kind), DeliveryRow.about.in_(abouts))
        .order_by(DeliveryRow.id)
    )
    wheres = await _wheres(tx, rows)
    return {about: tuple(wheres[row.id] for row in rows if row.about == about) for about in abouts}


async def where_newest_are(
    tx: Transaction, kind: Kind, member_id: int, *, since: datetime
) -> Mapping[str, Whereabouts]:
    """Where somebody's newest messages of a kind are that were due after a moment, by the edition that they bring;
    "" for a kind without editions."""
    rows = await tx.values(
        select(DeliveryRow)
        .where(posts_of(tx.coalition_id, kind), DeliveryRow.member_id == member_id, DeliveryRow.due_at > since)
        .order_by(DeliveryRow.due_at, DeliveryRow.id)
    )
    wheres = await _wheres(tx, rows)
    return {str(row.subject.get("edition") or ""): wheres[row.id] for row in rows}


async def where_digest_is(tx: Transaction, digest_id: int) -> Sequence[tuple[Kind, Whereabouts]]:
    """Where each post and each copy of a digest is, without its thread's replies."""
    rows = await tx.values(
        select(DeliveryRow)
        .where(
            tx.owns(DeliveryRow),
            DeliveryRow.digest_id == digest_id,
            DeliveryRow.kind.in_([Kind.ROLL_UP, Kind.CHANNEL_EDITION, Kind.DIGEST_COPY]),
            DeliveryRow.operation == "post",
        )
        .order_by(DeliveryRow.id)
    )
    wheres = await _wheres(tx, rows)
    return [(Kind(row.kind), wheres[row.id]) for row in rows]


async def _wheres(tx: Transaction, rows: Collection[DeliveryRow]) -> Mapping[int, Whereabouts]:
    """Where these deliveries are, by row."""
    if not rows:
        return {}
    people = {row.member_id for row in rows if row.member_id is not None}
    found = await members_with_accounts(tx.session, MemberRow.id.in_(people)) if people else ()
    members = {member.id: (member.name, trouble_of(tx, member, account)) for member, account in found}
    named = {row.channel for row in rows if row.channel is not None}
    channels = {}
    if named:
        shown = await tx.session.scalars(
            select(SlackChannelRow).where(tx.owns(SlackChannelRow), SlackChannelRow.name.in_(named))
        )
        channels = {row.name: row for row in shown}
    is_live = await tx.session.scalar(select(CoalitionRow.state).where(CoalitionRow.id == tx.coalition_id)) == "live"

    def trouble_of_channel(name: str) -> Trouble | None:
        known = channels.get(name)
        if known is not None and known.is_member:
            return None
        return cut_off(is_archived=known is not None and known.is_archived)

    return {
        row.id: where_is(
            row,
            members[row.member_id][0] if row.member_id is not None else f"#{row.channel}",
            is_live=is_live,
            now=tx.now,
            trouble=members[row.member_id][1] if row.member_id is not None else trouble_of_channel(row.channel or ""),
        )
        for row in rows
    }
