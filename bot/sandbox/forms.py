"""Inputs as Slack's client treats them: what a form holds, and what it refuses before anything is sent."""

from __future__ import annotations

import re
import secrets
from collections.abc import Iterator
from decimal import Decimal, InvalidOperation
from typing import Any

from bot.sandbox.checker import DATE, LIMITS, TIME
from bot.sandbox.workspace import JSON

Values = dict[str, dict[str, JSON]]

FIELDS: dict[str, tuple[str, str]] = {
    "plain_text_input": ("value", "initial_value"),
    "number_input": ("value", "initial_value"),
    "email_text_input": ("value", "initial_value"),
    "url_text_input": ("value", "initial_value"),
    "rich_text_input": ("rich_text_value", "initial_value"),
    "datepicker": ("selected_date", "initial_date"),
    "timepicker": ("selected_time", "initial_time"),
    "datetimepicker": ("selected_date_time", "initial_date_time"),
    "static_select": ("selected_option", "initial_option"),
    "external_select": ("selected_option", "initial_option"),
    "users_select": ("selected_user", "initial_user"),
    "conversations_select": ("selected_conversation", "initial_conversation"),
    "channels_select": ("selected_channel", "initial_channel"),
    "multi_static_select": ("selected_options", "initial_options"),
    "multi_external_select": ("selected_options", "initial_options"),
    "multi_users_select": ("selected_users", "initial_users"),
    "multi_conversations_select": ("selected_conversations", "initial_conversations"),
    "multi_channels_select": ("selected_channels", "initial_channels"),
    "checkboxes": ("selected_options", "initial_options"),
    "radio_buttons": ("selected_option", "initial_option"),
    "file_input": ("files", "initial_files"),
}
"""Where each kind of input keeps its value, and where the app presets it."""

SEVERAL = frozenset({"checkboxes", "file_input", *(kind for kind in FIELDS if kind.startswith("multi_"))})
EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")
URL = re.compile(r"https?://[^\s]+")


def with_ids(blocks: list[JSON]) -> list[JSON]:
    """A copy in which every block has a block_id and every element an action_id, as Slack fills them in."""
    named: list[JSON] = []
    for block in blocks:
        block = {**block, "block_id": block.get("block_id") or secrets.token_urlsafe(4)}
        for field in ("element", "accessory"):
            if isinstance(block.get(field), dict):
                block[field] = _with_action_id(block[field])
        if block["type"] in ("actions", "context_actions"):
            block["elements"] = [_with_action_id(element) for element in block["elements"]]
        if block["type"] == "container":
            block["child_blocks"] = with_ids(block.get("child_blocks", []))
        named.append(block)
    return named


def _with_action_id(element: JSON) -> JSON:
    if element.get("type") == "image" or element.get("action_id"):
        return element
    return {**element, "action_id": secrets.token_urlsafe(4)}


def elements(blocks: list[JSON]) -> Iterator[tuple[JSON, JSON]]:
    """Every interactive element with the block it stands in."""
    for block in blocks:
        found = [block.get("element"), block.get("accessory")]
        if block.get("type") in ("actions", "context_actions"):
            found += block.get("elements", [])
        if block.get("type") == "card":
            found += block.get("actions", [])
        for element in found:
            if isinstance(element, dict) and "action_id" in element:
                yield block, element
        yield from elements(block.get("child_blocks", []))


def find(blocks: list[JSON], block_id: str, action_id: str) -> tuple[JSON, JSON] | None:
    """The element of those ids."""
    for block, element in elements(blocks):
        if (block.get("block_id"), element["action_id"]) == (block_id, action_id):
            return block, element
    return None


def values_of(blocks: list[JSON], drafts: Values) -> Values:
    """`state.values`: every input, with what was entered, else what the app preset, else nothing."""
    values: Values = {}
    for block, element in elements(blocks):
        kind = element["type"]
        if kind not in FIELDS:
            continue
        field, initial = FIELDS[kind]
        entered = drafts.get(block["block_id"], {}).get(element["action_id"])
        empty: Any = [] if kind in SEVERAL else None
        if entered is not None and entered.get("type", kind) == kind:
            value = entered.get(field)
        else:
            value = element.get(initial)
        # The client sends an emptied text field as null.
        value = empty if value in (None, "") else value
        values.setdefault(block["block_id"], {})[element["action_id"]] = {"type": kind, field: value}
    return values


def kept(blocks: list[JSON], drafts: Values) -> Values:
    """The entries that survive an update: those whose block_id, action_id and type are still there."""
    result: Values = {}
    for block, element in elements(blocks):
        entry = drafts.get(block["block_id"], {}).get(element["action_id"])
        if entry is not None and entry.get("type") == element["type"]:
            result.setdefault(block["block_id"], {})[element["action_id"]] = entry
    return result


def problems(blocks: list[JSON], values: Values) -> dict[str, str]:
    """What the client says under each input instead of sending the form."""
    found: dict[str, str] = {}
    for block, element in elements(blocks):
        if block.get("type") != "input" or element["type"] not in FIELDS:
            continue
        value = values[block["block_id"]][element["action_id"]][FIELDS[element["type"]][0]]
        if value in (None, []):
            if not block.get("optional"):
                found[block["block_id"]] = "Please complete this required field."
            continue
        wrong = _wrong(element, value)
        if wrong:
            found[block["block_id"]] = wrong
    return found


def _wrong(element: JSON, value: Any) -> str | None:
    kind = element["type"]
    if kind == "plain_text_input":
        least = element.get("min_length") or 0
        most = element.get("max_length") or LIMITS["plain_text_input.max"]
        if len(value) < least:
            return f"Please enter at least {least} characters."
        if len(value) > most:
            return f"Please enter no more than {most} characters."
    elif kind == "number_input":
        return _wrong_number(element, value)
    elif kind == "email_text_input" and not EMAIL.fullmatch(value):
        return "Please enter a valid email address."
    elif kind == "url_text_input" and not URL.fullmatch(value):
        return "Please enter a valid URL."
    elif kind == "datepicker" and not DATE.fullmatch(value):
        return "Please choose a date."
    elif kind == "timepicker" and not TIME.fullmatch(value):
        return "Please choose a time."
    elif kind.startswith("multi_") and len(value) > element.get("max_selected_items", len(value)):
        return f"Please choose no more than {element['max_selected_items']} items."
    return None


def _wrong_number(element: JSON, value: str) -> str | None:
    try:
        number = Decimal(value)
    except InvalidOperation:
        return "Please enter a number."
    if not number.is_finite():
        return "Please enter a number."
    if not element.get("is_decimal_allowed") and number != number.to_integral_value():
        return "Please enter a whole number."
    least, most = element.get("min_value"), element.get("max_value")
    if least is not None and number < Decimal(least):
        return f"Please enter a number of at least {least}."
    if most is not None and number > Decimal(most):
        return f"Please enter a number of at most {most}."
    return None
