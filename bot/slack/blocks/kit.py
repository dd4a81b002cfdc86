"""Small constructors of Slack's blocks and elements, as plain dicts. No noun and no wording of screens is here.

Blocks: header, section, context, actions, divider, image, input_block. Elements: button, confirm, option, option_group,
static_select, multi_static_select, external_select, multi_external_select, users_select, conversations_select,
radio_buttons, checkboxes, overflow, datepicker, timepicker, plain_text_input, number_input, file_input,
image_element.
Strings of headers, labels, buttons, options and placeholders are plain text and are cut with "…" where Slack's limit
ends; those of sections and contexts are Slack's markup: escape people's words with `bot.slack.mrkdwn`.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, time
from typing import Any

from bot.slack import limits
from bot.slack.message import Block
from bot.slack.mrkdwn import cut, one_line

Element = dict[str, Any]
Text = dict[str, Any]


def plain(text: str, most: int) -> Text:
    """A plain text object on one line, cut to `most` characters."""
    return {"type": "plain_text", "text": cut(one_line(text), most)}


def mrkdwn(text: str) -> Text:
    """A text object with Slack's markup. "verbatim" keeps Slack from turning "@here" in people's words into a call."""
    return {"type": "mrkdwn", "text": text, "verbatim": True}


def header(text: str, *, block_id: str | None = None) -> Block:
    return _with_id({"type": "header", "text": plain(text, limits.HEADER)}, block_id)


def section(
    text: str | None = None,
    *,
    fields: Sequence[str] = (),
    accessory: Element | None = None,
    block_id: str | None = None,
) -> Block:
    """A section with a text, up to ten fields in two columns, or both, and at most one element at its right."""
    block: Block = {"type": "section"}
    if text is not None:
        block["text"] = mrkdwn(text)
    if fields:
        block["fields"] = [mrkdwn(field) for field in fields]
    if accessory is not None:
        block["accessory"] = accessory
    return _with_id(block, block_id)


def context(*texts: str, block_id: str | None = None) -> Block:
    return _with_id({"type": "context", "elements": [mrkdwn(text) for text in texts]}, block_id)


def actions(*elements: Element, block_id: str | None = None) -> Block:
    return _with_id({"type": "actions", "elements": list(elements)}, block_id)


def divider() -> Block:
    return {"type": "divider"}


def image(
    alt: str,
    *,
    image_url: str | None = None,
    slack_file: str | None = None,
    title: str | None = None,
    block_id: str | None = None,
) -> Block:
    """A picture, by address or by the id of an uploaded file; give exactly one of them."""
    block: Block = {"type": "image", "alt_text": cut(one_line(alt), limits.ALT_TEXT)}
    if title is not None:
        block["title"] = plain(title, limits.LABEL)
    return _with_id(block | _picture(image_url, slack_file), block_id)


def image_element(alt: str, *, image_url: str | None = None, slack_file: str | None = None) -> Element:
    """A small picture for a section's right side or a context; give exactly one of address and file id."""
    picture = _picture(image_url, slack_file)
    return {"type": "image", "alt_text": cut(one_line(alt), limits.ALT_TEXT)} | picture


def input_block(
    label: str,
    element: Element,
    block_id: str,
    *,
    hint: str | None = None,
    optional: bool = False,
    dispatch: bool = False,
) -> Block:
    """A labelled field of a form. With `dispatch` a change is reported at once, not only at submit."""
    block: Block = {
        "type": "input",
        "block_id": block_id,
        "label": plain(label, limits.LABEL),
        "element": element,
        "optional": optional,
    }
    if hint is not None:
        block["hint"] = plain(hint, limits.LABEL)
    if dispatch:
        block["dispatch_action"] = True
    return block


def button(
    text: str,
    action_id: str,
    *,
    value: str | None = None,
    url: str | None = None,
    primary: bool = False,
    danger: bool = False,
    confirm: Element | None = None,
    label: str | None = None,
) -> Element:
    """A button. `label` is read out in place of a text that is not clear by itself. Danger needs a `confirm`."""
    if danger and confirm is None:
        raise ValueError("what is hard to undo is confirmed first")
    element: Element = {"type": "button", "text": plain(text, limits.OUR_BUTTON), "action_id": action_id}
    if value is not None:
        element["value"] = value
    if url is not None:
        element["url"] = url
    if primary or danger:
        element["style"] = "primary" if primary else "danger"
    if confirm is not None:
        element["confirm"] = confirm
    if label is not None:
        element["accessibility_label"] = cut(one_line(label), limits.BUTTON)
    return element


def confirm(title: str, text: str, yes: str, no: str, *, danger: bool = False) -> Element:
    """The question before a button acts; `text` is plain."""
    element: Element = {
        "title": plain(title, limits.CONFIRM_TITLE),
        "text": plain(text, limits.CONFIRM_TEXT),
        "confirm": plain(yes, limits.CONFIRM_BUTTON),
        "deny": plain(no, limits.CONFIRM_BUTTON),
    }
    if danger:
        element["style"] = "danger"
    return element


def option(text: str, value: str, *, description: str | None = None) -> Element:
    element: Element = {"text": plain(text, limits.OPTION_TEXT), "value": value}
    if description is not None:
        element["description"] = plain(description, limits.OPTION_TEXT)
    return element


def option_group(label: str, options: Sequence[Element]) -> Element:
    return {"label": plain(label, limits.OPTION_TEXT), "options": list(options)}


def static_select(
    action_id: str,
    options: Sequence[Element] = (),
    *,
    groups: Sequence[Element] = (),
    initial: Element | None = None,
    placeholder: str | None = None,
) -> Element:
    """A list to choose one from: `options`, or `groups` of them."""
    element = _offering("static_select", action_id, options, groups, placeholder)
    if initial is not None:
        element["initial_option"] = initial
    return element


