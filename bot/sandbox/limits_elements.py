"""Checks of block elements: buttons, menus, pickers, inputs, and the options and confirms inside them."""

from __future__ import annotations

import re
from collections.abc import Collection
from decimal import Decimal, InvalidOperation
from typing import Any

from bot.sandbox.checker import DATE, LIMITS, TIME, Checker, Rule, between, each, fitting, kind_of, string, text
from bot.sandbox.workspace import JSON

SELECTS = frozenset(
    f"{many}{kind}_select"
    for many in ("", "multi_")
    for kind in ("static", "external", "users", "conversations", "channels")
)
PICKERS = frozenset({"datepicker", "timepicker", "datetimepicker"})
CHOICES = frozenset({"checkboxes", "radio_buttons"})
TYPED = frozenset(
    {"plain_text_input", "number_input", "email_text_input", "url_text_input", "rich_text_input", "file_input"}
)
ACCESSORIES = SELECTS | PICKERS - {"datetimepicker"} | CHOICES | {"button", "overflow", "image", "workflow_button"}
IN_ACTIONS = SELECTS | PICKERS | CHOICES | {"button", "overflow", "rich_text_input", "workflow_button"}
IN_INPUT = SELECTS | PICKERS | CHOICES | TYPED

COMMON = {"type", "action_id"}
PICK = COMMON | {"placeholder", "confirm", "focus_on_load"}
KEYS: dict[str, set[str]] = {
    "button": COMMON
    | {"text", "url", "value", "style", "confirm", "accessibility_label", "agent_prompt", "visible_to_user_ids"},
    "overflow": COMMON | {"options", "confirm"},
    "checkboxes": COMMON | {"options", "initial_options", "confirm", "focus_on_load"},
    "radio_buttons": COMMON | {"options", "initial_option", "confirm", "focus_on_load"},
    "datepicker": PICK | {"initial_date"},
    "timepicker": PICK | {"initial_time", "timezone"},
    "datetimepicker": COMMON | {"initial_date_time", "confirm", "focus_on_load"},
    "static_select": PICK | {"options", "option_groups", "initial_option"},
    "external_select": PICK | {"initial_option", "min_query_length"},
    "users_select": PICK | {"initial_user"},
    "conversations_select": PICK
    | {"initial_conversation", "default_to_current_conversation", "response_url_enabled", "filter"},
    "channels_select": PICK | {"initial_channel", "response_url_enabled"},
    "multi_static_select": PICK | {"options", "option_groups", "initial_options", "max_selected_items"},
    "multi_external_select": PICK | {"initial_options", "min_query_length", "max_selected_items"},
    "multi_users_select": PICK | {"initial_users", "max_selected_items"},
    "multi_conversations_select": PICK
    | {"initial_conversations", "default_to_current_conversation", "filter", "max_selected_items"},
    "multi_channels_select": PICK | {"initial_channels", "max_selected_items"},
    "plain_text_input": PICK | {"initial_value", "multiline", "min_length", "max_length", "dispatch_action_config"},
    "number_input": PICK | {"is_decimal_allowed", "initial_value", "min_value", "max_value", "dispatch_action_config"},
    "email_text_input": PICK | {"initial_value", "dispatch_action_config"},
    "url_text_input": PICK | {"initial_value", "dispatch_action_config"},
    "rich_text_input": PICK | {"initial_value", "dispatch_action_config", "min_lines", "max_lines"},
    "file_input": COMMON | {"filetypes", "max_files"},
}


def check_element(check: Checker, element: JSON, allowed: Collection[str], pointer: str) -> None:
    """One element that stands in a block where the `allowed` types may stand."""
    kind = kind_of(element)
    if kind not in allowed:
        check.add(f"unsupported type: {kind}", f"{pointer}/type")
        return
    if kind in KEYS:
        check.keys(element, KEYS[kind], pointer)
    check.all((*_EVERY, *_RULES.get(kind, ())), element, pointer)


def standing_there(allowed: Collection[str]) -> Rule:
    """Elements of these types."""
    return lambda check, element, pointer: check_element(check, element, allowed, pointer)


def check_options_answer(answer: JSON) -> list[str]:
    """The problems of an answer to a request for options."""
    check = Checker()
    if "option_groups" in answer:
        _GROUPS(check, answer, "")
    else:
        each("options", "static_select.options.max", _OPTION, least=0)(check, answer, "")
    return check.problems


def _option(*, mrkdwn: bool = False, url: bool = False) -> Rule:
    """One option: `mrkdwn` where checkboxes and radio buttons allow it, `url` only in an overflow menu."""
    keys = {"text", "value", "description"} | ({"url"} if url else set())
    rules = (
        text("text", "option.text.max", required=True, mrkdwn=mrkdwn),
        string("value", "option.value.max", required=True),
        text("description", "option.description.max", mrkdwn=mrkdwn),
        *([string("url", "option.url.max")] if url else []),
    )

    def check_option(check: Checker, option: JSON, pointer: str) -> None:
        check.keys(option, keys, pointer)
        check.all(rules, option, pointer)

    return check_option


def _confirm(check: Checker, element: JSON, pointer: str) -> None:
    """The question before an action."""
    if "confirm" not in element:
        return
    confirm, at = element["confirm"], f"{pointer}/confirm"
    if not isinstance(confirm, dict):
        check.add("must be a confirm object", at)
        return
    check.keys(confirm, {"title", "text", "confirm", "deny", "style"}, at)
    for field in ("title", "text", "confirm", "deny"):
        text(field, f"confirm.{field}.max", required=True, mrkdwn=field == "text")(check, confirm, at)


