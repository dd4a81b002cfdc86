"""chat.*: posting, changing, deleting, ephemeral messages, permalinks. Reading is in web_api_conversations."""

from __future__ import annotations

from bot.sandbox.calls import Call, Method
from bot.sandbox.checker import LIMITS
from bot.sandbox.core import BOT_USER_ID
from bot.sandbox.errors import ApiError
from bot.sandbox.limits import check_attachments, check_message_blocks, check_metadata
from bot.sandbox.record import Post
from bot.sandbox.workspace import JSON, Channel, Message


async def post_message(call: Call) -> JSON:
    channel = _destination(call, call.need("channel"))
    _may_post(call, channel)
    content = _content(call)
    metadata = _metadata(call, new=True)
    thread_ts = call.text("thread_ts")
    if thread_ts is not None:
        parent = channel.messages.get(thread_ts)
        if parent is None:
            raise ApiError("thread_not_found")
        thread_ts = parent.thread_ts or parent.ts
    broadcast = call.flag("reply_broadcast") and thread_ts is not None
    message = call.backend.posting.post(
        channel, content.pop("text") or "", thread_ts=thread_ts, broadcast=broadcast, metadata=metadata, **content
    )
    core = call.core
    core.record.posts.append(Post(channel.id, message.ts, metadata, core.clock.now(), message.text, message.thread_ts))
    reply: JSON = {"channel": channel.id, "ts": message.ts, "message": core.message_json(message)}
    if len(str(call.args.get("text") or "")) > LIMITS["message.text.truncated_above"]:
        reply |= {"warning": "message_truncated", "response_metadata": {"warnings": ["message_truncated"]}}
    return reply


async def update(call: Call) -> JSON:
    channel = call.channel(call.need("channel"))
    message = _own_message(call, channel, "cant_update_message")
    content = _content(call, required=False)
    text = content["text"]
    if text is None and content["blocks"] is None and content["attachments"] is None:
        raise ApiError("no_text")
    if text is not None and len(text) > LIMITS["chat.update.text.max"]:
        raise ApiError("msg_too_long")
    call.backend.posting.update(message, metadata=_metadata(call, new=False), **content)
    return {
        "channel": channel.id,
        "ts": message.ts,
        "text": message.text,
        "message": call.core.message_json(message),
    }


async def delete(call: Call) -> JSON:
    channel = call.channel(call.need("channel"))
    message = _own_message(call, channel, "cant_delete_message")
    call.backend.posting.delete(message)
    return {"channel": channel.id, "ts": message.ts}


async def post_ephemeral(call: Call) -> JSON:
    channel = call.channel(call.need("channel"))
    user = call.user(call.need("user"))
    if channel.is_archived:
        raise ApiError("is_archived")
    if BOT_USER_ID not in channel.members:
        raise ApiError("not_in_channel")
    if user.id not in channel.members:
        raise ApiError("user_not_in_channel")
    content = _content(call)
    message = call.backend.posting.ephemeral(
        channel, user.id, content.pop("text") or "", thread_ts=call.text("thread_ts"), **content
    )
    return {"message_ts": message.ts}


async def get_permalink(call: Call) -> JSON:
    channel = call.channel(call.need("channel"))
    message = channel.messages.get(call.need("message_ts"))
    if message is None:
        raise ApiError("message_not_found")
    link = f"https://{call.core.workspace.domain}.slack.com/archives/{channel.id}/p{message.ts.replace('.', '')}"
    if message.is_reply:
        link += f"?thread_ts={message.thread_ts}&cid={channel.id}"
    return {"permalink": link, "channel": channel.id}


def _destination(call: Call, name: str) -> Channel:
    """A channel by id or #name, or a person, whose direct message it then is."""
    workspace = call.core.workspace
    user = workspace.users.get(name)
    if user is not None:
        if user.is_connected and not workspace.shares_channel(user.id, BOT_USER_ID):
            # The app can write to somebody of another workspace only where both share a channel.
            raise ApiError("channel_not_found")
        return call.core.open_im(name)
    if name.startswith("#"):
        named = workspace.channel_called(name)
        if named is None:
            raise ApiError("channel_not_found")
        return call.channel(named.id)
    return call.channel(name)


def _may_post(call: Call, channel: Channel) -> None:
    app = call.core.app
    if channel.is_archived:
        raise ApiError("is_archived")
    if channel.is_read_only:
        raise ApiError("restricted_action_read_only_channel")
    if channel.kind == "im" and not app.messages_tab:
        raise ApiError("messages_tab_disabled")
    if channel.kind == "im" and call.core.workspace.users[channel.user or ""].no_direct_messages:
        raise ApiError("restricted_action")
    anywhere = channel.kind == "public" and "chat:write.public" in app.scopes
    if BOT_USER_ID not in channel.members and not anywhere:
        raise ApiError("not_in_channel")


def _content(call: Call, *, required: bool = True) -> JSON:
    """Text, blocks and attachments, checked."""
    text = call.args.get("text")
    blocks = call.json("blocks", "invalid_blocks_format")
    attachments = call.json("attachments", "invalid_attachments")
    markdown = call.text("markdown_text")
    cards = call.json("contact_cards", "invalid_arguments")
    if isinstance(cards, list) and len(cards) > LIMITS["message.contact_cards.max"]:
        raise ApiError("invalid_arguments", "[ERROR] no more than 10 items allowed [json-pointer:/contact_cards]")
    if markdown is not None:
        if text or blocks:
            raise ApiError("markdown_text_conflict")
        if len(markdown) > LIMITS["message.markdown_text.max"]:
            raise ApiError("msg_too_long")
        text = markdown
    if blocks is not None:
        check_message_blocks(blocks, call.backend.file_usable, call.core.settings.unknown_blocks)
    if attachments is not None:
        check_attachments(attachments)
    if required and not text and not blocks and not attachments:
        raise ApiError("no_text")
    return {"text": None if text is None else str(text), "blocks": blocks, "attachments": attachments}


def _metadata(call: Call, *, new: bool) -> JSON | None:
    metadata = call.json("metadata", "invalid_metadata_format")
    if metadata is None or (metadata == {} and not new):
        # An update with empty metadata takes it away.
        return {} if metadata == {} else None
    return check_metadata(metadata, call.core.settings.metadata_bytes_max)


def _own_message(call: Call, channel: Channel, refusal: str) -> Message:
    message = channel.messages.get(call.need("ts"))
    if message is None:
        raise ApiError("message_not_found")
    if not message.from_bot:
        raise ApiError(refusal)
    if channel.is_archived:
        raise ApiError("is_archived")
    return message


METHODS: dict[str, Method] = {
    "chat.postMessage": Method(post_message, ("chat:write",), 4),
    "chat.update": Method(update, ("chat:write",), 3),
    "chat.delete": Method(delete, ("chat:write",), 3),
    "chat.postEphemeral": Method(post_ephemeral, ("chat:write",), 4),
    "chat.getPermalink": Method(get_permalink),
}
