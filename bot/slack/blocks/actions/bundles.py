"""Action items inside a bundle: one's own, what another organization asks, and the answer to whoever asked."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from bot.domain.actions import (
    HELP_ASKED,
    RENEWED,
    ActionAnswer,
    ActionCard,
    ActionRequest,
    ListedAction,
    OwnActions,
    ThirdMove,
)
from bot.domain.vocabularies import ActionStatus
from bot.domain.wording import near_day, status
from bot.slack.blocks import kit
from bot.slack.blocks.actions.items import (
    asked_blocks,
    asks_words,
    due_day,
    state_of,
    third_move_blocks,
    third_move_words,
)
from bot.slack.blocks.bundles import BundleReader, number_word
from bot.slack.identifiers import Action
from bot.slack.message import Block
from bot.slack.metadata import ActionUndo, encode
from bot.slack.mrkdwn import bold, cut, own, unmark
from bot.slack.names import first_name

_MOST_TITLE = 150


def own_actions_item(value: OwnActions, _reader: BundleReader) -> tuple[Iterable[Block], str]:
    """Somebody's actions, each with its buttons, or with what has become of it."""
    return _own_blocks(value), _own_words(value)


_WITH_OTHERS = "Nothing to do here any more: it's with others now."


def request_item(value: ActionRequest, reader: BundleReader) -> tuple[Iterable[Block], str]:
    """Whether somebody takes on what another organization asks."""
    card = value.card
    if card is None:
        return [kit.section(_WITH_OTHERS)], _WITH_OTHERS
    due = near_day(card.due, card.today)
    if value.state == "asked":
        words = f"{asks_words(card)}: {card.title}, by {due}."
        return asked_blocks(card, primary=reader.may_be_primary), words
    knows = f" {first_name(value.asker_name)} knows." if value.asker_name else ""
    became = {
        "accepted": f"Yours, due {due}.{knows}",
        "offered": f"You offered {due}.{knows}",
        "declined": f"Handed back.{knows}",
    }.get(value.state, "Nothing to do: it was taken back.")
    return [kit.section(f"{_title(card)} ({own(card.id)})\n{own(became)}")], f"{card.title}: {became}"


def third_move_item(value: ThirdMove, _reader: BundleReader) -> tuple[Iterable[Block], str]:
    """An action that keeps moving, with what may be done about it, or with what became of it."""
    card = value.card
    if not value.is_settled:
        return third_move_blocks(card, named=True), f"{card.title}: {third_move_words(card)}"
    became = {HELP_ASKED: "The coordinators know that it needs help.", RENEWED: f"Renewed, due {due_day(card)}."}
    words = became.get(value.answer or "", f"Now {state_of(card)}.") if card.is_open else f"Now {state_of(card)}."
    return [kit.section(f"{_title(card)} ({own(card.id)})\n{words}")], f"{card.title}: {unmark(words)}"


def answer_item(value: ActionAnswer, _reader: BundleReader) -> tuple[Iterable[Block], str]:
    """What the person who was asked says."""
    who, due = first_name(value.who_name), near_day(value.due, value.today)
    said = {
        "accepted": f"{who} took it on, due {due}.",
        "offered": f"{who} offered {due}, and took it on for that day.",
        "declined": f"{who} handed it back. It's yours now.",
    }[value.what]
    words = said if value.holds else f"{who} has changed this since."
    line = f"{bold(cut(value.title, _MOST_TITLE))} ({own(value.id)})\n{own(words)}"
    button = kit.button("Open", Action.OPEN_ACTION, value=value.id, about=value.title)
    return [kit.section(line, accessory=button)], f"{value.title}: {words}"


def _own_blocks(value: OwnActions) -> Iterator[Block]:
    for one in value.actions:
        yield from _action(one, is_over=value.is_over)
    closed = sum(not one.card.is_open for one in value.actions)
    if not value.is_over and value.total - closed > 1:
        yield kit.actions(kit.button("All actions in one form", Action.ALL_ACTIONS))
    if value.total > len(value.actions) and not value.is_over:
        yield kit.context(f"{len(value.actions)} of {value.total} · the rest is in Home")


def _action(one: ListedAction, *, is_over: bool) -> Iterator[Block]:
    card = one.card
    if is_over or not card.is_open:
        undo = None
        if one.undo is not None and not is_over:
            value = encode(ActionUndo(card.id, one.undo))
            undo = kit.button("Undo", Action.ACTION_UNDO, value=value, about=card.title)
        due = f"due {due_day(card)} · " if card.is_open else ""
        yield kit.section(f"{_title(card)} · {due}{state_of(card)}", accessory=undo)
        return
    reason = card.reason or card.note or card.moved or card.waiting_on_name
    why = " · no reason given" if card.days_overdue and not reason else ""
    due = "today" if card.due == card.today else due_day(card)
    yield kit.section(f"{_title(card)} ({own(card.id)})\nDue {due} · {state_of(card)}{why}")
    buttons = [_button("Done", Action.ACTION_DONE, card)]
    if card.status != ActionStatus.IN_PROGRESS:
        buttons.append(_button("In progress", Action.ACTION_START, card))
    buttons.append(_button("New date", Action.ACTION_MOVE, card))
    if not card.is_blocked:
        buttons.append(_button("Blocked", Action.ACTION_BLOCK, card))
    yield kit.actions(*buttons)


def _own_words(value: OwnActions) -> str:
    """For notifications and screen readers."""
    parts = []
    waiting = [one.card for one in value.actions if one.card.is_open]
    if waiting:
        named = "; ".join(f"{card.title}, due {due_day(card)}" for card in waiting)
        count = "One action" if len(waiting) == 1 else f"{number_word(len(waiting)).capitalize()} actions"
        parts.append(f"{count}: {named}.")
    parts += [f"{one.card.title}: {status(one.card.status)}." for one in value.actions if not one.card.is_open]
    if value.total > len(value.actions):
        parts.append(f"{len(value.actions)} of {value.total}; the rest is in Home.")
    return " ".join(parts)


def _title(card: ActionCard) -> str:
    return bold(cut(card.title, _MOST_TITLE))


def _button(text: str, action: Action, card: ActionCard) -> kit.Element:
    return kit.button(text, action, value=card.id, about=card.title)
