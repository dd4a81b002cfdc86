"""conversations.canvases.create and canvases.*: canvases in channels' tabs, written whole, renamed, deleted, opened to
a channel. Sections are not imitated."""

from __future__ import annotations

from typing import Any

from bot.sandbox import canvases
from bot.sandbox.calls import Call, Method
from bot.sandbox.core import BOT_USER_ID
from bot.sandbox.errors import ApiError
from bot.sandbox.workspace import JSON, Canvas

CREATION_FAILED = "canvas_creation_failed"
EDITING_FAILED = "canvas_editing_failed"
LEVELS = ("read", "write", "owner")


async def create(call: Call) -> JSON:
    """conversations.canvases.create: another tab; on the free plan only where there is none, not even a dead one."""
    channel = call.channel(call.need("channel_id"))
    _require_canvases(call)
    if BOT_USER_ID not in channel.members:
        raise ApiError("not_in_channel")
    if channel.is_archived:
        raise ApiError("is_archived")
    if not call.core.settings.may_make_canvases:
        raise ApiError("restricted_action")
    if call.core.settings.is_free_plan and channel.tabs:
        raise ApiError("free_team_canvas_tab_already_exists")
    content = call.json("document_content", "invalid_arguments")
    markdown = "" if content is None else _markdown(content)
    problem = canvases.trouble_of(markdown)
    if problem is not None:
        raise ApiError(CREATION_FAILED, problem)
    made = canvases.add_canvas(call.core, channel, call.text("title") or "Untitled", markdown, BOT_USER_ID)
    return {"canvas_id": made.id}


async def edit(call: Call) -> JSON:
    """canvases.edit: one change a call."""
    canvas = _canvas(call)
    _require_canvases(call)
    if canvas.user != BOT_USER_ID and canvas.access == "read":
        raise ApiError("restricted_action")
    changes = call.json("changes", "invalid_arguments")
    if not isinstance(changes, list) or len(changes) != 1 or not isinstance(changes[0], dict):
        raise ApiError("invalid_arguments", "[ERROR] only one operation per call is supported")
    change = changes[0]
    operation = change.get("operation")
    if operation == "rename":
        title = _markdown(change.get("title_content"))
        canvases.change(call.core, canvas, BOT_USER_ID, title=title)
        return {}
    if operation != "replace" or "section_id" in change:
        raise ApiError("invalid_arguments", f"[ERROR] {operation} of a section is not imitated here")
    markdown = _markdown(change.get("document_content"))
    problem = canvases.trouble_of(markdown)
    if len(markdown) > call.core.settings.canvas_edit_max:
        problem = "The content is too long for one edit"
    if problem is not None:
        raise ApiError(EDITING_FAILED, problem)
    canvases.change(call.core, canvas, BOT_USER_ID, markdown=markdown)
    return {}


async def delete(call: Call) -> JSON:
    canvas = _canvas(call)
    if canvas.user != BOT_USER_ID:
        raise ApiError("restricted_action")
    canvases.delete(call.core, canvas)
    return {}


async def set_access(call: Call) -> JSON:
    """canvases.access.set, for members of the canvas's channel. Not on the free plan."""
    canvas = _canvas(call)
    _require_canvases(call)
    if call.core.settings.is_free_plan:
        raise ApiError("restricted_action")
    level, channel_ids = call.need("access_level"), call.text("channel_ids")
    if level not in LEVELS or channel_ids is None or call.text("user_ids") is not None:
        raise ApiError("invalid_parameters")
    if level == "owner":
        raise ApiError("invalid_parameters")
    if canvas.user != BOT_USER_ID:
        raise ApiError("restricted_action")
    for channel_id in channel_ids.strip("[]").replace('"', "").split(","):
        call.channel(channel_id.strip())
    canvas.access = level
    canvases.tell(call.core, canvas)
    return {}


def _require_canvases(call: Call) -> None:
    if not call.core.settings.has_canvases:
        raise ApiError("canvas_disabled_user_team")


def _canvas(call: Call) -> Canvas:
    canvas = call.core.workspace.canvases.get(call.need("canvas_id"))
    if canvas is None or canvas.deleted or BOT_USER_ID not in call.core.workspace.channels[canvas.channel].members:
        raise ApiError("canvas_not_found")
    return canvas


def _markdown(content: Any) -> str:
    if not isinstance(content, dict) or content.get("type") != "markdown":
        raise ApiError("invalid_arguments", "[ERROR] must be of type markdown")
    markdown = content.get("markdown")
    if not isinstance(markdown, str):
        raise ApiError("invalid_arguments", "[ERROR] missing required field: markdown")
    return markdown


_WRITE = ("canvases:write",)
METHODS: dict[str, Method] = {
    "conversations.canvases.create": Method(create, _WRITE, 2),
    "canvases.edit": Method(edit, _WRITE, 3),
    "canvases.delete": Method(delete, _WRITE, 3),
    "canvases.access.set": Method(set_access, _WRITE, 3),
}
