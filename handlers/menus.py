"""A menu that stands for several buttons: what is chosen is done as if that button had been pressed."""

from __future__ import annotations

from typing import Any

from bot.errors import UserError
from bot.slack.identifiers import Action
from bot.slack.metadata import OUT_OF_DATE, decode_way
from handlers.context import Call
from handlers.listeners import Listeners


def unfold(body: dict[str, Any]) -> dict[str, Any]:
    """The body as the chosen button itself would have brought it; any other body as it is."""
    pressed = (body.get("actions") or [{}])[0]
    if pressed.get("action_id") != Action.MORE:
        return body
    option = pressed.get("selected_option") or {}
    action, value = decode_way(str(option.get("value") or ""))
    if action not in set(Action) or action == Action.MORE:
        return body
    button = {"type": "button", "action_id": action, "value": value, "text": option.get("text") or {}}
    return {
        **body,
        "actions": [{**{key: pressed[key] for key in ("block_id", "action_ts") if key in pressed}, **button}],
    }


async def choose(_call: Call) -> None:
    """A menu of an older version, of which nobody knows what it stood for."""
    raise UserError(OUT_OF_DATE)


LISTENERS = Listeners(actions={Action.MORE: choose})
