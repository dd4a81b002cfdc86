"""Submitting and closing modals, and what the app's answer to it does to the stack of views."""

from __future__ import annotations

import logging
from typing import Any

from bot.sandbox.calls import Backend
from bot.sandbox.core import VERIFICATION_TOKEN
from bot.sandbox.errors import ApiError
from bot.sandbox.forms import Values, elements, problems, values_of
from bot.sandbox.interactions import TROUBLE, Outcome
from bot.sandbox.limits import check_view
from bot.sandbox.people import People, Refused
from bot.sandbox.responses import Responses
from bot.sandbox.triggers import ResponseUrl
from bot.sandbox.views import View
from bot.sandbox.workspace import JSON, User

log = logging.getLogger(__name__)


class Submissions:
    """A modal's Submit and Close."""

    def __init__(self, backend: Backend, people: People, responses: Responses) -> None:
        self._backend = backend
        self._core = backend.core
        self._people = people
        self._responses = responses

    async def submit(self, user_id: str, view_id: str, state: Values | None = None) -> Outcome:
        """A person submits a modal: checked as Slack's client checks it, then sent to the app."""
        user = self._people.person(user_id)
        view = self._modal(user, view_id)
        if state:
            view.drafts = {**view.drafts, **state}
        if "submit" not in view.body:
            return Outcome(ok=False, error="This view has nothing to submit.")
        missing = problems(view.blocks, values_of(view.blocks, view.drafts))
        if missing:
            return Outcome(ok=False, errors=missing)
        payload = self._payload(user, view, "view_submission")
        payload["trigger_id"] = self._core.triggers.new_trigger(user.id)
        urls = self._response_urls(user, view)
        if urls:
            payload["response_urls"] = urls
        answer = await self._backend.delivery.request("interactions", payload)
        if answer.error:
            return self._trouble(user)
        try:
            return self._react(user, view, answer.body)
        except ApiError as error:
            log.warning("Slack could not do what the bot's acknowledgement of a form asks for: %s", error)
            return self._trouble(user)

    async def close(self, user_id: str, view_id: str, is_cleared: bool) -> Outcome:
        """A person closes a modal: the Close button takes one away, the X (`is_cleared`) all of them."""
        user = self._people.person(user_id)
        view = self._modal(user, view_id)
        views = self._backend.views
        cleared = is_cleared or bool(view.body.get("clear_on_close"))
        gone = views.stack(user.id) if cleared else [view]
        payloads = [
            {**self._payload(user, one, "view_closed"), "is_cleared": cleared}
            for one in reversed(gone)
            if one.body.get("notify_on_close")
        ]
        if cleared:
            views.clear(user.id)
        else:
            views.close(view)
        for payload in payloads:
            # Nothing is shown to the person if the app does not answer this one.
            await self._backend.delivery.request("interactions", payload)
        return Outcome()

    def _react(self, user: User, view: View, body: Any) -> Outcome:
        """What the acknowledgement says is to happen. Raises ApiError where Slack could not do it."""
        views = self._backend.views
        if not body or body == {"text": ""}:
            views.close(view)
            return Outcome()
        action = body.get("response_action") if isinstance(body, dict) else None
        if action == "errors":
            known = {block["block_id"] for block in view.blocks if block.get("type") == "input"}
            errors = body.get("errors")
            if not isinstance(errors, dict) or not errors or not set(errors) <= known:
                raise ApiError("invalid_arguments")
            return Outcome(ok=False, errors={key: str(text) for key, text in errors.items()})
        if action == "clear":
            views.clear(user.id)
        elif action == "update":
            views.update(view, self._checked(body))
        elif action == "push":
            views.push(user.id, self._checked(body))
        else:
            raise ApiError("invalid_arguments")
        return Outcome()

    def _checked(self, body: JSON) -> JSON:
        return check_view(body.get("view"), self._backend.file_usable, home=False)

    def _modal(self, user: User, view_id: str) -> View:
        for view in self._backend.views.stack(user.id):
            if view.id == view_id:
                return view
        raise Refused("That view is gone.")

    def _payload(self, user: User, view: View, kind: str) -> JSON:
        workspace = self._core.workspace
        return {
            "type": kind,
            "team": {"id": workspace.team_id, "domain": workspace.domain},
            "user": {"id": user.id, "username": user.name, "name": user.name, "team_id": user.team_id},
            "api_app_id": self._core.app.app_id,
            "token": VERIFICATION_TOKEN,
            "view": self._backend.views.view_json(view),
            "is_enterprise_install": False,
            "enterprise": None,
        }

    def _response_urls(self, user: User, view: View) -> list[JSON]:
        """One for each channel menu that the app enabled for it."""
        values = values_of(view.blocks, view.drafts)
        urls: list[JSON] = []
        for block, element in elements(view.blocks):
            if not element.get("response_url_enabled"):
                continue
            entry = values[block["block_id"]][element["action_id"]]
            chosen = entry.get("selected_conversation") or entry.get("selected_channel")
            if chosen in self._core.workspace.channels:
                urls.append(
                    {
                        "block_id": block["block_id"],
                        "action_id": element["action_id"],
                        "channel_id": chosen,
                        "response_url": self._responses.address(ResponseUrl(chosen, user.id)),
                    }
                )
        return urls

    def _trouble(self, user: User) -> Outcome:
        self._core.feed.send("toast", {"text": TROUBLE, "level": "error"}, [user.id])
        return Outcome(ok=False, error=TROUBLE)
