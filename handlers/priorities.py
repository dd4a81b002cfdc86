"""Priorities: mine, a list, a card, its outcomes and history, and changing them at once or by a proposal."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from functools import partial

from bot.domain.histories import ItemHistory
from bot.domain.priorities import UnknownPriority
from bot.domain.rights import Right
from bot.domain.typed import asks_for_every
from bot.slack.blocks.histories import history_message
from bot.slack.blocks.menu import mistyped
from bot.slack.blocks.priorities import (
    ADD_TITLE,
    EDIT_TITLE,
    OUTCOME_FORM,
    OUTCOME_TITLE,
    OUTCOMES_TITLE,
    PRIORITY_FORM,
    card_message,
    list_message,
    outcome_view,
    outcomes_view,
    priority_view,
    saved_message,
    told_view,
    unknown_priority_message,
)
from bot.slack.identifiers import Action, Submission
from bot.slack.message import Message, View
from bot.slack.metadata import Marked, OutcomeKey, OutcomeOpened
from handlers.cards import answer_in_place, say_which, show_history, store_form
from handlers.context import Call
from handlers.listeners import Line, Listeners

VERBS = ("list", "add", "edit", "outcome", "history", "help")


async def show_mine(call: Call) -> None:
    """The priorities that this person owns or works on."""
    await answer_in_place(call, list_message(await call.services.priorities.mine(await call.actor())), told_view)


async def show_all(call: Call) -> None:
    """Every priority that this person may read."""
    await answer_in_place(
        call, list_message(await call.services.priorities.mine(await call.actor(), everything=True)), told_view
    )


async def show_card(call: Call, typed: str) -> None:
    """The card of the priority that was named."""
    if asks_for_every(typed, "priority"):
        await show_all(call)
        return
    try:
        await call.reply(card_message(await call.services.priorities.card(await call.actor(), typed)))
    except UnknownPriority as unknown:
        await call.reply(mistyped("priority", VERBS, typed) or _unknown(unknown))


async def show_named(call: Call, typed: str) -> bool:
    """The card of a priority whose name alone was written to the bot; False where it is no priority's name."""
    actor = await call.actor_if_known()
    if actor is None:
        return False
    try:
        card = await call.services.priorities.card(actor, typed, whole=True)
    except UnknownPriority:
        return False
    await call.reply(card_message(card))
    return True


async def open_card(call: Call) -> None:
    """[Open], [Open priority] and [Yes]."""
    await call.open_in_home()
    card = await call.services.priorities.card(await call.actor(), call.value, whole=True)
    await answer_in_place(call, card_message(card), told_view)


async def add(call: Call) -> None:
    """Opens the form of a new priority."""
    await _open(call, ADD_TITLE, lambda: _form(call, None))


async def edit_named(call: Call, typed: str) -> None:
    """`/priority edit X`."""
    await _open(call, EDIT_TITLE, lambda: _form(call, typed))


async def edit(call: Call) -> None:
    """[Edit]; without a priority [Add priority]."""
    await _open(call, EDIT_TITLE if call.value else ADD_TITLE, lambda: _form(call, call.value or None))


async def outcomes_named(call: Call, typed: str) -> None:
    """`/priority outcome X`."""

    async def read() -> View:
        return outcomes_view(await call.services.priority_plans.outcomes(await call.actor(), typed))

    await _open(call, OUTCOMES_TITLE, read)


async def outcomes(call: Call) -> None:
    """[Outcomes]."""
    await outcomes_named(call, call.value)


async def add_outcome(call: Call) -> None:
    """[Add outcome]."""
    await call.open(OUTCOME_TITLE)
    form = await call.services.priority_plans.outcome_form(await call.actor(), call.value)
    await call.show(outcome_view(form))


