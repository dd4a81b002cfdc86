"""A second opinion on messages and views: the package slackblocks rebuilds them and refuses what Slack would refuse.

It keeps limits of its own, so one misreading of Slack's documentation doesn't hide in both. Development only.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping
from typing import Any

import slackblocks as sb

from bot.slack.message import Message, View

KINDS: Mapping[str, type[Any]] = {
    "section": sb.SectionBlock,
    "actions": sb.ActionsBlock,
    "context": sb.ContextBlock,
    "header": sb.HeaderBlock,
    "divider": sb.DividerBlock,
    "data_table": sb.DataTableBlock,
    "raw_text": sb.RawText,
    "input": sb.InputBlock,
    "button": sb.Button,
    "static_select": sb.StaticSelectMenu,
    "multi_static_select": sb.StaticMultiSelectMenu,
    "external_select": sb.ExternalSelectMenu,
    "multi_external_select": sb.ExternalMultiSelectMenu,
    "users_select": sb.UserSelectMenu,
    "multi_users_select": sb.UserMultiSelectMenu,
    "channels_select": sb.ChannelSelectMenu,
    "conversations_select": sb.ConversationSelectMenu,
    "multi_conversations_select": sb.ConversationMultiSelectMenu,
    "datepicker": sb.DatePicker,
    "timepicker": sb.TimePicker,
    "plain_text_input": sb.PlainTextInput,
    "number_input": sb.NumberInput,
    "radio_buttons": sb.RadioButtonGroup,
    "checkboxes": sb.CheckboxGroup,
    "file_input": sb.FileInput,
    "overflow": sb.OverflowMenu,
}
# What has no type of its own is known by the key under which it stands.
PARTS: Mapping[str, type[Any]] = {
    "options": sb.Option,
    "initial_option": sb.Option,
    "initial_options": sb.Option,
    "option_groups": sb.OptionGroup,
    "confirm": sb.ConfirmationDialogue,
    "slack_file": sb.SlackFile,
    "dispatch_action_config": sb.DispatchActionConfiguration,
    "filter": sb.ConversationFilter,
}


def ask(surface: Message | View) -> None:
    """Rebuilds a message or view. Raises AssertionError with what slackblocks refuses about it."""
    try:
        blocks = [_rebuilt("blocks", dict(block)) for block in surface.blocks]
        if isinstance(surface, Message):
            rebuilt: Any = sb.Message(channel="C1", text=surface.text, blocks=blocks)
        elif surface.title:
            rebuilt = sb.ModalView(
                title=surface.title,
                blocks=blocks,
                close=surface.close,
                submit=surface.submit,
                private_metadata=surface.metadata or None,
                callback_id=surface.callback_id or None,
                external_id=surface.external_id,
            )
        else:
            rebuilt = sb.HomeTabView(blocks=blocks)
        rebuilt.to_dict()
        if isinstance(surface, Message) and surface.tabled:
            ask(surface.with_table())
    except Exception as refused:
        raise AssertionError(f"slackblocks refuses it: {type(refused).__name__}: {refused}") from refused


def _rebuilt(key: str, value: Any) -> Any:
    if isinstance(value, list):
        return [_rebuilt(key, item) for item in value]
    if not isinstance(value, dict):
        return value
    kind = value.get("type")
    if kind == "multi_static_select" and "option_groups" in value:
        # It makes no such menu without options beside the groups: each group alone, then the menu with all of theirs.
        groups = value["option_groups"]
        assert all(_rebuilt("option_groups", one) for one in groups)
        value = {name: item for name, item in value.items() if name != "option_groups"}
        value["options"] = [option for one in groups for option in one["options"]]
    if kind in {"plain_text", "mrkdwn"}:
        return sb.Text(value["text"], type_=sb.TextType(kind), verbatim=bool(value.get("verbatim")))
    if kind == "image":
        made: Callable[..., Any] = sb.ImageBlock if key == "blocks" else sb.Image
    elif kind is not None:
        made = KINDS[kind]
    else:
        made = PARTS[key]
    known = inspect.signature(made).parameters
    given = {name: _rebuilt(name, item) for name, item in value.items() if name != "type"}
    unknown = given.keys() - known.keys()
    assert not unknown, f"{kind or key} has {sorted(unknown)}, which Slack doesn't know"
    return made(**given)
