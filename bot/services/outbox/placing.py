"""The messages that are planned for some people, and where among them something new is put. Steps of `bundles`."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Self

from sqlalchemy import func, select

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
from bot.store.checkins import RoundRow, RoundSubjectRow
from bot.store.database import parameter, prepared
from bot.store.outbox import A_DAY, DeliveryItemRow, DeliveryRow, in_doubt, is_planned_bundle

NO_HOUR_LEFT = "no open hour of this person was left"
NO_OPEN_HOUR = f"{NO_HOUR_LEFT} before it was of no use"
NO_OPEN_HOUR_IN_ROUND = f"{NO_HOUR_LEFT} before the round closed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """Something for one person's next message, due at `due_at` and of no use from `until` on.

    `about` names the thing within its kind: an action's key, a decision's key, "" where there is only one.
    `not_before` is how early it may go where it would end in quiet hours; `urgent` is for what the daily limit must not
    hold back, and without `may_wait` it would be late in a message of later that day. `round_subject_id`: whose round
    asks it.
    """

    member_id: int
    item: Item
    about: str
    due_at: datetime
    until: datetime | None
    not_before: datetime
    urgent: bool = False
    may_wait: bool = True
    round_subject_id: int | None = None

    @property
    def thing(self) -> tuple[int, Item, str]:
        """Whom it is for and what it is about, whenever."""
        return self.member_id, self.item, self.about

    @property
    def is_checkin(self) -> bool:
        return self.round_subject_id is not None and self.item in CHECKINS


def later(one: datetime | None, other: datetime | None) -> datetime | None:
    """The later of two ends; None never ends."""
    return None if one is None or other is None else max(one, other)


class Planned:
    """What is planned for the people to whom something is offered. Read at once, changed here, and written at once."""

    def __init__(
        self,
        tx: Transaction,
        receivers: Mapping[int, Receiver],
        when: Mapping[Offer, datetime | None],
        keys: Mapping[Offer, str],
        known: Collection[str],
    ) -> None:
        self._tx = tx
        self._receivers = receivers
        self._when = when
        # How a message of its own would be known, and which of those were made before.
        self._keys, self._known = keys, known
        self._messages: dict[int | None, list[DeliveryRow]] = defaultdict(list)
        # By their messages' keys, which new ones have too.
        self._items: dict[str, list[DeliveryItemRow]] = defaultdict(list)
        self._new: list[DeliveryRow] = []
        self._added: list[tuple[DeliveryRow, DeliveryItemRow]] = []

    @classmethod
    async def around(cls, tx: Transaction, offers: Sequence[Offer], receivers: Mapping[int, Receiver]) -> Self:
        """The messages of these people around the moments at which their offers may be sent."""
        when = {one: _when(one, receivers[one.member_id]) for one in offers}
        keys = await _keys_of(tx, offers)
        known = set(await tx.session.scalars(_KNOWN, {"of": sorted(keys.values())}))
        found = cls(tx, receivers, when, keys, known)
        moments = [moment for moment in when.values() if moment is not None]
        if moments:
            about = {
                "to": sorted({one.member_id for one in offers}),
                "earliest": min(moments) - A_DAY,
                "latest": max(moments) + A_DAY,
            }
            for row in await tx.session.scalars(_PLANNED, about):
                found._messages[row.member_id].append(row)
        by_id = {row.id: row for rows in found._messages.values() for row in rows}
        if by_id:
            for item in await tx.session.scalars(_ITEMS, {"of": sorted(by_id)}):
                found._items[by_id[item.delivery_id].key].append(item)
        return found

    async def take_out(self, item: DeliveryItemRow) -> None:
        """Takes something out of the message in which it waits."""
        await self._tx.session.delete(item)
        await self._tx.session.flush()
        for items in self._items.values():
            if item in items:
                items.remove(item)

    async def put(self, one: Offer) -> None:
        """Adds one item to a message to its person: to one that is already planned nearby, else to a new one."""
        when = self._when[one]
        delivery = self._nearby(one, when) if when is not None else None
        if delivery is None and when is not None and not one.urgent:
            delivery = self._of_the_day(one, when)
        if delivery is None:
            delivery = await self._new_message(one, when)
            if delivery is None:
                return
            if when is None:
                delivery.state = State.MISSED
                delivery.reason = NO_OPEN_HOUR if one.round_subject_id is None else NO_OPEN_HOUR_IN_ROUND
        there = self._items[delivery.key]
        # A reminder is pointless in the same message as what it reminds of.
        here = [item.kind for item in there if item.about == one.about]
        if one.item in here or (one.is_checkin and any(kind in CHECKINS for kind in here)):
            return
        item = DeliveryItemRow(
            coalition_id=self._tx.coalition_id,
            kind=one.item,
            about=one.about,
            round_subject_id=one.round_subject_id,
            position=len(there),
            due_at=one.due_at,
            until=one.until,
            urgent=one.urgent,
        )
        there.append(item)
        self._added.append((delivery, item))

    async def write(self) -> None:
        """Writes what is new."""
        session = self._tx.session
        session.add_all(self._new)
        await session.flush()
        for delivery, item in self._added:
            item.delivery_id = delivery.id
            session.add(item)
        await session.flush()

    def _nearby(self, one: Offer, when: datetime) -> DeliveryRow | None:
        """A planned message that this may travel in, made ready for it."""
        for row in self._between(one, when - BUNDLE_SPAN, when + BUNDLE_SPAN):
            first = datetime.fromisoformat(row.subject["first_due"])
            if may_travel_together(first, row.due_at, when):
                row.subject = {**row.subject, "first_due": min(first, when).isoformat()}
                row.due_at = max(row.due_at, when)
                row.expires_at = later(row.expires_at, one.until)
                return row
        return None

    def _of_the_day(self, one: Offer, when: datetime) -> DeliveryRow | None:
        """The planned message of the same day that this may travel in though it is further away; it keeps its time."""
        # Whoever has just done something gets it at once; only what the clock brings waits for a better hour.
        may_wait = one.may_wait and (one.due_at > self._tx.now or one.item in BROUGHT_BY_CLOCK)
        earliest, latest = max(self._tx.now, one.not_before, when - A_DAY), when + A_DAY if may_wait else when
        zone = self._receivers[one.member_id].zone
        for row in self._between(one, earliest, latest):
            goes_of_itself = not row.held_back and (one.until is None or row.due_at < one.until)
            if goes_of_itself and may_join(one.item, when, row.due_at, zone):
                row.expires_at = later(row.expires_at, one.until)
                return row
        return None

    def _between(self, one: Offer, earliest: datetime, latest: datetime) -> Iterable[DeliveryRow]:
        """This person's planned messages between two moments, the first one first."""
        found = [
            row
            for row in self._messages[one.member_id]
            if row.state == State.PLANNED and earliest <= row.due_at <= latest
        ]
        # What is new comes after what was there.
        return sorted(found, key=lambda row: (row.due_at, row.id or math.inf))

    async def _new_message(self, one: Offer, when: datetime | None) -> DeliveryRow | None:
        """A message of its own for an item, with nothing in it; None where this very one was made before, unless it was
        withdrawn."""
        key = self._keys[one]
        if key in self._known:
            return await self._withdrawn(key, one, when)
        row = DeliveryRow(
            coalition_id=self._tx.coalition_id,
            key=key,
            kind=Kind.PROMPTS,
            member_id=one.member_id,
            subject={"first_due": (when or one.due_at).isoformat()},
            state=State.PLANNED,
            held_back=False,
            planned_at=self._tx.now,
            due_at=when or one.due_at,
            expires_at=one.until,
        )
        self._new.append(row)
        self._messages[one.member_id].append(row)
        return row

    async def _withdrawn(self, key: str, one: Offer, when: datetime | None) -> DeliveryRow | None:
        """A message that was made before and withdrawn, to be sent after all; None where it was not withdrawn."""
        known, is_in_doubt, holds = (await self._tx.session.execute(_AGAIN, {"of": key})).one()
        if holds or known.state != State.DROPPED:
            return None
        # What it was to say was taken out of it before it could go.
        known.state, known.reason, known.next_attempt_at = State.PLANNED, None, None
        known.due_at, known.expires_at = when or one.due_at, one.until
        known.subject = {**known.subject, "first_due": known.due_at.isoformat()}
        if not is_in_doubt:
            self._messages[one.member_id].append(known)
        found: DeliveryRow = known
        return found


