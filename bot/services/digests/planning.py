"""Plans one digest: its row, its posts in channels and the copies by direct message. Steps for services.

Every key is made of the cadence and the slot, so that whoever plans the same digest plans the same posts.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import select

from bot.domain.digests import Edition, editions_of
from bot.domain.outbox import Kind, Receiver, delivery_key, sendable_at
from bot.domain.record import Cadence, Member
from bot.domain.rhythm import Occurrence
from bot.domain.rights import standing_of
from bot.domain.sending import is_weekend
from bot.services.access import OnRecord, Transaction
from bot.services.digests.readings import is_offered, sent_unless_refused
from bot.services.outbox import receivers_of
from bot.store.base import id_of, ids_of
from bot.store.coalition import CoalitionRow
from bot.store.digests import DigestRow, DigestSubscriptionRow
from bot.store.outbox import DeliveryRow
from bot.store.people import MemberRow
from bot.store.rhythm import CadenceRow


async def plan_occurrence(
    tx: OnRecord, coalition: CoalitionRow, cadence: Cadence, occurrence: Occurrence, moment: datetime
) -> None:
    """Plans the digest of an occurrence; one that was sent early is there already and does not come again."""
    cadence_id = await cadence_id_of(tx, cadence)
    exists = await tx.session.scalar(select(DigestRow.id).filter_by(cadence_id=cadence_id, slot=occurrence.slot))
    if exists is None:
        await add_digest(
            tx,
            coalition,
            cadence,
            slot=occurrence.slot,
            due_at=moment,
            moved_from=occurrence.slot if occurrence.moved else None,
        )


async def cadence_id_of(tx: Transaction, cadence: Cadence) -> int:
    """The key of a cadence's row."""
    found = await id_of(tx.session, CadenceRow, tx.coalition_id, cadence.id)
    if found is None:
        raise LookupError(f"cadence {cadence.id}")
    return found


async def add_digest(
    tx: OnRecord,
    coalition: CoalitionRow,
    cadence: Cadence,
    *,
    slot: datetime,
    due_at: datetime,
    moved_from: datetime | None,
) -> DigestRow:
    """Writes a digest with all its posts. `slot` is its wall time in the cadence; `moved_from` is said to readers."""
    digest = DigestRow(
        coalition_id=coalition.id,
        cadence_id=await cadence_id_of(tx, cadence),
        slot=slot,
        due_at=due_at,
    )
    tx.session.add(digest)
    await tx.session.flush()
    moved = moved_from.isoformat() if moved_from is not None else None
    posts: list[tuple[Kind, str, dict[str, object]]] = [(Kind.ROLL_UP, name, {}) for name in cadence.channels]
    posts += [
        (Kind.CHANNEL_EDITION, priority.channel, {"priority": priority.id})
        for priority in tx.record.priorities
        if priority.channel is not None
    ]
    for kind, channel, subject in posts:
        tx.session.add(
            DeliveryRow(
                coalition_id=coalition.id,
                key=delivery_key(coalition.key, kind, cadence.id, slot.isoformat(), channel, *subject.values()),
                kind=kind,
                channel=channel,
                digest_id=digest.id,
                subject={**subject, "moved_from": moved},
                planned_at=tx.now,
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
            planned_at=tx.now,
            due_at=due_at,
        )
        for member_id, edition in await copies_of(tx)
    ]
    # A copy respects its reader's evenings and closed days; channels get theirs on time.
    receivers = await receivers_of(tx.session, [copy.member_id for copy in copies if copy.member_id is not None])
    for copy in copies:
        receiver = receivers.get(copy.member_id or 0)
        if receiver is not None:
            copy.due_at = copy_at(due_at, receiver)
    tx.session.add_all(copies)
    await tx.session.flush()
    return digest


def copy_at(due_at: datetime, receiver: Receiver) -> datetime:
    """When a reader gets their copy of a digest that is due at `due_at`."""
    on_weekends = is_weekend(due_at, receiver.zone)
    return sendable_at(due_at, receiver, not_before=due_at, until=None, on_weekends=on_weekends) or due_at


async def copies_of(tx: OnRecord) -> list[tuple[int, str]]:
    """Who gets which edition by direct message, as members' keys and editions, going by everybody's present rights."""
    ids = await ids_of(tx.session, MemberRow, tx.coalition_id)
    reached = [member for member in tx.record.present if tx.record.reaches(member)]
    return [(ids[member.id], edition.key) for member, edition in await editions_to(tx, reached)]


async def editions_to(tx: OnRecord, members: Iterable[Member]) -> list[tuple[Member, Edition]]:
    """Which editions come to these members, by what they chose and their present rights."""
    chosen: dict[int, dict[str, bool]] = {}
    for row in await tx.session.scalars(select(DigestSubscriptionRow).where(tx.owns(DigestSubscriptionRow))):
        chosen.setdefault(row.member_id, {})[row.edition] = row.active
    ids = await ids_of(tx.session, MemberRow, tx.coalition_id)
    found = []
    for member in members:
        standing = standing_of(tx.record, member)
        usual, wanted = sent_unless_refused(tx.record, standing, member), chosen.get(ids[member.id], {})
        for edition in editions_of(tx.record, standing, member):
            if is_offered(edition, member) and wanted.get(edition.key, edition.key in usual):
                found.append((member, edition))
    return found
