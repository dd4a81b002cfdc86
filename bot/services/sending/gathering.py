"""What travels with a claimed bundle: several messages to one person become one.

Steps of the claim's transaction.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import and_, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.domain.outbox import Item, Receiver, State, thing_of
from bot.domain.sending import may_join
from bot.services.outbox import later
from bot.services.sending.outcomes import settle
from bot.store.database import parameter, prepared
from bot.store.outbox import (
    A_DAY,
    DeliveryItemRow,
    DeliveryRow,
    bundles_to,
    in_doubt,
    planned_between,
    planned_to,
)
from bot.store.people import MemberRow

SENT_TOGETHER = "sent together with an earlier message"


async def is_written_to(session: AsyncSession, row: DeliveryRow) -> bool:
    """Whether another bundle is on its way to this person: two at once would each be the first message. One that may
    have been sent, and is not looked for yet, counts as well."""
    to = {"to": row.member_id}
    if await session.scalar(_UNDER_WAY, to) is not None:
        return True
    # Another process may be claiming for this person at the same time, which only a lock shows.
    return await session.scalar(_MINE, to) is None


async def gather(session: AsyncSession, row: DeliveryRow, now: datetime, receiver: Receiver | None) -> None:
    """Makes one message of several that are due to one person at once, as after downtime; each thing stands in it once.

    What was held back joins it, and so does what is planned for later today and as good now.
    """
    others = (await session.scalars(_DUE_OR_HELD_BACK, {"to": row.member_id, "now": now, "but": row.id})).all()
    await take_along(session, row, [*others, *await _as_good_now(session, row, now, receiver)])


async def take_along(session: AsyncSession, row: DeliveryRow, others: Sequence[DeliveryRow]) -> None:
    """Puts what these messages hold into `row`, each thing once, and ends them."""
    if not others:
        return
    items = (await session.scalars(_ITEMS, {"of": [row.id, *(other.id for other in others)]})).all()
    there = {_thing(item) for item in items if item.delivery_id == row.id}
    position = max((item.position for item in items if item.delivery_id == row.id), default=-1)
    for other in others:
        for item in items:
            if item.delivery_id == other.id and _thing(item) not in there:
                position += 1
                item.delivery_id, item.position = row.id, position
                there.add(_thing(item))
        row.expires_at = later(row.expires_at, other.expires_at)
        settle(other, State.DROPPED, SENT_TOGETHER)
    await session.flush()


async def _as_good_now(
    session: AsyncSession, row: DeliveryRow, now: datetime, receiver: Receiver | None
) -> list[DeliveryRow]:
    """Messages planned for later on this day of the receiver's, all of which may as well come now."""
    if receiver is None:
        return []
    about = {"to": row.member_id, "but": row.id, "now": now, "tomorrow": now + A_DAY}
    found = (await session.execute(_LATER_THAT_DAY, about)).all()
    late = {other.id for other, item in found if not may_join(Item(item.kind), other.due_at, now, receiver.zone)}
    return list(dict.fromkeys(other for other, _item in found if other.id not in late))


# Built once: each bundle that is claimed asks all of them.
_UNDER_WAY = prepared(
    select(DeliveryRow.id)
    .where(
        bundles_to(parameter("to")),
        or_(
            DeliveryRow.state.in_([State.CLAIMED, State.AMBIGUOUS]),
            and_(DeliveryRow.state == State.PLANNED, in_doubt()),
        ),
    )
    .limit(1)
)
_MINE = prepared(
    select(MemberRow.id).where(MemberRow.id == parameter("to")).with_for_update(key_share=True, skip_locked=True)
)
_DUE_OR_HELD_BACK = prepared(
    select(DeliveryRow)
    .where(
        planned_to(parameter("to")),
        # What was held back takes the first message that goes.
        or_(DeliveryRow.due_at <= parameter("now"), DeliveryRow.held_back.is_(True)),
        DeliveryRow.id != parameter("but"),
    )
    .order_by(DeliveryRow.due_at, DeliveryRow.id)
    .with_for_update(skip_locked=True)
)
_LATER_THAT_DAY = prepared(
    select(DeliveryRow, DeliveryItemRow)
    .join(DeliveryItemRow, DeliveryItemRow.delivery_id == DeliveryRow.id)
    .where(
        planned_between(parameter("to"), parameter("now"), parameter("tomorrow")),
        DeliveryRow.id != parameter("but"),
    )
    .order_by(DeliveryRow.due_at, DeliveryRow.id)
    .with_for_update(skip_locked=True, of=DeliveryRow)
)
_ITEMS = prepared(
    select(DeliveryItemRow)
    .where(DeliveryItemRow.delivery_id.in_(parameter("of", expanding=True)))
    .order_by(DeliveryItemRow.position)
)


def _thing(item: DeliveryItemRow) -> tuple[str, str]:
    """What an item is about, so that a priority or a decision stands there once, whether it asks, reminds or asks a
    stand-in."""
    return (thing_of(Item(item.kind)), item.about)
