"""What stands for Slack's client while somebody answers on a page: takes down what would be shown to them."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from slack_sdk.errors import SlackApiError

from bot.errors import UserError

View = dict[str, Any]
NO_FILES = "That comes as a file, which I give in Slack only. A coordinator can send it to you."


@dataclass(slots=True)
class PageClient:
    """Forms that lie on each other, the top one last; and what was said beside them. Whatever else Slack could be asked
    is refused, as Slack refuses what it can't find."""

    stack: list[View] = field(default_factory=list)
    said: list[Mapping[str, Any]] = field(default_factory=list)
    home: View | None = None  # somebody's own page, shown anew

    # As slack_sdk calls them.
    async def views_open(self, *, trigger_id: str, view: View) -> Mapping[str, Any]:
        return self._put(view)

    async def views_push(self, *, trigger_id: str, view: View) -> Mapping[str, Any]:
        return self._put(view)

    async def views_update(self, *, view_id: str, view: View) -> Mapping[str, Any]:
        for place, shown in enumerate(self.stack):
            if shown["id"] == view_id:
                self.stack[place] = {**view, "id": view_id}
                return {"view": self.stack[place]}
        raise _refusal("not_found")

    async def views_publish(self, *, user_id: str, view: View) -> Mapping[str, Any]:
        self.home = view
        return {"ok": True}

    async def chat_postMessage(self, **message: Any) -> Mapping[str, Any]:
        self.said.append(message)
        return {"ok": True}

    async def chat_postEphemeral(self, **message: Any) -> Mapping[str, Any]:
        self.said.append(message)
        return {"ok": True}

    async def conversations_open(self, *, users: str) -> Mapping[str, Any]:
        """Asked for before a file is given, which goes into the messages with the bot."""
        raise UserError(NO_FILES)

    async def _refuse(self, **_about: object) -> Mapping[str, Any]:
        raise _refusal("channel_not_found")

    chat_getPermalink = conversations_history = conversations_replies = users_info = _refuse

    def _put(self, view: View) -> Mapping[str, Any]:
        self.stack.append({**view, "id": new_view_id()})
        return {"view": self.stack[-1]}


def _refusal(code: str) -> SlackApiError:
    return SlackApiError("not on a page", {"ok": False, "error": code})  # type: ignore[no-untyped-call]


def new_view_id() -> str:
    """An id by which a form that is sent twice is stored once."""
    return f"page-{secrets.token_urlsafe(12)}"
