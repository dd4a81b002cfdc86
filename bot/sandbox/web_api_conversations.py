"""conversations.* and users.conversations: which there are, who is in them, what they hold. No posting."""

from __future__ import annotations

import time
from functools import partial

from bot.sandbox.calls import Call, Method, page, read_cursor, write_cursor
from bot.sandbox.canvases import canvas_tabs
from bot.sandbox.checker import LIMITS
from bot.sandbox.core import BOT_USER_ID
from bot.sandbox.errors import ApiError
from bot.sandbox.people import send_joined
from bot.sandbox.shapes import channel_json
from bot.sandbox.workspace import JSON, Channel, Message

KIND_OF_TYPE = {"public_channel": "public", "private_channel": "private", "im": "im"}
SCOPE_PREFIX = {"public": "channels", "private": "groups", "im": "im"}


async def open_conversation(call: Call) -> JSON:
    """conversations.open: the direct message with one person."""
    known = call.text("channel")
    if known is not None:
        channel = call.channel(known)
        return {"channel": {"id": channel.id}, "no_op": True, "already_open": True}
    named = call.text("users")
    if named is None:
        raise ApiError("users_list_not_supplied")
    people = [name.strip() for name in named.split(",") if name.strip()]
    if len(people) != 1:
        # Direct messages with several people are left out of this sandbox.
        raise ApiError("method_not_supported_for_channel_type")
    user = call.user(people[0])
    if user.id == BOT_USER_ID:
        raise ApiError("cannot_dm_bot")
    if user.is_connected and not call.core.workspace.shares_channel(user.id, BOT_USER_ID):
        raise ApiError("user_not_visible")
    before = call.core.workspace.im_with(user.id)
    if before is None and user.deleted:
        raise ApiError("user_disabled")
    if user.no_direct_messages:
        raise ApiError("restricted_action")
    channel = call.core.open_im(user.id)
    reply: JSON = {"channel": {"id": channel.id}}
    if before is not None:
        reply |= {"no_op": True, "already_open": True}
    if call.flag("return_im"):
        reply["channel"] = {
            "id": channel.id,
            "created": channel.created,
            "is_im": True,
            "is_org_shared": False,
            "user": user.id,
            "is_open": True,
        }
    return reply


async def info(call: Call) -> JSON:
    channel = call.channel(call.need("channel"))
    call.need_scope(f"{SCOPE_PREFIX[channel.kind]}:read")
    shown = _shown(call, channel, in_list=False, num_members=call.flag("include_num_members"))
    tabs = canvas_tabs(call.core, channel)
    # Without a tab Slack leaves the list out.
    return {"channel": {**shown, "properties": {"tabs": tabs}} if tabs else shown}


async def members(call: Call) -> JSON:
    channel = call.channel(call.need("channel"))
    call.need_scope(f"{SCOPE_PREFIX[channel.kind]}:read")
    some, cursor = page(channel.members, call, 100, 1000)
    return {"members": list(some), "response_metadata": {"next_cursor": cursor}}


async def join(call: Call) -> JSON:
    """conversations.join: public channels only."""
    channel = call.channel(call.need("channel"))
    if channel.kind != "public":
        raise ApiError("method_not_supported_for_channel_type")
    if channel.is_archived:
        raise ApiError("is_archived")
    reply: JSON = {}
    if BOT_USER_ID in channel.members:
        reply = {"warning": "already_in_channel", "response_metadata": {"warnings": ["already_in_channel"]}}
    else:
        channel.members.append(BOT_USER_ID)
        send_joined(call.core, call.backend.delivery, BOT_USER_ID, channel)
        call.core.feed.send("state")
    return {"channel": _shown(call, channel, in_list=False, num_members=False), **reply}


async def history(call: Call) -> JSON:
    """conversations.history: newest first, without replies that were not broadcast."""
    channel = _readable(call)
    found = [m for m in channel.top_level() if _visible(m)]
    found = _within(call, found)
    some, more = _page_back(call, found[::-1], _history_limit(call))
    reply: JSON = {
        "messages": [_message(call, m) for m in some],
        "has_more": more is not None,
        "pin_count": 0,
        "channel_actions_ts": None,
        "channel_actions_count": 0,
    }
    if more is not None:
        reply["response_metadata"] = {"next_cursor": more}
    return reply


async def replies(call: Call) -> JSON:
    """conversations.replies: the parent, then its replies, oldest first."""
    channel = _readable(call)
    ts = call.need("ts")
    asked = channel.messages.get(ts)
    if asked is None or not _visible(asked):
        raise ApiError("thread_not_found")
    parent = channel.messages.get(asked.thread_ts or ts, asked)
    below = _within(call, [m for m in channel.replies(parent.ts) if _visible(m)])
    below.sort(key=lambda m: m.ts)
    after = read_cursor(call, "next_ts")
    if after is not None:
        below = [m for m in below if m.ts > after]
    size = _history_limit(call)
    some = below[: max(size - 1, 1)]
    reply: JSON = {
        "messages": [_message(call, m) for m in [parent, *some]],
        "has_more": len(some) < len(below),
    }
    if reply["has_more"]:
        reply["response_metadata"] = {"next_cursor": write_cursor("next_ts", some[-1].ts)}
    return reply


