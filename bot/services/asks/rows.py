"""Asks in the store: made when a round closes, read as cards, sent to whom they name. Steps of other services."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import ColumnElement, select

from bot.domain import asks
from bot.domain.asks import (
    SENT,
    UNDECIDED,
    AskCard,
    AskNews,
    HelpWanted,
    group_of,
    looks_first,
    may_answer,
    name_of,
    receiver_of,
)
from bot.domain.known import in_coalition_time
from bot.domain.outbox import Item
from bot.domain.people import zone_of_member
from bot.domain.record import Ask, Priority, Record, Response, find_answer, in_common
from bot.domain.rights import METHODS, standing_of
from bot.domain.vocabularies import AskState
from bot.services.access import Addressee, OnRecord, Transaction, UseCase
from bot.services.outbox import offer, refresh_items, where_items_are
from bot.store.asks import AskRow
from bot.store.checkins import ResponseRow, RoundRow, RoundSubjectRow
from bot.store.people import MemberRow
from bot.store.priorities import PriorityRow
from bot.store.record import Pointer
from bot.store.rhythm import CadenceRow


@dataclass(frozen=True, slots=True)
class AskLines:
    """What of the asks waits for a person: to answer, for coordinators to look at, and what they asked themselves."""

    to_answer: tuple[AskCard, ...]
    to_decide: tuple[AskCard, ...]
    own: tuple[AskCard, ...]  # of this person's priorities, or by them, that are not over


async def close_asks(tx: Transaction, subjects: Sequence[RoundSubjectRow]) -> None:
    """What was asked for in rounds that have just closed goes out, or waits for a coordinator's look.

    A round that was opened again and closes once more sends what changed meanwhile.
    """
    found = await tx.rows(
        select(ResponseRow, AskRow, CadenceRow.key, PriorityRow.key)
        .join(CadenceRow, CadenceRow.id == ResponseRow.cadence_id)
        .join(PriorityRow, PriorityRow.id == ResponseRow.priority_id)
        .join(RoundRow, (RoundRow.cadence_id == ResponseRow.cadence_id) & (RoundRow.day == ResponseRow.round))
        .join(
            RoundSubjectRow,
            (RoundSubjectRow.round_id == RoundRow.id) & (RoundSubjectRow.priority_id == ResponseRow.priority_id),
        )
        .outerjoin(AskRow, AskRow.response_id == ResponseRow.id)
        .where(RoundSubjectRow.id.in_([subject.id for subject in subjects]))
        .order_by(RoundSubjectRow.id)
    )
    if not any(response.ask or ask is not None for response, ask, _cadence, _priority in found):
        return
    tx = await tx.read()
    for response, ask, cadence, priority in found:
        said = find_answer(tx.record, cadence, response.round, priority)
        assert said is not None
        await _close_ask(tx, said, response, ask)


async def _close_ask(tx: OnRecord, said: Response, response: ResponseRow, row: AskRow | None) -> None:
    writer = tx.writer()
    before = asks.find_ask(tx.record, row.id) if row is not None else None
    if not said.ask:
        if row is not None and before is not None and (after := asks.drop(before, tx.now)) != before:
            await writer.put(after, before, row=row, ended_by_id=response.by_id)
            await refresh_items(tx, [Item.HELP_WANTED], [str(row.id)])
        return
    if row is None or before is None:
        if await _ask_once_more(tx, response):
            return
        after = asks.make(said)
        row = await writer.put_new(after, response_id=response.id, edited=False, made_at=tx.now)
    else:
        written_at = response.edited_at or response.answered_at
        if asks.stays(before, said, was_edited=row.edited, written_at=written_at):
            return
        after = asks.say_anew(before, said)
        nobody = dict.fromkeys(("decided_by_id", "decided_at", "answered_by_id", "ended_by_id"))
        await writer.put(after, before, row=row, edited=False, **nobody)
    if not looks_first(tx.record, after.asked):
        await send_ask(tx, row, after)


async def _ask_once_more(tx: Transaction, response: ResponseRow) -> bool:
    """Whether a response says again what waits for an answer already: then whoever is asked hears it once more."""
    there = await tx.session.scalar(
        select(AskRow)
        .join(ResponseRow, ResponseRow.id == AskRow.response_id)
        .where(
            AskRow.coalition_id == response.coalition_id,
            ResponseRow.priority_id == response.priority_id,
            AskRow.text == response.ask,
            AskRow.asked.is_not_distinct_from(response.ask_from),
            AskRow.state.in_([AskState.SENT, *UNDECIDED]),
        )
        .limit(1)
    )
    if there is None:
        return False
    if there.state == AskState.SENT and there.receiver_id is not None:
        await _offer_ask(tx, there, there.receiver_id)
    return True


async def _offer_ask(tx: Transaction, ask: AskRow, receiver_id: int) -> None:
    await offer(tx, receiver_id, Item.HELP_WANTED, str(ask.id), urgent=True)


async def send_ask(tx: OnRecord, row: AskRow, ask: Ask) -> None:
    """Puts an ask into the next message to whom it names; it stays with the coordinators where that is nobody."""
    receiver = receiver_of(tx.record, ask.asked, tx.today)
    if receiver is None:
        return
    receiver_id = Pointer("members", receiver.id)
    await tx.writer().put(asks.send(ask, tx.now), ask, row=row, receiver_id=receiver_id)
    assert row.receiver_id is not None
    await _offer_ask(tx, row, row.receiver_id)
    await refresh_items(tx, [Item.HELP_WANTED, Item.ASK_NEWS], [str(row.id)])


async def tell_askers(tx: OnRecord, ask: AskRow, *, beside: int | None, also: Collection[str] = ()) -> None:
    """Whoever asked hears what became of it, in their next message; `also` are further members by key, and `beside`
    is the one who did it."""
    response = await tx.session.get_one(ResponseRow, ask.response_id)
    owner_id = await tx.session.scalar(select(PriorityRow.owner_id).where(PriorityRow.id == response.priority_id))
    askers = [response.on_behalf_of_id or owner_id, response.by_id]
    wanted = [*askers]
    wanted += await tx.session.scalars(
        select(MemberRow.id)
        .where(MemberRow.coalition_id == ask.coalition_id, MemberRow.key.in_(also))
        .order_by(MemberRow.id)
    )
    for member_id in dict.fromkeys(wanted):
        if member_id is not None and member_id != beside:
            # Whoever asked is waiting for it; to others it is one of the messages of which a day has one.
            await offer(tx, member_id, Item.ASK_NEWS, str(ask.id), urgent=member_id in askers)
    await refresh_items(tx, [Item.HELP_WANTED, Item.ASK_NEWS], [str(ask.id)])


async def cards_of(tx: OnRecord, reader: str | None, which: ColumnElement[bool]) -> tuple[AskCard, ...]:
    """The asks that meet a condition, oldest first, as `reader` (a member's key) sees them; in few queries."""
    rows = await tx.rows(
        select(AskRow, ResponseRow, PriorityRow.key)
        .join(ResponseRow, ResponseRow.id == AskRow.response_id)
        .join(PriorityRow, PriorityRow.id == ResponseRow.priority_id)
        .where(tx.owns(AskRow), which)
        .order_by(AskRow.id)
    )
    if not rows:
        return ()
    people = await tx.session.execute(select(MemberRow.id, MemberRow.key, MemberRow.name).where(tx.owns(MemberRow)))
    names = {row.id: (row.key, row.name) for row in people}
    sent = [str(row.AskRow.id) for row in rows if row.AskRow.state == "sent"]
    wheres = await where_items_are(tx, Item.HELP_WANTED, sent)
    return tuple(
        replace(
            _card(tx.record, ask, response, priority, names, reader, tx.now),
            delivery=wheres.get((str(ask.id), ask.receiver_id)),
        )
        for ask, response, priority in rows
    )


def _card(
    record: Record,
    ask: AskRow,
    response: ResponseRow,
    priority_key: str,
    people: Mapping[int, tuple[str, str]],
    reader: str | None,
    now: datetime,
) -> AskCard:
    priority = next(one for one in record.everything.priorities if one.id == priority_key)
    names = {member.id: member.name for member in record.members}
    decides = _may_decide(record, reader)

    def name(member_id: int | None) -> str | None:
        return people[member_id][1] if member_id is not None and member_id in people else None

    def key(member_id: int | None) -> str:
        return people[member_id][0] if member_id is not None and member_id in people else priority.owner

    return AskCard(
        ask_id=ask.id,
        said=response.ask or "",
        asked_name=name_of(record, ask.asked),
        asked_is_group=group_of(record, ask.asked) is not None,
        priority=priority.id,
        priority_name=priority.name,
        owner_name=name(response.on_behalf_of_id) or names[priority.owner],
        by_name=name(response.by_id) or names[priority.owner],
        by_another=key(response.by_id) != key(response.on_behalf_of_id),
        said_on=in_coalition_time(record, response.edited_at or response.answered_at or ask.made_at).date(),
        decided_by_name=name(ask.decided_by_id),
        receiver_name=name(ask.receiver_id),
        suggested_name=name_of(record, ask.suggested),
        suggested_is_group=group_of(record, ask.suggested) is not None,
        answered_by_name=name(ask.answered_by_id),
        ended_by_name=name(ask.ended_by_id),
        is_asker=reader in _askers(priority, response, people),
        is_own_answer=ask.answered_by_id is not None and people[ask.answered_by_id][0] == reader,
        may_answer=ask.state in SENT and (decides or may_answer(record, ask.asked, reader)),
        may_decide=decides,
        zone=zone_of_member(record, reader),
        now=now,
        **in_common(AskCard, ask),
    )


def _askers(priority: Priority, response: ResponseRow, people: Mapping[int, tuple[str, str]]) -> set[str]:
    """Members who may say what came of an ask: the priority's owner, whoever wrote it, and for whom they did."""
    written = (response.by_id, response.on_behalf_of_id)
    return {priority.owner, *(people[one][0] for one in written if one is not None and one in people)}


async def read_card(tx: OnRecord, reader: str | None, about: str) -> AskCard | None:
    """One ask by what a message's item says it is about; None for one that is not there."""
    found = await cards_of(tx, reader, AskRow.id == int(about))
    return found[0] if found else None


async def read_help_wanted(tx: OnRecord, to: Addressee, about: str) -> HelpWanted | None:
    """An ask for whom it names; one that names somebody else since was taken back."""
    card = await read_card(tx, to.key, about)
    if card is not None and card.state in SENT and not card.may_answer:
        card = replace(card, state=AskState.WITHDRAWN)
    return HelpWanted(card) if card is not None else None


async def read_ask_news(tx: OnRecord, to: Addressee, about: str) -> AskNews | None:
    """An ask for whoever hears what became of it."""
    card = await read_card(tx, to.key, about)
    return AskNews(card) if card is not None else None


async def home_lines(tx: UseCase) -> AskLines:
    """What of the asks waits for a person, oldest first."""
    open_ones = AskRow.state.in_([AskState.SENT, AskState.ANSWERED, *UNDECIDED])
    found = await cards_of(tx, tx.actor.key, open_ones)
    return AskLines(
        to_answer=tuple(
            card for card in found if card.state == AskState.SENT and may_answer(tx.record, card.asked, tx.actor.key)
        ),
        to_decide=tuple(card for card in found if card.state in UNDECIDED and card.may_decide),
        own=tuple(card for card in found if card.is_asker),
    )


def _may_decide(record: Record, reader: str | None) -> bool:
    member = next((one for one in record.members if one.id == reader), None)
    return member is not None and standing_of(record, member).may(METHODS["asks.send"])
