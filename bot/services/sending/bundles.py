"""What a bundle has left to ask when it is claimed, of whom, and at what hour.

Steps of the claim's transaction. What travels with it is in `gathering`, what it waits for in `restraint`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from bot.domain.outbox import (
    ALREADY_ANSWERED,
    NOTHING_LEFT,
    RESTS,
    WAITS_IN_HOME,
    Item,
    Kind,
    Receiver,
    State,
    delivery_key,
    late_rule,
    sendable_at,
)
from bot.domain.people import is_asked
from bot.domain.sending import CHAIN, falls_on_a_weekend, is_unwanted, may_be_held_back
from bot.domain.vocabularies import AT_REST
from bot.services.access import Transaction, addressee
from bot.services.outbox import NO_OPEN_HOUR, NO_OPEN_HOUR_IN_ROUND
from bot.services.sending.destinations import Reads
from bot.services.sending.outcomes import settle
from bot.services.sending.readers import ITEM_READERS
from bot.services.sending.restraint import hold_back, wait_for_company
from bot.store.checkins import (
    ANSWERS_MEMBER,
    ANSWERS_SUBJECT,
    MemberAnswerRow,
    ResponseRow,
    RoundRow,
    RoundSubjectRow,
)
from bot.store.database import is_taking_part, parameter, prepared
from bot.store.outbox import DeliveryItemRow, DeliveryRow
from bot.store.people import MemberRow
from bot.store.priorities import PriorityRow
from bot.store.rhythm import CadenceRow


async def still_asks(
    session: AsyncSession, row: DeliveryRow, now: datetime, receiver: Receiver | None, reads: Reads
) -> bool:
    """Whether a bundle has anything to say now. If not, it is settled, or put off to an hour when it may go."""
    found = (await session.scalars(_ITEMS, {"of_delivery": row.id})).all()
    rounds = await _rounds(session, row, reads, now)
    member, _account = await reads.person(session, row.member_id or 0)
    unwanted = member.no_messages_about or ()
    late, wanted, settled, resting, at_home = [], [], False, False, False
    for item in found:
        asked = rounds.get(item.round_subject_id or 0)
        rule = late_rule(Kind(row.kind), Item(item.kind), now, asked.subject.closes_at if asked else item.until)
        if asked is not None and asked.answered:
            settled = True
        elif asked is not None and asked.rests:
            resting, item.left_out = True, RESTS
        elif asked is not None and rule.send and asked.receiver_of(item) != row.member_id:
            await _pass_on(session, row, item, asked.subject, asked.receiver_of(item), now)
        elif not rule.send:
            late.append(rule)
            # A round that is over is left out too: nobody is asked after it has closed.
            item.left_out = WAITS_IN_HOME if asked is None and row.held_back else rule.reason
        elif asked is None and is_unwanted(Item(item.kind), item.about, unwanted, in_round=_is_in_round(item)):
            at_home, item.left_out = True, WAITS_IN_HOME
        elif asked is None and not await _has_news(session, row, member, item, now, reads):
            settled, item.left_out = True, NOTHING_LEFT
        else:
            wanted.append(item)
    if not wanted:
        if late and row.held_back:
            settle(row, State.MISSED, WAITS_IN_HOME)
        elif late:
            settle(row, State.MISSED, f"{late[0].reason}{f' ({row.reason})' if row.reason else ''}")
        elif at_home:
            settle(row, State.DROPPED, f"{WAITS_IN_HOME}: this person wants no messages about it")
        elif resting:
            settle(row, State.DROPPED, RESTS)
        elif settled:
            settle(row, State.DROPPED, ALREADY_ANSWERED if rounds else NOTHING_LEFT)
        elif found:
            settle(row, State.DROPPED, "somebody else is asked now")
        else:
            settle(row, State.DROPPED, NOTHING_LEFT)
        return False
    moment = now if receiver is None else _open_at(row, wanted, now, receiver)
    if moment is None:
        settle(row, State.MISSED, NO_OPEN_HOUR_IN_ROUND if rounds else NO_OPEN_HOUR)
    elif moment > now:
        row.due_at = moment
    elif receiver is not None and may_be_held_back([(Item(item.kind), item.urgent) for item in wanted]):
        if await hold_back(session, row, now, receiver):
            return False
        return not await wait_for_company(session, row, wanted, now, receiver, reads)
    return moment == now


def _open_at(row: DeliveryRow, wanted: Sequence[DeliveryItemRow], now: datetime, receiver: Receiver) -> datetime | None:
    """When a bundle may reach this person from now on, by what is in it."""
    due = [(item, item.due_at or row.due_at) for item in wanted]
    found = sendable_at(
        now,
        receiver,
        not_before=now,
        until=row.expires_at,
        on_weekends=any(falls_on_a_weekend(Item(item.kind), item.about, at, receiver.zone) for item, at in due),
        is_chain=any(item.kind in CHAIN for item in wanted),
    )
    if found is None and any(item.urgent for item in wanted):
        found = sendable_at(now, receiver, not_before=now, until=row.expires_at, on_weekends=True)
    return found


def waits_for_an_open_hour(row: DeliveryRow, now: datetime, receiver: Receiver | None) -> bool:
    """Whether a late message to one person is put off or settled: nobody is written to at night, on a closed day or on
    a weekend. A late digest still goes."""
    if receiver is None or row.kind == Kind.DIGEST_COPY:
        return False
    moment = sendable_at(now, receiver, not_before=now, until=row.expires_at)
    if moment is None:
        settle(row, State.MISSED, NO_OPEN_HOUR)
    elif moment > now:
        row.due_at = moment
    return moment != now


def _is_in_round(item: DeliveryItemRow) -> bool:
    """Whether a round asks for a figure: it closes, as a check-in does."""
    return item.kind == Item.FIGURE and item.until is not None


async def _has_news(
    session: AsyncSession, row: DeliveryRow, member: MemberRow, item: DeliveryItemRow, now: datetime, reads: Reads
) -> bool:
    """Whether there is anything to say about a thing that is no check-in."""
    record = await reads.record(session, row.coalition_id, now)
    tx = Transaction(session, row.coalition_id, now).on(record)
    to = addressee(row.coalition_id, record, member.key, member.id)
    value = await ITEM_READERS[Item(item.kind)](tx.by(to.actor), to, item.about)
    return value is not None and not value.is_settled


@dataclass(frozen=True, slots=True)
class _Asked:
    """A round's subject as it is now: whether it was answered; whether its priority is paused or has ended, or its
    member no longer among those who are asked; its owner and their stand-in."""

    subject: RoundSubjectRow
    answered: bool
    rests: bool
    owner_id: int
    stand_in_id: int | None

    def receiver_of(self, item: DeliveryItemRow) -> int | None:
        """Whom an item about it is for now."""
        return self.stand_in_id if item.kind == Item.DELEGATE else self.owner_id


# Built once: a bundle is looked at before each message.
_ITEMS = prepared(
    select(DeliveryItemRow).where(
        DeliveryItemRow.delivery_id == parameter("of_delivery"), DeliveryItemRow.left_out.is_(None)
    )
)
_OWNER = aliased(MemberRow)
_ROUNDS = prepared(
    select(
        RoundSubjectRow,
        func.coalesce(ResponseRow.id, MemberAnswerRow.id),
        PriorityRow.assessment,
        _OWNER.id,
        _OWNER.delegate_id,
        _OWNER.key,
        CadenceRow.key,
        PriorityRow.key,
        PriorityRow.ended,
        RoundRow.day > CadenceRow.ended,
    )
    .join(DeliveryItemRow, DeliveryItemRow.round_subject_id == RoundSubjectRow.id)
    .join(RoundRow, RoundRow.id == RoundSubjectRow.round_id)
    .join(CadenceRow, CadenceRow.id == RoundRow.cadence_id)
    .outerjoin(PriorityRow, PriorityRow.id == RoundSubjectRow.priority_id)
    .join(_OWNER, _OWNER.id == func.coalesce(RoundSubjectRow.member_id, PriorityRow.owner_id))
    .outerjoin(ResponseRow, ANSWERS_SUBJECT)
    .outerjoin(MemberAnswerRow, ANSWERS_MEMBER)
    .where(DeliveryItemRow.delivery_id == parameter("of_delivery"))
)


async def _rounds(session: AsyncSession, row: DeliveryRow, reads: Reads, now: datetime) -> Mapping[int, _Asked]:
    """The rounds' subjects that a bundle asks about, by id."""
    asked = {}
    for subject, answer, assessment, owner_id, stand_in_id, owner, cadence, priority, last_day, over in (
        await session.execute(_ROUNDS, {"of_delivery": row.id})
    ).all():
        rests = assessment in AT_REST or bool(over)
        is_answered = answer is not None or subject.took_part is True or is_taking_part(session, subject.id)
        if subject.member_id is not None and not is_answered:
            record = await reads.record(session, row.coalition_id, now)
            rests = rests or not is_asked(record, cadence, owner)
        elif last_day is not None:
            there = (await reads.record(session, row.coalition_id, now)).priorities
            rests = rests or all(one.id != priority for one in there)
        asked[subject.id] = _Asked(subject, is_answered, rests, owner_id, stand_in_id)
    return asked


async def _pass_on(
    session: AsyncSession,
    row: DeliveryRow,
    item: DeliveryItemRow,
    subject: RoundSubjectRow,
    wanted: int | None,
    now: datetime,
) -> None:
    """Asks whoever may answer now, where the owner or the stand-in has changed since this was planned."""
    if wanted is None:
        await session.delete(item)
        await session.flush()
        return
    kind = Item.DELEGATE if item.kind == Item.DELEGATE else Item.ASK
    key = delivery_key(row.key, "instead", subject.id, kind, wanted)
    other = await session.scalar(select(DeliveryRow).where(DeliveryRow.key == key))
    if other is None:
        other = DeliveryRow(
            coalition_id=row.coalition_id,
            key=key,
            kind=row.kind,
            member_id=wanted,
            subject={"first_due": now.isoformat()},
            planned_at=now,
            due_at=now,
            expires_at=subject.closes_at,
        )
        session.add(other)
        await session.flush()
    count = await session.scalar(select(func.count(DeliveryItemRow.id)).where(DeliveryItemRow.delivery_id == other.id))
    item.delivery_id, item.kind, item.position = other.id, kind, count or 0
    await session.flush()
