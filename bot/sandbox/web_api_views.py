"""views.* and blocks.validate. What a person then does in a view is in interactions and submissions."""

from __future__ import annotations

from typing import Any

from bot.sandbox.calls import Call, Method
from bot.sandbox.core import BOT_USER_ID
from bot.sandbox.errors import ApiError
from bot.sandbox.limits import check_message_blocks, check_view, view_problems
from bot.sandbox.workspace import JSON


async def open_view(call: Call) -> JSON:
    body = _body(call, home=False)
    user = call.core.triggers.exchange(call.need("trigger_id"))
    return _reply(call, call.backend.views.open(user, body))


async def push(call: Call) -> JSON:
    body = _body(call, home=False)
    user = call.core.triggers.exchange(call.need("trigger_id"))
    return _reply(call, call.backend.views.push(user, body))


async def update(call: Call) -> JSON:
    """views.update, by view_id or external_id."""
    view_id, external_id = call.text("view_id"), call.text("external_id")
    if view_id is None and external_id is None:
        raise ApiError("invalid_arguments", "[ERROR] missing required field: view_id or external_id")
    view = call.backend.views.get(view_id, external_id)
    if view is None:
        raise ApiError("not_found")
    body = _body(call, home=view.is_home)
    return _reply(call, call.backend.views.update(view, body, call.text("hash")))


async def publish(call: Call) -> JSON:
    if not call.core.app.home_tab:
        raise ApiError("not_enabled")
    user = call.core.workspace.users.get(call.need("user_id"))
    if user is None or user.id == BOT_USER_ID:
        raise ApiError("user_not_found")
    body = _body(call, home=True)
    return _reply(call, call.backend.views.publish(user.id, body, call.text("hash")))


async def validate(call: Call) -> JSON:
    """blocks.validate: one of `blocks`, `message` or `view`."""
    blocks = call.json("blocks", "invalid_blocks_format")
    message = call.json("message", "invalid_arguments")
    view = call.json("view", "invalid_arguments")
    if sum(given is not None for given in (blocks, message, view)) != 1:
        raise ApiError("invalid_arguments", "[ERROR] must provide one of blocks, message, view")
    if view is not None:
        if not isinstance(view, dict):
            raise ApiError("invalid_arguments", "[ERROR] failed to parse view [json-pointer:/view]")
        problems = view_problems(view, call.backend.file_usable, home=view.get("type") == "home")
        if problems:
            raise ApiError("invalid_blocks", *problems)
    else:
        check_message_blocks(
            blocks if message is None else message.get("blocks", []) if isinstance(message, dict) else message,
            call.backend.file_usable,
            call.core.settings.unknown_blocks,
        )
    return {}


def _body(call: Call, *, home: bool) -> JSON:
    view = call.json("view", "invalid_arguments")
    if view is None:
        raise ApiError("invalid_arguments", "[ERROR] missing required field: view")
    return check_view(view, call.backend.file_usable, home=home)


def _reply(call: Call, view: Any) -> JSON:
    return {"view": call.backend.views.view_json(view)}


METHODS: dict[str, Method] = {
    "views.open": Method(open_view, tier=4),
    "views.push": Method(push, tier=4),
    "views.update": Method(update, tier=4),
    "views.publish": Method(publish, tier=4),
    "blocks.validate": Method(validate, open=True),
}
