"""Asks as people meet them: a coordinator's look before one goes out, and the answer of whom it names."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.domain import asks
from bot.domain.asks import (
    ANSWERS,
    OUTCOMES,
    SENT,
    AskCard,
    FirstLook,
    PriorityAsks,
    group_of,
    looks_first,
    may_answer,
    name_of,
    receiver_of,
)
from bot.domain.known import in_coalition_time
from bot.domain.outbox import Item
from bot.domain.record import Ask, Record
from bot.domain.rights import METHODS, Right, coordinators
from bot.domain.wording import with_article
from bot.errors import Refused, UserError
from bot.services.access import Actor, Service
from bot.services.asks.rows import cards_of, read_card, send_ask, tell_askers
from bot.services.outbox import refresh_briefs, refresh_items
from bot.store.asks import AskRow
from bot.store.checkins import ResponseRow
from bot.store.priorities import PriorityRow
from bot.store.record import Writer, read_record

UNKNOWN = "I can't find this ask anymore."
MOST_OVER = 5


@dataclass(frozen=True, slots=True)
class AskChange:
    """An ask after somebody pressed something. `is_new` is False where it had been decided before."""

    card: AskCard
    is_new: bool


class Asks(Service):
    """Use cases around asks."""

    async def show(self, actor: Actor, ask_id: int) -> AskCard:
        """One ask, for whom it names, whoever asked, and all who may read its priority.

        Raises UserError for one that is not known, Refused for one that is not theirs to see.
        """
        async with self.reading(actor, "asks.show") as (session, record, now):
            card = await _card(session, record, actor, ask_id, now)
            _require_reader(actor, record, card)
            return card

    async def first_look(self, actor: Actor, asked: str | None) -> FirstLook | None:
        """Which coordinators look first at an ask to this organization or group; None where it goes out by itself."""
        record = await self.read_record(actor, "asks.first_look")
        name = name_of(record, asked)
        if asked is None or name is None or not looks_first(record, asked):
            return None
        shown = with_article(name) if group_of(record, asked) is not None else name
        return FirstLook(shown, tuple(member.name for member in coordinators(record)))

    async def send(self, actor: Actor, ask_id: int) -> AskChange:
        """A coordinator lets an ask go out as it is."""
        return await self._decide(actor, ask_id, "asks.send", "sent")

    async def edit(self, actor: Actor, ask_id: int, text: str, asked: str | None) -> AskChange:
        """A coordinator words an ask anew, or names somebody else, and lets it go out; the asker sees what was sent."""
        return await self._decide(actor, ask_id, "asks.edit", "sent", asks.read_text(text), asked)

    async def talk_first(self, actor: Actor, ask_id: int) -> AskChange:
        """A coordinator holds an ask back until they have talked with whoever asked, who hears of it."""
        return await self._decide(actor, ask_id, "asks.talk_first", "held")

    async def answer(self, actor: Actor, ask_id: int, answer: str, suggested: str | None = None) -> AskChange:
        """Whom an ask names says what comes of it; the askers and the coordinators hear of it. The first answer counts.

        `answer` is can_help, not_us or talk; `suggested` is the organization or group that may help instead.
        """
        actor.require("asks.answer")
        if answer not in ANSWERS:
            raise ValueError(answer)
        async with self.writing(actor) as (session, now):
            row = await _locked(session, actor, ask_id)
            record = await read_record(session, actor.coalition_id)
            ask = asks.find_ask(record, row.id)
            _require_answerer(actor, record, ask)
            after = asks.answer(ask, answer, suggested, record, now)
            if after == ask:
                return AskChange(await _card(session, record, actor, ask_id, now), is_new=False)
            writer = Writer(session, actor.coalition_id)
            await writer.put(after, ask, row=row, answered_by_id=actor.member_id)
            staff = [member.id for member in coordinators(record)]
            await tell_askers(session, record, row, now, beside=actor.member_id, also=staff)
            return AskChange(await _card(session, record, actor, ask_id, now), is_new=True)

    async def end(self, actor: Actor, ask_id: int, outcome: str) -> AskChange:
        """Whoever asked says what came of an ask that was sent: `came_through` or `fell_through`. The first counts.

        Whom it named reads it in their message, the next digest says it once.
        """
        if outcome not in OUTCOMES:
            raise ValueError(outcome)
        return await self._end(actor, ask_id, "asks.end", lambda ask, now: asks.end(ask, outcome, now))

    async def withdraw(self, actor: Actor, ask_id: int) -> AskChange:
        """Whoever asked takes back an ask that nobody has answered yet. Raises UserError for one that was answered."""
        return await self._end(actor, ask_id, "asks.withdraw", asks.withdraw)

    async def of_priority(self, actor: Actor, priority: str) -> PriorityAsks:
        """What a priority asks for and asked for, for whoever may read it: what is not over, then the newest."""
        async with self.reading(actor) as (session, record, now):
            found = next((one for one in record.priorities if one.id == priority), None)
            if found is None:
                raise UserError("I can't find this priority anymore.")
            if not actor.standing.may(METHODS["asks.of_priority"], priority):
                raise Refused(f"The asks of {found.name} are read by those who read it. {_helper(record)} can help.")
            of_it = AskRow.response_id.in_(
                select(ResponseRow.id)
                .join(PriorityRow, PriorityRow.id == ResponseRow.priority_id)
                .where(PriorityRow.coalition_id == actor.coalition_id, PriorityRow.key == priority)
            )
            cards = await cards_of(session, actor.coalition_id, record, actor.key, now, of_it)
        over = [card for card in reversed(cards) if card.is_over]
        return PriorityAsks(found.name, tuple(card for card in cards if not card.is_over), tuple(over[:MOST_OVER]))

    async def _end(self, actor: Actor, ask_id: int, method: str, change: Callable[[Ask, datetime], Ask]) -> AskChange:
        actor.require(method)
        async with self.writing(actor) as (session, now):
            row = await _locked(session, actor, ask_id)
            record = await read_record(session, actor.coalition_id)
            card = await _card(session, record, actor, ask_id, now)
            if not card.may_end:
                raise Refused(
                    f"What came of this ask is said by {card.owner_name} or a coordinator. {_helper(record)} can help."
                )
            ask = asks.find_ask(record, row.id)
            after = change(ask, now)
            if after == ask:
                return AskChange(card, is_new=False)
            await Writer(session, actor.coalition_id).put(after, ask, row=row, ended_by_id=actor.member_id)
            about = [str(row.id)]
            await refresh_items(session, actor.coalition_id, [Item.HELP_WANTED, Item.ASK_NEWS], about, now)
            await refresh_briefs(session, actor.coalition_id, now)
            return AskChange(await _card(session, record, actor, ask_id, now), is_new=True)

    async def _decide(
        self, actor: Actor, ask_id: int, method: str, state: str, text: str | None = None, asked: str | None = None
    ) -> AskChange:
        actor.require(method)
        async with self.writing(actor) as (session, now):
            row = await _locked(session, actor, ask_id)
            record = await read_record(session, actor.coalition_id)
            ask = asks.find_ask(record, row.id)
            if not asks.waits_for(ask, state):
                return AskChange(await _card(session, record, actor, ask_id, now), is_new=False)
            after = asks.word(ask, text, asked, record) if text is not None else ask
            if state == "sent" and receiver_of(record, after.asked, in_coalition_time(record, now).date()) is None:
                raise UserError(
                    "Choose who is asked first: this ask names nobody whom I can write to.",
                    field="asked" if text is not None else None,
                )
            after = asks.hold(after) if state == "held" else after
            edited = row.edited if text is None else after != ask
            decided = {"edited": edited, "decided_by_id": actor.member_id, "decided_at": now}
            await Writer(session, actor.coalition_id).put(after, ask, row=row, **decided)
            if state == "sent":
                await send_ask(session, record, row, after, now)
            if state == "held" or edited:
                await tell_askers(session, record, row, now, beside=actor.member_id)
            await refresh_briefs(session, actor.coalition_id, now)
            return AskChange(await _card(session, record, actor, ask_id, now), is_new=True)


async def _locked(session: AsyncSession, actor: Actor, ask_id: int) -> AskRow:
    row: AskRow | None = await session.scalar(
        select(AskRow).where(AskRow.id == ask_id, AskRow.coalition_id == actor.coalition_id).with_for_update()
    )
    if row is None:
        raise UserError(UNKNOWN)
    return row


async def _card(session: AsyncSession, record: Record, actor: Actor, ask_id: int, now: datetime) -> AskCard:
    card = await read_card(session, record, actor.key, str(ask_id), now)
    if card is None:
        raise UserError(UNKNOWN)
    return card


def _require_reader(actor: Actor, record: Record, card: AskCard) -> None:
    if card.is_asker or may_answer(record, card.asked, actor.key):
        return
    if actor.standing.may(Right.READ_PRIORITY, card.priority):
        return
    # The roll-up tells of what was sent, and of nothing before.
    if card.state in SENT and actor.standing.may(Right.READ_ROLL_UP):
        return
    raise Refused(f"This ask is read by those who read {card.priority_name}. {_helper(record)} can help.")


def _require_answerer(actor: Actor, record: Record, ask: Ask) -> None:
    if may_answer(record, ask.asked, actor.key) or actor.standing.may(METHODS["asks.send"]):
        return
    asked = name_of(record, ask.asked) or "whom it will name"
    raise Refused(f"This ask is answered by {asked}. {_helper(record)} can help.")


def _helper(record: Record) -> str:
    helper = next(iter(coordinators(record)), None)
    return helper.name if helper is not None else "A coordinator"
