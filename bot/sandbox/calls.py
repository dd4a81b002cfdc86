"""One call of a Web API method: its arguments, and what the methods work on. The methods are in web_api_*."""

from __future__ import annotations

import base64
import json
import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from bot.sandbox.core import BOT_USER_ID, Core
from bot.sandbox.delivery import Delivery
from bot.sandbox.errors import ApiError
from bot.sandbox.posting import Posting
from bot.sandbox.views import Views
from bot.sandbox.workspace import JSON, Channel, User

T = TypeVar("T")


@dataclass
class Backend:
    """What every method can reach."""

    core: Core
    delivery: Delivery
    posting: Posting
    views: Views

    def file_usable(self, slack_file: JSON) -> bool:
        """Whether an image block can show this file: an image, completed and ready."""
        file = self.core.workspace.files.get(slack_file.get("id", ""))
        if file is None and slack_file.get("url"):
            files = self.core.workspace.files.values()
            file = next((f for f in files if f"/files/{f.id}/" in slack_file["url"]), None)
        return (
            file is not None
            and file.completed
            and file.mimetype.startswith("image/")
            and time.monotonic() >= file.ready_at
        )


@dataclass
class Call:
    """The arguments of one call, as the bot sent them."""

    backend: Backend
    args: JSON
    host: str

    @property
    def core(self) -> Core:
        """The shared state."""
        return self.backend.core

    def text(self, name: str) -> str | None:
        """An argument as a string, or None."""
        value = self.args.get(name)
        return None if value is None or value == "" else str(value)

    def need(self, name: str) -> str:
        """A required argument. Raises `invalid_arguments`."""
        value = self.text(name)
        if value is None:
            raise ApiError("invalid_arguments", f"[ERROR] missing required field: {name}")
        return value

    def flag(self, name: str, default: bool = False) -> bool:
        """A boolean in any of the ways that clients write one."""
        value = self.args.get(name)
        if value is None or value == "":
            return default
        return value if isinstance(value, bool) else str(value).lower() in ("true", "1")

    def limit(self, default: int, most: int) -> int:
        """The page size. Raises `invalid_limit`."""
        value = self.text("limit")
        if value is None or value == "0":
            return min(default, most)
        if not value.isdigit():
            raise ApiError("invalid_limit")
        return min(int(value), most)

    def json(self, name: str, error: str) -> Any:
        """An argument that is JSON, as a string or already parsed. Raises `error` where it is neither."""
        value = self.args.get(name)
        if not isinstance(value, str):
            return value
        if value == "":
            return None
        try:
            return json.loads(value)
        except ValueError:
            raise ApiError(error) from None

    def user(self, user_id: str) -> User:
        """A user. Raises `user_not_found`."""
        user = self.core.workspace.users.get(user_id)
        if user is None:
            raise ApiError("user_not_found")
        return user

    def need_scope(self, *any_of: str) -> None:
        """Raises `missing_scope` unless the app has one of the scopes."""
        if not set(any_of) & self.core.app.scopes:
            raise ApiError("missing_scope", needed=",".join(any_of), provided=self.core.app.provided)

    def channel(self, channel_id: str) -> Channel:
        """A conversation that the app can know of. Raises `channel_not_found`."""
        channel = self.core.workspace.channels.get(channel_id)
        if channel is None or (channel.kind == "private" and BOT_USER_ID not in channel.members):
            raise ApiError("channel_not_found")
        return channel


@dataclass(frozen=True)
class Method:
    """One method: what it does, one scope that it needs (of several that would do), its tier."""

    run: Callable[[Call], Awaitable[JSON]]
    scopes: tuple[str, ...] = ()
    tier: int | None = None
    app_level: bool = False
    open: bool = False


def page(items: Sequence[T], call: Call, default: int, most: int) -> tuple[Sequence[T], str]:
    """One page of a list and the cursor of the next. Raises `invalid_cursor`."""
    size = call.limit(default, most)
    start = read_cursor(call, "next")
    offset = int(start) if start and start.isdigit() else 0
    if offset > len(items) or (start is not None and not start.isdigit()):
        raise ApiError("invalid_cursor")
    rest = offset + size
    return items[offset:rest], write_cursor("next", str(rest)) if rest < len(items) else ""


def write_cursor(kind: str, place: str) -> str:
    """An opaque cursor."""
    return base64.b64encode(f"{kind}:{place}".encode()).decode()


def read_cursor(call: Call, kind: str) -> str | None:
    """The place a cursor stands for. Raises `invalid_cursor`."""
    cursor = call.text("cursor")
    if cursor is None:
        return None
    try:
        written, _, place = base64.b64decode(cursor.encode(), validate=True).decode().partition(":")
    except ValueError:
        raise ApiError("invalid_cursor") from None
    if written != kind or not place.replace(".", "", 1).isdigit():
        raise ApiError("invalid_cursor")
    return place