def multi_static_select(
    action_id: str,
    options: Sequence[Element] = (),
    *,
    groups: Sequence[Element] = (),
    initial: Sequence[Element] = (),
    placeholder: str | None = None,
) -> Element:
    """A list to choose several from: `options`, or `groups` of them."""
    element = _offering("multi_static_select", action_id, options, groups, placeholder)
    if initial:
        element["initial_options"] = list(initial)
    return element


def external_select(
    action_id: str, *, initial: Element | None = None, placeholder: str | None = None, min_query_length: int = 0
) -> Element:
    """A search whose options the bot gives while somebody types."""
    element: Element = {"type": "external_select", "action_id": action_id, "min_query_length": min_query_length}
    if initial is not None:
        element["initial_option"] = initial
    return _with_placeholder(element, placeholder)


def multi_external_select(
    action_id: str,
    *,
    initial: Sequence[Element] = (),
    placeholder: str | None = None,
    min_query_length: int = 0,
) -> Element:
    """A search for several."""
    element: Element = {"type": "multi_external_select", "action_id": action_id, "min_query_length": min_query_length}
    if initial:
        element["initial_options"] = list(initial)
    return _with_placeholder(element, placeholder)


def users_select(action_id: str, *, initial: str | None = None, placeholder: str | None = None) -> Element:
    """A choice among the workspace's people; `initial` is a Slack user id."""
    element: Element = {"type": "users_select", "action_id": action_id}
    if initial is not None:
        element["initial_user"] = initial
    return _with_placeholder(element, placeholder)


def conversations_select(action_id: str, *, initial: str | None = None, placeholder: str | None = None) -> Element:
    """A choice among the channels that the person can see; `initial` is a channel's id."""
    element: Element = {
        "type": "conversations_select",
        "action_id": action_id,
        "filter": {"include": ["public", "private"]},
    }
    if initial is not None:
        element["initial_conversation"] = initial
    return _with_placeholder(element, placeholder)


def radio_buttons(action_id: str, options: Sequence[Element], *, initial: Element | None = None) -> Element:
    element: Element = {"type": "radio_buttons", "action_id": action_id, "options": list(options)}
    if initial is not None:
        element["initial_option"] = initial
    return element


def checkboxes(action_id: str, options: Sequence[Element], *, initial: Sequence[Element] = ()) -> Element:
    element: Element = {"type": "checkboxes", "action_id": action_id, "options": list(options)}
    if initial:
        element["initial_options"] = list(initial)
    return element


def overflow(action_id: str, options: Sequence[Element]) -> Element:
    """A "⋯" menu of one to five options."""
    return {"type": "overflow", "action_id": action_id, "options": list(options)}


def datepicker(action_id: str, *, initial: date | None = None, placeholder: str | None = None) -> Element:
    element: Element = {"type": "datepicker", "action_id": action_id}
    if initial is not None:
        element["initial_date"] = initial.isoformat()
    return _with_placeholder(element, placeholder)


def timepicker(action_id: str, *, initial: time | None = None, placeholder: str | None = None) -> Element:
    """A time of day."""
    element: Element = {"type": "timepicker", "action_id": action_id}
    if initial is not None:
        element["initial_time"] = initial.isoformat(timespec="minutes")
    return _with_placeholder(element, placeholder)


def plain_text_input(
    action_id: str,
    *,
    max_length: int,
    initial: str | None = None,
    placeholder: str | None = None,
    multiline: bool = False,
    on_enter: bool = False,
) -> Element:
    """A field for words. `on_enter`: where its block dispatches, Enter reports it, and no single letter does."""
    element: Element = {
        "type": "plain_text_input",
        "action_id": action_id,
        "max_length": max_length,
        "multiline": multiline,
    }
    if on_enter:
        element["dispatch_action_config"] = {"trigger_actions_on": ["on_enter_pressed"]}
    if initial:
        element["initial_value"] = initial
    return _with_placeholder(element, placeholder)


def file_input(action_id: str, *, filetypes: Sequence[str], most: int) -> Element:
    """A place to give files; `filetypes` are endings without the dot."""
    return {"type": "file_input", "action_id": action_id, "filetypes": list(filetypes), "max_files": most}


def number_input(
    action_id: str, *, decimals: bool, initial: str | None = None, placeholder: str | None = None
) -> Element:
    """A number; Slack hands it back as the text that was typed."""
    element: Element = {"type": "number_input", "action_id": action_id, "is_decimal_allowed": decimals}
    if initial:
        element["initial_value"] = initial
    return _with_placeholder(element, placeholder)


def _offering(
    kind: str, action_id: str, options: Sequence[Element], groups: Sequence[Element], placeholder: str | None
) -> Element:
    element: Element = {"type": kind, "action_id": action_id}
    if groups:
        element["option_groups"] = list(groups)
    else:
        element["options"] = list(options)
    return _with_placeholder(element, placeholder)


def _with_placeholder(element: Element, placeholder: str | None) -> Element:
    if placeholder:
        element["placeholder"] = plain(placeholder, limits.PLACEHOLDER)
    return element


def _with_id(block: Block, block_id: str | None) -> Block:
    if block_id is not None:
        block["block_id"] = block_id
    return block


def _picture(image_url: str | None, slack_file: str | None) -> Element:
    if (image_url is None) == (slack_file is None):
        raise ValueError("a picture comes either from an address or from an uploaded file")
    return {"image_url": image_url} if image_url is not None else {"slack_file": {"id": slack_file}}
