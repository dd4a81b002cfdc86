"""Members: the list, one person's card, adding and changing them, roles, and stand-ins."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from bot.domain.people import MemberCard
from bot.domain.rights import Right
from bot.domain.typed import Marks
from bot.errors import UserError
from bot.slack import directory
from bot.slack.blocks import kit
from bot.slack.blocks.people import (
    ADD_MEMBER_FORM,
    EDIT_MEMBER_FORM,
    MEMBER_TITLE,
    ROLES_FORM,
    STAND_IN_FORM,
    member_list_message,
    member_message,
    notice_view,
)
from bot.slack.identifiers import Action, Submission
from bot.slack.message import Message, View
from bot.slack.metadata import Marked
from handlers.context import Call, Handler
from handlers.home import refresh_home
from handlers.listeners import Line, Listeners
from handlers.presses import opens, shows
from handlers.rosters import show_saved


async def show_list(call: Call) -> None:
    """Everybody, a page at a time; for those who don't run the coalition their own card."""
    actor = await call.actor()
    if not actor.standing.may(Right.MANAGE_MEMBERS):
        await call.reply(member_message(await call.services.members.card(actor)))
        return
    await call.reply(member_list_message(await call.services.members.page(actor)))


async def turn(call: Call) -> None:
    page = call.pressed(int)
    await call.reply(member_list_message(await call.services.members.page(await call.actor(), page)), replace=True)


async def show_typed(call: Call, typed: str) -> None:
    """ "members add", or the name of one."""
    if typed.casefold() == "add":
        await open_add(call)
        return
    actor = await call.actor()
    key = await call.services.members.find(actor, typed)
    await call.reply(member_message(await call.services.members.card(actor, key)))


async def open_typed_roles(call: Call, typed: str) -> None:
    await call.open("Roles")
    actor = await call.actor()
    card = await call.services.members.card(actor, await call.services.members.find(actor, typed))
    if not card.may_give_roles:
        await call.reply(member_message(card))
        return
    await call.show(ROLES_FORM.view(card))


async def open_add(call: Call) -> None:
    actor = await call.actor()
    actor.require("members.add")
    await call.show(ADD_MEMBER_FORM.view(None))


async def open_typed_stand_in(call: Call, typed: str) -> None:
    """The stand-in of whoever was named; for those who may choose only their own, their own."""
    await call.open("Stand-in")
    actor = await call.actor()
    if not actor.standing.may(Right.MANAGE_MEMBERS):
        await call.show(STAND_IN_FORM.view(await call.services.members.card(actor)))
        return
    card = await call.services.members.card(actor, await call.services.members.find(actor, typed))
    await call.show(STAND_IN_FORM.view(card))


async def submit_add(call: Call) -> None:
    """Adds somebody. Whose account it is only Slack knows, so it is asked after the form was taken."""
    edit = ADD_MEMBER_FORM.read(call.values, access="email_only", timezone=None)
    user_id, actor = edit.account, await call.actor()
    actor.require("members.add")
    if user_id is None:
        card = await call.services.members.add(actor, call.form_key, edit)
        await call.become(member_message(card, f"{card.name} is a member now.").view(MEMBER_TITLE))
        return
    if edit.organization is None and not edit.new_organization:
        raise UserError("Choose an organization, or write the name of a new one below.", field="organization")
    await call.become(View(title=MEMBER_TITLE, close="Close", blocks=(kit.context("Looking this person up …"),)))
    account = await directory.account(call.client, call.team_id, user_id)
    if account is None or account.deactivated:
        words = "That is an app or a deactivated account. Close this and choose a person."
        await call.change_view(notice_view(MEMBER_TITLE, words))
        return
    seen = replace(
        edit,
        name=edit.name or account.name,
        email=edit.email or account.email,
        access=account.access,
        timezone=account.timezone,
    )
    try:
        card = await call.services.members.add(actor, call.form_key, seen, account)
    except UserError as error:
        await call.change_view(notice_view(MEMBER_TITLE, error.message))
        return
    await call.change_view(member_message(card, f"{card.name} is a member now.").view(MEMBER_TITLE))
    await refresh_home(call)


