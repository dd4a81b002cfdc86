"""What stands in a field: what Slack says was entered, what the field was shown with, and the field with it. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bot.slack.forms.answers import Entered
from bot.slack.message import Block

# Where an element keeps what was entered, and where it is shown from the beginning.
_INITIAL = {
    "value": "initial_value",
    "selected_option": "initial_option",
    "selected_options": "initial_options",
    "selected_date": "initial_date",
    "selected_time": "initial_time",
    "selected_user": "initial_user",
    "selected_conversation": "initial_conversation",
}


def with_entered(block: Block, entered: Entered) -> Block:
    """A field that shows what was entered in it."""
    element = block.get("element") or {}
    given = (entered.get(block.get("block_id") or "") or {}).get(element.get("action_id") or "")
    return block if not given else showing(block, given_in(given))


def showing(block: Block, entered: Mapping[str, Any]) -> Block:
    """A field with this in it; nothing is chosen that it doesn't offer any more."""
    element = dict(block.get("element") or {})
    for name, value in entered.items():
        shown = _INITIAL[name]
        value = _offered(element, value)
        element.pop(shown, None)
        if value:
            element[shown] = value
    return {**block, "element": element}


def _offered(element: Mapping[str, Any], value: Any) -> Any:
    options = element.get("options")
    if options is None or not isinstance(value, Mapping | list):
        return value
    wanted = [one.get("value") for one in (value if isinstance(value, list) else [value])]
    found = [one for one in options if one["value"] in wanted]
    return found if isinstance(value, list) else next(iter(found), None)


def given_in(found: Mapping[str, Any]) -> dict[str, Any]:
    """What was entered, without what else Slack says of a field."""
    return {name: found[name] for name in _INITIAL if name in found}


def shown_in(element: Mapping[str, Any]) -> dict[str, Any]:
    """What an element shows from the beginning, by the names under which it is entered."""
    return {name: element[shown] for name, shown in _INITIAL.items() if shown in element}
