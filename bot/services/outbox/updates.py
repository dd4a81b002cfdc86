"""Asks for messages that were sent to be shown anew. A step for other services, in their transaction."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, Select, and_, select, true
from sqlalchemy.ext.asyncio import AsyncSession

from bot.domain.outbox import Item, Kind, State, delivery_key
from bot.store.outbox import DeliveryItemRow, DeliveryRow

# States of a message that people see, or may see.
SHOWN = (State.SENT, State.CLAIMED, State.AMBIGUOUS, State.HELD)


async def queue_updates(session: AsyncSession, subject_ids: Sequence[int], now: datetime) -> None:
    """Every message that speaks of one of these round subjects, and was or is being sent, gets its newest content."""
    if subject_ids:
        await queue_updates_where(session, speaking_of(subject_ids), now)


async def refresh_items(
    session: AsyncSession, coalition_id: int, kinds: Collection[Item], abouts: Collection[str] | None, now: datetime
) -> None:
    """The same for messages that speak of these things; with None of any thing of these kinds."""
    if not kinds or (abouts is not None and not abouts):
        return
    named = true() if abouts is None else DeliveryItemRow.about.in_(abouts)
    wanted = and_(DeliveryItemRow.coalition_id == coalition_id, DeliveryItemRow.kind.in_(kinds), named)
    await queue_updates_where(session, speaking(wanted), now)


async def refresh_posts(session: AsyncSession, coalition_id: int, kind: Kind, about: str, now: datetime) -> None:
    """The same for messages of their own."""
    wanted = and_(DeliveryRow.coalition_id == coalition_id, DeliveryRow.kind == kind, DeliveryRow.about == about)
    await queue_updates_where(session, wanted, now)


def speaking_of(subject_ids: Sequence[int]) -> ColumnElement[bool]:
    """Messages that speak of one of these round subjects."""
    return speaking(DeliveryItemRow.round_subject_id.in_(subject_ids))


def speaking(wanted: ColumnElement[bool]) -> ColumnElement[bool]:
    """Messages in which one of the wanted items is."""
    return DeliveryRow.id.in_(spoken_of(wanted))


def spoken_of(*wanted: ColumnElement[bool]) -> Select[int]:
    """The ids of messages in which one of the wanted items is."""
    return select(DeliveryItemRow.delivery_id).where(*wanted, DeliveryItemRow.left_out.is_(None))


async def queue_updates_where(session: AsyncSession, wanted: ColumnElement[bool], now: datetime) -> None:
    """The same for whatever messages a noun finds in its own way."""
    await queue_updates_found(session, (await session.scalars(messages_where(wanted))).all(), now)


def messages_where(wanted: ColumnElement[bool]) -> Select[DeliveryRow]:
    """Those messages that people see or will see, for `queue_updates_found`."""
    return (
        select(DeliveryRow)
        .where(
            wanted,
            DeliveryRow.operation == "post",
            DeliveryRow.state.in_([State.PLANNED, *SHOWN]),
        )
        .order_by(DeliveryRow.id)
        # Planned messages are locked too: a claim at this moment would show what was so before the change.
        .with_for_update()
        .execution_options(populate_existing=True)
    )


async def queue_updates_found(session: AsyncSession, posts: Sequence[DeliveryRow], now: datetime) -> None:
    """The same for messages that were found and locked by `messages_where`."""
    await queue_updates_of(session, [post for post in posts if post.state in SHOWN], now)


async def queue_updates_of(session: AsyncSession, posts: Sequence[DeliveryRow], now: datetime) -> None:
    """Each message has one update row: a newer request replaces an older one, so an update is never sent twice."""
    if not posts:
        return
    found = {
        row.parent_id: row
        for row in await session.scalars(
            select(DeliveryRow)
            .where(DeliveryRow.parent_id.in_([post.id for post in posts]), DeliveryRow.operation == "update")
            .order_by(DeliveryRow.id)
            # An update that is just being recorded as sent has to be planned once more.
            .with_for_update()
            .execution_options(populate_existing=True)
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
                    about=post.about,
                    digest_id=post.digest_id,
                    subject=post.subject,
                    planned_at=now,
                    due_at=now,
                    version=1,
                )
            )
        else:
            update.version += 1
            update.subject = post.subject
            if update.state != State.CLAIMED:
                update.state = State.PLANNED
                update.due_at = now
                update.reason = None
                update.next_attempt_at = None
    await session.flush()