def _when(one: Offer, receiver: Receiver) -> datetime | None:
    """When this may be sent; None where no hour of the person's is open before it is of no use."""
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
    return when


async def _keys_of(tx: Transaction, offers: Sequence[Offer]) -> Mapping[Offer, str]:
    """How a message of its own would be known for each of these: the same thing at the same moment is the same."""
    subjects = {one.round_subject_id for one in offers if one.round_subject_id is not None}
    named = {}
    if subjects:
        for subject_id, cadence_id, slot, priority_id in await tx.session.execute(_SUBJECTS, {"of": sorted(subjects)}):
            # Planned anew from an older copy of the database, a round's subject has another number.
            named[subject_id] = f"{cadence_id} {slot.isoformat()} {priority_id}"
    keys = {}
    for one in offers:
        known_as = one.about if one.round_subject_id is None else named[one.round_subject_id]
        due = one.due_at.isoformat()
        keys[one] = delivery_key(tx.coalition_id, Kind.PROMPTS, one.member_id, one.item, known_as, due)
    return keys


# Built once: whatever is to be said asks most of them.
_SUBJECTS = prepared(
    select(RoundSubjectRow.id, RoundRow.cadence_id, RoundRow.slot, RoundSubjectRow.priority_id)
    .join(RoundRow, RoundRow.id == RoundSubjectRow.round_id)
    .where(RoundSubjectRow.id.in_(parameter("of", expanding=True)))
)
_KNOWN = prepared(select(DeliveryRow.key).where(DeliveryRow.key.in_(parameter("of", expanding=True))))
_AGAIN = prepared(
    select(
        DeliveryRow,
        in_doubt(),
        select(func.count()).where(DeliveryItemRow.delivery_id == DeliveryRow.id).scalar_subquery(),
    )
    .where(DeliveryRow.key == parameter("of"))
    .with_for_update()
)
_PLANNED = prepared(
    select(DeliveryRow)
    .where(
        DeliveryRow.member_id.in_(parameter("to", expanding=True)),
        is_planned_bundle(),
        DeliveryRow.due_at >= parameter("earliest"),
        DeliveryRow.due_at <= parameter("latest"),
        # What may have been sent already takes nothing more along.
        ~in_doubt(),
    )
    .order_by(DeliveryRow.due_at, DeliveryRow.id)
    # A message that is just being claimed takes nothing more along.
    .with_for_update(skip_locked=True)
)
_ITEMS = prepared(
    select(DeliveryItemRow)
    .where(DeliveryItemRow.delivery_id.in_(parameter("of", expanding=True)))
    .order_by(DeliveryItemRow.id)
)
