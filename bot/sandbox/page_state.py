"""What the page shows, as JSON: its state, messages, views. The contract is in page_api."""

from __future__ import annotations

from bot.sandbox.calls import Backend
from bot.sandbox.canvases import standing_in
from bot.sandbox.core import BOT_ID, BOT_USER_ID, Core
from bot.sandbox.shapes import file_json
from bot.sandbox.views import View
from bot.sandbox.workspace import JSON, Channel, Message, StoredFile, User


def state(backend: Backend, me: User) -> JSON:
    """Everything about the workspace that `me` can see."""
    core = backend.core
    workspace, app = core.workspace, core.app
    core.open_im(me.id)
    # Slack Connect brings somebody in without the app's commands and shortcuts: only what works is offered.
    commands = {} if me.is_connected else app.commands
    shortcuts = {} if me.is_connected else app.shortcuts
    return {
        "me": me.id,
        "team": {"id": workspace.team_id, "name": workspace.name},
        "app": {
            "name": app.bot_name,
            "app_id": app.app_id,
            "bot_user_id": BOT_USER_ID,
            "connections": backend.delivery.ways,
        },
        "users": [_user(user) for user in workspace.users.values() if not user.is_bot and not user.deleted],
        "channels": [_channel(core, channel, me) for channel in _visible(core, me)],
        "commands": [
            {
                "command": name,
                "description": command.get("description", ""),
                "usage_hint": command.get("usage_hint", ""),
            }
            for name, command in commands.items()
        ],
        "shortcuts": [
            {
                "name": shortcut["name"],
                "callback_id": callback_id,
                "type": shortcut["type"],
                "description": shortcut.get("description", ""),
            }
            for callback_id, shortcut in shortcuts.items()
        ],
        "clock": core.clock.state(core.settings.zone),
        "guide": list(core.settings.guide),
    }


def messages(core: Core, me: User, channel: Channel, thread_ts: str | None) -> JSON:
    """A channel's messages or one thread's, the person's ephemeral ones among them, oldest first."""
    if thread_ts is None:
        shown = list(channel.top_level())
    else:
        parent = channel.messages.get(thread_ts)
        shown = [*([parent] if parent else []), *channel.replies(thread_ts)]
    # An ephemeral message shows where it was put: in the channel, or in its thread only.
    shown += [m for m in channel.ephemerals if m.ephemeral_to == me.id and m.thread_ts == thread_ts]
    return {"messages": [_message(core, channel, m) for m in sorted(shown, key=lambda m: m.ts)]}


def view(backend: Backend, one: View) -> JSON:
    """A view with addresses for its pictures."""
    shown = backend.views.view_json(one)
    return {**shown, "blocks": _with_pictures(backend.core, shown["blocks"])}


def file(core: Core, stored: StoredFile) -> JSON:
    """A file with its address on this server."""
    return file_json(stored, core.base_url)


def canvas(core: Core, me: User, channel: Channel, canvas_id: str) -> JSON:
    """A canvas as somebody who sees its channel reads it; None where it is gone."""
    found = next((one for one in standing_in(core, channel) if one.id == canvas_id), None)
    if found is None:
        return {"canvas": None}
    shown: JSON = {"id": found.id, "title": found.title, "markdown": found.markdown, "by": _name(core, found.user)}
    shown["edited_by"] = _name(core, found.edited_by) if found.edited_by is not None else None
    shown["may_write"] = me.id in channel.members and (found.access == "write" or found.user == me.id)
    return {"canvas": shown}


def _name(core: Core, user_id: str) -> str:
    return core.workspace.users[user_id].real_name


def _visible(core: Core, me: User) -> list[Channel]:
    found = []
    for channel in core.workspace.channels.values():
        mine = channel.user == me.id if channel.kind == "im" else me.id in core.workspace.audience(channel)
        if mine:
            found.append(channel)
    return found


def _channel(core: Core, channel: Channel, me: User) -> JSON:
    read = channel.last_read.get(me.id, "")
    top = list(channel.top_level())
    return {
        "id": channel.id,
        "name": channel.name,
        "kind": channel.kind,
        "is_member": me.id in channel.members,
        "is_archived": channel.is_archived,
        "user": channel.user,
        "topic": channel.topic,
        "unread": sum(m.ts > read and m.user != me.id for m in top),
        "last_ts": top[-1].ts if top else None,
        "canvases": [{"id": one.id, "title": one.title} for one in standing_in(core, channel)],
    }


def _user(user: User) -> JSON:
    return {
        "id": user.id,
        "name": user.name,
        "real_name": user.real_name,
        "tz": user.tz,
        "kind": user.kind,
        "team_id": user.team_id,
        "team_name": user.team_name,
        "title": user.title,
    }


def _message(core: Core, channel: Channel, message: Message) -> JSON:
    author = core.workspace.users[message.user]
    return {
        "ts": message.ts,
        "user": message.user,
        **({"bot_id": BOT_ID} if message.from_bot else {}),
        "username": author.real_name,
        "text": message.text,
        "blocks": _with_pictures(core, message.blocks or []),
        "thread_ts": message.thread_ts,
        "reply_count": len(channel.replies(message.ts)),
        "edited": message.edited,
        "ephemeral": message.ephemeral_to is not None,
        "files": [file(core, stored) for stored in message.files],
        "subtype": message.subtype,
    }


def _with_pictures(core: Core, blocks: list[JSON]) -> list[JSON]:
    """Blocks in which an image of an uploaded file has an `image_url` that the page can load."""
    return [_with_picture(core, block) for block in blocks]


def _with_picture(core: Core, block: JSON) -> JSON:
    shown = dict(block)
    slack_file = shown.get("slack_file")
    if isinstance(slack_file, dict):
        stored = core.workspace.files.get(slack_file.get("id", ""))
        address = slack_file.get("url") if stored is None else file(core, stored)["url_private"]
        shown["image_url"] = address
    if isinstance(shown.get("accessory"), dict):
        shown["accessory"] = _with_picture(core, shown["accessory"])
    if shown.get("type") == "context":
        shown["elements"] = [_with_picture(core, element) for element in shown["elements"]]
    return shown