def _group(check: Checker, group: JSON, pointer: str) -> None:
    text("label", "option_group.label.max", required=True)(check, group, pointer)
    each("options", "option_group.options.max", _OPTION)(check, group, pointer)


_OPTION = _option()
_GROUPS = each("option_groups", "static_select.option_groups.max", _group)


def _static_select(check: Checker, element: JSON, pointer: str) -> None:
    if ("options" in element) == ("option_groups" in element):
        check.add("must provide either options or option_groups", pointer)
    elif "option_groups" in element:
        _GROUPS(check, element, pointer)
        _initial_among(check, element, pointer)
    else:
        each("options", "static_select.options.max", _OPTION)(check, element, pointer)
        _initial_among(check, element, pointer)


def _initial_among(check: Checker, element: JSON, pointer: str) -> None:
    """What is chosen at first must be one of the options, word for word."""
    groups = [element, *_objects(element.get("option_groups"))]
    options = [option for group in groups for option in _objects(group.get("options"))]
    chosen = element.get("initial_options", [])
    if "initial_option" in element:
        chosen = [element["initial_option"]]
    for option in chosen if isinstance(chosen, list) else []:
        if option not in options:
            check.add("initial option is not among the options", pointer)
    if element.get("initial_options") == []:
        check.add("no fewer than 1 items allowed", f"{pointer}/initial_options")


def _objects(value: Any) -> list[JSON]:
    return [one for one in value if isinstance(one, dict)] if isinstance(value, list) else []


def _plain_text_input(check: Checker, element: JSON, pointer: str) -> None:
    most = LIMITS["plain_text_input.max"]
    check.between(element.get("min_length"), 0, most, f"{pointer}/min_length")
    check.between(element.get("max_length"), 1, most, f"{pointer}/max_length")
    least, longest = element.get("min_length") or 0, element.get("max_length") or most
    if isinstance(least, int) and isinstance(longest, int) and least > longest:
        check.add("min_length must not exceed max_length", pointer)
    initial = element.get("initial_value")
    if initial is None:
        return
    if not isinstance(initial, str):
        check.add("must be a string", f"{pointer}/initial_value")
    elif isinstance(longest, int) and len(initial) > longest:
        check.add(f"must be less than {longest + 1} characters", f"{pointer}/initial_value")


def _number_input(check: Checker, element: JSON, pointer: str) -> None:
    if not isinstance(element.get("is_decimal_allowed"), bool):
        check.add("missing required field: is_decimal_allowed", pointer)
    numbers: dict[str, Decimal] = {}
    for field in ("min_value", "max_value", "initial_value"):
        value = element.get(field)
        if value is None:
            continue
        try:
            if not isinstance(value, str):
                raise InvalidOperation
            numbers[field] = Decimal(value)
        except InvalidOperation:
            check.add("must be a string that is a number", f"{pointer}/{field}")
    least, most = numbers.get("min_value"), numbers.get("max_value")
    if least is not None and most is not None and least > most:
        check.add("min_value must not exceed max_value", pointer)
    initial = numbers.get("initial_value")
    if initial is not None and ((least is not None and initial < least) or (most is not None and initial > most)):
        check.add("must lie between min_value and max_value", f"{pointer}/initial_value")


_EVERY: tuple[Rule, ...] = (
    string("action_id", "action_id.max"),
    text("placeholder", "placeholder.max"),
    _confirm,
    between("max_selected_items", 1, 100),
)
_STRING = string("initial_value", "plain_text_input.max")
_RULES: dict[str, tuple[Rule, ...]] = {
    "button": (
        text("text", "button.text.max", required=True),
        *(string(field, f"button.{field}.max") for field in ("value", "url", "accessibility_label", "agent_prompt")),
        fitting("style", lambda style: style in ("primary", "danger"), "must be primary or danger"),
    ),
    "overflow": (each("options", "overflow.options.max", _option(url=True)),),
    **{
        kind: (each("options", f"{kind}.options.max", _option(mrkdwn=True)), _initial_among)
        for kind in ("checkboxes", "radio_buttons")
    },
    "static_select": (_static_select,),
    "multi_static_select": (_static_select,),
    "plain_text_input": (_plain_text_input,),
    "number_input": (_number_input,),
    "email_text_input": (_STRING,),
    "url_text_input": (_STRING,),
    "rich_text_input": tuple(
        between(field, 1, LIMITS["rich_text_input.lines.max"]) for field in ("min_lines", "max_lines")
    ),
    "file_input": (between("max_files", 1, LIMITS["file_input.max_files.max"]),),
    "datepicker": (fitting("initial_date", lambda day: _is_written(day, DATE), "must be a date as YYYY-MM-DD"),),
    "timepicker": (fitting("initial_time", lambda time: _is_written(time, TIME), "must be a time as HH:mm"),),
    "datetimepicker": (
        fitting(
            "initial_date_time",
            lambda moment: isinstance(moment, int) and 10**9 <= moment < 10**10,
            "must be seconds since the epoch, ten digits",
        ),
    ),
}


def _is_written(value: Any, form: re.Pattern[str]) -> bool:
    return isinstance(value, str) and form.fullmatch(value) is not None
