"""Puts things into people's next messages. Steps for other services, in their transaction.

What an item says is read when its message is sent (`sending.readers`), so nothing of it is kept here but
what it is about.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.domain.outbox import (
    BUNDLE_SPAN,
    CHECKINS,
    Item,
    Kind,
    Receiver,
    State,
    delivery_key,
    may_travel_together,
    sendable_at,
)
from bot.domain.sending import BROUGHT_BY_CLOCK, CHAIN, falls_on_a_weekend, may_join
from bot.services.access import Transaction
from bot.services.outbox.receivers import receivers_of
from bot.store.checkins import RoundRow, RoundSubjectRow
from bot.store.database import parameter, prepared
from bot.store.outbox import A_DAY, DeliveryItemRow, DeliveryRow, in_doubt, planned_to, select_items

NO_HOUR_LEFT = "no open hour of this person was left"
NO_OPEN_HOUR = f"{NO_HOUR_LEFT} before it was of no use"
NO_OPEN_HOUR_IN_ROUND = f"{NO_HOUR_LEFT} before the round closed"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Offer:
    """Something for one person's messages; what its fields mean is said at `offer`."""

    member_id: int
    item: Item
    about: str
    due_at: datetime
    until: datetime | None
    not_before: datetime
    urgent: bool = False
    may_wait: bool = True
    round_subject_id: int | None = None


async def offer(
    tx: Transaction,
    member_id: int,
    item: Item,
    about: str,
    *,
    due_at: datetime | None = None,
    until: datetime | None = None,
    not_before: datetime | None = None,
    urgent: bool = False,
    may_wait: bool = True,
    receivers: Mapping[int, Receiver] | None = None,
) -> None:
    """Puts something into this person's next message, due at `due_at` (None: now) and of no use from `until` on.

    `about` names the thing within its kind: an action's key, a decision's key, "" where there is only one. The same
    call twice is one item, and what waits for the person already is not offered a second time. `not_before` is how
    early it may go where it would end in quiet hours; `urgent` is for what the daily limit must not hold back, and
    without `may_wait` it would be late in a message of later that day. Whoever offers to many reads the `receivers` of
    all at once.
    """
    due_at = due_at or tx.now
    waiting = await _waiting(tx.session, member_id, item, about, due_at)
    if waiting is not None:
        row, delivery = waiting
        if delivery.state != State.PLANNED:
            return
        row.urgent = row.urgent or urgent
        # Its message may be later than the item itself, held back or past a weekend. That is no reason to send it
        # earlier.
        if min(delivery.due_at, row.due_at or delivery.due_at) <= due_at:
            row.until = later(row.until, until)
            delivery.expires_at = later(delivery.expires_at, row.until)
            return
        # It is wanted earlier now than the message that it was going to travel in.
        await tx.session.delete(row)
        await tx.session.flush()
    receiver = (receivers or await receivers_of(tx.session, [member_id]))[member_id]
    one = _Offer(
        member_id=member_id,
        item=item,
        about=about,
        due_at=due_at,
        until=until,
        not_before=not_before or tx.now,
        urgent=urgent,
        may_wait=may_wait,
    )
    await _place(tx, receiver, one)


async def place_in_round(
    tx: Transaction,
    receiver: Receiver,
    subject: RoundSubjectRow,
    member_id: int,
    item: Item,
    *,
    due_at: datetime,
    not_before: datetime,
) -> None:
    """Puts what a round asks about one of its subjects into this person's messages, of use until the round closes."""
    one = _Offer(
        member_id=member_id,
        item=item,
        about=str(subject.id),
        due_at=due_at,
        until=subject.closes_at,
        not_before=not_before,
        round_subject_id=subject.id,
    )
    await _place(tx, receiver, one)


async def _place(tx: Transaction, receiver: Receiver, one: _Offer) -> None:
    """Adds one item to a message to this person: to one that is already planned nearby, else to a new one."""
    when = sendable_at(
        one.due_at,
        receiver,
        not_before=one.not_before,
        until=one.until,
        on_weekends=falls_on_a_weekend(one.item, one.about, one.due_at, receiver.zone),
        is_chain=one.item in CHAIN,
    )
    if when is None and one.urgent:
        # Said on a weekend rather than too late: a meeting that begins on Monday at seven was moved.
        when = sendable_at(one.due_at, receiver, not_before=one.not_before, until=one.until, on_weekends=True)
    delivery = await _nearby(tx.session, one.member_id, when, one.until) if when is not None else None
    if delivery is None and when is not None and not one.urgent:
        delivery = await _of_the_day(tx, receiver, one, when)
    there: Sequence[DeliveryItemRow] = ()
    if delivery is not None:
        there = (await tx.session.scalars(_ITEMS, {"of_delivery": delivery.id})).all()
    else:
        delivery = await _new_message(tx, one, when)
        if delivery is None:
            return
        if when is None:
            settled = NO_OPEN_HOUR if one.round_subject_id is None else NO_OPEN_HOUR_IN_ROUND
            delivery.state, delivery.reason = State.MISSED, settled
    # A reminder is pointless in the same message as what it reminds of.
    checkin = one.round_subject_id is not None and one.item in CHECKINS
    here = [row.kind for row in there if row.about == one.about]
    if one.item in here or (checkin and any(kind in CHECKINS for kind in here)):
        return
    tx.session.add(
        DeliveryItemRow(
            coalition_id=tx.coalition_id,
            delivery_id=delivery.id,
            kind=one.item,
            about=one.about,
            round_subject_id=one.round_subject_id,
            position=len(there),
            due_at=one.due_at,
            until=one.until,
            urgent=one.urgent,
        )
    )
    await tx.session.flush()


