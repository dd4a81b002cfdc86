"""Asks: a coordinator lets one out, words it anew or talks first; whom it names answers it."""

from __future__ import annotations

from functools import partial

from bot.domain.actions import MOST_TITLE
from bot.domain.asks import AskCard
from bot.domain.vocabularies import AskState
from bot.services.asks import AskChange
from bot.slack.blocks import kit
from bot.slack.blocks.actions import NEW_ACTION_FORM
from bot.slack.blocks.asks import (
    EDIT_ASK_FORM,
    PRIORITY_TITLE,
    TITLE,
    TRY_FORM,
    ask_message,
    ask_view,
    change_words,
    priority_asks_view,
    with_first_look,
)
from bot.slack.blocks.people import notice_view
from bot.slack.identifiers import Action, Submission
from bot.slack.message import Message, View
from bot.slack.mrkdwn import cut, unmark
from handlers.context import Call
from handlers.errors import keep_form
from handlers.home import refresh_home
from handlers.listeners import Listeners
from handlers.presses import opens


async def send(call: Call) -> None:
    """[Send]: the coordinators' messages change by themselves."""
    await _tell(call, await call.services.asks.send(await call.actor(), call.pressed(int)))


async def talk_first(call: Call) -> None:
    """[Talk first]: it is held, and whoever asked hears of it."""
    change = await call.services.asks.talk_first(await call.actor(), call.pressed(int))
    await _tell(call, change, always=True)


def _edit_view(card: AskCard) -> View:
    """The form to word an ask anew; one that went out meanwhile is shown instead."""
    return EDIT_ASK_FORM.view(card) if card.state in {AskState.WAITING, AskState.HELD} else ask_view(card)


async def submit_edit(call: Call) -> None:
    worded = EDIT_ASK_FORM.read(call.values)
    text = worded.text.strip()
    change = await call.services.asks.edit(await call.actor(), call.about(int), text, worded.asked)
    call.services.deliveries.on_change()
    if not change.is_new and change.card.text != text:
        words = change_words(change.card)
        await keep_form(call, Message(text=unmark(words), blocks=(kit.section(words),)))
        return
    await call.become(notice_view(TITLE, change_words(change.card)))
    await refresh_home(call)


def _try_view(card: AskCard) -> View:
    """The form behind "Not us; try …"; an ask that has its answer is shown instead."""
    return TRY_FORM.view(card) if card.state == AskState.SENT and card.may_answer else ask_view(card)


async def submit_try(call: Call) -> None:
    """Stores that somebody else might help."""
    suggested = TRY_FORM.read(call.values) or None
    change = await call.services.asks.answer(await call.actor(), call.about(int), "not_us", suggested)
    call.services.deliveries.on_change()
    await call.become(ask_view(change.card))
    await refresh_home(call)


async def named(call: Call) -> None:
    """Who is asked was chosen in a check-in's form: the form says whether a coordinator looks first."""
    chosen = call.action.get("selected_option") or {}
    look = await call.services.asks.first_look(await call.actor(), chosen.get("value"))
    await call.ack()
    if call.is_in_modal:
        view = with_first_look(call.view, str(call.action.get("block_id")), look)
        await call.client.views_update(view_id=str(call.view["id"]), view=view)


async def withdraw(call: Call) -> None:
    """[Withdraw]: nobody needs to answer it any more."""
    change = await call.services.asks.withdraw(await call.actor(), call.pressed(int))
    await _ended(call, change)


async def make_action(call: Call) -> None:
    """Opens the form of a new action with the ask's words."""
    await call.open(NEW_ACTION_FORM.title)
    actor = await call.actor()
    card = await call.services.asks.show(actor, call.pressed(int))
    title = cut(" ".join(card.text.split()), MOST_TITLE)
    form = await call.services.action_items.form(actor, title=title, priority=card.priority)
    await call.show(NEW_ACTION_FORM.view(form))


async def _end(call: Call, outcome: AskState) -> None:
    await _ended(call, await call.services.asks.end(await call.actor(), call.pressed(int), outcome))


async def _ended(call: Call, change: AskChange) -> None:
    """A message of the bot's own changes by itself; anywhere else it is said."""
    call.services.deliveries.on_change()
    if call.is_in_modal:
        await call.change_view(ask_view(change.card))
    elif not (change.is_new and call.is_in_bundle):
        await call.reply(ask_message(change.card))
    await call.ack()
    await refresh_home(call)


async def _answer(call: Call, answer: str) -> None:
    change = await call.services.asks.answer(await call.actor(), call.pressed(int), answer)
    call.services.deliveries.on_change()
    if call.is_in_modal:
        await call.change_view(ask_view(change.card))
    elif not change.is_new:
        await call.reply(ask_message(change.card))
    await call.ack()
    await refresh_home(call)


async def _tell(call: Call, change: AskChange, *, always: bool = False) -> None:
    """The message with the button changes by itself; what was decided before is said."""
    call.services.deliveries.on_change()
    if always or not change.is_new:
        words = change_words(change.card)
        await call.reply(Message(text=unmark(words), blocks=(kit.section(words),)))
    await call.ack()
    await refresh_home(call)


LISTENERS = Listeners(
    actions={
        Action.SEND_ASK: send,
        Action.EDIT_ASK: opens(TITLE, int, lambda services: services.asks.show, _edit_view),
        Action.TALK_FIRST: talk_first,
        Action.ASK_HELP: partial(_answer, answer="can_help"),
        Action.ASK_ANOTHER: opens(TITLE, int, lambda services: services.asks.show, _try_view),
        Action.ASK_TALK: partial(_answer, answer="talk"),
        Action.ASK_ACTION: make_action,
        Action.OPEN_ASK: opens(TITLE, int, lambda services: services.asks.show, ask_view),
        Action.ASK_CAME_THROUGH: partial(_end, outcome=AskState.CAME_THROUGH),
        Action.ASK_FELL_THROUGH: partial(_end, outcome=AskState.FELL_THROUGH),
        Action.WITHDRAW_ASK: withdraw,
        Action.PRIORITY_ASKS: opens(
            PRIORITY_TITLE, str, lambda services: services.asks.of_priority, priority_asks_view
        ),
        Action.ASK_NAMED: named,
    },
    submissions={Submission.EDIT_ASK: submit_edit, Submission.TRY_ANOTHER: submit_try},
)
