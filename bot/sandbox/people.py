"""What a person does without the app being asked: writing, joining, changing. And changes by an administrator."""

from __future__ import annotations

import re
from typing import Any

from bot.sandbox import canvases
from bot.sandbox.core import BOT_USER_ID, Core
from bot.sandbox.delivery import Delivery
from bot.sandbox.posting import CHANNEL_TYPES, Posting
from bot.sandbox.views import Views
from bot.sandbox.workspace import JSON, Canvas, Channel, Message, StoredFile, User

TOKEN = re.compile(r"<(?:[@#!][^>]+|https?://[^>]+)>|&(?:amp|lt|gt);")
MENTION = re.compile(r"(?<![\w@<])@([\w.\-]*[\w\-])")
CHANNEL = re.compile(r"(?<![\w#<])#([\w\-]+)")


class Refused(Exception):
    """What a person tried is not possible; the words are for that person."""


def send_joined(core: Core, delivery: Delivery, user_id: str, channel: Channel, inviter: str | None = None) -> None:
    """Send `member_joined_channel` where the app is in the channel."""
    if BOT_USER_ID not in channel.members:
        return
    event: JSON = {
        "type": "member_joined_channel",
        "user": user_id,
        "channel": channel.id,
        "channel_type": "C" if channel.kind == "public" else "G",
        "team": core.workspace.users[user_id].team_id,
        "event_ts": core.clock.next_ts(),
    }
    if inviter:
        event["inviter"] = inviter
    delivery.event("member_joined_channel", event, ext_shared=channel.is_ext_shared)


