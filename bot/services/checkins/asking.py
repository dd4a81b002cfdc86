"""Asks somebody about an open round outside its plan: the stand-in now, or an owner once more. Steps for services."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.domain.outbox import Item, State
from bot.services.access import Transaction
from bot.services.outbox import in_round, offer_all, trouble_of
from bot.store.checkins import RoundRow, RoundSubjectRow
from bot.store.outbox import DeliveryItemRow, DeliveryRow, select_items
from bot.store.people import MemberRow, SlackAccountRow
from bot.store.rhythm import CadenceRow

# States of a message that arrived, or may arrive yet.
ON_ITS_WAY = (State.SENT, State.CLAIMED, State.AMBIGUOUS, State.HELD)


@dataclass(frozen=True, slots=True)
class SentItem:
    """Something in a message about a round's subject. `reason` says why it waits or did not go."""

    subject_id: int
    item: str
    member_id: int
    state: str
    sent_at: datetime | None
    reason: str | None


async def ask_now(tx: Transaction, subject: RoundSubjectRow, member_id: int, item: Item, due_at: datetime) -> bool:
    """Asks a person at `due_at`. False if that very question has already gone out.

    What is planned for later is brought forward. Asking an owner once more is a new message each time.
    """
    rows: Sequence[Any] = await tx.rows(
        select_items(DeliveryItemRow, DeliveryRow).where(
            DeliveryRow.member_id == member_id,
            DeliveryRow.operation == "post",
            DeliveryItemRow.round_subject_id == subject.id,
            DeliveryItemRow.kind == item,
            DeliveryItemRow.left_out.is_(None),
        )
    )
    if item != Item.AGAIN and any(delivery.state in ON_ITS_WAY for _row, delivery in rows):
        return False
    for row, delivery in rows:
        if delivery.state == State.PLANNED:
            await tx.session.delete(row)
    await tx.session.flush()
    await offer_all(tx, [in_round(subject, member_id, item, due_at=due_at, not_before=tx.now)])
    return True


async def withdraw_after(tx: Transaction, cadence: str, last_day: date) -> None:
    """Nobody is asked any more in rounds of a check-in (its file id) that open after its last day."""
    subjects = await tx.session.scalars(
        select(RoundSubjectRow.id)
        .join(RoundRow, RoundRow.id == RoundSubjectRow.round_id)
        .join(CadenceRow, CadenceRow.id == RoundRow.cadence_id)
        .where(
            tx.owns(CadenceRow),
            CadenceRow.key == cadence,
            RoundRow.day > last_day,
            RoundSubjectRow.closed_at.is_(None),
        )
    )
    await withdraw(tx.session, subjects.all())


async def withdraw(session: AsyncSession, subject_ids: Sequence[int]) -> None:
    """Takes what is planned about these subjects out of messages that have not gone out."""
    rows = await session.scalars(
        select_items(DeliveryItemRow).where(
            DeliveryItemRow.round_subject_id.in_(subject_ids),
            DeliveryRow.operation == "post",
            DeliveryRow.state == State.PLANNED,
        )
    )
    for row in rows.all():
        await session.delete(row)
    await session.flush()


async def sent_items(session: AsyncSession, subject_ids: Sequence[int]) -> Mapping[int, list[SentItem]]:
    """What was or will be sent about these subjects, by subject."""
    rows = await session.execute(
        select_items(DeliveryItemRow.round_subject_id, DeliveryItemRow.kind, DeliveryItemRow.left_out, DeliveryRow)
        .where(DeliveryItemRow.round_subject_id.in_(subject_ids), DeliveryRow.operation == "post")
        .order_by(DeliveryRow.due_at, DeliveryRow.id)
    )
    found: dict[int, list[SentItem]] = {subject_id: [] for subject_id in subject_ids}
    for subject_id, kind, left_out, row in rows:
        if row.member_id is None or subject_id is None:
            continue
        state, sent_at, reason = row.state, row.sent_at, row.reason
        if left_out is not None and state != State.MISSED:
            # Its message may have gone with other things, but without this item.
            state, sent_at, reason = State.MISSED, None, left_out
        found[subject_id].append(SentItem(subject_id, kind, row.member_id, state, sent_at, reason))
    return found


async def stand_ins_asked(tx: Transaction, subject_ids: Collection[int]) -> Mapping[int, datetime]:
    """Since when the stand-in of each subject is asked: by a message that is there or on its way to somebody who can
    be reached. One that waits for an account asks nobody."""
    if not subject_ids:
        return {}
    rows = await tx.session.execute(
        select_items(DeliveryItemRow.round_subject_id, DeliveryRow, MemberRow, SlackAccountRow)
        .join(MemberRow, MemberRow.id == DeliveryRow.member_id)
        .outerjoin(SlackAccountRow, SlackAccountRow.member_id == MemberRow.id)
        .where(
            DeliveryItemRow.round_subject_id.in_(subject_ids),
            DeliveryItemRow.kind == Item.DELEGATE,
            DeliveryItemRow.left_out.is_(None),
            DeliveryRow.operation == "post",
            DeliveryRow.state.in_([State.PLANNED, *ON_ITS_WAY]),
        )
    )
    found: dict[int, datetime] = {}
    for subject_id, row, member, account in rows:
        goes = row.due_at <= tx.now and not row.waiting and trouble_of(tx, member, account) is None
        at = row.sent_at or row.due_at
        if subject_id is not None and (row.state in ON_ITS_WAY or goes):
            found[subject_id] = min(found.get(subject_id, at), at)
    return found