async def _named(session: AsyncSession, round_subject_id: int) -> str:
    """A round's subject as keys name it: planned anew from an older copy of the database, it has another number."""
    found = await session.execute(
        select(RoundRow.cadence_id, RoundRow.slot, RoundSubjectRow.priority_id)
        .join(RoundRow, RoundRow.id == RoundSubjectRow.round_id)
        .where(RoundSubjectRow.id == round_subject_id)
    )
    cadence_id, slot, priority_id = found.one()
    return f"{cadence_id} {slot.isoformat()} {priority_id}"


def later(one: datetime | None, other: datetime | None) -> datetime | None:
    """The later of two ends; None never ends."""
    return None if one is None or other is None else max(one, other)


# Built once: each thing that is to be said is put somewhere by several of them.
_ITEMS = prepared(select(DeliveryItemRow).where(DeliveryItemRow.delivery_id == parameter("of_delivery")))
_WAITING = prepared(
    select_items(DeliveryItemRow, DeliveryRow)
    .where(
        DeliveryRow.member_id == parameter("to"),
        DeliveryItemRow.kind == parameter("of_kind"),
        DeliveryItemRow.about == parameter("of_about"),
        (DeliveryRow.state == State.PLANNED) | (DeliveryItemRow.due_at == parameter("since")),
    )
    .order_by(DeliveryRow.id.desc())
    .limit(1)
)
_PLANNED = prepared(
    select(DeliveryRow)
    .where(
        planned_to(parameter("to")),
        DeliveryRow.due_at >= parameter("earliest"),
        DeliveryRow.due_at <= parameter("latest"),
        # What may have been sent already takes nothing more along.
        ~in_doubt(),
    )
    .order_by(DeliveryRow.due_at, DeliveryRow.id)
    # A message that is just being claimed takes nothing more along.
    .with_for_update(skip_locked=True)
)
_PLANNED_OF_ITSELF = prepared(_PLANNED.where(DeliveryRow.held_back.is_(False)))
_KNOWN = prepared(select(DeliveryRow).where(DeliveryRow.key == parameter("of_key")).with_for_update())


async def _waiting(
    session: AsyncSession, member_id: int, item: Item, about: str, due_at: datetime
) -> tuple[DeliveryItemRow, DeliveryRow] | None:
    """The item as it waits for this person already, or as this very call has put it there before."""
    asked = {"to": member_id, "of_kind": item, "of_about": about, "since": due_at}
    found = (await session.execute(_WAITING, asked)).one_or_none()
    return (found[0], found[1]) if found is not None else None


async def _nearby(session: AsyncSession, member_id: int, when: datetime, until: datetime | None) -> DeliveryRow | None:
    """A planned message that this may travel in, made ready for it."""
    between = {"earliest": when - BUNDLE_SPAN, "latest": when + BUNDLE_SPAN}
    rows = await session.scalars(_PLANNED, {"to": member_id, **between})
    for row in rows:
        first = datetime.fromisoformat(row.subject["first_due"])
        if may_travel_together(first, row.due_at, when):
            row.subject = {**row.subject, "first_due": min(first, when).isoformat()}
            row.due_at = max(row.due_at, when)
            row.expires_at = later(row.expires_at, until)
            return row
    return None


async def _of_the_day(tx: Transaction, receiver: Receiver, one: _Offer, when: datetime) -> DeliveryRow | None:
    """The planned message of the same day that this may travel in though it is further away; it keeps its time."""
    # Whoever has just done something gets it at once; only what the clock brings waits for a better hour.
    may_wait = one.may_wait and (one.due_at > tx.now or one.item in BROUGHT_BY_CLOCK)
    earliest, latest = max(tx.now, one.not_before, when - A_DAY), when + A_DAY if may_wait else when
    about = {"to": one.member_id, "earliest": earliest, "latest": latest}
    rows = await tx.session.scalars(_PLANNED_OF_ITSELF, about)
    for row in rows:
        if (one.until is None or row.due_at < one.until) and may_join(one.item, when, row.due_at, receiver.zone):
            row.expires_at = later(row.expires_at, one.until)
            return row
    return None


async def _new_message(tx: Transaction, one: _Offer, when: datetime | None) -> DeliveryRow | None:
    """A message of its own for an item, with nothing in it; None where this very one was made before, unless it was
    withdrawn."""
    known_as = one.about if one.round_subject_id is None else await _named(tx.session, one.round_subject_id)
    key = delivery_key(tx.coalition_id, Kind.PROMPTS, one.member_id, one.item, known_as, one.due_at.isoformat())
    known = await tx.session.scalar(_KNOWN, {"of_key": key})
    if known is not None:
        holds = await tx.session.scalar(select(func.count()).where(DeliveryItemRow.delivery_id == known.id))
        if holds or known.state != State.DROPPED:
            return None
        # What it was to say was taken out of it before it could go.
        known.state, known.reason, known.next_attempt_at = State.PLANNED, None, None
        known.due_at, known.expires_at = when or one.due_at, one.until
        known.subject = {**known.subject, "first_due": known.due_at.isoformat()}
        return known
    row = DeliveryRow(
        coalition_id=tx.coalition_id,
        key=key,
        kind=Kind.PROMPTS,
        member_id=one.member_id,
        subject={"first_due": (when or one.due_at).isoformat()},
        planned_at=tx.now,
        due_at=when or one.due_at,
        expires_at=one.until,
    )
    tx.session.add(row)
    await tx.session.flush()
    return row
