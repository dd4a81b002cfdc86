"""Linking people to their Slack accounts, from Home or from a modal of its own."""

from __future__ import annotations

from bot.domain.people import AccountId
from bot.domain.rights import Right
from bot.errors import UserError
from bot.slack.blocks.home import stranger_view
from bot.slack.blocks.people import PEOPLE, link_view, stranger_message
from bot.slack.identifiers import Action
from bot.slack.metadata import AccountLink, ListPages, decode, decode_member
from bot.slack.names import listed
from handlers.context import Call
from handlers.home import refresh_home, show_home
from handlers.listeners import Line, Listeners
from handlers.presses import shows

# The list of those who have no account yet.
link_people = shows("Link people", lambda services: services.people.outside_slack, link_view)


async def turn_people(call: Call) -> None:
    page = call.pressed(ListPages).at.get(PEOPLE, 0)
    found = await call.services.people.outside_slack(await call.actor())
    await call.change_view(link_view(found, page=page))


async def pick_account(call: Call) -> None:
    member = decode_member(str(call.action.get("block_id") or ""))
    user_id = call.action.get("selected_user")
    if isinstance(user_id, str):
        await _link(call, member, AccountId(user_id))


async def link_account(call: Call) -> None:
    """A member was picked for an account that asked to be linked."""
    option = call.action.get("selected_option") or {}
    link = decode(AccountLink, option.get("value"))
    await _link(call, link.member, AccountId.read(link.account))


async def ask_to_be_linked(call: Call) -> None:
    """Somebody whom the bot doesn't know asks the coordinators."""
    await call.ack()
    names = await call.services.link_requests.ask(call.team_id, call.user_id, call.own_team)
    call.services.deliveries.on_change()
    note = f"{listed(names)} {'has' if len(names) == 1 else 'have'} your request. I write to you once you are linked."
    if call.view.get("type") == "home":
        await call.publish_home(stranger_view(names[0], note=note))
    else:
        await call.reply(stranger_message(names[0], note=note), replace=True)


async def _link(call: Call, member: str, asked: AccountId) -> None:
    """Links an account. Which workspace it belongs to only Slack knows, so it is asked first.

    Nothing is claimed to be done before it is: the acknowledgement of a menu shows nothing.
    """
    actor = await call.actor()
    await call.ack()
    account = (await call.client.users_info(user=asked.user_id))["user"]
    if account.get("is_bot"):
        raise UserError("That is an app, not a person. Pick another account.")
    if account.get("deleted"):
        raise UserError("That account is deactivated. Pick another one.")
    team_id = str(account.get("team_id") or call.team_id)
    if asked.team_id not in (None, team_id):
        # Two workspaces may have one id, and it was somebody else who asked.
        raise UserError("Slack shows somebody else under that id. Let whoever asked write to me once more.")
    name = await call.services.people.link(actor, member, team_id, asked.user_id, by="coordinator")
    call.services.deliveries.on_change()
    if call.is_in_modal:
        await call.change_view(link_view(await call.services.people.outside_slack(actor), linked=name))
        await refresh_home(call)
    elif call.view:
        await show_home(call, note=f"Linked: {name}")
    else:
        await refresh_home(call)
    await call.edge.directory_changed(call.team_id)


LISTENERS = Listeners(
    noun="coalition",
    actions={
        Action.LINK_PEOPLE: link_people,
        Action.PICK_ACCOUNT: pick_account,
        Action.TURN_PEOPLE: turn_people,
        Action.LINK_ACCOUNT: link_account,
        Action.ASK_TO_BE_LINKED: ask_to_be_linked,
    },
    lines=(Line("link", "people without an account", link_people, Right.MANAGE_MEMBERS, ("link",), opens_modal=True),),
)
