"""Plans one digest: its row, its posts in channels and the copies by direct message. Steps for services.

Every key is made of the cadence and the slot, so that whoever plans the same digest plans the same posts.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.domain.digests import editions_of
from bot.domain.outbox import Kind, Receiver, delivery_key, sendable_at
from bot.domain.record import Cadence, Record
from bot.domain.rhythm import Occurrence
from bot.domain.rights import standing_of
from bot.domain.sending import is_weekend
from bot.domain.vocabularies import Access
from bot.services.digests.readings import is_offered, is_subscribed
from bot.services.outbox import receivers_of
from bot.store.base import id_of, ids_of
from bot.store.coalition import CoalitionRow
from bot.store.digests import DigestRow, DigestSubscriptionRow
from bot.store.outbox import DeliveryRow
from bot.store.people import MemberRow
from bot.store.rhythm import CadenceRow


async def plan_occurrence(
    session: AsyncSession,
    coalition: CoalitionRow,
    record: Record,
    cadence: Cadence,
    occurrence: Occurrence,
    moment: datetime,
    now: datetime,
) -> None:
    """Plans the digest of an occurrence; one that was sent early is there already and does not come again."""
    cadence_id = await cadence_id_of(session, coalition.id, cadence)
    exists = await session.scalar(select(DigestRow.id).filter_by(cadence_id=cadence_id, slot=occurrence.slot))
    if exists is None:
        await add_digest(
            session,
            coalition,
            record,
            cadence,
            slot=occurrence.slot,
            due_at=moment,
            moved_from=occurrence.slot if occurrence.moved else None,
            now=now,
        )


async def cadence_id_of(session: AsyncSession, coalition_id: int, cadence: Cadence) -> int:
    """The key of a cadence's row."""
    found = await id_of(session, CadenceRow, coalition_id, cadence.id)
    if found is None:
        raise LookupError(f"cadence {cadence.id}")
    return found


async def add_digest(
    session: AsyncSession,
    coalition: CoalitionRow,
    record: Record,
    cadence: Cadence,
    *,
    slot: datetime,
    due_at: datetime,
    moved_from: datetime | None,
    now: datetime,
) -> DigestRow:
    """Writes a digest with all its posts. `slot` is its wall time in the cadence; `moved_from` is said to readers."""
    digest = DigestRow(
        coalition_id=coalition.id,
        cadence_id=await cadence_id_of(session, coalition.id, cadence),
        slot=slot,
        due_at=due_at,
    )
    session.add(digest)
    await session.flush()
    moved = moved_from.isoformat() if moved_from is not None else None
    posts: list[tuple[Kind, str, dict[str, object]]] = [(Kind.ROLL_UP, name, {}) for name in cadence.channels]
    posts += [
        (Kind.CHANNEL_EDITION, priority.channel, {"priority": priority.id})
        for priority in record.priorities
        if priority.channel is not None
    ]
    for kind, channel, subject in posts:
        session.add(
            DeliveryRow(
                coalition_id=coalition.id,
                key=delivery_key(coalition.key, kind, cadence.id, slot.isoformat(), channel, *subject.values()),
                kind=kind,
                channel=channel,
                digest_id=digest.id,
                subject={**subject, "moved_from": moved},
                planned_at=now,
                due_at=due_at,
            )
        )
    copies = [
        DeliveryRow(
            coalition_id=coalition.id,
            key=delivery_key(coalition.key, Kind.DIGEST_COPY, cadence.id, slot.isoformat(), member_id, edition),
            kind=Kind.DIGEST_COPY,
            member_id=member_id,
            digest_id=digest.id,
            subject={"edition": edition, "moved_from": moved},
            planned_at=now,
            due_at=due_at,
        )
        for member_id, edition in await copies_of(session, coalition.id, record)
    ]
    # A copy respects its reader's evenings and closed days; channels get theirs on time.
    receivers = await receivers_of(session, [copy.member_id for copy in copies if copy.member_id is not None])
    for copy in copies:
        receiver = receivers.get(copy.member_id or 0)
        if receiver is not None:
            copy.due_at = copy_at(due_at, receiver)
    session.add_all(copies)
    await session.flush()
    return digest


def copy_at(due_at: datetime, receiver: Receiver) -> datetime:
    """When a reader gets their copy of a digest that is due at `due_at`."""
    on_weekends = is_weekend(due_at, receiver.zone)
    return sendable_at(due_at, receiver, not_before=due_at, until=None, on_weekends=on_weekends) or due_at


async def copies_of(session: AsyncSession, coalition_id: int, record: Record) -> list[tuple[int, str]]:
    """Who gets which edition by direct message, as members' keys and editions, going by everybody's present rights."""
    chosen: dict[int, dict[str, bool]] = {}
    for row in await session.scalars(
        select(DigestSubscriptionRow).where(DigestSubscriptionRow.coalition_id == coalition_id)
    ):
        chosen.setdefault(row.member_id, {})[row.edition] = row.active
    ids = await ids_of(session, MemberRow, coalition_id)
    found = []
    for member in record.members:
        if member.access == Access.EMAIL_ONLY:
            continue
        standing = standing_of(record, member)
        for edition in editions_of(record, standing, member):
            if is_offered(edition, member) and is_subscribed(edition, standing, chosen.get(ids[member.id], {})):
                found.append((ids[member.id], edition.key))
    return found
