"""Organizations: the list, a card, adding and changing one."""

from __future__ import annotations

from bot.domain.form_answers import Mistakes
from bot.domain.rights import Right
from bot.errors import UserError
from bot.slack.blocks.organizations import (
    ADD_TITLE,
    EDIT_TITLE,
    TITLE,
    organization_form_view,
    organization_list_message,
    organization_message,
    organization_view,
)
from bot.slack.forms import read_answers, read_choices
from bot.slack.identifiers import Action, Submission
from bot.slack.message import View
from bot.slack.metadata import OUT_OF_DATE, decode_id, decode_marked
from handlers.context import Call
from handlers.errors import show_mistakes
from handlers.home import refresh_home
from handlers.listeners import Line, Listeners


async def show_list(call: Call) -> None:
    """Every organization, a page at a time."""
    await call.reply(organization_list_message(await call.services.organizations.page(await call.actor())))


async def turn(call: Call) -> None:
    page = decode_id(call.action.get("value"))
    found = await call.services.organizations.page(await call.actor(), page)
    await call.reply(organization_list_message(found), replace=True)


async def show_typed(call: Call, typed: str) -> None:
    """ "organizations add", "organizations edit NAME", or a name."""
    verb, _, name = typed.partition(" ")
    if verb.casefold() == "add" and not name:
        await open_add(call)
    elif verb.casefold() == "edit" and name:
        await _open_form(call, EDIT_TITLE, name.strip())
    else:
        await call.reply(organization_message(await call.services.organizations.card(await call.actor(), typed)))


async def open_card(call: Call) -> None:
    await call.open(TITLE)
    await call.show(organization_view(await call.services.organizations.card(await call.actor(), _value(call))))


async def open_add(call: Call) -> None:
    await _open_form(call, ADD_TITLE, None)


async def open_edit(call: Call) -> None:
    await _open_form(call, EDIT_TITLE, _value(call))


async def _open_form(call: Call, title: str, typed: str | None) -> None:
    await call.open(title)
    await call.show(organization_form_view(await call.services.organizations.form(await call.actor(), typed)))


async def submit(call: Call) -> None:
    """The form of an organization was sent."""
    key, opened = decode_marked(str(call.view.get("private_metadata") or ""))
    values = call.view["state"]["values"]
    answers, contacts = read_answers(values), read_choices(values).get("contacts", [])
    actor, service = await call.actor(), call.services.organizations
    try:
        if key is None:
            card = await service.add(actor, form_key(call), answers, contacts)
        else:
            card = await service.edit(actor, key, opened, answers, contacts)
    except Mistakes as mistakes:
        await show_mistakes(call, mistakes.errors)
        return
    await show_saved(call, organization_view(card, f"{card.line.name} is added." if key is None else "Saved."))


async def show_saved(call: Call, view: View) -> None:
    """The card as it is now: below the form where it stood on one, else in the form's place."""
    call.services.deliveries.on_change()
    shown = dict(view.payload())
    below = call.view.get("previous_view_id")
    if below:
        await call.ack()
        await call.client.views_update(view_id=str(below), view=shown)
    else:
        await call.ack(response_action="update", view=shown)
    await refresh_home(call)


def form_key(call: Call) -> str:
    """What tells one opened form from another."""
    return f"{call.team_id}:{call.view['id']}:{call.view['callback_id']}"


def _value(call: Call) -> str:
    found = call.action.get("value")
    if not found:
        raise UserError(OUT_OF_DATE)
    return str(found)


LISTENERS = Listeners(
    actions={
        Action.TURN_ORGANIZATIONS: turn,
        Action.OPEN_ORGANIZATION: open_card,
        Action.ADD_ORGANIZATION: open_add,
        Action.EDIT_ORGANIZATION: open_edit,
    },
    submissions={Submission.ORGANIZATION: submit},
    lines=(
        Line(
            "coalition",
            "organizations",
            "every organization, or the one that you name",
            show_list,
            Right.SEE_OWN,
            ("organizations",),
            takes=show_typed,
            usage="[NAME | add | edit NAME]",
            synonyms=("organization", "orgs"),
        ),
    ),
)
