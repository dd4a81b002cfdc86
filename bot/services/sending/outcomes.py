"""What follows from the end of a delivery: who was asked, what is published, and what the coordinators are told.

Steps of the caller's transaction.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.domain.outbox import IN_THE_MAIL, PLACE_UNKNOWN, Item, Kind, State, Transport
from bot.services.access import Transaction
from bot.services.alarms import refresh_alarms, tell_of_message
from bot.services.digests import about_of
from bot.services.outbox import refresh_briefs, refresh_items, refresh_posts
from bot.services.sending.leases import TRIES, WAITING_REST, Tries
from bot.store.checkins import (
    ANSWERS_MEMBER,
    ANSWERS_SUBJECT,
    IS_UNANSWERED,
    MemberAnswerRow,
    ResponseRow,
    RoundRow,
    RoundSubjectRow,
)
from bot.store.database import parameter, prepared
from bot.store.digests import DigestRow
from bot.store.outbox import DeliveryItemRow, DeliveryRow
from bot.store.people import MemberRow

# From the arrival of these something follows (`after_sent`).
FOLLOWED = (Kind.PROMPTS, Kind.ROLL_UP)


def settle(row: DeliveryRow, state: State, reason: str) -> None:
    """Ends a delivery that isn't sent, with the reason."""
    row.state = state
    row.reason = reason
    row.next_attempt_at = None


async def give_up_part(session: AsyncSession, row: DeliveryRow, parent: DeliveryRow, now: datetime) -> None:
    """Ends what hangs on a message that a coordinator says has arrived, but not where: it takes no replies and can't
    change; or on a mail, which has it all."""
    if parent.transport == Transport.MAIL:
        settle(row, State.DROPPED, IN_THE_MAIL)
    elif row.operation == "update" or row.part_no > 1:
        settle(row, State.DROPPED, PLACE_UNKNOWN)
    else:
        # Said once for the whole thread.
        await fail(session, row, PLACE_UNKNOWN, now)


async def fail(
    session: AsyncSession, row: DeliveryRow, reason: str, now: datetime, *, cause: str | None = None
) -> None:
    """Ends a delivery that Slack or the program will not send; the coordinators are told.

    Messages with the same `cause` are told as one; without a cause, those with the same reason.
    """
    settle(row, State.FAILED, reason)
    row.lease_owner = row.lease_until = None
    await tell_of_message(Transaction(session, row.coalition_id, now), row, cause)


async def miss(session: AsyncSession, row: DeliveryRow, reason: str, now: datetime) -> None:
    """Ends a message that has become useless. Whoever was told that it waits sees that."""
    settle(row, State.MISSED, reason)
    if row.told_at is not None:
        await refresh_alarms(Transaction(session, row.coalition_id, now), row=row)


async def hold(session: AsyncSession, row: DeliveryRow, reason: str, now: datetime) -> None:
    """Leaves a delivery to the coordinators, who are told."""
    settle(row, State.HELD, reason)
    await tell_of_message(Transaction(session, row.coalition_id, now), row)


async def record_sent(
    session: AsyncSession,
    row: DeliveryRow,
    channel_id: str | None,
    ts: str | None,
    version: int,
    now: datetime,
    *,
    is_new: bool = True,
) -> None:
    """The message is there, under this timestamp; an update that was overtaken is planned once more.

    `is_new` is False where a look found that it had arrived before.
    """
    row.channel_id = channel_id
    row.ts = ts
    row.sent_at = now
    row.reason = None
    row.lease_owner = row.lease_until = row.next_attempt_at = None
    if row.operation == "update" and row.version > version:
        # Something changed while this was under way, so the newest content has yet to be shown.
        row.state = State.PLANNED
        return
    row.state = State.SENT
    if row.operation == "post":
        await after_sent(session, row, now, is_new=is_new)
    if row.told_at is not None:
        await refresh_alarms(Transaction(session, row.coalition_id, now), row=row)


async def after_sent(session: AsyncSession, row: DeliveryRow, now: datetime, *, is_new: bool) -> None:
    """Does what follows once a message has arrived: somebody was asked, a digest is out.

    `is_new`: it arrived at this very moment. Else it did so when it was claimed, and what it spoke of was in time.
    """
    if row.kind == Kind.PROMPTS:
        for subject in await session.scalars(_ASKED, {"in_delivery": row.id}):
            if subject.asked_at is None and (subject.closes_at > now or not is_new):
                subject.asked_at = now
        await _tell_of_asks(session, row, now)
        member = await session.get_one(MemberRow, row.member_id)
        if member.first_contact_at is None:
            member.first_contact_at = now
            row.subject = {**row.subject, "first_contact": True}
    elif row.kind == Kind.ROLL_UP and row.digest_id is not None:
        digest = await session.get_one(DigestRow, row.digest_id)
        if digest.published_at is None:
            digest.published_at = now
            about = about_of(digest.cadence_id, digest.slot)
            await refresh_posts(Transaction(session, row.coalition_id, now), Kind.OWNER_PREVIEW, about)


async def _tell_of_asks(session: AsyncSession, row: DeliveryRow, now: datetime) -> None:
    """Who let an ask go out, and who hears of it, see that it has arrived."""
    asks = (await session.scalars(_ASKS, {"in_delivery": row.id})).all()
    if asks:
        tx = Transaction(session, row.coalition_id, now)
        await refresh_items(tx, [Item.ASK_NEWS], asks)
        await refresh_briefs(tx)


# Built once: each message to a person that arrives asks both.
_ASKED = prepared(
    select(RoundSubjectRow)
    .join(DeliveryItemRow, DeliveryItemRow.round_subject_id == RoundSubjectRow.id)
    .join(RoundRow, RoundRow.id == RoundSubjectRow.round_id)
    .outerjoin(ResponseRow, ANSWERS_SUBJECT)
    .outerjoin(MemberAnswerRow, ANSWERS_MEMBER)
    .where(DeliveryItemRow.delivery_id == parameter("in_delivery"), DeliveryItemRow.left_out.is_(None))
    # Whoever answered ahead counts as not asked, even if the same message asks about something else.
    .where(
        or_(
            IS_UNANSWERED,
            ResponseRow.answered_at > RoundSubjectRow.opens_at,
            MemberAnswerRow.answered_at > RoundSubjectRow.opens_at,
        )
    )
)
_ASKS = prepared(
    select(DeliveryItemRow.about).where(
        DeliveryItemRow.delivery_id == parameter("in_delivery"),
        DeliveryItemRow.kind == Item.HELP_WANTED,
        DeliveryItemRow.left_out.is_(None),
    )
)


def rest(row: DeliveryRow, epoch: float, reason: str, seconds: float = WAITING_REST) -> None:
    """Lets a delivery wait for something that a person has to do, looked at again after so many elapsed seconds."""
    row.reason = reason
    row.waiting = True
    row.next_attempt_at = epoch + seconds


async def stumble(
    session: AsyncSession, row: DeliveryRow, error: Exception, tries: Tries, now: datetime, epoch: float
) -> None:
    """It went wrong unexpectedly before anything was sent: it is tried again, and in the end given up."""
    tries.stumbles[row.id] += 1
    reason = "it could not be put together"
    if tries.stumbles[row.id] >= TRIES:
        tries.forget(row.id)
        await fail(session, row, f"{reason}; the log says more", now, cause=type(error).__name__)
        return
    row.state = State.PLANNED
    row.reason = reason
    row.lease_owner = row.lease_until = None
    row.next_attempt_at = epoch + tries.pause(tries.stumbles[row.id])
