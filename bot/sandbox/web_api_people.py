"""Users, team, bot, tokens: users.*, team.info, bots.info, auth.test, api.test, apps.connections.open."""

from __future__ import annotations

from bot.sandbox.calls import Call, Method, page
from bot.sandbox.core import BOT_ID, BOT_USER_ID
from bot.sandbox.errors import ApiError
from bot.sandbox.workspace import JSON


async def api_test(call: Call) -> JSON:
    """api.test: returns the arguments, or the error asked for."""
    wanted = call.text("error")
    if wanted is not None:
        raise ApiError(wanted)
    return {"args": call.args} if call.args else {}


async def auth_test(call: Call) -> JSON:
    workspace = call.core.workspace
    return {
        "url": f"https://{workspace.domain}.slack.com/",
        "team": workspace.name,
        "user": workspace.users[BOT_USER_ID].name,
        "team_id": workspace.team_id,
        "user_id": BOT_USER_ID,
        "bot_id": BOT_ID,
        "is_enterprise_install": False,
    }


async def connections_open(call: Call) -> JSON:
    """apps.connections.open: a web socket address on the host the bot talks to already."""
    return {"url": call.backend.delivery.sockets.new_url(call.host)}


async def bots_info(call: Call) -> JSON:
    """bots.info: this app's bot only."""
    if (call.text("bot") or BOT_ID) != BOT_ID:
        raise ApiError("bot_not_found")
    app = call.core.app
    return {
        "bot": {
            "id": BOT_ID,
            "deleted": False,
            "name": app.bot_name,
            "updated": 0,
            "app_id": app.app_id,
            "user_id": BOT_USER_ID,
            "icons": {},
        }
    }


async def team_info(call: Call) -> JSON:
    workspace = call.core.workspace
    address = f"https://{workspace.domain}.slack.com/"
    return {
        "team": {
            "id": workspace.team_id,
            "name": workspace.name,
            "domain": workspace.domain,
            "email_domain": "",
            "icon": {},
            "url": address,
        }
    }


async def users_info(call: Call) -> JSON:
    user = call.user(call.need("user"))
    return {"user": call.core.user_json(user, with_locale=call.flag("include_locale"))}


async def users_list(call: Call) -> JSON:
    """users.list: the workspace's own people, and connected ones who share a channel with the app."""
    workspace, core = call.core.workspace, call.core
    found = [
        user
        for user in workspace.users.values()
        if not user.is_connected or workspace.shares_channel(user.id, BOT_USER_ID)
    ]
    some, cursor = page(found, call, len(found) or 1, 1000)
    shown = [core.user_json(user, with_locale=call.flag("include_locale"), with_stranger=False) for user in some]
    return {"members": shown, "cache_ts": core.seconds, "response_metadata": {"next_cursor": cursor}}


async def lookup_by_email(call: Call) -> JSON:
    """users.lookupByEmail: never a connected or deactivated person."""
    wanted = call.need("email").strip().lower()
    for user in call.core.workspace.users.values():
        if user.email and user.email.lower() == wanted and not user.is_connected and not user.deleted:
            return {"user": call.core.user_json(user, with_stranger=False)}
    raise ApiError("users_not_found")


METHODS: dict[str, Method] = {
    "api.test": Method(api_test, open=True),
    "auth.test": Method(auth_test),
    "apps.connections.open": Method(connections_open, tier=1, app_level=True),
    "bots.info": Method(bots_info, ("users:read",), 3),
    "team.info": Method(team_info, ("team:read",), 3),
    "users.info": Method(users_info, ("users:read",), 4),
    "users.list": Method(users_list, ("users:read",), 2),
    "users.lookupByEmail": Method(lookup_by_email, ("users:read.email",), 3),
}