async def _list(call: Call, *, member_only: bool) -> JSON:
    """conversations.list, and users.conversations: those that the app (or `user`, as far as the app sees) is in."""
    types = [t.strip() for t in (call.text("types") or "public_channel").split(",")]
    kinds = [KIND_OF_TYPE[t] for t in types if t in KIND_OF_TYPE]
    if any(t not in KIND_OF_TYPE and t != "mpim" for t in types):
        raise ApiError("invalid_types")
    for kind in kinds:
        call.need_scope(f"{SCOPE_PREFIX[kind]}:read")
    person = (call.text("user") or BOT_USER_ID) if member_only else BOT_USER_ID
    if person != BOT_USER_ID:
        call.user(person)
    without_archived = call.flag("exclude_archived")
    found = [
        channel
        for channel in call.core.workspace.channels.values()
        if channel.kind in kinds
        and (channel.kind == "public" or BOT_USER_ID in channel.members)
        and (not member_only or person in channel.members)
        and not (without_archived and channel.is_archived)
    ]
    some, cursor = page(found, call, 100, 1000)
    shown = [_shown(call, c, in_list=True, num_members=not member_only) for c in some]
    if member_only:
        for conversation in shown:
            conversation.pop("is_member", None)
    return {"channels": shown, "response_metadata": {"next_cursor": cursor}}


def _shown(call: Call, channel: Channel, *, in_list: bool, num_members: bool) -> JSON:
    return channel_json(channel, call.core.workspace, BOT_USER_ID, in_list=in_list, num_members=num_members)


def _readable(call: Call) -> Channel:
    channel = call.channel(call.need("channel"))
    call.need_scope(f"{SCOPE_PREFIX[channel.kind]}:history")
    if BOT_USER_ID not in channel.members:
        raise ApiError("not_in_channel")
    return channel


def _visible(message: Message) -> bool:
    return time.monotonic() >= message.visible_at


def _history_limit(call: Call) -> int:
    most = LIMITS["conversations.history.limit.max"]
    if call.core.settings.nonmarketplace_history:
        most = LIMITS["conversations.history.limit.nonmarketplace"]
    return call.limit(100, most)


def _within(call: Call, found: list[Message]) -> list[Message]:
    """Those between `oldest` and `latest`, ends only where `inclusive`."""
    oldest, latest, inclusive = _moment(call, "oldest"), _moment(call, "latest"), call.flag("inclusive")
    if oldest is not None:
        found = [m for m in found if _micros(m.ts) > oldest or (inclusive and _micros(m.ts) == oldest)]
    if latest is not None:
        found = [m for m in found if _micros(m.ts) < latest or (inclusive and _micros(m.ts) == latest)]
    return found


def _moment(call: Call, name: str) -> int | None:
    value = call.text(name)
    if value is None or value == "0" or value == "now":
        return None
    try:
        return _micros(value)
    except ValueError:
        raise ApiError(f"invalid_ts_{name}") from None


def _micros(ts: str) -> int:
    """A timestamp without the rounding of a float, which cannot hold its microseconds."""
    seconds, _, rest = ts.partition(".")
    return int(seconds) * 1_000_000 + int((rest + "000000")[:6])


def _page_back(call: Call, newest_first: list[Message], size: int) -> tuple[list[Message], str | None]:
    before = read_cursor(call, "next_ts")
    if before is not None:
        newest_first = [m for m in newest_first if _micros(m.ts) < _micros(before)]
    some = newest_first[:size]
    more = len(newest_first) > size
    return some, write_cursor("next_ts", some[-1].ts) if more else None


def _message(call: Call, message: Message) -> JSON:
    return call.core.message_json(message, all_metadata=call.flag("include_all_metadata"))


READ = ("channels:read", "groups:read", "im:read", "mpim:read")
HISTORY = ("channels:history", "groups:history", "im:history", "mpim:history")

METHODS: dict[str, Method] = {
    "conversations.open": Method(open_conversation, ("im:write", "mpim:write"), 3),
    "conversations.info": Method(info, READ, 3),
    "conversations.list": Method(partial(_list, member_only=False), READ, 2),
    "conversations.members": Method(members, READ, 4),
    "conversations.join": Method(join, ("channels:join",), 3),
    "conversations.history": Method(history, HISTORY, 3),
    "conversations.replies": Method(replies, HISTORY, 3),
    "users.conversations": Method(partial(_list, member_only=True), READ, 3),
}