async def edit_outcome(call: Call) -> None:
    """[Change] of an outcome."""
    outcome = call.pressed(OutcomeKey)
    await call.open(OUTCOME_TITLE)
    form = await call.services.priority_plans.outcome_form(await call.actor(), outcome.priority, outcome.outcome)
    await call.show(outcome_view(form))


async def submit_priority(call: Call) -> None:
    """The form of a priority was sent."""
    form = call.about(Marked)
    actor, service = await call.actor(), call.services.priority_plans
    answers = PRIORITY_FORM.read(call.values)
    if form.id is None:
        await store_form(call, lambda: service.add(actor, call.form_key, answers), saved_message, told_view)
    else:
        edited = partial(service.edit, actor, call.form_key, form.id, form.marks, answers)
        await store_form(call, edited, saved_message, told_view)


async def submit_outcome(call: Call) -> None:
    """The form of an outcome was sent."""
    form = call.about(OutcomeOpened)
    actor, service = await call.actor(), call.services.priority_plans
    answers = OUTCOME_FORM.read(call.values)
    await store_form(
        call,
        lambda: service.save_outcome(actor, call.form_key, form.priority, form.outcome, form.marks, answers),
        saved_message,
        told_view,
    )


async def history_named(call: Call, typed: str) -> None:
    """`/priority history X`."""
    try:
        found = await call.services.priorities.history(await call.actor(), typed)
    except UnknownPriority as unknown:
        await call.reply(_unknown(unknown))
        return
    await call.reply(history_message(found, Action.PRIORITY_HISTORY))


async def history(call: Call) -> None:
    """[History], and [Older] and [Newer] in it."""

    async def read(item: str, page: int) -> ItemHistory:
        return await call.services.priorities.history(await call.actor(), item, page, whole=True)

    await show_history(call, read, Action.PRIORITY_HISTORY)


async def _form(call: Call, typed: str | None) -> View:
    return priority_view(await call.services.priority_plans.form(await call.actor(), typed))


async def _open(call: Call, title: str, read: Callable[[], Awaitable[View]]) -> None:
    await call.open(title)
    try:
        await call.show(await read())
    except UnknownPriority as unknown:
        await call.reply(_unknown(unknown))


def _unknown(unknown: UnknownPriority) -> Message:
    return unknown_priority_message(unknown.message, unknown.suggestion, unknown.count)


LISTENERS = Listeners(
    actions={
        Action.PRIORITY_CARD: open_card,
        Action.PRIORITIES_ALL: show_all,
        Action.PRIORITY_HISTORY: history,
        Action.PRIORITY_EDIT: edit,
        Action.PRIORITY_OUTCOMES: outcomes,
        Action.OUTCOME_ADD: add_outcome,
        Action.OUTCOME_EDIT: edit_outcome,
    },
    submissions={Submission.PRIORITY_PLAN: submit_priority, Submission.OUTCOME: submit_outcome},
    lines=(
        Line(
            "priority",
            "",
            "your priorities, or the one that you name",
            show_mine,
            words=("priorities", "priority"),
            takes=show_card,
            usage="[NAME]",
        ),
        Line("priority", "list", "every priority that you may read", show_all),
        Line("priority", "add", "set a priority up", add, Right.EDIT_PRIORITY, opens_modal=True, synonyms=("new",)),
        Line(
            "priority",
            "edit",
            "its goal, owner, channel, need and state",
            say_which("priority", "priority", "edit"),
            Right.PROPOSE_EDIT,
            takes=edit_named,
            usage="NAME",
        ),
        Line(
            "priority",
            "outcome",
            "its outcomes: add, move, reached",
            say_which("priority", "priority", "outcome"),
            Right.READ_PRIORITY,
            takes=outcomes_named,
            usage="NAME",
            synonyms=("outcomes",),
        ),
        Line(
            "priority",
            "history",
            "who changed what, and when",
            say_which("priority", "priority", "history"),
            Right.READ_PRIORITY,
            takes=history_named,
            usage="NAME",
        ),
    ),
    finds=show_named,
)
