"""Held messages as a coordinator is told of them, for a decision. A step for services."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from bot.domain.outbox import Kind, State
from bot.domain.sending import KIND_WORDS, HeldNotice
from bot.services.access import names_of_members
from bot.store.outbox import DeliveryRow


async def held_notices(
    session: AsyncSession, held: Sequence[DeliveryRow], zone: str, now: datetime
) -> tuple[HeldNotice, ...]:
    """What a coordinator is told about held deliveries, in their order. A step in the caller's transaction."""
    people = {one for row in held for one in (row.member_id, row.resolved_by_id) if one is not None}
    names = await names_of_members(session, people)
    return tuple(_held_notice(row, names, zone, now) for row in held)


def _held_notice(held: DeliveryRow, names: Mapping[int, str], zone: str, now: datetime) -> HeldNotice:
    what = KIND_WORDS.get(Kind(held.kind), "a message")
    resolver = names[held.resolved_by_id] if held.resolved_by_id is not None else None
    return HeldNotice(
        delivery_id=held.id,
        what=what,
        to=names[held.member_id] if held.member_id is not None else f"#{held.channel}",
        due_at=held.due_at,
        reason=held.reason or "",
        state=held.state,
        resolved_by=resolver,
        resolved_at=now if resolver is not None else None,
        zone=zone,
        may_send_again=held.state == State.HELD and (held.expires_at is None or held.expires_at > now),
    )
