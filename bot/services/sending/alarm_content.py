"""What an alarm says to one coordinator at this moment. A step of the caller's transaction."""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.domain.outbox import Kind, Whereabouts
from bot.domain.people import zone_of_member
from bot.domain.sending import KIND_WORDS, Alarm, BackAgain
from bot.services.alarms import CHANNELS, DELIVERIES, POSTS, told_of
from bot.services.outbox import where_is
from bot.services.people import cut_off_channels
from bot.services.undelivered import held_notices
from bot.store.outbox import DeliveryRow
from bot.store.people import MemberRow
from bot.store.record import read_record


async def read_alarm(session: AsyncSession, row: DeliveryRow, now: datetime) -> Alarm | None:
    """Everything that it was told of, as it is now; None where nothing of it is known any more."""
    post = row if row.operation == "post" else await session.get_one(DeliveryRow, row.parent_id)
    record = await read_record(session, row.coalition_id)
    zone = zone_of_member(record, (await session.get_one(MemberRow, post.member_id)).key)
    rows = {
        one.id: one
        for one in await session.scalars(
            select(DeliveryRow)
            .where(DeliveryRow.id.in_([*told_of(post, DELIVERIES), *told_of(post, POSTS)]))
            .order_by(DeliveryRow.due_at, DeliveryRow.id)
        )
    }
    held = [one for one in rows.values() if one.id in told_of(post, DELIVERIES)]
    posts: dict[str | None, list[DeliveryRow]] = defaultdict(list)
    for one in rows.values():
        if one.id in told_of(post, POSTS):
            posts[one.channel].append(one)
    # A channel has the name that its posts have now.
    names = dict.fromkeys([*(name for name in posts if name is not None), *map(str, told_of(post, CHANNELS))])
    cut_off = await cut_off_channels(session, row.coalition_id, record, now, names)
    missing = {one.channel for one in cut_off}
    alarm = Alarm(
        held=await held_notices(session, held, zone, now),
        cut_off=cut_off,
        back=tuple(
            BackAgain(channel=name, posts=tuple(_outcome(one, now) for one in posts[name]))
            for name in names
            if name not in missing
        ),
        zone=zone,
        now=now,
    )
    return alarm if alarm.held or alarm.cut_off or alarm.back else None


def _outcome(row: DeliveryRow, now: datetime) -> tuple[str, Whereabouts]:
    where = where_is(row, f"#{row.channel}", is_live=True, now=now)
    return KIND_WORDS.get(Kind(row.kind), "a post"), where
