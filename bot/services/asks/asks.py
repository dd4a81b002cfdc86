"""Asks as people meet them: a coordinator's look before one goes out, and the answer of whom it names."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

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
from bot.domain.outbox import Item
from bot.domain.record import Ask, Record
from bot.domain.rights import METHODS, Right, coordinators
from bot.domain.vocabularies import AskState
from bot.domain.wording import with_article
from bot.errors import Refused, UserError
from bot.services.access import Actor, ByActor, Service, UseCase
from bot.services.asks.rows import cards_of, read_card, send_ask, tell_askers
from bot.services.outbox import refresh_briefs, refresh_items
from bot.store.asks import AskRow
from bot.store.checkins import ResponseRow
from bot.store.priorities import PriorityRow

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
        async with self.reading(actor, "asks.show") as tx:
            card = await _card(tx, ask_id)
            _require_reader(actor, tx.record, card)
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
        return await self._decide(actor, ask_id, "asks.send", AskState.SENT)

    async def edit(self, actor: Actor, ask_id: int, text: str, asked: str | None) -> AskChange:
        """A coordinator words an ask anew, or names somebody else, and lets it go out; the asker sees what was sent."""
        return await self._decide(actor, ask_id, "asks.edit", AskState.SENT, asks.read_text(text), asked)

    async def talk_first(self, actor: Actor, ask_id: int) -> AskChange:
        """A coordinator holds an ask back until they have talked with whoever asked, who hears of it."""
        return await self._decide(actor, ask_id, "asks.talk_first", AskState.HELD)

    async def answer(self, actor: Actor, ask_id: int, answer: str, suggested: str | None = None) -> AskChange:
        """Whom an ask names says what comes of it; the askers and the coordinators hear of it. The first answer counts.

        `answer` is can_help, not_us or talk; `suggested` is the organization or group that may help instead.
        """
        actor.require("asks.answer")
        if answer not in ANSWERS:
            raise ValueError(answer)
        async with self.writing(actor) as tx:
            row = await _locked(tx, ask_id)
            tx = await tx.read()
            ask = asks.find_ask(tx.record, row.id)
            _require_answerer(actor, tx.record, ask)
            after = asks.answer(ask, answer, suggested, tx.record, tx.now)
            if after == ask:
                return AskChange(await _card(tx, ask_id), is_new=False)
            writer = tx.writer()
            await writer.put(after, ask, row=row, answered_by_id=actor.member_id)
            staff = [member.id for member in coordinators(tx.record)]
            await tell_askers(tx, row, beside=actor.member_id, also=staff)
            return AskChange(await _card(tx, ask_id), is_new=True)

    async def end(self, actor: Actor, ask_id: int, outcome: AskState) -> AskChange:
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
        async with self.reading(actor) as tx:
            found = next((one for one in tx.record.priorities if one.id == priority), None)
            if found is None:
                raise UserError("I can't find this priority anymore.")
            if not actor.standing.may(METHODS["asks.of_priority"], priority):
                raise Refused(f"The asks of {found.name} are read by those who read it. {_helper(tx.record)} can help.")
            of_it = AskRow.response_id.in_(
                select(ResponseRow.id)
                .join(PriorityRow, PriorityRow.id == ResponseRow.priority_id)
                .where(PriorityRow.coalition_id == actor.coalition_id, PriorityRow.key == priority)
            )
            cards = await cards_of(tx, actor.key, of_it)
        over = [card for card in reversed(cards) if card.is_over]
        return PriorityAsks(found.name, tuple(card for card in cards if not card.is_over), tuple(over[:MOST_OVER]))

    async def _end(self, actor: Actor, ask_id: int, method: str, change: Callable[[Ask, datetime], Ask]) -> AskChange:
        actor.require(method)
        async with self.writing(actor) as tx:
            row = await _locked(tx, ask_id)
            tx = await tx.read()
            card = await _card(tx, ask_id)
            if not card.may_end:
                owner, helper = card.owner_name, _helper(tx.record)
                raise Refused(f"What came of this ask is said by {owner} or a coordinator. {helper} can help.")
            ask = asks.find_ask(tx.record, row.id)
            after = change(ask, tx.now)
            if after == ask:
                return AskChange(card, is_new=False)
            await tx.writer().put(after, ask, row=row, ended_by_id=actor.member_id)
            about = [str(row.id)]
            await refresh_items(tx, [Item.HELP_WANTED, Item.ASK_NEWS], about)
            await refresh_briefs(tx)
            return AskChange(await _card(tx, ask_id), is_new=True)

    async def _decide(
        self, actor: Actor, ask_id: int, method: str, state: AskState, text: str | None = None, asked: str | None = None
    ) -> AskChange:
        actor.require(method)
        async with self.writing(actor) as tx:
            row = await _locked(tx, ask_id)
            tx = await tx.read()
            ask = asks.find_ask(tx.record, row.id)
            if not asks.waits_for(ask, state):
                return AskChange(await _card(tx, ask_id), is_new=False)
            after = asks.word(ask, text, asked, tx.record) if text is not None else ask
            if state == AskState.SENT and receiver_of(tx.record, after.asked, tx.today) is None:
                raise UserError(
                    "Choose who is asked first: this ask names nobody whom I can write to.",
                    field="asked" if text is not None else None,
                )
            after = asks.hold(after) if state == AskState.HELD else after
            edited = row.edited if text is None else after != ask
            decided = {"edited": edited, "decided_by_id": actor.member_id, "decided_at": tx.now}
            await tx.writer().put(after, ask, row=row, **decided)
            if state == AskState.SENT:
                await send_ask(tx, row, after)
            if state == AskState.HELD or edited:
                await tell_askers(tx, row, beside=actor.member_id)
            await refresh_briefs(tx)
            return AskChange(await _card(tx, ask_id), is_new=True)


async def _locked(tx: ByActor, ask_id: int) -> AskRow:
    row: AskRow | None = await tx.session.scalar(
        select(AskRow).where(AskRow.id == ask_id, tx.owns(AskRow)).with_for_update()
    )
    if row is None:
        raise UserError(UNKNOWN)
    return row


async def _card(tx: UseCase, ask_id: int) -> AskCard:
    card = await read_card(tx, tx.actor.key, str(ask_id))
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
