"""What was entered in a form of a page: in Slack's own shape, what Slack's client would not let through, and the form
with it. Pure.

A browser gives a name and a value for each control; a control of the n-th field is called `f` and its number.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal, InvalidOperation
from typing import Any

Block = Mapping[str, Any]
# As a browser sends a form: names with all their values.
Posted = Mapping[str, Sequence[str]]
Values = dict[str, dict[str, dict[str, Any]]]

# Kinds of fields: where Slack keeps what is entered, and where an element shows it from the beginning.
FIELDS: Mapping[str, tuple[str, str]] = {
    "plain_text_input": ("value", "initial_value"),
    "number_input": ("value", "initial_value"),
    "datepicker": ("selected_date", "initial_date"),
    "timepicker": ("selected_time", "initial_time"),
    "static_select": ("selected_option", "initial_option"),
    "radio_buttons": ("selected_option", "initial_option"),
    "external_select": ("selected_option", "initial_option"),
    "checkboxes": ("selected_options", "initial_options"),
    "multi_static_select": ("selected_options", "initial_options"),
    "multi_external_select": ("selected_options", "initial_options"),
}
SEVERAL = frozenset({"checkboxes", "multi_static_select", "multi_external_select"})
# Fields that only Slack can offer: its people, its channels, its files.
ONLY_THERE: Mapping[str, tuple[str, str]] = {
    "users_select": ("selected_user", "initial_user"),
    "conversations_select": ("selected_conversation", "initial_conversation"),
    "file_input": ("files", ""),
}
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_HOUR = re.compile(r"([01][0-9]|2[0-3]):[0-5][0-9]")
LONGEST_TEXT = 3000


def inputs_of(blocks: Sequence[Block]) -> Iterator[tuple[int, Block, Mapping[str, Any]]]:
    """The fields with their numbers and elements, in order."""
    for number, block in enumerate(blocks):
        if block["type"] == "input":
            yield number, block, block["element"]


def entered_in(blocks: Sequence[Block], posted: Posted) -> Values:
    """What stands in each field, as Slack says it in `state.values`. Nothing is chosen that isn't offered."""
    found: Values = {}
    for number, block, element in inputs_of(blocks):
        kind = element["type"]
        given = [one for one in posted.get(f"f{number}", ()) if one != ""]
        at, shown = {**FIELDS, **ONLY_THERE}[kind]
        value: Any
        if kind in ONLY_THERE:
            value = element.get(shown, [] if kind == "file_input" else None)
        elif kind in SEVERAL:
            value = [one for one in _offered(element) if one["value"] in given]
        elif at == "selected_option":
            value = next((one for one in _offered(element) if given[:1] == [one["value"]]), None)
        else:
            # A browser ends lines as the net does.
            value = given[0].replace("\r\n", "\n") if given else None
        found.setdefault(str(block["block_id"]), {})[str(element["action_id"])] = {"type": kind, at: value}
    return found


def _offered(element: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """What can be chosen, what was chosen before included: a list that is searched offers it no more."""
    before = element.get("initial_options") or [one for one in [element.get("initial_option")] if one]
    options = [*element.get("options", ())]
    known = {one["value"] for one in options}
    return [*(one for one in before if one["value"] not in known), *options]


def shown_with(blocks: Sequence[Block], values: Values) -> list[dict[str, Any]]:
    """The blocks with what stands in their fields, so that a page that is shown again loses nothing."""
    found = []
    for block in blocks:
        given = values.get(str(block.get("block_id")), {}) if block["type"] == "input" else {}
        element = dict(block.get("element") or {})
        entry = given.get(str(element.get("action_id")))
        if entry is None or element["type"] not in FIELDS:
            found.append(dict(block))
            continue
        at, shown = FIELDS[element["type"]]
        element.pop(shown, None)
        if entry.get(at):
            element[shown] = entry[at]
        found.append({**block, "element": element})
    return found


def touched(blocks: Sequence[Block], values: Values) -> Values:
    """Only what isn't as the form showed it: in a form that changes under somebody's hands the rest is shown anew."""
    found: Values = {}
    for _number, block, element in inputs_of(blocks):
        kind = str(element["type"])
        if kind not in FIELDS:
            continue
        at, shown = FIELDS[kind]
        block_id, action_id = str(block["block_id"]), str(element["action_id"])
        entry = values[block_id][action_id]
        if (entry[at] or None) != (element.get(shown) or None):
            found.setdefault(block_id, {})[action_id] = entry
    return found


def problems_of(blocks: Sequence[Block], values: Values) -> dict[str, str]:
    """What has to be mended before a form is sent, by block: what Slack's own client says there."""
    found = {}
    for _number, block, element in inputs_of(blocks):
        kind, at = element["type"], {**FIELDS, **ONLY_THERE}[element["type"]][0]
        value = values[str(block["block_id"])][str(element["action_id"])][at]
        if not value:
            if not block.get("optional"):
                found[str(block["block_id"])] = (
                    "This can be filled in in Slack only. A coordinator can help."
                    if kind in ONLY_THERE
                    else _MISSING.get(kind, "Please fill this in.")
                )
        elif (wrong := _wrong(kind, element, value)) is not None:
            found[str(block["block_id"])] = wrong
    return found


_MISSING = {
    "datepicker": "Choose a day.",
    "timepicker": "Choose a time.",
    "static_select": "Choose one.",
    "radio_buttons": "Choose one.",
    "external_select": "Choose one.",
    "checkboxes": "Choose at least one.",
    "multi_static_select": "Choose at least one.",
    "multi_external_select": "Choose at least one.",
}


def _wrong(kind: str, element: Mapping[str, Any], value: Any) -> str | None:
    match kind:
        case "plain_text_input":
            most = int(element.get("max_length") or LONGEST_TEXT)
            return f"That is {len(value)} characters; at most {most} fit." if len(value) > most else None
        case "number_input":
            return _wrong_number(value, bool(element.get("is_decimal_allowed")))
        case "datepicker":
            return None if _DAY.fullmatch(value) else "Write the day as 2026-12-01."
        case "timepicker":
            return None if _HOUR.fullmatch(value) else "Write the time as 14:30."
    return None


def _wrong_number(value: str, decimals: bool) -> str | None:
    try:
        number = Decimal(value.strip())
    except InvalidOperation:
        number = Decimal("NaN")
    if not number.is_finite():
        return "Enter a number, such as 1250 or 3.5." if decimals else "Enter a whole number."
    if not decimals and number != number.to_integral_value():
        return "Enter a whole number."
    return None
