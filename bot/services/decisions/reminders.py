"""What is sent because a decision waits: reminders, that its rule is met, that its day has passed. Steps for services,
in their transaction; when and to whom is decided in the domain (`chases`).
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import exists, select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.domain.decisions import (
    A_DAY,
    PLANNED_AHEAD,
    DecisionCard,
    Reminder,
    WaitingDecision,
    count_of,
    group_of,
    is_near,
    its_own,
    morning_of,
    recorders,
    reminders,
    voters,
)
from bot.domain.outbox import Item, State, Whereabouts
from bot.domain.record import Decision, Member, Record
from bot.domain.rights import Right
from bot.domain.vocabularies import DecisionStatus
from bot.services.access import Actor, Addressee, OnRecord, Transaction, UseCase
from bot.services.decisions.news import read_item
from bot.services.decisions.views import DecisionsView
from bot.services.outbox import Offer, offer, offer_all, where_items_are
from bot.store.base import ids_of
from bot.store.coalition import CoalitionRow
from bot.store.database import parameter, prepared
from bot.store.decisions import DecisionRow
from bot.store.outbox import DeliveryItemRow, DeliveryRow, select_items
from bot.store.people import MemberRow
from bot.store.record import read_record

_OF_DECISIONS = (Item.DECISION, Item.DECISION_DUE, Item.DECISION_READY, Item.DECISION_PASSED)


async def chase_decisions(tx: OnRecord) -> None:
    """Plans what the decisions that wait owe to people in the next days, each thing once; what was planned for another
    day, or for whoever has answered since, is taken back."""
    ids = await ids_of(tx.session, MemberRow, tx.coalition_id)
    await _take_back_what_is_over(tx, ids)
    today = tx.today
    wanted = [
        one
        for decision in tx.record.decisions
        if is_near(decision, today)
        for one in reminders(tx.record, decision)
        if one.due_at <= tx.now + PLANNED_AHEAD and (one.until is None or one.until > tx.now)
    ]
    if not wanted:
        return
    known = await _known(tx, {one.decision for one in wanted})
    offers = [
        Offer(
            member_id=ids[one.member],
            item=one.item,
            about=one.decision,
            due_at=one.due_at,
            until=one.until,
            not_before=tx.now,
            urgent=one.urgent,
        )
        for one in wanted
        if not _is_overtaken(one, wanted, tx.now) and not _is_known(one, ids[one.member], known)
    ]
    await offer_all(tx, offers)


async def _take_back_what_is_over(tx: OnRecord, ids: Mapping[str, int]) -> None:
    rows: Sequence[Any] = (await tx.session.execute(_PLANNED, {"of": tx.coalition_id})).all()
    planned = {row.about for row, _to in rows}
    owed = [one for decision in tx.record.decisions if decision.id in planned for one in reminders(tx.record, decision)]
    for row, member_id in rows:
        here = [(member_id, row.kind, row.about, row.due_at)]
        if not any(_is_known(one, ids[one.member], here) for one in owed):
            await tx.session.delete(row)
    await tx.session.flush()


def _is_overtaken(one: Reminder, wanted: Collection[Reminder], now: datetime) -> bool:
    """Whether the reminder of the day itself has come: that one is enough."""
    return one.item is Item.DECISION and any(
        other.item is Item.DECISION_DUE
        and (other.decision, other.member) == (one.decision, one.member)
        and other.due_at <= now
        for other in wanted
    )


Known = Collection[tuple[int | None, str, str, datetime | None]]


def _is_known(one: Reminder, member_id: int, known: Known) -> bool:
    """Whether this person has been told of this about this day, on whichever clock they lived by then."""
    return any(
        (to, kind, about) == (member_id, one.item, one.decision)
        and due_at is not None
        and abs(due_at - one.due_at) < A_DAY
        for to, kind, about, due_at in known
    )


async def _known(tx: Transaction, keys: Collection[str]) -> Known:
    rows = await tx.session.execute(_TOLD, {"of": tx.coalition_id, "keys": [*keys]})
    return [(row.member_id, row.kind, row.about, row.due_at) for row in rows]


_PLANNED = prepared(
    select_items(DeliveryItemRow, DeliveryRow.member_id).where(
        DeliveryItemRow.coalition_id == parameter("of"),
        # What somebody asked for by hand has no end, and stays.
        (DeliveryItemRow.kind.in_([Item.DECISION_DUE, Item.DECISION_PASSED]))
        | ((DeliveryItemRow.kind == Item.DECISION) & DeliveryItemRow.until.is_not(None)),
        DeliveryRow.operation == "post",
        DeliveryRow.state == State.PLANNED,
    )
)
_TOLD = prepared(
    select_items(DeliveryRow.member_id, DeliveryItemRow.kind, DeliveryItemRow.about, DeliveryItemRow.due_at).where(
        DeliveryItemRow.coalition_id == parameter("of"),
        DeliveryItemRow.kind.in_(_OF_DECISIONS),
        DeliveryItemRow.about.in_(parameter("keys", expanding=True)),
    )
)


async def next_chase(session: AsyncSession, after: datetime) -> datetime | None:
    """The earliest moment after `after` at which a decision that waits owes something, in any live coalition."""
    # Only decisions with a day owe anything, and most coalitions have none that waits: nothing else is read for them.
    waits = exists().where(
        DecisionRow.coalition_id == CoalitionRow.id,
        DecisionRow.status == DecisionStatus.NEEDED,
        DecisionRow.needed_by.is_not(None),
    )
    live = await session.scalars(select(CoalitionRow.id).where(CoalitionRow.is_live, waits))
    moments = [
        one.due_at
        for coalition_id in live.all()
        for record in [await read_record(session, coalition_id)]
        for decision in record.decisions
        for one in reminders(record, decision)
    ]
    return min((moment for moment in moments if moment > after), default=None)


async def tell_recorders(tx: UseCase, before: Decision) -> None:
    """An answer that makes the group's rule come to something is told to whoever may record it, at once."""
    decision = next(one for one in tx.record.decisions if one.id == before.id)
    today = tx.today
    is_due = decision.needed_by is not None and decision.needed_by <= today
    result = count_of(tx.record, decision, is_due=is_due).result
    if result is None or result == _result_before(tx.record, before, is_due=is_due):
        return
    ids = await ids_of(tx.session, MemberRow, tx.coalition_id)
    chair = group_of(tx.record, decision).chair
    for member in recorders(tx.record, decision, today):
        if member.id != tx.actor.key:
            # The group waits for its chair, and everybody for what is due by now.
            await offer(tx, ids[member.id], Item.DECISION_READY, decision.id, urgent=is_due or member.id == chair)