class People:
    """The person's side of the workspace, and the events that follow from it."""

    def __init__(self, core: Core, delivery: Delivery, posting: Posting, views: Views) -> None:
        self._core = core
        self._delivery = delivery
        self._posting = posting
        self._views = views

    def person(self, user_id: str) -> User:
        """Somebody who can act now. Raises Refused."""
        user = self._core.workspace.users.get(user_id)
        if user is None or user.is_bot:
            raise Refused(f"There is no person {user_id}.")
        if user.deleted:
            raise Refused(f"{user.real_name} is deactivated.")
        return user

    def channel_for(self, user: User, channel_id: str) -> Channel:
        """A conversation the person can see. Raises Refused."""
        if channel_id == self._im_id(user):
            return self._core.open_im(user.id)
        channel = self._core.workspace.channels.get(channel_id)
        if channel is None or user.id not in self._core.workspace.audience(channel):
            raise Refused(f"{user.real_name} cannot see {channel_id}.")
        return channel

    def says(
        self,
        user: User,
        channel: Channel,
        text: str,
        thread_ts: str | None = None,
        files: list[StoredFile] | None = None,
    ) -> Message:
        """A person writes. Raises Refused where that is not possible."""
        if channel.is_archived:
            raise Refused("This channel is archived.")
        if channel.kind == "im" and (not self._core.app.messages_tab or self._core.app.messages_tab_read_only):
            raise Refused("Sending messages to this app has been turned off.")
        if user.id not in channel.members:
            raise Refused(f"{user.real_name} is not in #{channel.name}.")
        if thread_ts is not None and thread_ts not in channel.messages:
            raise Refused("That thread is gone.")
        return self._posting.post(channel, self.encoded(text), author=user.id, thread_ts=thread_ts, files=files)

    def encoded(self, text: str) -> str:
        """Typed text as the client sends it: & < > escaped, @name and #name as references.

        References that are already in Slack's form stay as they are.
        """
        parts: list[str] = []
        place = 0
        for token in TOKEN.finditer(text):
            parts += [self._encoded_plain(text[place : token.start()]), token.group()]
            place = token.end()
        parts.append(self._encoded_plain(text[place:]))
        return "".join(parts)

    def open_home(self, user: User) -> None:
        channel = self._core.open_im(user.id)
        event: JSON = {
            "type": "app_home_opened",
            "user": user.id,
            "channel": channel.id,
            "tab": "home",
            "event_ts": self._core.clock.next_ts(),
        }
        home = self._views.home(user.id)
        if home is not None:
            event["view"] = self._views.view_json(home)
        self._delivery.event("app_home_opened", event)

    def add_user(self, name: str, **about: Any) -> User:
        """Somebody joins the workspace: Workspace.add_user and `team_join`."""
        user = self._core.workspace.add_user(name, **about)
        if not user.is_connected:
            event = {"type": "team_join", "user": self._core.user_json(user)}
            self._delivery.event("team_join", event)
        self._core.feed.send("state")
        return user

    def change_user(self, user_id: str, **changes: Any) -> User:
        """Change fields of a user (tz, real_name, email, deleted, kind, …) and send `user_change`."""
        user = self._core.workspace.users[user_id]
        for field, value in changes.items():
            if not hasattr(user, field):
                raise AttributeError(f"A user has no {field}.")
            setattr(user, field, value)
        user.updated = self._core.seconds
        event = {
            "type": "user_change",
            "user": self._core.user_json(user, with_locale=True),
            "cache_ts": self._core.seconds,
        }
        self._delivery.event("user_change", event)
        self._core.feed.send("state")
        return user

    def join(self, user_id: str, channel_id: str, inviter: str | None = None) -> None:
        """Somebody, or the app itself, joins a channel: `member_joined_channel` where the app is in it."""
        channel = self._core.workspace.channels[channel_id]
        if user_id in channel.members:
            return
        channel.members.append(user_id)
        send_joined(self._core, self._delivery, user_id, channel, inviter)
        self._core.feed.send("state")

    def leave(self, user_id: str, channel_id: str) -> None:
        """Somebody, or the app itself, leaves a channel."""
        channel = self._core.workspace.channels[channel_id]
        if user_id not in channel.members:
            return
        channel.members.remove(user_id)
        event = {
            "type": "member_left_channel",
            "user": user_id,
            "channel": channel_id,
            "channel_type": CHANNEL_TYPES[channel.kind][0].upper(),
            "team": self._core.workspace.users[user_id].team_id,
            "event_ts": self._core.clock.next_ts(),
        }
        self._delivery.event("member_left_channel", event, ext_shared=channel.is_ext_shared)
        self._core.feed.send("state")

    def archive(self, channel_id: str, archived: bool = True) -> None:
        """Archive a channel or take it out of the archive."""
        channel = self._core.workspace.channels[channel_id]
        channel.is_archived = archived
        kind = "channel_archive" if archived else "channel_unarchive"
        event = {
            "type": kind,
            "channel": channel_id,
            "user": channel.creator,
            "event_ts": self._core.clock.next_ts(),
        }
        self._delivery.event(kind, event)
        self._core.feed.send("state")

    def make_canvas(self, user: User, channel: Channel, title: str, markdown: str) -> Canvas:
        """Somebody makes a canvas in a channel's tab. Raises Refused."""
        if user.id not in channel.members:
            raise Refused(f"{user.real_name} is not in #{channel.name}.")
        if self._core.settings.is_free_plan and canvases.standing_in(self._core, channel):
            raise Refused("On the free plan a channel has one canvas.")
        return canvases.add_canvas(self._core, channel, title, markdown, user.id)

    def edit_canvas(self, user: User, canvas: Canvas, markdown: str) -> None:
        """Somebody writes in a canvas. Raises Refused."""
        self._may_change(user, canvas)
        canvases.change(self._core, canvas, user.id, markdown=markdown)

    def delete_canvas(self, user: User, canvas: Canvas) -> None:
        """Somebody deletes a canvas: its maker, an administrator, or whoever may write in it. Raises Refused."""
        if not user.is_admin:
            self._may_change(user, canvas)
        canvases.delete(self._core, canvas)

    def _may_change(self, user: User, canvas: Canvas) -> None:
        if canvas.deleted or user.id not in self._core.workspace.channels[canvas.channel].members:
            raise Refused(f"{user.real_name} cannot see this canvas.")
        if canvas.access == "read" and user.id != canvas.user:
            raise Refused("You can only view this canvas.")

    def _im_id(self, user: User) -> str:
        return f"D{user.id[1:]}"

    def _encoded_plain(self, text: str) -> str:
        text = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")

        def person(match: re.Match[str]) -> str:
            user = self._core.workspace.user_called(match.group(1))
            return match.group() if user is None else f"<@{user.id}>"

        def channel(match: re.Match[str]) -> str:
            found = self._core.workspace.channel_called(match.group(1))
            return match.group() if found is None else f"<#{found.id}|{found.name}>"

        return CHANNEL.sub(channel, MENTION.sub(person, text))
