"""The workspace's state: people, channels, messages, files, canvases. No wire formats and no permissions of an app."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Self

JSON = dict[str, Any]

KINDS = ("member", "multi_channel_guest", "single_channel_guest", "connected")


@dataclass
class User:
    """A person, or the app's bot user. `kind` is one of KINDS."""

    id: str
    name: str
    real_name: str
    email: str | None
    tz: str
    locale: str
    kind: str
    team_id: str
    team_name: str
    title: str = ""
    deleted: bool = False
    # By a setting of an administrator apps may write to this person in channels only.
    no_direct_messages: bool = False
    is_admin: bool = False
    is_bot: bool = False
    updated: int = 0

    @property
    def is_connected(self) -> bool:
        """Whether the person belongs to another workspace."""
        return self.kind == "connected"


@dataclass
class StoredFile:
    """An uploaded file; usable once `ready_at`, a monotonic moment, is past.

    One that is kept `elsewhere` has its address there and no bytes here; one that has `moved_to` leads there.
    """

    id: str
    name: str
    length: int
    user: str
    created: int
    title: str = ""
    alt_text: str = ""
    content: bytes | None = None
    completed: bool = False
    ready_at: float = 0.0
    mimetype: str = "application/octet-stream"
    channels: list[str] = field(default_factory=list)
    elsewhere: str | None = None
    moved_to: str | None = None


@dataclass
class Canvas:
    """A canvas that is tabbed in a channel. `access` is what members of the channel may do: read or write."""

    id: str
    channel: str
    title: str
    user: str  # who made it
    created: int
    markdown: str = ""
    access: str = "write"
    edits: int = 0
    edited_by: str | None = None
    deleted: bool = False


@dataclass
class Message:
    """One message. `visible_at` is the monotonic moment from which history shows it."""

    ts: str
    channel: str
    user: str
    text: str
    blocks: list[JSON] | None = None
    attachments: list[JSON] | None = None
    from_bot: bool = False
    thread_ts: str | None = None
    broadcast: bool = False
    metadata: JSON | None = None
    files: list[StoredFile] = field(default_factory=list)
    edited: JSON | None = None
    subtype: str | None = None
    ephemeral_to: str | None = None
    visible_at: float = 0.0
    client_msg_id: str | None = None

    @property
    def is_reply(self) -> bool:
        """Whether it sits in a thread below another message."""
        return self.thread_ts is not None and self.thread_ts != self.ts


@dataclass
class Channel:
    """A public or private channel or an `im` between one person and the app."""

    id: str
    name: str
    kind: str
    created: int
    creator: str
    members: list[str] = field(default_factory=list)
    topic: str = ""
    purpose: str = ""
    user: str | None = None
    is_archived: bool = False
    is_general: bool = False
    is_ext_shared: bool = False
    is_read_only: bool = False
    messages: dict[str, Message] = field(default_factory=dict)
    threads: dict[str, list[str]] = field(default_factory=dict)
    ephemerals: list[Message] = field(default_factory=list)
    last_read: dict[str, str] = field(default_factory=dict)
    tabs: list[str] = field(default_factory=list)  # ids of canvases; a tab outlives its canvas

    def replies(self, thread_ts: str) -> list[Message]:
        """The replies below a message, oldest first."""
        return [self.messages[ts] for ts in self.threads.get(thread_ts, []) if ts in self.messages]

    def top_level(self) -> Iterator[Message]:
        """What the channel itself shows: no replies except broadcast ones. Oldest first."""
        return (m for m in self.messages.values() if not m.is_reply or m.broadcast)