def _result_before(record: Record, before: Decision, *, is_due: bool) -> str | None:
    return count_of(record, before, is_due=is_due).result


async def ask_again(tx: OnRecord, decision: Decision) -> tuple[Member, ...]:
    """Asks whoever can answer for a voice that is missing, now; returns them."""
    ids = await ids_of(tx.session, MemberRow, tx.coalition_id)
    today = tx.today
    asked = voters(tx.record, decision, missing=True)
    for member in asked:
        await offer(
            tx,
            ids[member.id],
            Item.DECISION,
            decision.id,
            urgent=decision.needed_by is not None and decision.needed_by <= today,
        )
    return asked


async def where_asked(tx: Transaction, key: str, asked: Collection[Member]) -> Mapping[str, Whereabouts]:
    """Where the message is that asks each of these members, by their ids."""
    await tx.session.flush()
    ids = await ids_of(tx.session, MemberRow, tx.coalition_id)
    wheres = await where_items_are(tx, Item.DECISION, [key])
    return {one.id: wheres[key, ids[one.id]] for one in asked if (key, ids[one.id]) in wheres}


async def was_asked_today(tx: OnRecord, key: str) -> bool:
    """Whether anybody was asked about this decision today, of itself or by somebody."""
    today = tx.today
    zone = tx.record.coalition.timezone
    begin = morning_of(today, zone) - timedelta(hours=9)
    found = await tx.session.scalar(
        select(DeliveryItemRow.id)
        .where(
            tx.owns(DeliveryItemRow),
            DeliveryItemRow.kind.in_([Item.DECISION, Item.DECISION_DUE]),
            DeliveryItemRow.about == key,
            DeliveryItemRow.due_at >= begin,
            DeliveryItemRow.due_at <= tx.now,
        )
        .limit(1)
    )
    return found is not None


async def read_waiting(tx: OnRecord, to: Addressee, about: str) -> WaitingDecision | None:
    """A decision in the message of whoever goes on with it or records it."""
    card = await read_item(tx, to, about)
    return WaitingDecision(card) if card is not None else None


def cards_to_end(view: DecisionsView, actor: Actor) -> tuple[DecisionCard, ...]:
    """The decisions that this person brings to an end: to record, or to go on with since their day has passed."""
    coordinates = actor.standing.may(Right.MANAGE_MEMBERS)
    found = []
    for one in view.record.decisions:
        if not one.is_needed:
            continue
        has_passed = one.needed_by is not None and one.needed_by < view.today
        goes_on = has_passed and (coordinates or any(person.id == actor.key for person in its_own(view.record, one)))
        if goes_on or (view.may_record(one) and view.count(one).result is not None):
            found.append(one)
    return tuple(view.card(one) for one in sorted(found, key=lambda one: one.needed_by or date.max))
