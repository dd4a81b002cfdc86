"""Linking people to their Slack accounts, from Home or from a modal of its own."""

from __future__ import annotations

from bot.domain.rights import Right
from bot.errors import UserError
from bot.slack.blocks.people import PEOPLE, link_view
from bot.slack.identifiers import Action
from bot.slack.metadata import decode_member, decode_pages
from handlers.context import Call
from handlers.home import show_home
from handlers.listeners import Line, Listeners


async def link_people(call: Call) -> None:
    """Opens the list of those who have no account yet."""
    await call.open("Link people")
    await call.show(link_view(await call.services.people.unreachable(await call.actor())))


async def turn_people(call: Call) -> None:
    page = decode_pages(call.action.get("value")).get(PEOPLE, 0)
    unreachable = await call.services.people.unreachable(await call.actor())
    await call.change_view(link_view(unreachable, page=page))


async def pick_account(call: Call) -> None:
    """Links the picked account. Which workspace it belongs to only Slack knows, so it is asked first.

    Nothing is claimed to be done before it is: the acknowledgement of a menu shows nothing.
    """
    member = decode_member(str(call.action.get("block_id") or ""))
    user_id = call.action.get("selected_user")
    actor = await call.actor()
    await call.ack()
    if not isinstance(user_id, str):
        return
    account = (await call.client.users_info(user=user_id))["user"]
    if account.get("is_bot"):
        raise UserError("That is an app, not a person. Pick another account.")
    if account.get("deleted"):
        raise UserError("That account is deactivated. Pick another one.")
    team_id = str(account.get("team_id") or call.team_id)
    name = await call.services.people.link(actor, member, team_id, user_id, by="coordinator")
    call.services.deliveries.on_change()
    if call.is_in_modal:
        await call.change_view(link_view(await call.services.people.unreachable(actor), linked=name))
        await show_home(call)
    else:
        await show_home(call, note=f"Linked: {name}")
    await call.edge.directory_changed()


LISTENERS = Listeners(
    actions={
        Action.LINK_PEOPLE: link_people,
        Action.PICK_ACCOUNT: pick_account,
        Action.TURN_PEOPLE: turn_people,
    },
    lines=(
        Line(
            "coalition",
            "link",
            "people without an account",
            link_people,
            Right.MANAGE_MEMBERS,
            ("link",),
            opens_modal=True,
        ),
    ),
)
