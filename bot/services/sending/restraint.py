"""What a bundle waits for beyond an open hour: a day with room, or another message that goes to the same person anyway.

Steps of the claim's transaction. The rules themselves are in `domain/sending`.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta

from sqlalchemy import and_, func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.domain.actions import read_list_about
from bot.domain.outbox import Item, Kind, Receiver, State, sendable_at
from bot.domain.rhythm import to_local, to_utc
from bot.domain.sending import has_room, may_join, next_day_with_room
from bot.services.outbox import SHOWN
from bot.services.sending.destinations import Reads
from bot.store.database import parameter, prepared
from bot.store.outbox import A_DAY, DeliveryItemRow, DeliveryRow, planned_between


async def hold_back(session: AsyncSession, row: DeliveryRow, now: datetime, receiver: Receiver) -> bool:
    """Puts off what the daily and weekly limits keep from this person for now. Returns whether it did.

    It goes with the next message that may go, or by itself on the next day with room.
    """
    local = to_local(now, receiver.zone)
    sent = await _days_with_messages(session, row, now, local, receiver.zone)
    if has_room(sent, local.date()):
        return False
    hour = to_local(datetime.fromisoformat(row.subject["first_due"]), receiver.zone).time()
    by_itself = to_utc(datetime.combine(next_day_with_room(sent, local.date()), hour), receiver.zone)
    moment = sendable_at(by_itself, receiver, not_before=by_itself, until=row.expires_at)
    row.held_back = True
    # If no day with room comes in time, it waits for company until it is of no use.
    row.due_at = moment or row.expires_at or by_itself
    row.subject = {**row.subject, "first_due": row.due_at.isoformat()}
    return True


async def wait_for_company(
    session: AsyncSession,
    row: DeliveryRow,
    wanted: Sequence[DeliveryItemRow],
    now: datetime,
    receiver: Receiver,
    reads: Reads,
) -> bool:
    """Puts off what may as well come with another message that is due to this person later today. Returns whether it
    did."""
    if any(item.due_at is None or item.due_at <= row.planned_at for item in wanted):
        return False
    moments = await session.scalars(_PLANNED, {"to": row.member_id, "now": now, "tomorrow": now + A_DAY})
    company = next((moment for moment in moments if row.expires_at is None or moment < row.expires_at), None)
    if company is None or any(not may_join(Item(item.kind), now, company, receiver.zone) for item in wanted):
        return False
    today = to_local(now, receiver.zone).date()
    listed = {key for item in wanted if item.kind == Item.ACTION_LIST for key in read_list_about(item.about)[1]}
    if listed and any(
        one.id in listed and one.due == today for one in (await reads.record(session, row.coalition_id, now)).actions
    ):
        return False
    row.held_back, row.due_at = True, company
    return True


async def _days_with_messages(
    session: AsyncSession, row: DeliveryRow, now: datetime, local: datetime, zone: str
) -> list[date]:
    """The day of each unprompted message of this week that has reached this person, is on its way, or goes with this
    very pass: a digest's copy is due at the same minute as what it leaves no room for."""
    monday = datetime.combine(local.date() - timedelta(days=local.weekday()), time())
    about = {"to": row.member_id, "but": row.id, "now": now, "monday": to_utc(monday, zone)}
    return [to_local(one, zone).date() for one in await session.scalars(_OF_THE_WEEK, about)]


# Built once: each bundle that is claimed asks both.
_PLANNED = prepared(
    select(DeliveryRow.due_at)
    .where(planned_between(parameter("to"), parameter("now"), parameter("tomorrow")))
    .order_by(DeliveryRow.due_at)
)
_MOMENT = func.coalesce(DeliveryRow.sent_at, DeliveryRow.due_at)
_OF_THE_WEEK = prepared(
    select(_MOMENT).where(
        DeliveryRow.member_id == parameter("to"),
        DeliveryRow.operation == "post",
        DeliveryRow.parent_id.is_(None),
        or_(
            DeliveryRow.state.in_(SHOWN),
            and_(
                DeliveryRow.state == State.PLANNED,
                DeliveryRow.kind == Kind.DIGEST_COPY,
                DeliveryRow.due_at <= parameter("now"),
            ),
        ),
        # Of these one goes to an account that this person reads no more, and two were asked for.
        DeliveryRow.kind.not_in([Kind.ACCOUNT_MOVED, Kind.SIGN_IN, Kind.INVITATION]),
        # Here no column stands before it from which it would have its type.
        parameter("monday", type_=DeliveryRow.due_at.type) <= _MOMENT,
        DeliveryRow.id != parameter("but"),
    )
)
