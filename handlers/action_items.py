"""Action items: one line or a form to add them, cards, lists, closing and moving, and a yes to another organization."""

from __future__ import annotations

import re
from dataclasses import replace

from bot.domain.actions import (
    MOST_TITLE,
    ActionCard,
    ListQuery,
    UnknownList,
    link_in,
    moves_by_id,
    read_id,
    read_move,
    split_move,
)
from bot.domain.rights import Right
from bot.domain.typed import NotTitled
from bot.errors import UserError
from bot.slack.blocks.actions import (
    CHANGE_ACTION_FORM,
    NEW_ACTION_FORM,
    TITLE,
    ChangeForm,
    add_hint_message,
    card_message,
    card_view,
    change_message,
    list_message,
    read_back_message,
    unknown_list_message,
)
from bot.slack.blocks.menu import form_message, unknown_message
from bot.slack.identifiers import Action, Search, Shortcut, Submission
from bot.slack.message import Message, View
from bot.slack.metadata import ActionOpened, ActionUndo, NewActionOpened
from bot.slack.mrkdwn import as_written, cut, unmark
from handlers.context import Call, Handler, NeedsPress
from handlers.home import refresh_home
from handlers.listeners import Line, Listeners
from handlers.numbered import MOST_MEANT, Numbered
from handlers.presses import finds, opens

_MENTION = re.compile(r"<[@#][^>|]*(?:\|([^>]*))?>")
# Words, then by when or who: a new action without its verb.
_NEW = re.compile(r"\S+\s+\S+.*\s(by\s|@|<@)", re.IGNORECASE)
# A list by how actions stand: of nothing else is "overdue" said without a noun.
_STATE = re.compile(
    r"(?:(?:list|show|see)\s+)?(?:(?:all|the|what is|what's)\s+)*(overdue|late|blocked)(?:\s+actions?)?", re.IGNORECASE
)


def _otherwise(said: str, found: UnknownList, unknown: NotTitled, alone: bool) -> Message:
    """What reads like a new action is offered to be added, where it stood alone."""
    if found.nearest is None and unknown.meant is not None:
        raise unknown
    if alone and found.nearest is None and _NEW.search(said) and len(said) <= MOST_MEANT:
        return unknown_message(said, f"action add {said}")
    return unknown_list_message(found)


ACTION_ITEMS: Numbered[ActionCard] = Numbered(
    noun="action",
    letter="A",
    verbs=("add", "list", "done", "move", "history", "help"),
    read_id=read_id,
    query=ListQuery,
    service=lambda services: services.action_items,
    title=TITLE,
    card_message=card_message,
    card_view=card_view,
    list_message=list_message,
    change_message=change_message,
    otherwise=_otherwise,
    history=lambda services: services.histories.action,
    history_button=Action.ACTION_HISTORY,
    new_title=NEW_ACTION_FORM.title,
    form_view=NEW_ACTION_FORM.view,
    add_hint_message=add_hint_message,
    read_back_message=read_back_message,
)


async def from_message(call: Call) -> None:
    """Opens the form with a message's words."""
    await call.open(NEW_ACTION_FORM.title)
    message = call.body.get("message") or {}
    text = str(message.get("text") or "")
    words = unmark(as_written(_MENTION.sub(lambda found: found[1] or "", text)))
    form = await call.services.action_items.form(
        await call.actor(), title=cut(" ".join(words.split()), MOST_TITLE), channel_id=call.channel_id
    )
    link = await call.permalink(call.channel_id or "", str(message.get("ts")))
    await call.show(NEW_ACTION_FORM.view(replace(form, link=link_in(link))))


async def submit_new(call: Call) -> None:
    """Stores the form; the modal says what became of it."""
    form = call.about(NewActionOpened)
    new = NEW_ACTION_FORM.read(call.values, link=form.link)
    change = await call.services.action_items.add(await call.actor(), form.token, new)
    await call.become(change_message(change).view(TITLE))
    await refresh_home(call)


async def complete_typed(call: Call, typed: str) -> None:
    """ "done A-101", or words of its title."""
    actor, service = await call.actor(), call.services.action_items
    key = read_id(typed) or (await service.show(actor, typed)).id
    await ACTION_ITEMS.tell(call, await service.complete(actor, key))


async def move_typed(call: Call, typed: str) -> None:
    """ "move A-101 to Dec 7 because …"; the form opens for what is missing."""
    actor, service = await call.actor(), call.services.action_items
    what, words = split_move(typed)
    card = await service.show(actor, read_id(what) or what)
    due, reason = read_move(words, card.today) if words else (None, "")
    if due is not None and (reason or not card.wants_reason or not card.is_open or due == card.due):
        await ACTION_ITEMS.tell(call, await service.move(actor, card.id, due, reason))
    elif not card.is_open or not card.may_change:
        await call.reply(card_message(card))
    elif not call.can_open:
        raise NeedsPress
    else:
        await call.open(TITLE)
        await call.show(CHANGE_ACTION_FORM.view(ChangeForm(card, "move", due)))


async def show_typed(call: Call, typed: str) -> None:
    """One that is named, or its new date behind its id: "A-101 to Dec 7"."""
    await (move_typed(call, typed) if moves_by_id(typed) else ACTION_ITEMS.show(call, typed))


