"""Has what was pressed on a page done by the listener that Slack would have called, and says what is shown then."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from slack_bolt.async_app import AsyncAck, AsyncBoltContext
from slack_bolt.response import BoltResponse

from bot.pages import Values
from bot.services.people import OpenedLink
from bot.slack.gateway import METADATA_TYPE
from bot.slack.identifiers import Action, Search, Submission
from handlers import ACTIONS, KEEPS, SEARCHES, SUBMISSIONS, kept_words
from handlers.context import Call, Edge, Handler, Kind
from handlers.errors import run, run_aside
from handlers.menus import unfold
from handlers.pages.client import PageClient, View, new_view_id

OUT_OF_DATE = "This page is from an older version. Open the link in your e-mail again."


@dataclass(slots=True)
class Outcome:
    """What is shown after a press: forms, the top one last, or nothing but what stands below all of them. `errors` are
    by block of the top form; `said` are messages beside it."""

    stack: list[View]
    said: Sequence[Mapping[str, Any]] = ()
    errors: Mapping[str, str] = field(default_factory=dict)
    home: View | None = None  # the own page, where it was turned to another page of it
    is_kept: bool = False  # what stands in the form is safe until it is opened again


class _Ack(AsyncAck):
    """Takes down what Slack would have been told."""

    def __init__(self) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self.told: Mapping[str, Any] = {}

    async def __call__(self, *_args: Any, **told: Any) -> BoltResponse:
        self.told = told
        return BoltResponse(status=200)


class Pressing:
    """Presses on somebody's page. The `edge` is one for pages: its cards are words only."""

    def __init__(self, edge: Edge) -> None:
        self._edge = edge

    async def press(
        self,
        link: OpenedLink,
        page: str,
        stack: Sequence[View],
        block_id: str,
        element: Mapping[str, Any],
        values: Values,
    ) -> Outcome:
        """A button, or an option of a menu, in the top form or in the message. One that comes twice is known by its
        `page`."""
        action = {**element, "block_id": block_id, "action_ts": page}
        if "selected_option" in element:
            action["selected_option"] = element["selected_option"]
        body = unfold({**self._body(link, stack, values), "type": "block_actions", "actions": [action]})
        name = str(body["actions"][0]["action_id"])
        if name not in set(Action):
            return Outcome(list(stack), errors={"": OUT_OF_DATE})
        call, client, _ack = self._call(Kind.ACTION, link, stack, body)
        await self._run(call, ACTIONS[Action(name)])
        is_kept = False
        if call.view:
            keep = KEEPS.get(str(call.view.get("callback_id") or ""), kept_words.keep)
            async with self._edge.in_order(call.user_id):
                is_kept = await run_aside(_name(keep), keep, call) and not client.said
        return Outcome(client.stack, client.said, home=client.home, is_kept=is_kept)

    async def submit(self, link: OpenedLink, stack: Sequence[View], values: Values) -> Outcome:
        """The top form is sent."""
        callback_id = str(stack[-1].get("callback_id") or "")
        if callback_id not in set(Submission):
            return Outcome(list(stack), errors={"": OUT_OF_DATE})
        body = {**self._body(link, stack, values), "type": "view_submission"}
        call, client, ack = self._call(Kind.SUBMISSION, link, stack, body)
        await self._run(call, SUBMISSIONS[Submission(callback_id)])
        async with self._edge.in_order(call.user_id):
            await run_aside(_name(kept_words.settle), kept_words.settle, call)
        sent = str(stack[-1]["id"])
        match ack.told.get("response_action"):
            case "errors":
                return Outcome(client.stack, client.said, errors=dict(ack.told["errors"]))
            case "update":
                below = [one for one in client.stack if one["id"] != sent]
                return Outcome([*below, {**ack.told["view"], "id": new_view_id()}], client.said)
            case "push":
                return Outcome([*client.stack, {**ack.told["view"], "id": new_view_id()}], client.said)
            case "clear":
                return Outcome([], client.said)
        return Outcome([one for one in client.stack if one["id"] != sent], client.said)

    async def find(self, link: OpenedLink, stack: Sequence[View], action_id: str, text: str) -> list[Mapping[str, Any]]:
        """What a list offers that is searched by what somebody types."""
        if action_id not in set(Search):
            return []
        body = {**self._body(link, stack, {}), "type": "block_suggestion", "action_id": action_id, "value": text}
        call, _client, ack = self._call(Kind.OPTIONS, link, stack, body)
        await run(_name(SEARCHES[Search(action_id)]), SEARCHES[Search(action_id)], call)
        return list(ack.told.get("options") or ())

    async def _run(self, call: Call, handler: Handler) -> None:
        held = self._edge.throttle.hold(call) if self._edge.throttle is not None else None
        await run(_name(handler), held or handler, call)

    def _call(
        self, kind: Kind, link: OpenedLink, stack: Sequence[View], body: Mapping[str, Any]
    ) -> tuple[Call, PageClient, _Ack]:
        client, ack = PageClient(list(stack)), _Ack()
        context = AsyncBoltContext({"team_id": link.team_id, "user_id": body["user"]["id"]})
        self._edge.begin()
        call = Call(kind, self._edge, body, client, ack, context)  # type: ignore[arg-type]  # only what it asks for
        call.act_as(link.actor)
        return call, client, ack

    def _body(self, link: OpenedLink, stack: Sequence[View], values: Values) -> dict[str, Any]:
        """What Slack says around every press."""
        body: dict[str, Any] = {
            "user": {"id": f"link-{link.actor.member_id}", "team_id": link.team_id},
            "team": {"id": link.team_id},
            "trigger_id": "page",
        }
        if not stack and link.delivery_id is None:
            return {**body, "view": {"type": "home", "blocks": [], "state": {"values": {}}}}
        if not stack:
            said = {"event_type": METADATA_TYPE, "event_payload": {}}
            return {**body, "channel": {"id": "", "name": "directmessage"}, "message": {"metadata": said}}
        below = {"previous_view_id": stack[-2]["id"]} if len(stack) > 1 else {}
        view = {**stack[-1], "root_view_id": stack[0]["id"], **below, "state": {"values": values}}
        return {**body, "view": view}


def _name(handler: Handler) -> str:
    return str(getattr(handler, "__qualname__", repr(handler)))
