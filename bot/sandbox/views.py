"""Modals and Home tabs: whose they are, their stack, their hash, what was typed into them."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field

from bot.sandbox.checker import LIMITS
from bot.sandbox.core import BOT_ID, Core
from bot.sandbox.errors import ApiError
from bot.sandbox.forms import Values, kept, values_of, with_ids
from bot.sandbox.workspace import JSON


@dataclass
class View:
    """One view of one person. `body` is what the app sent, with ids filled in."""

    id: str
    user: str
    body: JSON
    hash: str
    root_view_id: str
    previous_view_id: str | None = None
    drafts: Values = field(default_factory=dict)

    @property
    def blocks(self) -> list[JSON]:
        blocks: list[JSON] = self.body["blocks"]
        return blocks

    @property
    def is_home(self) -> bool:
        return bool(self.body["type"] == "home")


class Views:
    """Every view that a person can see now."""

    def __init__(self, core: Core) -> None:
        self._core = core
        self._stacks: dict[str, list[View]] = {}
        self._homes: dict[str, View] = {}
        self._count = 0

    def stack(self, user: str) -> list[View]:
        """A person's open modals, bottom first."""
        return list(self._stacks.get(user, []))

    def home(self, user: str) -> View | None:
        """What a person's Home tab shows."""
        return self._homes.get(user)

    def get(self, view_id: str | None = None, external_id: str | None = None) -> View | None:
        """A view that is open or a Home tab."""
        for view in [*self._homes.values(), *(v for stack in self._stacks.values() for v in stack)]:
            if view_id and view.id == view_id:
                return view
            if external_id and view.body.get("external_id") == external_id:
                return view
        return None

    def open(self, user: str, body: JSON) -> View:
        """Show a new modal; it takes the place of any that were open."""
        self._refuse_known_external_id(body)
        view = self._new(user, body)
        self._stacks[user] = [view]
        self._tell(view)
        return view

    def push(self, user: str, body: JSON) -> View:
        """Put a modal on top of the open ones. Raises `not_found` and `push_limit_reached`."""
        stack = self._stacks.get(user, [])
        if not stack:
            raise ApiError("not_found")
        if len(stack) >= LIMITS["modal.view_stack.max"]:
            raise ApiError("push_limit_reached")
        self._refuse_known_external_id(body)
        view = self._new(user, body, root=stack[0].id, previous=stack[-1].id)
        stack.append(view)
        self._tell(view)
        return view

    def update(self, view: View, body: JSON, view_hash: str | None = None) -> View:
        """Show something else in a view; what was typed stays where ids stay. Raises `hash_conflict`."""
        if view_hash and view_hash != view.hash:
            raise ApiError("hash_conflict")
        if body.get("external_id") != view.body.get("external_id"):
            self._refuse_known_external_id(body)
        view.body = {**body, "blocks": with_ids(body["blocks"])}
        view.hash = self._new_hash()
        view.drafts = kept(view.blocks, view.drafts)
        self._tell(view)
        return view

    def publish(self, user: str, body: JSON, view_hash: str | None = None) -> View:
        """Show a person's Home tab. Raises `hash_conflict`."""
        known = self._homes.get(user)
        if known is not None:
            return self.update(known, body, view_hash)
        if view_hash:
            raise ApiError("hash_conflict")
        view = self._homes[user] = self._new(user, body)
        self._tell(view)
        return view

    def close(self, view: View) -> None:
        """Take one modal away, and what lies on top of it; the one below shows again."""
        stack = self._stacks.get(view.user, [])
        if view in stack:
            del stack[stack.index(view) :]
            self._tell(view)

    def clear(self, user: str) -> None:
        stack = self._stacks.pop(user, [])
        if stack:
            self._tell(stack[0])

    def view_json(self, view: View) -> JSON:
        """A view as Slack sends it, `state` included."""
        body, team = view.body, self._core.workspace.team_id
        shown: JSON = {
            "id": view.id,
            "team_id": team,
            "type": body["type"],
            "blocks": view.blocks,
            "private_metadata": body.get("private_metadata", ""),
            "callback_id": body.get("callback_id", ""),
            "state": {"values": values_of(view.blocks, view.drafts)},
            "hash": view.hash,
            "title": body.get("title") or {"type": "plain_text", "text": "View Title", "emoji": True},
            "clear_on_close": bool(body.get("clear_on_close", False)),
            "notify_on_close": bool(body.get("notify_on_close", False)),
            "close": body.get("close"),
            "submit": body.get("submit"),
            "previous_view_id": view.previous_view_id,
            "root_view_id": view.root_view_id,
            "app_id": self._core.app.app_id,
            "external_id": body.get("external_id", ""),
            "app_installed_team_id": team,
            "bot_id": BOT_ID,
        }
        return shown

    def _new(self, user: str, body: JSON, root: str | None = None, previous: str | None = None) -> View:
        self._count += 1
        view_id = f"V{self._count:09d}"
        named = {**body, "blocks": with_ids(body["blocks"])}
        return View(view_id, user, named, self._new_hash(), root or view_id, previous)

    def _new_hash(self) -> str:
        return f"{self._core.seconds}.{secrets.token_hex(4)}"

    def _refuse_known_external_id(self, body: JSON) -> None:
        if body.get("external_id") and self.get(external_id=body["external_id"]) is not None:
            raise ApiError("duplicate_external_id")

    def _tell(self, view: View) -> None:
        if view.is_home:
            self._core.feed.send("home", {"view": self.view_json(view)}, [view.user])
        else:
            stack = [self.view_json(v) for v in self.stack(view.user)]
            self._core.feed.send("view", {"stack": stack}, [view.user])