async def find_typed(call: Call, text: str) -> bool:
    """What is about actions though no noun is said: an id, a list by how they stand, a new date."""
    state = _STATE.fullmatch(text.strip(" .!?"))
    if state is not None:
        await ACTION_ITEMS.show_list(call, state[1].casefold())
        return True
    if not moves_by_id(text):
        return await ACTION_ITEMS.show_named(call, text)
    try:
        await move_typed(call, text)
    except NeedsPress:
        await call.reply(form_message(f"action move {' to '.join(part for part in split_move(text) if part)}"))
    return True


async def get_help(call: Call) -> None:
    await ACTION_ITEMS.tell(call, await call.services.action_items.get_help(await call.actor(), call.pressed(str)))
    call.services.deliveries.on_change()


async def undo(call: Call) -> None:
    undo = call.pressed(ActionUndo)
    await ACTION_ITEMS.tell(call, await call.services.action_items.undo(await call.actor(), undo.action, undo.change))


async def submit_change(call: Call) -> None:
    """Stores a date and a reason; the card shows it."""
    form = call.about(ActionOpened)
    said, actor, service = CHANGE_ACTION_FORM.read(call.values), await call.actor(), call.services.action_items
    if form.what == "block":
        change = await service.block(actor, form.action, said.reason, said.due, form.marks)
    elif said.due is None:
        raise UserError("Choose a day.", field="due")
    elif form.what == "offer":
        change = await service.offer(actor, form.action, said.due, said.reason, form.marks)
    else:
        change = await service.move(actor, form.action, said.due, said.reason, form.marks)
    await call.settle(card_view(change.card, change))
    await refresh_home(call)


def _asks(what: str) -> Handler:
    """Opens the form with a date and a reason."""

    def view(card: ActionCard) -> View:
        # An old button: what is closed, or answered, is shown as it is now.
        is_over = not card.is_open or (what == "offer" and not card.may_answer)
        return card_view(card) if is_over else CHANGE_ACTION_FORM.view(ChangeForm(card, what))

    return opens(TITLE, str, lambda services: services.action_items.show, view)


LISTENERS = Listeners(
    noun="action",
    actions={
        Action.NEW_ACTION: ACTION_ITEMS.open_form,
        Action.ADD_DRAFT: ACTION_ITEMS.press(lambda services: services.action_items.add),
        Action.CHANGE_DRAFT: ACTION_ITEMS.change_draft,
        Action.MY_ACTIONS: ACTION_ITEMS.lists("mine"),
        Action.TURN_ACTIONS: ACTION_ITEMS.turn_list,
        Action.SORT_ACTIONS: ACTION_ITEMS.turn_list,
        Action.OPEN_ACTION: ACTION_ITEMS.open_card,
        Action.ACTION_HISTORY: ACTION_ITEMS.turn_history,
        Action.ACTION_DONE: ACTION_ITEMS.press(lambda services: services.action_items.complete),
        Action.ACTION_START: ACTION_ITEMS.press(lambda services: services.action_items.start),
        Action.ACTION_MOVE: _asks("move"),
        Action.ACTION_BLOCK: _asks("block"),
        Action.ACTION_CANCEL: ACTION_ITEMS.press(lambda services: services.action_items.cancel),
        Action.ACTION_RENEW: ACTION_ITEMS.press(lambda services: services.action_items.renew),
        Action.ACTION_HELP: get_help,
        Action.ACTION_UNDO: undo,
        Action.ACCEPT_ACTION: ACTION_ITEMS.press(lambda services: services.action_items.accept),
        Action.OFFER_DATE: _asks("offer"),
        Action.DECLINE_ACTION: ACTION_ITEMS.press(lambda services: services.action_items.decline),
    },
    submissions={Submission.NEW_ACTION: submit_new, Submission.CHANGE_ACTION: submit_change},
    searches={
        Search.MEMBER: finds(lambda services: services.action_items.search_members),
        Search.ORGANIZATION: finds(lambda services: services.action_items.search_organizations),
    },
    shortcuts={Shortcut.NEW_ACTION: ACTION_ITEMS.open_form, Shortcut.MESSAGE_TO_ACTION: from_message},
    lines=(
        Line(
            "",
            "your open actions, or the one that you name",
            ACTION_ITEMS.lists("mine"),
            words=("my actions", "actions", "action"),
            takes=show_typed,
            usage="[A-101]",
        ),
        Line(
            "add",
            "a new action; without more, a form opens",
            ACTION_ITEMS.open_form,
            Right.CREATE_ACTION,
            ("add",),
            synonyms=("new", "create"),
            takes=ACTION_ITEMS.add,
            usage="[WHAT @who by DATE in PRIORITY]",
            hint="add Call the college by Fri",
        ),
        ACTION_ITEMS.line(
            "list",
            "one list of actions",
            ACTION_ITEMS.show_list,
            usage="[mine | overdue | PRIORITY | @member | ORGANIZATION]",
        ),
        Line(
            "done",
            "close one",
            ACTION_ITEMS.lists("mine"),
            words=("done",),
            takes=complete_typed,
            usage="[A-101]",
            hint="done A-102",
        ),
        ACTION_ITEMS.line(
            "move",
            "give one another date",
            move_typed,
            usage="A-101 to DATE [because REASON]",
            synonyms=("postpone", "reschedule"),
        ),
        ACTION_ITEMS.line("history", "who changed what of one, and when", ACTION_ITEMS.show_history, usage="A-101"),
    ),
    finds=find_typed,
)
