"""What a person does with the app outside a form's submit: commands, shortcuts, buttons, typed-ahead options.
Submitting and closing views is in submissions, answers by response_url in responses."""

from __future__ import annotations

import html
from dataclasses import dataclass

from bot.sandbox.calls import Backend
from bot.sandbox.core import VERIFICATION_TOKEN
from bot.sandbox.forms import FIELDS, Values, find, values_of
from bot.sandbox.limits_elements import check_options_answer
from bot.sandbox.people import People, Refused
from bot.sandbox.responses import Responses
from bot.sandbox.triggers import ResponseUrl
from bot.sandbox.views import View
from bot.sandbox.workspace import JSON, Channel, Message, User

TROUBLE = "We had some trouble connecting. Try again?"
CHANNEL_NAMES = {"im": "directmessage", "private": "privategroup"}


@dataclass(frozen=True)
class Outcome:
    """How an interaction went for the person: `error` in Slack's words, `errors` by block_id in a form."""

    ok: bool = True
    error: str | None = None
    errors: dict[str, str] | None = None


class Interactions:
    """The person's hands."""

    def __init__(self, backend: Backend, people: People, responses: Responses) -> None:
        self._core, self._delivery, self._views = backend.core, backend.delivery, backend.views
        self._people = people
        self._responses = responses

    async def command(
        self, user_id: str, channel_id: str, command: str, text: str = "", thread_ts: str | None = None
    ) -> Outcome:
        """A person sends a slash command; returns once the app has acknowledged it or has not."""
        user = self._people.person(user_id)
        channel = self._people.channel_for(user, channel_id)
        declared = self._core.app.commands.get(command)
        # The commands of an app are unknown to people of other workspaces.
        if declared is None or user.is_connected:
            return self._failed(user, f"{command} is not a valid command.")
        if thread_ts is not None:
            return self._failed(user, f"{command} is not supported in threads. Sorry!")
        if channel.is_archived:
            return self._failed(user, "This channel is archived.")
        url = ResponseUrl(channel.id, user.id)
        payload: JSON = {
            "token": VERIFICATION_TOKEN,
            "team_id": self._core.workspace.team_id,
            "team_domain": self._core.workspace.domain,
            "channel_id": channel.id,
            "channel_name": CHANNEL_NAMES.get(channel.kind, channel.name),
            "user_id": user.id,
            "user_name": user.name,
            "command": command,
            "text": self._command_text(text, bool(declared.get("should_escape"))),
            "api_app_id": self._core.app.app_id,
            "is_enterprise_install": "false",
            "response_url": self._responses.address(url),
            "trigger_id": self._core.triggers.new_trigger(user.id),
        }
        answer = await self._delivery.request("commands", payload)
        if answer.error:
            return self._failed(user, f'{command} failed with the error "{answer.error}"')
        if answer.body and not self._responses.take_ack(url, answer.body):
            return self._failed(user, f'{command} failed with the error "invalid_command_response"')
        return Outcome()

    async def shortcut(
        self, user_id: str, callback_id: str, channel_id: str | None = None, message_ts: str | None = None
    ) -> Outcome:
        """A person uses a global shortcut, or a message shortcut on a message."""
        user = self._people.person(user_id)
        declared = self._core.app.shortcuts.get(callback_id)
        wanted = "global" if message_ts is None else "message"
        if declared is None or declared["type"] != wanted or user.is_connected:
            return self._failed(user, f"There is no {wanted} shortcut {callback_id}.")
        payload = self._envelope(user, "shortcut" if message_ts is None else "message_action")
        payload |= {"callback_id": callback_id, "action_ts": self._core.clock.next_ts()}
        if message_ts is not None:
            channel = self._people.channel_for(user, channel_id or "")
            message = channel.messages.get(message_ts)
            if message is None:
                return self._failed(user, "That message is gone.")
            payload |= {
                "message_ts": message_ts,
                "message": self._core.message_json(message),
                "channel": self._channel(channel),
                "response_url": self._responses.address(ResponseUrl(channel.id, user.id, thread_ts=message.thread_ts)),
            }
        return await self._interact(user, payload)

    async def message_action(
        self,
        user_id: str,
        channel_id: str,
        message_ts: str,
        block_id: str,
        action_id: str,
        value: JSON,
        state: Values | None = None,
    ) -> Outcome:
        """A person uses an element of a message, an ephemeral one included."""
        user = self._people.person(user_id)
        channel = self._people.channel_for(user, channel_id)
        message = self.message_for(user, channel, message_ts)
        if message is None:
            return self._failed(user, "That message is gone.")
        found = find(message.blocks or [], block_id, action_id)
        if found is None:
            return self._failed(user, "That button is gone.")
        ephemeral = message.ephemeral_to is not None
        payload = self._envelope(user, "block_actions")
        payload |= {
            **self._place(channel, message),
            "state": {"values": values_of(message.blocks or [], state or {})},
            "response_url": self._responses.address(
                ResponseUrl(channel.id, user.id, message.ts, ephemeral, message.thread_ts)
            ),
            "actions": [self._action(*found, value)],
        }
        if message.thread_ts:
            payload["container"]["thread_ts"] = message.thread_ts
        if not ephemeral:
            payload["message"] = self._core.message_json(message)
        return await self._interact(user, payload)

    async def view_action(
        self, user_id: str, view_id: str, block_id: str, action_id: str, value: JSON, state: Values | None = None
    ) -> Outcome:
        """A person uses an element of a modal or of the Home tab."""
        user = self._people.person(user_id)
        view = self._view(user, view_id)
        found = find(view.blocks, block_id, action_id)
        if found is None:
            return self._failed(user, "That button is gone.")
        self._keep(view, found, value, state)
        if found[0].get("type") == "input" and not found[0].get("dispatch_action"):
            # An input that does not dispatch is only remembered until the form is submitted.
            return Outcome()
        shown = self._views.view_json(view)
        payload = self._envelope(user, "block_actions")
        payload |= {
            "container": {"type": "view", "view_id": view.id},
            "view": shown,
            "state": shown["state"],
            "actions": [self._action(*found, value)],
        }
        return await self._interact(user, payload)

    async def options(self, user_id: str, container: JSON, block_id: str, action_id: str, typed: str) -> JSON:
        """What the app offers for the text typed into an external select. Raises Refused."""
        user = self._people.person(user_id)
        payload: JSON = {
            **self._envelope(user, "block_suggestion"),
            "action_id": action_id,
            "block_id": block_id,
            "value": typed,
        }
        payload.pop("trigger_id")
        if container.get("type") == "view":
            view = self._view(user, container.get("view_id", ""))
            found = find(view.blocks, block_id, action_id)
            payload |= {
                "container": {"type": "view", "view_id": view.id},
                "view": self._views.view_json(view),
            }
        else:
            channel = self._people.channel_for(user, container.get("channel", ""))
            message = self.message_for(user, channel, container.get("message_ts", ""))
            if message is None:
                raise Refused("That message is gone.")
            found = find(message.blocks or [], block_id, action_id)
            payload |= {
                **self._place(channel, message),
                "message": self._core.message_json(message),
            }
        if found is None or not found[1]["type"].endswith("external_select"):
            raise Refused("That menu is gone.")
        if len(typed) < found[1].get("min_query_length", 3):
            return {"options": []}
        answer = await self._delivery.request("options", payload)
        if answer.error or not isinstance(answer.body, dict):
            raise Refused(TROUBLE)
        if check_options_answer(answer.body):
            raise Refused(TROUBLE)
        known = {k: answer.body[k] for k in ("options", "option_groups") if k in answer.body}
        return {"options": [], **known}

    def message_for(self, user: User, channel: Channel, ts: str) -> Message | None:
        """A message the person sees, ephemeral ones included."""
        found = channel.messages.get(ts)
        if found is not None:
            return found
        return next((m for m in channel.ephemerals if m.ts == ts and m.ephemeral_to == user.id), None)

    def _view(self, user: User, view_id: str) -> View:
        view = self._views.get(view_id)
        if view is None or view.user != user.id:
            raise Refused("That view is gone.")
        return view

    def _keep(self, view: View, found: tuple[JSON, JSON], value: JSON, state: Values | None) -> None:
        """Remember what was entered, so that it is in `state.values` from now on."""
        block, element = found
        if state:
            view.drafts = {**view.drafts, **state}
        if element["type"] in FIELDS:
            mine = view.drafts.setdefault(block["block_id"], {})
            mine[element["action_id"]] = {"type": element["type"], **value}

    async def _interact(self, user: User, payload: JSON) -> Outcome:
        answer = await self._delivery.request("interactions", payload)
        return self._failed(user, TROUBLE) if answer.error else Outcome()

    def _failed(self, user: User, words: str) -> Outcome:
        self._core.feed.send("toast", {"text": words, "level": "error"}, [user.id])
        return Outcome(ok=False, error=words)

    def _envelope(self, user: User, kind: str) -> JSON:
        workspace = self._core.workspace
        about: JSON = {"id": user.id, "username": user.name, "name": user.name, "team_id": user.team_id}
        envelope: JSON = {
            "type": kind,
            "token": VERIFICATION_TOKEN,
            "user": about,
            "team": {"id": workspace.team_id, "domain": workspace.domain},
            "enterprise": None,
            "is_enterprise_install": False,
            "trigger_id": self._core.triggers.new_trigger(user.id),
        }
        if kind in ("shortcut", "message_action"):
            # Slack's shortcuts say less about the person, and nothing about the app.
            about.pop("name" if kind == "shortcut" else "username")
        else:
            envelope["api_app_id"] = self._core.app.app_id
        return envelope

    def _action(self, block: JSON, element: JSON, value: JSON) -> JSON:
        action: JSON = {"type": element["type"], "action_id": element["action_id"]}
        action["block_id"] = block["block_id"]
        for field in ("text", "style", "url", "placeholder", "confirm"):
            if field in element:
                action[field] = element[field]
        if element["type"] == "button":
            if "value" in element:
                action["value"] = element["value"]
        else:
            action |= value
        return {**action, "action_ts": self._core.clock.next_ts()}

    def _command_text(self, text: str, escaped: bool) -> str:
        """The text as typed, or with mentions and channels as references where the manifest asks for it."""
        if not escaped:
            return html.unescape(text)
        encoded = self._people.encoded(text)
        for channel in self._core.workspace.channels.values():
            if channel.kind == "private":
                encoded = encoded.replace(f"<#{channel.id}|{channel.name}>", f"<#{channel.id}|>")
        return encoded

    def _place(self, channel: Channel, message: Message) -> JSON:
        """Where an element of a message stands."""
        container = {"type": "message", "message_ts": message.ts, "channel_id": channel.id}
        is_ephemeral = message.ephemeral_to is not None
        return {"container": {**container, "is_ephemeral": is_ephemeral}, "channel": self._channel(channel)}

    @staticmethod
    def _channel(channel: Channel) -> JSON:
        return {"id": channel.id, "name": CHANNEL_NAMES.get(channel.kind, channel.name)}
