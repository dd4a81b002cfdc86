"""Puts things into people's next messages. Steps for other services, in their transaction.

What an item says is read when its message is sent (`sending.readers`), so nothing of it is kept here but
what it is about. Whoever has something for many people offers all of it at once: what waits for them is read once, and
what is new is written once, however many they are.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime

from bot.domain.outbox import Item, Receiver, State
from bot.services.access import Transaction
from bot.services.outbox.placing import Offer, Planned, later
from bot.services.outbox.receivers import receivers_of
from bot.store.checkins import RoundSubjectRow
from bot.store.database import parameter, prepared
from bot.store.outbox import DeliveryItemRow, DeliveryRow, select_items


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
) -> None:
    """Puts one thing into this person's next message, due at `due_at` (None: now); the rest is said at `Offer`."""
    one = Offer(
        member_id=member_id,
        item=item,
        about=about,
        due_at=due_at or tx.now,
        until=until,
        not_before=not_before or tx.now,
        urgent=urgent,
        may_wait=may_wait,
    )
    await offer_all(tx, [one])


def in_round(subject: RoundSubjectRow, member_id: int, item: Item, *, due_at: datetime, not_before: datetime) -> Offer:
    """What a round asks this person about one of its subjects, of use until the round closes."""
    return Offer(
        member_id=member_id,
        item=item,
        about=str(subject.id),
        due_at=due_at,
        until=subject.closes_at,
        not_before=not_before,
        round_subject_id=subject.id,
    )


async def offer_all(tx: Transaction, offers: Sequence[Offer], receivers: Mapping[int, Receiver] | None = None) -> None:
    """Puts these things into people's next messages, one after the other, and reads as often as for one of them.

    The same thing twice is one item, and what waits for the person already is not offered a second time.
    """
    for some in _apart(offers):
        await _offer_some(tx, some, receivers)


def _apart(offers: Sequence[Offer]) -> Iterator[Sequence[Offer]]:
    """In turn, as many as are about different things: what waits is read before any of them is there."""
    some: dict[tuple[int, Item, str], Offer] = {}
    for one in offers:
        if one.thing in some:
            yield list(some.values())
            some = {}
        some[one.thing] = one
    if some:
        yield list(some.values())


async def _offer_some(tx: Transaction, offers: Sequence[Offer], receivers: Mapping[int, Receiver] | None) -> None:
    waiting = await _read_waiting(tx, offers)
    planned: Planned | None = None
    for one in offers:
        found = waiting.get(one.thing)
        if found is not None and _waits_in_time(one, *found):
            continue
        if planned is None:
            receivers = receivers or await receivers_of(tx.session, {each.member_id for each in offers})
            planned = await Planned.around(tx, offers, receivers)
        if found is not None:
            # It is wanted earlier now than the message that it was going to travel in.
            await planned.take_out(found[0])
        await planned.put(one)
    if planned is not None:
        await planned.write()


def _waits_in_time(one: Offer, row: DeliveryItemRow, delivery: DeliveryRow) -> bool:
    """Whether nothing is to be done for it: it was there before, and its message goes early enough."""
    if delivery.state != State.PLANNED:
        return True
    row.urgent = row.urgent or one.urgent
    # Its message may be later than the item itself, held back or past a weekend. That is no reason to send it earlier.
    if min(delivery.due_at, row.due_at or delivery.due_at) > one.due_at:
        return False
    row.until = later(row.until, one.until)
    delivery.expires_at = later(delivery.expires_at, row.until)
    return True


# Built once: each thing that is to be said asks it.
_WAITING = prepared(
    select_items(DeliveryItemRow, DeliveryRow)
    .where(
        DeliveryRow.member_id.in_(parameter("to", expanding=True)),
        DeliveryItemRow.kind.in_(parameter("of_kind", expanding=True)),
        DeliveryItemRow.about.in_(parameter("of_about", expanding=True)),
        (DeliveryRow.state == State.PLANNED) | DeliveryItemRow.due_at.in_(parameter("since", expanding=True)),
    )
    .order_by(DeliveryRow.id)
)


async def _read_waiting(
    tx: Transaction, offers: Sequence[Offer]
) -> Mapping[tuple[int, Item, str], tuple[DeliveryItemRow, DeliveryRow]]:
    """Of these, what waits for its person already, or was put there before by this very offer: the newest each. What a
    round asks is new each time."""
    asked = {one.thing: one for one in offers if one.round_subject_id is None}
    if not asked:
        return {}
    found = {}
    about = {
        "to": sorted({one.member_id for one in asked.values()}),
        "of_kind": sorted({one.item for one in asked.values()}),
        "of_about": sorted({one.about for one in asked.values()}),
        "since": sorted({one.due_at for one in asked.values()}),
    }
    for row, delivery in await tx.session.execute(_WAITING, about):
        thing = (delivery.member_id, Item(row.kind), row.about)
        one = asked.get(thing)
        if one is not None and (delivery.state == State.PLANNED or row.due_at == one.due_at):
            found[thing] = (row, delivery)
    return found
