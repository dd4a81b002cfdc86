"""What becomes of an ask: each change as a rule that takes one and gives the next. Pure.

Who may make it, who is asked and who hears of it, is not here.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from bot.domain.asks.asks import MOST_TEXT, OUTCOMES, UNDECIDED, group_of, organization_of
from bot.domain.record import Ask, Record, Response
from bot.domain.vocabularies import AskState
from bot.errors import UserError

_OVER = frozenset({*OUTCOMES, AskState.WITHDRAWN})


def make(response: Response) -> Ask:
    """What a response asks for, from its round's close on."""
    return Ask(
        cadence=response.cadence,
        round=response.round,
        priority=response.priority,
        text=response.ask or "",
        asked=response.ask_from,
        state=AskState.WAITING,
    )


def say_anew(ask: Ask, response: Response) -> Ask:
    """Other words for what was asked, as if nothing had come of it."""
    return replace(make(response), row_id=ask.row_id)


def stays(ask: Ask, response: Response, *, was_edited: bool, written_at: datetime | None) -> bool:
    """Whether a round that closes again changes nothing about an ask: a coordinator has worded it or sent it already,
    or somebody took it back since its words were written."""
    if ask.state == AskState.WITHDRAWN:
        return ask.ended_at is not None and written_at is not None and written_at <= ask.ended_at
    return was_edited or (ask.text, ask.asked) == (response.ask, response.ask_from)


def is_over(ask: Ask) -> bool:
    """Nobody waits for anything of it any more."""
    return ask.state in _OVER


def waits_for(ask: Ask, state: AskState) -> bool:
    """Whether a coordinator may still bring it to this state."""
    return ask.state in UNDECIDED and ask.state != state


def word(ask: Ask, text: str, asked: str | None, record: Record) -> Ask:
    """A coordinator's words, to whom they name."""
    if asked is not None:
        _require_known(record, asked, "asked")
    return replace(ask, text=text, asked=asked)


def read_text(typed: str) -> str:
    """The words of an ask. Raises UserError without any, and for too many."""
    words = typed.strip()
    if not words:
        raise UserError("Write what is asked for.", field="text")
    if len(words) > MOST_TEXT:
        raise UserError(f"Shorten this to {MOST_TEXT} characters; it has {len(words)}.", field="text")
    return words


def hold(ask: Ask) -> Ask:
    """Held back until somebody has talked with whoever asked."""
    return replace(ask, state=AskState.HELD)


def send(ask: Ask, now: datetime) -> Ask:
    """It goes out."""
    return replace(ask, state=AskState.SENT, sent_at=now)


def answer(ask: Ask, said: str, suggested: str | None, record: Record, now: datetime) -> Ask:
    """What comes of it, by whom it names, and who may help instead. The first answer counts."""
    if ask.state != AskState.SENT:
        return ask
    if suggested is not None:
        _require_known(record, suggested, "suggested")
        if suggested == ask.asked:
            raise UserError("It was sent there already. Choose somebody else.", field="suggested")
    return replace(ask, state=AskState.ANSWERED, answer=said, suggested=suggested, answered_at=now)


def end(ask: Ask, outcome: AskState, now: datetime) -> Ask:
    """What came of one that was sent, by whoever asked. The first word counts."""
    return _over(ask, outcome, now) if ask.state in {AskState.SENT, AskState.ANSWERED} else ask


def withdraw(ask: Ask, now: datetime) -> Ask:
    """Taken back, while nobody has answered."""
    return _over(ask, AskState.WITHDRAWN, now) if ask.state in {AskState.SENT, *UNDECIDED} else ask


def drop(ask: Ask, now: datetime) -> Ask:
    """Taken back by an update that asks for nothing any more, answered or not."""
    return ask if is_over(ask) else _over(ask, AskState.WITHDRAWN, now)


def _over(ask: Ask, state: AskState, now: datetime) -> Ask:
    return replace(ask, state=state, ended_at=now)


def _require_known(record: Record, key: str, field: str) -> None:
    found = group_of(record, key) or organization_of(record, key)
    if found is None or found.ended is not None:
        raise UserError("Choose an organization or group from the list.", field=field)
