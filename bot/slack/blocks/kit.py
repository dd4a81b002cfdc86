"""Small constructors of Slack's blocks and elements, as plain dicts. No noun and no wording of screens is here.

Blocks: header, section, line, context, actions, row, divider, image, data_table, input_block. Elements: button,
confirm, option, static_select, users_select, overflow; those of forms are made by the kinds of fields, of an `element`.
Strings of headers, labels, buttons, options and placeholders are plain text and are cut with "…" where Slack's limit
ends; those of sections and contexts are Slack's markup: escape people's words with `bot.slack.mrkdwn`.
"""

from __future__ import annotations

from collections.abc import Sequence
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


def header(text: str) -> Block:
    return {"type": "header", "text": plain(text, limits.HEADER)}


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


def actions(*elements: Element) -> Block:
    return {"type": "actions", "elements": list(elements)}


def row(*elements: Element) -> list[Block]:
    """A block of actions; none where there is nothing to press."""
    return [actions(*elements)] if elements else []


def preformatted(text: str) -> Block:
    """A text to be copied as it stands: Slack reads no marks in it."""
    run = {"type": "text", "text": text}
    return {"type": "rich_text", "elements": [{"type": "rich_text_preformatted", "elements": [run]}]}


def divider() -> Block:
    return {"type": "divider"}


def data_table(caption: str, *rows: Sequence[str]) -> Block:
    """A table, of which the first row is the header, with all of its rows on one page. In its cells Slack reads no
    marks."""
    cells = [[{"type": "raw_text", "text": one_line(cell)} for cell in row] for row in rows]
    return {"type": "data_table", "caption": one_line(caption), "rows": cells, "page_size": len(rows) - 1}


def image(alt: str, *, slack_file: str, title: str) -> Block:
    """A picture, by the id of an uploaded file."""
    return {
        "type": "image",
        "alt_text": cut(one_line(alt), limits.ALT_TEXT),
        "title": plain(title, limits.LABEL),
        "slack_file": {"id": slack_file},
    }


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
    primary: bool = False,
    danger: bool = False,
    confirm: Element | None = None,
    label: str | None = None,
    about: str | None = None,
) -> Element:
    """A button. A text that is not clear by itself is read out with what it is `about`, or as another `label`. Danger
    needs a `confirm`."""
    label = f"{text}: {about}" if about is not None else label
    if danger and confirm is None:
        raise ValueError("what is hard to undo is confirmed first")
    element: Element = {"type": "button", "text": plain(text, limits.OUR_BUTTON), "action_id": action_id}
    if value is not None:
        element["value"] = value
    if primary or danger:
        element["style"] = "primary" if primary else "danger"
    if confirm is not None:
        element["confirm"] = confirm
    if label is not None:
        element["accessibility_label"] = cut(one_line(label), limits.BUTTON)
    return element


def line(words: str, text: str, action_id: str, /, **of_button: Any) -> Block:
    """A section with one button at its right; `of_button` is what else `button` takes."""
    return section(words, accessory=button(text, action_id, **of_button))


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


def static_select(
    action_id: str, options: Sequence[Element], *, initial: Element | None = None, placeholder: str | None = None
) -> Element:
    return element("static_select", action_id, placeholder, options=list(options), initial_option=initial)


def users_select(action_id: str, *, initial: str | None = None, placeholder: str | None = None) -> Element:
    """A choice among the workspace's people; `initial` is a Slack user id."""
    return element("users_select", action_id, placeholder, initial_user=initial)


def overflow(action_id: str, options: Sequence[Element]) -> Element:
    """A "⋯" menu of one to five options."""
    return element("overflow", action_id, options=list(options))


def element(kind: str, action_id: str, placeholder: str | None = None, **given: Any) -> Element:
    """An element with what is given of these; None is left out."""
    found = {"type": kind, "action_id": action_id, **given}
    found["placeholder"] = plain(placeholder, limits.PLACEHOLDER) if placeholder else None
    return {name: value for name, value in found.items() if value is not None}


def _with_id(block: Block, block_id: str | None) -> Block:
    if block_id is not None:
        block["block_id"] = block_id
    return block
