"""Asks for messages that were sent to be shown anew. A step for other services, in their transaction."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.domain.deliveries import State, delivery_key
from bot.store.deliveries import DeliveryItemRow, DeliveryRow


async def queue_updates(session: AsyncSession, subject_ids: Sequence[int], now: datetime) -> None:
    """Every message that speaks of one of these round subjects, and was or is being sent, gets its newest content."""
    if not subject_ids:
        return
    posts = await session.scalars(
        select(DeliveryRow)
        .join(DeliveryItemRow, DeliveryItemRow.delivery_id == DeliveryRow.id)
        .where(
            DeliveryItemRow.round_subject_id.in_(subject_ids),
            DeliveryRow.operation == "post",
            DeliveryRow.state.in_([State.SENT, State.CLAIMED, State.AMBIGUOUS, State.HELD]),
        )
        .distinct()
    )
    await queue_updates_of(session, list(posts), now)


async def queue_updates_of(session: AsyncSession, posts: Sequence[DeliveryRow], now: datetime) -> None:
    """One update row a message: a newer wish replaces an older one, so an update is never sent twice over."""
    if not posts:
        return
    found = {
        row.parent_id: row
        for row in await session.scalars(
            select(DeliveryRow).where(
                DeliveryRow.parent_id.in_([post.id for post in posts]), DeliveryRow.operation == "update"
            )
        )
    }
    for post in posts:
        update = found.get(post.id)
        if update is None:
            session.add(
                DeliveryRow(
                    coalition_id=post.coalition_id,
                    key=delivery_key(post.key, "update"),
                    kind=post.kind,
                    operation="update",
                    member_id=post.member_id,
                    channel=post.channel,
                    parent_id=post.id,
                    digest_id=post.digest_id,
                    subject=post.subject,
                    planned_at=now,
                    due_at=now,
                    version=1,
                )
            )
        else:
            update.version += 1
            if update.state != State.CLAIMED:
                update.state = State.PLANNED
                update.due_at = now
                update.reason = None
                update.next_attempt_at = None
    await session.flush()
