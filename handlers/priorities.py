"""Priorities: mine, a list, a card, its outcomes and history, and changing them at once or by a proposal."""

from __future__ import annotations

from bot.domain.priorities import UnknownPriority
from bot.domain.rights import Right
from bot.domain.typed import asks_for_every
from bot.slack.blocks.priorities import (
    ADD_TITLE,
    EDIT_TITLE,
    OUTCOME_FORM,
    OUTCOMES_TITLE,
    PRIORITY_FORM,
    TITLE,
    card_message,
    list_message,
    outcomes_view,
    saved_message,
    unknown_priority_message,
)
from bot.slack.identifiers import Action, Submission
from bot.slack.metadata import OutcomeKey, OutcomeOpened
from handlers.cards import show_stored
from handlers.context import Call
from handlers.listeners import Line, Listeners
from handlers.named import Named
from handlers.presses import by_value, shows

PRIORITIES = Named(
    noun="priority",
    thing="priority",
    title=TITLE,
    verbs=("list", "plan", "add", "edit", "outcome", "history", "canvases", "help"),
    unknown=UnknownPriority,
    ask=lambda unknown, _line: unknown_priority_message(unknown.message, unknown.suggestion, unknown.count),
    history=lambda services: services.priorities.history,
    history_button=Action.PRIORITY_HISTORY,
    whole={"whole": True},
)
add = shows(ADD_TITLE, lambda services: services.priority_plans.form, PRIORITY_FORM.view)
edit_named = PRIORITIES.opens(EDIT_TITLE, "edit", lambda services: services.priority_plans.form, PRIORITY_FORM.view)
outcomes = PRIORITIES.opens(OUTCOMES_TITLE, "outcome", lambda services: services.priority_plans.outcomes, outcomes_view)


async def show_mine(call: Call) -> None:
    """The priorities that this person owns or works on."""
    await call.answer(list_message(await call.services.priorities.mine(await call.actor())), TITLE)


async def show_all(call: Call) -> None:
    """Every priority that this person may read."""
    await call.answer(list_message(await call.services.priorities.mine(await call.actor(), everything=True)), TITLE)


async def show_card(call: Call, typed: str) -> None:
    if asks_for_every(typed, "priority"):
        await show_all(call)
        return
    try:
        await call.reply(card_message(await call.services.priorities.card(await call.actor(), typed)))
    except UnknownPriority as unknown:
        await call.reply(PRIORITIES.question(unknown, typed))


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
    await call.answer(card_message(card), TITLE)


async def edit(call: Call) -> None:
    """[Edit]; without a priority [Add priority]."""
    await (edit_named(call, call.value) if call.value else add(call))


async def add_outcome(call: Call) -> None:
    await call.open(OUTCOME_FORM.title)
    form = await call.services.priority_plans.outcome_form(await call.actor(), call.value)
    await call.show(OUTCOME_FORM.view(form))


async def edit_outcome(call: Call) -> None:
    outcome = call.pressed(OutcomeKey)
    await call.open(OUTCOME_FORM.title)
    form = await call.services.priority_plans.outcome_form(await call.actor(), outcome.priority, outcome.outcome)
    await call.show(OUTCOME_FORM.view(form))


async def submit_outcome(call: Call) -> None:
    form = call.about(OutcomeOpened)
    actor, answers = await call.actor(), OUTCOME_FORM.read(call.values)
    saved = await call.services.priority_plans.save_outcome(
        actor, call.form_key, form.priority, form.outcome, form.marks, answers
    )
    await show_stored(call, saved_message(saved), TITLE)


LISTENERS = Listeners(
    noun="priority",
    actions={
        Action.PRIORITY_CARD: open_card,
        Action.PRIORITIES_ALL: show_all,
        Action.PRIORITY_HISTORY: PRIORITIES.turn_history,
        Action.PRIORITY_EDIT: edit,
        Action.PRIORITY_OUTCOMES: by_value(outcomes),
        Action.OUTCOME_ADD: add_outcome,
        Action.OUTCOME_EDIT: edit_outcome,
    },
    submissions={
        Submission.PRIORITY_PLAN: PRIORITIES.stores(
            PRIORITY_FORM,
            saved_message,
            lambda services: services.priority_plans.edit,
            lambda services: services.priority_plans.add,
        ),
        Submission.OUTCOME: submit_outcome,
    },
    lines=(
        Line(
            "",
            "your priorities, or the one that you name",
            show_mine,
            words=("priorities", "priority"),
            takes=show_card,
            usage="[NAME]",
        ),
        Line("list", "every priority that you may read", show_all),
        Line("add", "set a priority up", add, Right.EDIT_PRIORITY, opens_modal=True, synonyms=("new",)),
        PRIORITIES.line("edit", "its goal, owner, channel, need and state", edit_named, Right.PROPOSE_EDIT),
        PRIORITIES.line(
            "outcome", "its outcomes: add, move, reached", outcomes, Right.READ_PRIORITY, synonyms=("outcomes",)
        ),
        PRIORITIES.history_line("who changed what, and when", Right.READ_PRIORITY),
    ),
    finds=show_named,
)
