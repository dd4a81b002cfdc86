"""Messages coming into being, changing and going: state, events to the app, word to the page. No checks."""

from __future__ import annotations

import time
import uuid

from bot.sandbox.core import BOT_USER_ID, Core
from bot.sandbox.delivery import Delivery
from bot.sandbox.forms import with_ids
from bot.sandbox.limits import truncated
from bot.sandbox.workspace import JSON, Channel, Message, StoredFile

SUBSCRIPTIONS = {"im": "message.im", "public": "message.channels", "private": "message.groups"}
CHANNEL_TYPES = {"im": "im", "public": "channel", "private": "group"}
EPHEMERALS_KEPT = 500
NOT_IN_EVENTS = frozenset({"app_id"})
NOT_IN_CHANGES = frozenset({"app_id", "metadata", "reply_users"})
"""What a message has in history but not inside an event."""


class Posting:
    """Writes messages into channels."""

    def __init__(self, core: Core, delivery: Delivery) -> None:
        self._core = core
        self._delivery = delivery

    def post(
        self,
        channel: Channel,
        text: str,
        *,
        author: str = BOT_USER_ID,
        blocks: list[JSON] | None = None,
        attachments: list[JSON] | None = None,
        thread_ts: str | None = None,
        broadcast: bool = False,
        metadata: JSON | None = None,
        files: list[StoredFile] | None = None,
    ) -> Message:
        from_bot = author == BOT_USER_ID
        message = Message(
            ts=self._core.clock.next_ts(),
            channel=channel.id,
            user=author,
            text=truncated(text),
            blocks=with_ids(blocks) if blocks else None,
            attachments=attachments,
            from_bot=from_bot,
            thread_ts=thread_ts,
            broadcast=broadcast,
            metadata=metadata,
            files=files or [],
            subtype="thread_broadcast" if broadcast else ("file_share" if files else None),
            visible_at=time.monotonic() + self._core.settings.history_lag_seconds,
            client_msg_id=None if from_bot else str(uuid.uuid4()),
        )
        channel.messages[message.ts] = message
        if thread_ts:
            channel.threads.setdefault(thread_ts, []).append(message.ts)
        if not from_bot:
            channel.last_read[author] = message.ts
        self._send_message_event(channel, message)
        self._tell("message", channel, message)
        return message

    def update(
        self,
        message: Message,
        *,
        text: str | None = None,
        blocks: list[JSON] | None = None,
        attachments: list[JSON] | None = None,
        metadata: JSON | None = None,
    ) -> None:
        """Change a message; what is None stays as it is, an empty list takes blocks away."""
        channel = self._core.workspace.channels[message.channel]
        before = self._told(message, NOT_IN_CHANGES)
        if text is not None:
            message.text = truncated(text)
        if blocks is not None:
            message.blocks = with_ids(blocks)
        if attachments is not None:
            message.attachments = attachments
        if metadata is not None:
            message.metadata = metadata or None
        if message.ephemeral_to is not None:
            self._core.feed.send("ephemeral", self._where(message), [message.ephemeral_to])
            return
        moment = self._core.clock.next_ts()
        message.edited = {"user": message.user, "ts": moment}
        self._send_change(
            channel,
            {
                "subtype": "message_changed",
                "message": self._told(message, NOT_IN_CHANGES),
                "previous_message": before,
            },
            moment,
        )
        self._tell("message_changed", channel, message)

    def delete(self, message: Message) -> None:
        channel = self._core.workspace.channels[message.channel]
        if message.ephemeral_to is not None:
            channel.ephemerals.remove(message)
            self._core.feed.send("message_deleted", self._where(message), [message.ephemeral_to])
            return
        before = self._told(message, NOT_IN_CHANGES)
        del channel.messages[message.ts]
        if message.thread_ts and message.ts in channel.threads.get(message.thread_ts, []):
            channel.threads[message.thread_ts].remove(message.ts)
        self._send_change(
            channel,
            {"subtype": "message_deleted", "deleted_ts": message.ts, "previous_message": before},
            self._core.clock.next_ts(),
        )
        self._tell("message_deleted", channel, message)

    def ephemeral(
        self,
        channel: Channel,
        user: str,
        text: str,
        *,
        blocks: list[JSON] | None = None,
        attachments: list[JSON] | None = None,
        thread_ts: str | None = None,
    ) -> Message:
        """Show a message to one person only; it is in no history."""
        message = Message(
            ts=self._core.clock.next_ts(),
            channel=channel.id,
            user=BOT_USER_ID,
            text=truncated(text),
            blocks=with_ids(blocks) if blocks else None,
            attachments=attachments,
            from_bot=True,
            thread_ts=thread_ts,
            ephemeral_to=user,
        )
        channel.ephemerals.append(message)
        del channel.ephemerals[:-EPHEMERALS_KEPT]
        self._core.feed.send("ephemeral", self._where(message), [user])
        return message

    def _told(self, message: Message, without: frozenset[str]) -> JSON:
        shown = self._core.message_json(message)
        return {key: value for key, value in shown.items() if key not in without}

    def _send_message_event(self, channel: Channel, message: Message) -> None:
        if BOT_USER_ID not in channel.members:
            return
        event: JSON = {
            **self._told(message, NOT_IN_EVENTS),
            "channel": channel.id,
            "event_ts": message.ts,
            "channel_type": CHANNEL_TYPES[channel.kind],
        }
        self._delivery.event(SUBSCRIPTIONS[channel.kind], event, ext_shared=channel.is_ext_shared)
        mentioned = f"<@{BOT_USER_ID}>" in message.text or f"<@{BOT_USER_ID}|" in message.text
        if mentioned and not message.from_bot and channel.kind != "im":
            mention = {k: v for k, v in event.items() if k not in ("channel_type", "metadata", "subtype")}
            self._delivery.event("app_mention", {**mention, "type": "app_mention"}, ext_shared=channel.is_ext_shared)

    def _send_change(self, channel: Channel, change: JSON, moment: str) -> None:
        if BOT_USER_ID not in channel.members:
            return
        event = {
            "type": "message",
            "channel": channel.id,
            "hidden": True,
            "event_ts": moment,
            "ts": moment,
            "channel_type": CHANNEL_TYPES[channel.kind],
            **change,
        }
        self._delivery.event(SUBSCRIPTIONS[channel.kind], event, ext_shared=channel.is_ext_shared)

    def _tell(self, kind: str, channel: Channel, message: Message) -> None:
        self._core.feed.send(kind, self._where(message), self._core.workspace.audience(channel))

    @staticmethod
    def _where(message: Message) -> JSON:
        return {"channel": message.channel, "ts": message.ts, "thread_ts": message.thread_ts}