class Workspace:
    """One workspace, built by plain calls before the sandbox starts."""

    def __init__(self, name: str = "Sandbox", *, domain: str = "sandbox", team_id: str = "T0SANDBOX") -> None:
        self.name = name
        self.domain = domain
        self.team_id = team_id
        self.users: dict[str, User] = {}
        self.channels: dict[str, Channel] = {}
        self.files: dict[str, StoredFile] = {}
        self.canvases: dict[str, Canvas] = {}
        self._ims: dict[str, str] = {}

    def add_user(
        self,
        name: str,
        *,
        id: str | None = None,
        real_name: str | None = None,
        email: str | None = None,
        tz: str = "UTC",
        locale: str = "en-US",
        kind: str = "member",
        team_id: str | None = None,
        team_name: str | None = None,
        title: str = "",
        deleted: bool = False,
        is_admin: bool = False,
        is_bot: bool = False,
    ) -> User:
        """Add a person. A connected one gets another workspace's team id unless one is given."""
        if kind not in KINDS:
            raise ValueError(f"{kind} is no kind of user; there are {', '.join(KINDS)}.")
        away = kind == "connected"
        user = User(
            id=id or f"U{len(self.users) + 1:07d}",
            name=name,
            real_name=real_name or name,
            email=email,
            tz=tz,
            locale=locale,
            kind=kind,
            team_id=team_id or ("T0ELSEWHERE" if away else self.team_id),
            team_name=team_name or ("Elsewhere" if away else self.name),
            title=title,
            deleted=deleted,
            is_admin=is_admin,
            is_bot=is_bot,
        )
        if user.id in self.users:
            raise ValueError(f"There is already a user {user.id}.")
        self.users[user.id] = user
        return user

    def add_channel(
        self,
        name: str,
        *,
        id: str | None = None,
        private: bool = False,
        members: Iterable[str] = (),
        topic: str = "",
        purpose: str = "",
        is_archived: bool = False,
        is_ext_shared: bool = False,
        is_read_only: bool = False,
        created: int = 1_700_000_000,
    ) -> Channel:
        """Add a channel with its members' ids. The app is a member only if its bot user's id is among them."""
        everybody = list(members)
        channel = Channel(
            id=id or f"C{len(self.channels) + 1:07d}",
            name=name,
            kind="private" if private else "public",
            created=created,
            creator=everybody[0] if everybody else "",
            members=everybody,
            topic=topic,
            purpose=purpose,
            is_archived=is_archived,
            is_general=name == "general",
            is_ext_shared=is_ext_shared,
            is_read_only=is_read_only,
        )
        if channel.id in self.channels:
            raise ValueError(f"There is already a channel {channel.id}.")
        self.channels[channel.id] = channel
        return channel

    def im_with(self, user_id: str) -> Channel | None:
        """The app's direct message with a person, if it was ever opened."""
        im = self._ims.get(user_id)
        return self.channels[im] if im else None

    def open_im(self, user_id: str, bot_user_id: str, created: int) -> Channel:
        """The app's direct message with a person, opened if need be. Its id follows from the person's."""
        found = self.im_with(user_id)
        if found is not None:
            return found
        channel = Channel(
            id=f"D{user_id[1:]}",
            name=user_id,
            kind="im",
            created=created,
            creator=user_id,
            members=[user_id, bot_user_id],
            user=user_id,
        )
        self.channels[channel.id] = channel
        self._ims[user_id] = channel.id
        return channel

    def channel_called(self, name: str) -> Channel | None:
        """The channel of that name, with or without its #."""
        wanted = name.removeprefix("#")
        return next((c for c in self.channels.values() if c.kind != "im" and c.name == wanted), None)

    def user_called(self, name: str) -> User | None:
        """The person or bot of that name, with or without its @."""
        wanted = name.removeprefix("@").lower()
        return next((u for u in self.users.values() if u.name.lower() == wanted), None)

    def shares_channel(self, user_id: str, with_user: str) -> bool:
        """Whether two users sit in one channel other than a direct message."""
        return any(user_id in c.members and with_user in c.members for c in self.channels.values() if c.kind != "im")

    def audience(self, channel: Channel) -> list[str]:
        """Who may see what is written in a channel: its members, and every full member if it is public."""
        if channel.kind != "public":
            return channel.members
        return [u.id for u in self.users.values() if u.kind == "member" or u.id in channel.members]

    @classmethod
    def from_dict(cls, data: JSON) -> Self:
        """Build from {team: {name, domain, id}, users: [add_user's arguments], channels: [add_channel's]}."""
        team = data.get("team", {})
        workspace = cls(
            team.get("name", "Sandbox"),
            domain=team.get("domain", "sandbox"),
            team_id=team.get("id", "T0SANDBOX"),
        )
        for user in data.get("users", []):
            workspace.add_user(**user)
        for channel in data.get("channels", []):
            workspace.add_channel(**channel)
        return workspace

    @classmethod
    def from_file(cls, path: Path) -> Self:
        """Build from a JSON file of from_dict's shape."""
        return cls.from_dict(json.loads(path.read_text(encoding="utf-8")))
