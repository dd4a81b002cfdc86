"""Checks of block elements: buttons, menus, pickers, inputs, and the options and confirms inside them."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal, InvalidOperation
from typing import Any

from bot.sandbox.checker import DATE, LIMITS, TIME, Checker, kind_of

JSON = dict[str, Any]

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


def check_element(check: Checker, element: JSON, allowed: frozenset[str], pointer: str) -> None:
    """One element that stands in a block where the `allowed` types may stand."""
    kind = kind_of(element)
    if kind not in allowed:
        check.add(f"unsupported type: {kind}", f"{pointer}/type")
        return
    if kind in KEYS:
        check.keys(element, KEYS[kind], pointer)
    check.string(element.get("action_id"), "action_id.max", f"{pointer}/action_id")
    check.text(element.get("placeholder"), "placeholder.max", f"{pointer}/placeholder")
    if "confirm" in element:
        check_confirm(check, element["confirm"], f"{pointer}/confirm")
    by_kind: dict[str, Callable[[Checker, JSON, str], None]] = {
        "button": _button,
        "overflow": _overflow,
        "checkboxes": _choices,
        "radio_buttons": _choices,
        "static_select": _static_select,
        "multi_static_select": _static_select,
        "plain_text_input": _plain_text_input,
        "number_input": _number_input,
        "email_text_input": _initial_string,
        "url_text_input": _initial_string,
        "rich_text_input": _rich_text_input,
        "file_input": _file_input,
        "datepicker": _datepicker,
        "timepicker": _timepicker,
        "datetimepicker": _datetimepicker,
    }
    if kind in by_kind:
        by_kind[kind](check, element, pointer)
    if "max_selected_items" in element:
        check.between(element["max_selected_items"], 1, 100, f"{pointer}/max_selected_items")


def check_option(check: Checker, option: Any, pointer: str, *, mrkdwn: bool = False, url: bool = False) -> None:
    """One option: `mrkdwn` where checkboxes and radio buttons allow it, `url` only in an overflow menu."""
    if not isinstance(option, dict):
        check.add("must be an option object", pointer)
        return
    check.keys(option, {"text", "value", "description"} | ({"url"} if url else set()), pointer)
    check.text(option.get("text"), "option.text.max", f"{pointer}/text", required=True, mrkdwn=mrkdwn)
    check.string(option.get("value"), "option.value.max", f"{pointer}/value", required=True)
    check.text(option.get("description"), "option.description.max", f"{pointer}/description", mrkdwn=mrkdwn)
    if url:
        check.string(option.get("url"), "option.url.max", f"{pointer}/url")


def check_options_answer(answer: JSON) -> list[str]:
    """The problems of an answer to a request for options."""
    check = Checker()
    if "option_groups" in answer:
        _groups(check, answer["option_groups"], "/option_groups")
    else:
        options = check.items(answer.get("options"), "static_select.options.max", "/options", least=0)
        for i, option in enumerate(options):
            check_option(check, option, f"/options/{i}")
    return check.problems


def check_confirm(check: Checker, confirm: Any, pointer: str) -> None:
    """The question before an action."""
    if not isinstance(confirm, dict):
        check.add("must be a confirm object", pointer)
        return
    check.keys(confirm, {"title", "text", "confirm", "deny", "style"}, pointer)
    for field in ("title", "text", "confirm", "deny"):
        check.text(
            confirm.get(field),
            f"confirm.{field}.max",
            f"{pointer}/{field}",
            required=True,
            mrkdwn=field == "text",
        )


def _button(check: Checker, element: JSON, pointer: str) -> None:
    check.text(element.get("text"), "button.text.max", f"{pointer}/text", required=True)
    for field in ("value", "url", "accessibility_label", "agent_prompt"):
        check.string(element.get(field), f"button.{field}.max", f"{pointer}/{field}")
    if element.get("style") not in (None, "primary", "danger"):
        check.add("must be primary or danger", f"{pointer}/style")


def _overflow(check: Checker, element: JSON, pointer: str) -> None:
    options = check.items(element.get("options"), "overflow.options.max", f"{pointer}/options")
    for i, option in enumerate(options):
        check_option(check, option, f"{pointer}/options/{i}", url=True)


def _choices(check: Checker, element: JSON, pointer: str) -> None:
    options = check.items(element.get("options"), f"{element['type']}.options.max", f"{pointer}/options")
    for i, option in enumerate(options):
        check_option(check, option, f"{pointer}/options/{i}", mrkdwn=True)
    _initial_among(check, element, options, pointer)


def _static_select(check: Checker, element: JSON, pointer: str) -> None:
    if ("options" in element) == ("option_groups" in element):
        check.add("must provide either options or option_groups", pointer)
        return
    if "option_groups" in element:
        options = _groups(check, element["option_groups"], f"{pointer}/option_groups")
    else:
        options = check.items(element["options"], "static_select.options.max", f"{pointer}/options")
        for i, option in enumerate(options):
            check_option(check, option, f"{pointer}/options/{i}")
    _initial_among(check, element, options, pointer)


def _groups(check: Checker, groups: Any, pointer: str) -> list[JSON]:
    every: list[JSON] = []
    for i, group in enumerate(check.items(groups, "static_select.option_groups.max", pointer)):
        at = f"{pointer}/{i}"
        check.text(group.get("label"), "option_group.label.max", f"{at}/label", required=True)
        options = check.items(group.get("options"), "option_group.options.max", f"{at}/options")
        for j, option in enumerate(options):
            check_option(check, option, f"{at}/options/{j}")
        every += options
    return every


def _initial_among(check: Checker, element: JSON, options: list[JSON], pointer: str) -> None:
    """What is chosen at first must be one of the options, word for word."""
    chosen = element.get("initial_options", [])
    if "initial_option" in element:
        chosen = [element["initial_option"]]
    for option in chosen if isinstance(chosen, list) else []:
        if option not in options:
            check.add("initial option is not among the options", pointer)
    if element.get("initial_options") == []:
        check.add("no fewer than 1 items allowed", f"{pointer}/initial_options")


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


def _initial_string(check: Checker, element: JSON, pointer: str) -> None:
    check.string(element.get("initial_value"), "plain_text_input.max", f"{pointer}/initial_value")


def _rich_text_input(check: Checker, element: JSON, pointer: str) -> None:
    for field in ("min_lines", "max_lines"):
        check.between(element.get(field), 1, LIMITS["rich_text_input.lines.max"], f"{pointer}/{field}")


def _file_input(check: Checker, element: JSON, pointer: str) -> None:
    check.between(element.get("max_files"), 1, LIMITS["file_input.max_files.max"], f"{pointer}/max_files")


def _datepicker(check: Checker, element: JSON, pointer: str) -> None:
    value = element.get("initial_date")
    if value is not None and not (isinstance(value, str) and DATE.fullmatch(value)):
        check.add("must be a date as YYYY-MM-DD", f"{pointer}/initial_date")


def _timepicker(check: Checker, element: JSON, pointer: str) -> None:
    value = element.get("initial_time")
    if value is not None and not (isinstance(value, str) and TIME.fullmatch(value)):
        check.add("must be a time as HH:mm", f"{pointer}/initial_time")


def _datetimepicker(check: Checker, element: JSON, pointer: str) -> None:
    value = element.get("initial_date_time")
    if value is not None and not (isinstance(value, int) and 10**9 <= value < 10**10):
        check.add("must be seconds since the epoch, ten digits", f"{pointer}/initial_date_time")
