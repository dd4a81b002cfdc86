"""Groups: the list, a card, adding and changing one."""

from __future__ import annotations

from bot.domain.form_answers import Mistakes
from bot.domain.rights import Right
from bot.errors import UserError
from bot.slack.blocks.groups import (
    ADD_TITLE,
    EDIT_TITLE,
    TITLE,
    group_form_view,
    group_list_message,
    group_message,
    group_view,
)
from bot.slack.forms import read_answers, read_choices
from bot.slack.identifiers import Action, Submission
from bot.slack.metadata import OUT_OF_DATE, decode_id, decode_marked
from handlers.context import Call
from handlers.errors import show_mistakes
from handlers.listeners import Line, Listeners
from handlers.organizations import form_key, show_saved


async def show_list(call: Call) -> None:
    """Every group, a page at a time."""
    await call.reply(group_list_message(await call.services.groups.page(await call.actor())))


async def turn(call: Call) -> None:
    page = decode_id(call.action.get("value"))
    found = await call.services.groups.page(await call.actor(), page)
    await call.reply(group_list_message(found), replace=True)


async def show_typed(call: Call, typed: str) -> None:
    """ "groups add", "groups edit NAME", or a name."""
    verb, _, name = typed.partition(" ")
    if verb.casefold() == "add" and not name:
        await open_add(call)
    elif verb.casefold() == "edit" and name:
        await _open_form(call, EDIT_TITLE, name.strip())
    else:
        await call.reply(group_message(await call.services.groups.card(await call.actor(), typed)))


async def open_card(call: Call) -> None:
    await call.open(TITLE)
    await call.show(group_view(await call.services.groups.card(await call.actor(), _value(call))))


async def open_add(call: Call) -> None:
    await _open_form(call, ADD_TITLE, None)


async def open_edit(call: Call) -> None:
    await _open_form(call, EDIT_TITLE, _value(call))


async def _open_form(call: Call, title: str, typed: str | None) -> None:
    await call.open(title)
    await call.show(group_form_view(await call.services.groups.form(await call.actor(), typed)))


async def submit(call: Call) -> None:
    """The form of a group was sent."""
    key, opened = decode_marked(str(call.view.get("private_metadata") or ""))
    values = call.view["state"]["values"]
    answers, members = read_answers(values), read_choices(values).get("members", [])
    actor, service = await call.actor(), call.services.groups
    try:
        if key is None:
            card = await service.add(actor, form_key(call), answers, members)
        else:
            card = await service.edit(actor, key, opened, answers, members)
    except Mistakes as mistakes:
        await show_mistakes(call, mistakes.errors)
        return
    await show_saved(call, group_view(card, f"{card.line.name} is added." if key is None else "Saved."))


def _value(call: Call) -> str:
    found = call.action.get("value")
    if not found:
        raise UserError(OUT_OF_DATE)
    return str(found)


LISTENERS = Listeners(
    actions={
        Action.TURN_GROUPS: turn,
        Action.OPEN_GROUP: open_card,
        Action.ADD_GROUP: open_add,
        Action.EDIT_GROUP: open_edit,
    },
    submissions={Submission.GROUP: submit},
    lines=(
        Line(
            "coalition",
            "groups",
            "every group, or the one that you name",
            show_list,
            Right.SEE_OWN,
            ("groups",),
            takes=show_typed,
            usage="[NAME | add | edit NAME]",
            synonyms=("group",),
        ),
    ),
)
