"""Follows channels that have another name in Slack: the coalition means the channel, not the word. For services."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.domain.outbox import Kind, State
from bot.domain.people import SeenChannel
from bot.services.alarms import CHANNELS
from bot.services.outbox import SHOWN, queue_updates_of
from bot.store.organizations import GroupRow
from bot.store.outbox import DeliveryRow, posts_of
from bot.store.people import SlackChannelRow
from bot.store.priorities import PriorityRow
from bot.store.rhythm import CadenceRow


async def follow_renames(
    session: AsyncSession,
    coalition_id: int,
    known: Sequence[SlackChannelRow],
    seen: Sequence[SeenChannel],
    now: datetime,
) -> None:
    """Gives groups, priorities, cadences, deliveries and alarms the names that their channels have now, by the
    channels' ids.

    Names that changed hands (one channel took another's) are followed all at once. `known` is left to the caller.
    """
    names_now = {channel.channel_id: channel.name for channel in seen if channel.name}
    renamed = {
        row.name: names_now[row.channel_id]
        for row in known
        if row.channel_id is not None and names_now.get(row.channel_id, row.name) != row.name
    }
    if not renamed:
        return
    groups = select(GroupRow).where(GroupRow.coalition_id == coalition_id, GroupRow.channel.in_(renamed))
    for group in await session.scalars(groups):
        group.channel = _now(group.channel, renamed)
    priorities = select(PriorityRow).where(PriorityRow.coalition_id == coalition_id, PriorityRow.channel.in_(renamed))
    for priority in await session.scalars(priorities):
        priority.channel = _now(priority.channel, renamed)
    for cadence in await session.scalars(select(CadenceRow).where(CadenceRow.coalition_id == coalition_id)):
        channels = [_now(name, renamed) for name in cadence.channels]
        if channels != cadence.channels:
            cadence.channels = channels
    for delivery in await session.scalars(
        select(DeliveryRow).where(DeliveryRow.coalition_id == coalition_id, DeliveryRow.channel.in_(renamed))
    ):
        delivery.channel = _now(delivery.channel, renamed)
        if delivery.state == State.PLANNED and delivery.waiting:
            # It may have waited for an invitation to a channel that only seemed to be missing.
            delivery.waiting, delivery.next_attempt_at, delivery.reason = False, None, None
    for notice in await session.scalars(select(DeliveryRow).where(posts_of(coalition_id, Kind.HELD_NOTICE))):
        told = [str(name) for name in notice.subject.get(CHANNELS, [])]
        if renamed.keys() & set(told):
            notice.subject = {**notice.subject, CHANNELS: [_now(name, renamed) for name in told]}
            await queue_updates_of(session, [notice] if notice.state in SHOWN else [], now)
    await session.flush()


def _now(name: str | None, renamed: Mapping[str, str]) -> str | None:
    return renamed.get(name, name) if name is not None else None
