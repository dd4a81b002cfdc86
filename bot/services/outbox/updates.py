"""Asks for messages that were sent to be shown anew. A step for other services, in their transaction."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from sqlalchemy import ColumnElement, Select, and_, select, true

from bot.domain.outbox import Item, Kind, State, Transport, delivery_key
from bot.services.access import Transaction
from bot.store.database import parameter, prepared
from bot.store.outbox import DeliveryItemRow, DeliveryRow

# States of a message that people see, or may see.
SHOWN = (State.SENT, State.CLAIMED, State.AMBIGUOUS, State.HELD)
# Built once: most changes ask it.
_UPDATES = prepared(
    select(DeliveryRow)
    .where(DeliveryRow.parent_id.in_(parameter("of", expanding=True)), DeliveryRow.operation == "update")
    .order_by(DeliveryRow.id)
    # An update that is just being recorded as sent has to be planned once more.
    .with_for_update()
    .execution_options(populate_existing=True)
)


async def queue_updates(tx: Transaction, subject_ids: Sequence[int]) -> None:
    """Every message that speaks of one of these round subjects, and was or is being sent, gets its newest content."""
    if subject_ids:
        await queue_updates_where(tx, speaking_of(subject_ids))


async def refresh_items(tx: Transaction, kinds: Collection[Item], abouts: Collection[str] | None) -> None:
    """The same for messages that speak of these things; with None of any thing of these kinds."""
    if not kinds or (abouts is not None and not abouts):
        return
    named = true() if abouts is None else DeliveryItemRow.about.in_(abouts)
    wanted = and_(tx.owns(DeliveryItemRow), DeliveryItemRow.kind.in_(kinds), named)
    await queue_updates_where(tx, speaking(wanted))


async def refresh_posts(tx: Transaction, kind: Kind, about: str) -> None:
    """The same for messages of their own."""
    wanted = and_(tx.owns(DeliveryRow), DeliveryRow.kind == kind, DeliveryRow.about == about)
    await queue_updates_where(tx, wanted)


def speaking_of(subject_ids: Sequence[int]) -> ColumnElement[bool]:
    """Messages that speak of one of these round subjects."""
    return speaking(DeliveryItemRow.round_subject_id.in_(subject_ids))


def speaking(wanted: ColumnElement[bool]) -> ColumnElement[bool]:
    """Messages in which one of the wanted items is."""
    return DeliveryRow.id.in_(spoken_of(wanted))


def spoken_of(*wanted: ColumnElement[bool]) -> Select[int]:
    """The ids of messages in which one of the wanted items is."""
    return select(DeliveryItemRow.delivery_id).where(*wanted, DeliveryItemRow.left_out.is_(None))


async def queue_updates_where(tx: Transaction, wanted: ColumnElement[bool]) -> None:
    """The same for whatever messages a noun finds in its own way."""
    await queue_updates_found(tx, await tx.values(messages_where(wanted)))


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


async def queue_updates_found(tx: Transaction, posts: Sequence[DeliveryRow]) -> None:
    """The same for messages that were found and locked by `messages_where`."""
    await queue_updates_of(tx, [post for post in posts if post.state in SHOWN])


async def queue_updates_of(tx: Transaction, posts: Sequence[DeliveryRow]) -> None:
    """Each message has one update row: a newer request replaces an older one, so an update is never sent twice."""
    # A mail says what was so when it was sent.
    posts = [post for post in posts if post.transport == Transport.SLACK]
    if not posts:
        return
    found = {row.parent_id: row for row in await tx.session.scalars(_UPDATES, {"of": [post.id for post in posts]})}
    for post in posts:
        update = found.get(post.id)
        if update is None:
            tx.session.add(
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
                    planned_at=tx.now,
                    due_at=tx.now,
                    version=1,
                )
            )
        else:
            update.version += 1
            update.subject = post.subject
            if update.state != State.CLAIMED:
                update.state = State.PLANNED
                update.due_at = tx.now
                update.reason = None
                update.next_attempt_at = None
    await tx.session.flush()
