"""Priorities: mine, a list, a card, its outcomes and history, and changing them at once or by a proposal."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from bot.domain.form_answers import Mistakes
from bot.domain.priority_pages import UnknownPriority
from bot.domain.priority_plans import PrioritySaved
from bot.domain.rights import Right
from bot.errors import UserError
from bot.slack.blocks.history import TITLE as HISTORY_TITLE
from bot.slack.blocks.history import history_message, history_view
from bot.slack.blocks.menu import mistyped
from bot.slack.blocks.priorities import (
    card_message,
    list_message,
    saved_message,
    told_view,
    unknown_priority_message,
)
from bot.slack.blocks.priority_forms import (
    ADD_TITLE,
    EDIT_TITLE,
    OUTCOME_TITLE,
    OUTCOMES_TITLE,
    decode_form,
    decode_outcome,
    outcome_view,
    outcomes_view,
    priority_view,
)
from bot.slack.forms import read_answers
from bot.slack.identifiers import Action, Submission
from bot.slack.message import Message, View
from bot.slack.metadata import OUT_OF_DATE, decode_page
from handlers.context import Call
from handlers.errors import show_mistakes
from handlers.home import refresh_home
from handlers.listeners import Line, Listeners

VERBS = ("list", "add", "edit", "outcome", "history", "help")


async def show_mine(call: Call) -> None:
    """The priorities that this person owns or works on."""
    await _answer(call, list_message(await call.services.priorities.mine(await call.actor())))


async def show_all(call: Call) -> None:
    """Every priority that this person may read."""
    await _answer(call, list_message(await call.services.priorities.mine(await call.actor(), everything=True)))


async def show_card(call: Call, typed: str) -> None:
    """The card of the priority that was named."""
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
    card = await call.services.priorities.card(await call.actor(), _value(call), whole=True)
    await _answer(call, card_message(card))


async def add(call: Call) -> None:
    """Opens the form of a new priority."""
    await _open(call, ADD_TITLE, lambda: _form(call, None))


async def edit_named(call: Call, typed: str) -> None:
    """`/priority edit X`."""
    await _open(call, EDIT_TITLE, lambda: _form(call, typed))


async def edit(call: Call) -> None:
    """[Edit]; without a priority [Add priority]."""
    await _open(call, EDIT_TITLE if _value(call) else ADD_TITLE, lambda: _form(call, _value(call) or None))


async def outcomes_named(call: Call, typed: str) -> None:
    """`/priority outcome X`."""

    async def read() -> View:
        return outcomes_view(await call.services.priority_plans.outcomes(await call.actor(), typed))

    await _open(call, OUTCOMES_TITLE, read)


async def outcomes(call: Call) -> None:
    """[Outcomes]."""
    await outcomes_named(call, _value(call))


async def add_outcome(call: Call) -> None:
    """[Add outcome]."""
    await call.open(OUTCOME_TITLE)
    form = await call.services.priority_plans.outcome_form(await call.actor(), _value(call))
    await call.show(outcome_view(form))


async def edit_outcome(call: Call) -> None:
    """[Change] of an outcome."""
    priority, outcome = decode_outcome(_value(call))
    await call.open(OUTCOME_TITLE)
    form = await call.services.priority_plans.outcome_form(await call.actor(), priority, outcome)
    await call.show(outcome_view(form))


def say_which(verb: str) -> Callable[[Call], Awaitable[None]]:
    """A verb without a name."""

    async def say(_call: Call) -> None:
        raise UserError(f"Which priority? Type its name too: “priority {verb} NAME”. “priority list” shows them all.")

    return say


async def submit_priority(call: Call) -> None:
    """The form of a priority was sent."""
    priority, _, opened = decode_form(str(call.view.get("private_metadata") or ""))
    actor, service = await call.actor(), call.services.priority_plans
    answers = read_answers(call.view["state"]["values"])
    if priority is None:
        await _settle(call, lambda: service.add(actor, _key(call), answers))
    else:
        await _settle(call, lambda: service.edit(actor, _key(call), priority, opened, answers))


async def submit_outcome(call: Call) -> None:
    """The form of an outcome was sent."""
    priority, outcome, opened = decode_form(str(call.view.get("private_metadata") or ""))
    if priority is None:
        raise UserError(OUT_OF_DATE)
    actor, service = await call.actor(), call.services.priority_plans
    answers = read_answers(call.view["state"]["values"])
    await _settle(call, lambda: service.save_outcome(actor, _key(call), priority, outcome, opened, answers))


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
    priority, page = decode_page(_value(call))
    is_turning = call.is_in_modal and _value(call).startswith("{")
    if not is_turning:
        await call.open(HISTORY_TITLE)
    found = await call.services.priorities.history(await call.actor(), priority, page, whole=True)
    view = history_view(found, Action.PRIORITY_HISTORY)
    await (call.change_view(view) if is_turning else call.show(view))


async def _form(call: Call, typed: str | None) -> View:
    return priority_view(await call.services.priority_plans.form(await call.actor(), typed))


async def _open(call: Call, title: str, read: Callable[[], Awaitable[View]]) -> None:
    await call.open(title)
    try:
        await call.show(await read())
    except UnknownPriority as unknown:
        await call.reply(_unknown(unknown))


async def _settle(call: Call, store: Callable[[], Awaitable[PrioritySaved]]) -> None:
    """Stores a form; the modal says what became of it."""
    try:
        saved = await store()
    except Mistakes as mistakes:
        await show_mistakes(call, mistakes.errors)
        return
    call.services.deliveries.on_change()
    await call.ack(response_action="update", view=dict(told_view(saved_message(saved)).payload()))
    await refresh_home(call)


async def _answer(call: Call, message: Message) -> None:
    """In place of what was pressed: in its form, or instead of its message."""
    if call.is_in_modal:
        await call.change_view(told_view(message))
    else:
        await call.reply(message, replace=bool(call.body.get("actions")))


def _unknown(unknown: UnknownPriority) -> Message:
    return unknown_priority_message(unknown.message, unknown.suggestion, unknown.count)


def _key(call: Call) -> str:
    return f"{call.team_id}:{call.view['id']}:{call.view['callback_id']}"


def _value(call: Call) -> str:
    return str(call.action.get("value") or "")


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
            say_which("edit"),
            Right.PROPOSE_EDIT,
            takes=edit_named,
            usage="NAME",
        ),
        Line(
            "priority",
            "outcome",
            "its outcomes: add, move, reached",
            say_which("outcome"),
            Right.READ_PRIORITY,
            takes=outcomes_named,
            usage="NAME",
            synonyms=("outcomes",),
        ),
        Line(
            "priority",
            "history",
            "who changed what, and when",
            say_which("history"),
            Right.READ_PRIORITY,
            takes=history_named,
            usage="NAME",
        ),
    ),
    finds=show_named,
)
