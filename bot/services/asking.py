"""Asks somebody about an open round outside its plan: the stand-in now, or an owner once more. Steps for services."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.domain.deliveries import Item, State
from bot.services.bundles import place
from bot.services.receivers import receivers_of
from bot.store.checkins import RoundSubjectRow
from bot.store.deliveries import DeliveryItemRow, DeliveryRow

# States of a message that arrived, or may arrive yet.
_ON_ITS_WAY = (State.SENT, State.CLAIMED, State.AMBIGUOUS, State.HELD)


@dataclass(frozen=True, slots=True)
class SentItem:
    """Something in a message about a round's subject. `reason` says why it waits or did not go."""

    subject_id: int
    item: str
    member_id: int
    state: str
    sent_at: datetime | None
    reason: str | None


async def ask_now(
    session: AsyncSession, subject: RoundSubjectRow, member_id: int, item: Item, now: datetime, due_at: datetime
) -> bool:
    """Asks a person at `due_at`; False where that very question has gone out before.

    What is planned for later is brought forward. Asking an owner once more is a new message each time.
    """
    rows = (
        await session.execute(
            select(DeliveryItemRow, DeliveryRow)
            .join(DeliveryRow, DeliveryRow.id == DeliveryItemRow.delivery_id)
            .where(
                DeliveryRow.member_id == member_id,
                DeliveryRow.operation == "post",
                DeliveryItemRow.round_subject_id == subject.id,
                DeliveryItemRow.kind == item,
            )
        )
    ).all()
    if item != Item.AGAIN and any(delivery.state in _ON_ITS_WAY for _row, delivery in rows):
        return False
    for row, delivery in rows:
        if delivery.state == State.PLANNED:
            await session.delete(row)
    await session.flush()
    receiver = (await receivers_of(session, [member_id]))[member_id]
    await place(
        session,
        subject.coalition_id,
        receiver,
        member_id=member_id,
        item=item,
        about=str(subject.id),
        due_at=due_at,
        now=now,
        until=subject.closes_at,
        not_before=now,
        round_subject_id=subject.id,
    )
    return True


async def withdraw(session: AsyncSession, subject_ids: Sequence[int]) -> None:
    """Takes what is planned about these subjects out of messages that have not gone out."""
    rows = await session.scalars(
        select(DeliveryItemRow)
        .join(DeliveryRow, DeliveryRow.id == DeliveryItemRow.delivery_id)
        .where(
            DeliveryItemRow.round_subject_id.in_(subject_ids),
            DeliveryRow.operation == "post",
            DeliveryRow.state == State.PLANNED,
        )
    )
    for row in rows.all():
        await session.delete(row)
    await session.flush()


async def sent_items(session: AsyncSession, subject_ids: Sequence[int]) -> Mapping[int, list[SentItem]]:
    """What was or will be sent about these subjects, by subject."""
    rows = await session.execute(
        select(DeliveryItemRow.round_subject_id, DeliveryItemRow.kind, DeliveryRow)
        .join(DeliveryRow, DeliveryRow.id == DeliveryItemRow.delivery_id)
        .where(DeliveryItemRow.round_subject_id.in_(subject_ids), DeliveryRow.operation == "post")
        .order_by(DeliveryRow.due_at, DeliveryRow.id)
    )
    found: dict[int, list[SentItem]] = {subject_id: [] for subject_id in subject_ids}
    for subject_id, kind, row in rows:
        if row.member_id is not None and subject_id is not None:
            one = SentItem(subject_id, kind, row.member_id, row.state, row.sent_at, row.reason)
            found[subject_id].append(one)
    return found
