"""Messages of their own: posts in channels, and direct messages that are no part of a bundle. Steps for other services.

What such a message says is read when it is sent, by its kind (`sending.readers`).
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import and_, func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.domain.outbox import Kind, State, delivery_key, sendable_at
from bot.services.access import Transaction
from bot.services.outbox.placing import NO_OPEN_HOUR
from bot.services.outbox.receivers import receivers_of
from bot.store.outbox import DeliveryRow, posts_of


async def post(
    tx: Transaction,
    kind: Kind,
    about: str,
    *,
    channel: str | None = None,
    member_id: int | None = None,
    due_at: datetime | None = None,
    until: datetime | None = None,
    thread_of: DeliveryRow | None = None,
    known_as: str | None = None,
) -> DeliveryRow:
    """Plans one message in a channel or to a person, below `thread_of` where that is given; of no use from `until` on.

    One message for each kind, thing and place: the same call again returns the one that is there, whatever its state.
    A message to a person waits for an open hour of theirs. `known_as` is what its key is made of in place of `about`,
    where that is a row that an older copy of the database would give another number.
    """
    thread_key = thread_of.key if thread_of is not None else None
    key = delivery_key(tx.coalition_id, kind, known_as or about, channel, member_id, thread_key)
    # The place is compared too: the key was made of a channel's name, and the channel may have been renamed.
    same_place = and_(
        posts_of(tx.coalition_id, kind),
        DeliveryRow.about == about,
        DeliveryRow.channel.is_not_distinct_from(channel),
        DeliveryRow.member_id.is_not_distinct_from(member_id),
        DeliveryRow.parent_id.is_not_distinct_from(thread_of.id if thread_of is not None else None),
    )
    known = await tx.session.scalar(select(DeliveryRow).where(or_(DeliveryRow.key == key, same_place)).limit(1))
    if known is not None:
        return known
    due_at = due_at or tx.now
    when: datetime | None = due_at
    if member_id is not None:
        receiver = (await receivers_of(tx.session, [member_id]))[member_id]
        when = sendable_at(due_at, receiver, not_before=tx.now, until=until)
    row = DeliveryRow(
        coalition_id=tx.coalition_id,
        key=key,
        kind=kind,
        about=about,
        channel=channel,
        member_id=member_id,
        parent_id=thread_of.id if thread_of is not None else None,
        part_no=await _next_part(tx.session, thread_of) if thread_of is not None else 0,
        planned_at=tx.now,
        due_at=when or due_at,
        expires_at=until,
        state=State.PLANNED if when is not None else State.MISSED,
        reason=None if when is not None else NO_OPEN_HOUR,
    )
    tx.session.add(row)
    await tx.session.flush()
    return row


async def _next_part(session: AsyncSession, parent: DeliveryRow) -> int:
    last = await session.scalar(
        select(func.max(DeliveryRow.part_no)).where(DeliveryRow.parent_id == parent.id, DeliveryRow.operation == "post")
    )
    return (last or 0) + 1
