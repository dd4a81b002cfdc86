"""What follows from the end of a delivery: who was asked, what is published, and what the coordinators are told.

Steps of the caller's transaction.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select, true
from sqlalchemy.ext.asyncio import AsyncSession

from bot.domain.cadence import to_local
from bot.domain.deliveries import Kind, State, delivery_key, sendable_at
from bot.domain.rights import coordinators
from bot.services.brief_rows import refresh_briefs
from bot.services.claims import PLACE_UNKNOWN, settle
from bot.services.owner_previews import about_of
from bot.services.receivers import receivers_of
from bot.services.updates import SHOWN, queue_updates_of, queue_updates_of_posts
from bot.store.checkins import RoundSubjectRow
from bot.store.deliveries import DeliveryItemRow, DeliveryRow
from bot.store.digests import DigestRow
from bot.store.members import MemberRow
from bot.store.record_view import read_record


async def give_up_part(session: AsyncSession, row: DeliveryRow, now: datetime) -> None:
    """A coordinator says that the message arrived, but not where: nothing can be put under it, nor can it change."""
    if row.operation == "update" or row.part_no > 1:
        settle(row, State.DROPPED, PLACE_UNKNOWN)
    else:
        # Said once for the whole thread.
        await fail(session, row, PLACE_UNKNOWN, now)


async def fail(
    session: AsyncSession, row: DeliveryRow, reason: str, now: datetime, *, cause: str | None = None
) -> None:
    """Ends a delivery that Slack or the program will not send; the coordinators are told.

    With a `cause` that may hit many messages of a kind they are told once a day, with how many more there were.
    """
    settle(row, State.FAILED, reason)
    row.lease_owner = row.lease_until = None
    if row.operation == "post" and row.kind != Kind.HELD_NOTICE:
        await _tell_coordinators(session, row, now, cause)


async def hold(session: AsyncSession, row: DeliveryRow, reason: str, now: datetime) -> None:
    """Leaves a delivery to the coordinators, who are told."""
    settle(row, State.HELD, reason)
    if row.kind != Kind.HELD_NOTICE:
        await _tell_coordinators(session, row, now)


async def record_sent(
    session: AsyncSession,
    row: DeliveryRow,
    channel_id: str,
    ts: str,
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
        # Something changed while this was under way: the newest content is still to be shown.
        row.state = State.PLANNED
        return
    row.state = State.SENT
    if row.operation == "post":
        await after_sent(session, row, now, is_new=is_new)


async def after_sent(session: AsyncSession, row: DeliveryRow, now: datetime, *, is_new: bool) -> None:
    """What follows from a message having arrived: somebody was asked, a digest is out.

    `is_new`: it arrived at this very moment. Else it did so when it was claimed, and what it spoke of was in time.
    """
    if row.kind == Kind.PROMPTS:
        in_time = RoundSubjectRow.closes_at > now if is_new else true()
        subjects = await session.scalars(
            select(RoundSubjectRow)
            .join(DeliveryItemRow, DeliveryItemRow.round_subject_id == RoundSubjectRow.id)
            .where(DeliveryItemRow.delivery_id == row.id, DeliveryItemRow.left_out.is_(None), in_time)
        )
        for subject in subjects:
            if subject.asked_at is None:
                subject.asked_at = now
        member = await session.get_one(MemberRow, row.member_id)
        if member.first_contact_at is None:
            member.first_contact_at = now
            row.subject = {**row.subject, "first_contact": True}
    elif row.kind == Kind.ROLL_UP and row.digest_id is not None:
        digest = await session.get_one(DigestRow, row.digest_id)
        if digest.published_at is None:
            digest.published_at = now
            about = about_of(digest.cadence_id, digest.slot)
            await queue_updates_of_posts(session, row.coalition_id, Kind.OWNER_PREVIEW, about, now)


async def update_notices(session: AsyncSession, row: DeliveryRow, now: datetime) -> None:
    """What the coordinators were told about this message changes with it."""
    await refresh_briefs(session, row.coalition_id, now)
    notices = await session.scalars(
        select(DeliveryRow).where(
            DeliveryRow.coalition_id == row.coalition_id,
            DeliveryRow.kind == Kind.HELD_NOTICE,
            DeliveryRow.operation == "post",
            DeliveryRow.state.in_([State.SENT, State.CLAIMED, State.AMBIGUOUS]),
        )
    )
    await queue_updates_of(session, [notice for notice in notices if notice.subject.get("delivery_id") == row.id], now)


async def _tell_coordinators(session: AsyncSession, row: DeliveryRow, now: datetime, cause: str | None = None) -> None:
    record = await read_record(session, row.coalition_id)
    wanted = [member.id for member in coordinators(record)]
    members = await session.scalars(
        select(MemberRow).where(MemberRow.coalition_id == row.coalition_id, MemberRow.key.in_(wanted))
    )
    day = to_local(now, record.coalition.timezone).date()
    about = (row.key, row.attempts) if cause is None else (row.coalition_id, row.kind, cause, day.isoformat())
    keys = {member.id: delivery_key(*about, Kind.HELD_NOTICE, member.key) for member in members}
    known = {
        notice.member_id: notice
        for notice in await session.scalars(
            select(DeliveryRow).where(DeliveryRow.key.in_(keys.values())).with_for_update()
        )
    }
    for notice in known.values():
        if notice.subject["delivery_id"] != row.id:
            notice.subject = {**notice.subject, "others": notice.subject.get("others", 0) + 1}
    await queue_updates_of(session, [notice for notice in known.values() if notice.state in SHOWN], now)
    notices = []
    for member_id, key in keys.items():
        if member_id not in known:
            notices.append(
                DeliveryRow(
                    coalition_id=row.coalition_id,
                    key=key,
                    kind=Kind.HELD_NOTICE,
                    member_id=member_id,
                    subject={"delivery_id": row.id},
                    planned_at=now,
                    due_at=now,
                )
            )
    # Coordinators have evenings and closed days like everybody; Home shows it at once.
    receivers = await receivers_of(session, {notice.member_id for notice in notices if notice.member_id})
    for notice in notices:
        receiver = receivers.get(notice.member_id or 0)
        if receiver is not None:
            notice.due_at = sendable_at(now, receiver, not_before=now, until=None) or now
    session.add_all(notices)