async def submit_edit(call: Call) -> None:
    edit = EDIT_MEMBER_FORM.read(call.values)
    actor, (key, opened) = await call.actor(), _form(call)
    await _saved(call, await call.services.members.edit(actor, key, opened, edit))


async def submit_roles(call: Call) -> None:
    chosen = ROLES_FORM.read(call.values)
    actor, (key, opened) = await call.actor(), _form(call)
    await _saved(call, await call.services.members.set_roles(actor, key, opened, chosen.roles, chosen.co_chairs))


async def submit_stand_in(call: Call) -> None:
    stand_in = STAND_IN_FORM.read(call.values) or None
    actor, (key, opened) = await call.actor(), _form(call)
    await _saved(call, await call.services.members.set_stand_in(actor, key, opened, stand_in))


async def call_back_links(call: Call) -> None:
    """[Call back links], where a mail fell into other hands."""
    key, actor = call.pressed(str), await call.actor()
    name = await call.services.answer_links.call_back(actor, key)
    card = await call.services.members.card(actor, key)
    note = f"The links that {name} got until now open nothing any more. The next mail brings a new one."
    await call.answer(member_message(card, note), MEMBER_TITLE)


async def mail_works(call: Call) -> None:
    """[Mail works again]: what waits for this address goes."""
    key, actor = call.pressed(str), await call.actor()
    card = await call.services.members.mail_works(actor, key)
    await call.services.deliveries.wake_waiting(actor.coalition_id)
    call.services.deliveries.on_change()
    await call.answer(member_message(card, f"Mail goes to {card.name} again."), MEMBER_TITLE)


async def _saved(call: Call, card: MemberCard) -> None:
    await show_saved(call, member_message(card, "Saved.").view(MEMBER_TITLE))


def _opens(title: str, view: Callable[[MemberCard], View | Message]) -> Handler:
    return opens(title, str, lambda services: services.members.card, view)


def _form(call: Call) -> tuple[str, Marks]:
    """Whom a form is about, and the marks that it was opened with."""
    form = call.about(Marked)
    return form.id or "", form.marks


LISTENERS = Listeners(
    noun="coalition",
    actions={
        Action.TURN_MEMBERS: turn,
        Action.OPEN_MEMBER: _opens(MEMBER_TITLE, member_message),
        Action.ADD_MEMBER: open_add,
        Action.EDIT_MEMBER: _opens("Edit member", EDIT_MEMBER_FORM.view),
        Action.GIVE_ROLES: _opens("Roles", ROLES_FORM.view),
        Action.CALL_BACK_LINKS: call_back_links,
        Action.MAIL_WORKS: mail_works,
        Action.CHANGE_STAND_IN: _opens("Stand-in", STAND_IN_FORM.view),
    },
    submissions={
        Submission.MEMBER_ADD: submit_add,
        Submission.MEMBER_EDIT: submit_edit,
        Submission.MEMBER_ROLES: submit_roles,
        Submission.STAND_IN: submit_stand_in,
    },
    lines=(
        Line(
            "members",
            "everybody, or the one whom you name; “members add” adds somebody",
            show_list,
            Right.MANAGE_MEMBERS,
            ("members", "people"),
            takes=show_typed,
            usage="[NAME | add]",
        ),
        Line(
            "roles",
            "who has which part, and giving it",
            show_list,
            Right.CONFIGURE,
            takes=open_typed_roles,
            usage="[NAME]",
        ),
        Line(
            "stand-in",
            "who stands in for you",
            shows("Stand-in", lambda services: services.members.card, STAND_IN_FORM.view),
            words=("stand-in", "my stand-in"),
            takes=open_typed_stand_in,
            opens_modal=True,
            synonyms=("delegate",),
        ),
    ),
)
