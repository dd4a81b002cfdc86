"""Slack's limits as this bot reads them: `problems` names what Slack or the house rules would refuse, `fit` splits.

The numbers are Slack's; those of the house (shorter buttons) say so. Nothing here knows a noun.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import accumulate
from typing import Any

from bot.slack.message import Block, Message, View
from bot.slack.mrkdwn import cut, escape, unescape, unmark

MESSAGE_BLOCKS = 50
VIEW_BLOCKS = 100
MESSAGE_TEXT = 4000
VIEW_TITLE = 24  # also of the submit and close buttons
PRIVATE_METADATA = 3000
VIEW_BYTES = 250_000
IDENTIFIER = 255  # block_id, action_id, callback_id, external_id
TEXT = 3000
FIELD = 2000
FIELDS = 10
HEADER = 150
CONTEXT_ELEMENTS = 10
ACTIONS_ELEMENTS = 25
IMAGE_URL = 3000
ALT_TEXT = 2000
LABEL = 2000  # also of a hint and of an image's title
BUTTON = 75
OUR_BUTTON = 24  # the house rule: every label can be read on a phone
BUTTON_VALUE = 2000
OPTION_TEXT = 75
OPTION_VALUE = 150
OPTIONS = 100
FEW_OPTIONS = 10  # radio buttons and checkboxes
OVERFLOW_OPTIONS = 5
PLACEHOLDER = 150
INPUT_LENGTH = 3000
CONFIRM_TITLE = 100
CONFIRM_TEXT = 300
CONFIRM_BUTTON = 30

_SURFACES = {
    "message": {"actions", "context", "divider", "header", "image", "input", "rich_text", "section"},
    "modal": {"actions", "context", "divider", "header", "image", "input", "rich_text", "section"},
    "home": {"actions", "context", "divider", "header", "image", "input", "rich_text", "section"},
}
_SELECTS = {
    "static_select",
    "multi_static_select",
    "external_select",
    "multi_external_select",
    "users_select",
    "multi_users_select",
    "conversations_select",
    "channels_select",
}
_CHOICES = {"radio_buttons", "checkboxes", "overflow"}
_ENTRIES = {
    "plain_text_input",
    "number_input",
    "datepicker",
    "timepicker",
    "email_text_input",
    "url_text_input",
    "file_input",
}
_IN_ACTIONS = _SELECTS | _CHOICES | {"button", "datepicker", "timepicker"}
_IN_SECTION = _IN_ACTIONS | {"image"}
_IN_INPUT = _SELECTS | _ENTRIES | {"radio_buttons", "checkboxes"}


def problems(surface: Message | View) -> list[str]:
    """Name everything that Slack or the house rules would refuse, each as "place: what"; empty where all fits."""
    if isinstance(surface, Message):
        found = list(_message_problems(surface))
        kind = "message"
    else:
        found = list(_view_problems(surface))
        kind = "modal" if surface.title else "home"
    for index, block in enumerate(surface.blocks):
        found.extend(f"blocks[{index}].{problem}" for problem in _block_problems(block, kind))
    found.extend(_repeated_ids(surface.blocks))
    return found


def fit(message: Message) -> tuple[Message, ...]:
    """Return the message as one or more that Slack takes: long sections are split, then more than 50 blocks.

    The parts together say everything; only a single line above 3,000 characters and a text above 4,000 are cut
    with "…". Where a message is split, each part's text is that of its own blocks.
    """
    blocks = [part for block in message.blocks for part in _fit_block(block)]
    if len(blocks) <= MESSAGE_BLOCKS:
        return (replace(message, text=_fit_text(message.text), blocks=tuple(blocks)),)
    parts = [tuple(blocks[start : start + MESSAGE_BLOCKS]) for start in range(0, len(blocks), MESSAGE_BLOCKS)]
    return tuple(Message(text=_fit_text(escape(text_of(part))), blocks=part) for part in parts)


def text_of(blocks: Iterable[Block]) -> str:
    """Return the words of headers, sections and contexts without marks, one line for each of theirs."""
    found: list[str] = []
    for block in blocks:
        kind = block["type"]
        if kind == "header":
            found.append(block["text"]["text"])
        elif kind == "section":
            texts = [block["text"]] if "text" in block else []
            found.extend(unmark(text["text"]) for text in (*texts, *block.get("fields", ())))
        elif kind == "context":
            words = [unmark(one["text"]) for one in block["elements"] if one["type"] != "image"]
            found.append(" · ".join(words))
    return "\n".join(line for line in found if line)


def _message_problems(message: Message) -> Iterator[str]:
    yield from _too_long("text", message.text, MESSAGE_TEXT)
    if not message.text.strip():
        yield "text: empty, so notifications and screen readers get nothing"
    yield from _too_many("blocks", message.blocks, MESSAGE_BLOCKS)


def _view_problems(view: View) -> Iterator[str]:
    for name, value in (("title", view.title), ("submit", view.submit), ("close", view.close)):
        yield from _too_long(name, value or "", VIEW_TITLE)
    yield from _too_long("metadata", view.metadata, PRIVATE_METADATA)
    yield from _too_long("callback_id", view.callback_id, IDENTIFIER)
    yield from _too_long("external_id", view.external_id or "", IDENTIFIER)
    yield from _too_many("blocks", view.blocks, VIEW_BLOCKS)
    if view.title and not view.submit and any(block["type"] == "input" for block in view.blocks):
        yield "submit: missing, although there is an input"
    size = len(json.dumps(view.payload(), ensure_ascii=False).encode())
    if size > VIEW_BYTES:
        yield f"view: {size} bytes, at most {VIEW_BYTES}"


def _block_problems(block: Block, surface: str) -> Iterator[str]:
    kind = block.get("type", "")
    if kind not in _SURFACES[surface]:
        yield f"type: {kind!r} is not shown in a {surface}"
        return
    yield from _too_long("block_id", block.get("block_id", ""), IDENTIFIER)
    check = _BLOCKS.get(kind)
    if check is not None:
        yield from check(block)


def _header(block: Block) -> Iterator[str]:
    yield from _text("text", block.get("text"), HEADER, kinds=("plain_text",))


def _section(block: Block) -> Iterator[str]:
    fields = block.get("fields", ())
    if "text" not in block and not fields:
        yield "text: missing, and there are no fields"
    if "text" in block:
        yield from _text("text", block["text"], TEXT)
    yield from _too_many("fields", fields, FIELDS)
    for index, field in enumerate(fields):
        yield from _text(f"fields[{index}]", field, FIELD)
    if "accessory" in block:
        yield from _element("accessory", block["accessory"], _IN_SECTION)


def _context(block: Block) -> Iterator[str]:
    elements = block.get("elements", ())
    yield from _none_or_too_many("elements", elements, CONTEXT_ELEMENTS)
    for index, element in enumerate(elements):
        if element.get("type") == "image":
            yield from _image(element, f"elements[{index}].")
        else:
            yield from _text(f"elements[{index}]", element, TEXT)


def _actions(block: Block) -> Iterator[str]:
    elements = block.get("elements", ())
    yield from _none_or_too_many("elements", elements, ACTIONS_ELEMENTS)
    for index, element in enumerate(elements):
        yield from _element(f"elements[{index}]", element, _IN_ACTIONS)
    if sum(element.get("style") == "primary" for element in elements) > 1:
        yield "elements: more than one primary button"


def _input(block: Block) -> Iterator[str]:
    yield from _text("label", block.get("label"), LABEL, kinds=("plain_text",))
    if "hint" in block:
        yield from _text("hint", block["hint"], LABEL, kinds=("plain_text",))
    yield from _element("element", block.get("element", {}), _IN_INPUT)


def _image(block: Mapping[str, Any], place: str = "") -> Iterator[str]:
    yield from _empty_or_too_long(f"{place}alt_text", block.get("alt_text", ""), ALT_TEXT)
    if ("image_url" in block) == ("slack_file" in block):
        yield f"{place}image: give either image_url or slack_file"
    yield from _too_long(f"{place}image_url", block.get("image_url", ""), IMAGE_URL)
    if "title" in block:
        yield from _text(f"{place}title", block["title"], LABEL, kinds=("plain_text",))


_BLOCKS: Mapping[str, Callable[[Block], Iterator[str]]] = {
    "header": _header,
    "section": _section,
    "context": _context,
    "actions": _actions,
    "input": _input,
    "image": _image,
}


def _element(place: str, element: Mapping[str, Any], allowed: set[str]) -> Iterator[str]:
    kind = element.get("type", "")
    if kind not in allowed:
        yield f"{place}: a {kind!r} can't stand here"
        return
    if kind == "image":
        yield from _image(element, f"{place}.")
        return
    yield from _empty_or_too_long(f"{place}.action_id", element.get("action_id", ""), IDENTIFIER)
    if kind == "button":
        yield from _text(f"{place}.text", element.get("text"), OUR_BUTTON, kinds=("plain_text",))
        yield from _too_long(f"{place}.value", element.get("value", ""), BUTTON_VALUE)
        yield from _too_long(f"{place}.url", element.get("url", ""), IMAGE_URL)
        yield from _too_long(f"{place}.accessibility_label", element.get("accessibility_label", ""), BUTTON)
    if "placeholder" in element:
        yield from _text(f"{place}.placeholder", element["placeholder"], PLACEHOLDER, kinds=("plain_text",))
    if kind == "plain_text_input":
        yield from _entry(place, element)
    yield from _element_options(place, kind, element)
    if "confirm" in element:
        yield from _confirm(f"{place}.confirm", element["confirm"])


def _entry(place: str, element: Mapping[str, Any]) -> Iterator[str]:
    most = element.get("max_length", INPUT_LENGTH)
    if not 1 <= most <= INPUT_LENGTH:
        yield f"{place}.max_length: {most}, from 1 to {INPUT_LENGTH}"
    if not 0 <= element.get("min_length", 0) <= most:
        yield f"{place}.min_length: above max_length or below 0"
    yield from _too_long(f"{place}.initial_value", element.get("initial_value", ""), most)


def _element_options(place: str, kind: str, element: Mapping[str, Any]) -> Iterator[str]:
    most = {"overflow": OVERFLOW_OPTIONS, "radio_buttons": FEW_OPTIONS, "checkboxes": FEW_OPTIONS}.get(kind, OPTIONS)
    options: Sequence[Mapping[str, Any]] = element.get("options", ())
    if kind in _CHOICES or (kind in ("static_select", "multi_static_select") and "option_groups" not in element):
        yield from _none_or_too_many(f"{place}.options", options, most)
    groups = element.get("option_groups", ())
    yield from _too_many(f"{place}.option_groups", groups, OPTIONS)
    for index, group in enumerate(groups):
        yield from _text(
            f"{place}.option_groups[{index}].label", group.get("label"), OPTION_TEXT, kinds=("plain_text",)
        )
        yield from _none_or_too_many(f"{place}.option_groups[{index}].options", group.get("options", ()), OPTIONS)
    offered = [*options, *(option for group in groups for option in group.get("options", ()))]
    for index, option in enumerate(offered):
        yield from _option(f"{place}.options[{index}]", option)
    if any(count > 1 for count in Counter(option.get("value") for option in offered).values()):
        yield f"{place}.options: two have the same value"
    chosen = [*element.get("initial_options", ())]
    if "initial_option" in element:
        chosen.append(element["initial_option"])
    if offered and any(option not in offered for option in chosen):
        yield f"{place}.initial_option: not among the options"


def _option(place: str, option: Mapping[str, Any]) -> Iterator[str]:
    yield from _text(f"{place}.text", option.get("text"), OPTION_TEXT)
    yield from _empty_or_too_long(f"{place}.value", option.get("value", ""), OPTION_VALUE)
    if "description" in option:
        yield from _text(f"{place}.description", option["description"], OPTION_TEXT)


def _confirm(place: str, confirm: Mapping[str, Any]) -> Iterator[str]:
    yield from _text(f"{place}.title", confirm.get("title"), CONFIRM_TITLE, kinds=("plain_text",))
    yield from _text(f"{place}.text", confirm.get("text"), CONFIRM_TEXT)
    yield from _text(f"{place}.confirm", confirm.get("confirm"), CONFIRM_BUTTON, kinds=("plain_text",))
    yield from _text(f"{place}.deny", confirm.get("deny"), CONFIRM_BUTTON, kinds=("plain_text",))


def _text(
    place: str, text: Mapping[str, Any] | None, most: int, *, kinds: Sequence[str] = ("plain_text", "mrkdwn")
) -> Iterator[str]:
    if text is None:
        yield f"{place}: missing"
    elif text.get("type") not in kinds:
        yield f"{place}: a {text.get('type')!r} text can't stand here"
    else:
        yield from _empty_or_too_long(place, text.get("text", ""), most)


def _empty_or_too_long(place: str, value: str, most: int) -> Iterator[str]:
    if not value:
        yield f"{place}: empty"
    yield from _too_long(place, value, most)


def _too_long(place: str, value: str, most: int) -> Iterator[str]:
    if len(value) > most:
        yield f"{place}: {len(value)} characters, at most {most}"


def _none_or_too_many(place: str, values: Sequence[Any], most: int) -> Iterator[str]:
    if not values:
        yield f"{place}: none"
    yield from _too_many(place, values, most)


def _too_many(place: str, values: Sequence[Any], most: int) -> Iterator[str]:
    if len(values) > most:
        yield f"{place}: {len(values)}, at most {most}"


def _repeated_ids(blocks: Iterable[Block]) -> Iterator[str]:
    listed = list(blocks)
    for name, count in Counter(block["block_id"] for block in listed if "block_id" in block).items():
        if count > 1:
            yield f"block_id: {name!r} stands {count} times"
    for index, block in enumerate(listed):
        # Slack tells the elements of one block apart by action_id; between blocks the block_id does.
        ids = Counter(element["action_id"] for element in block.get("elements", ()) if "action_id" in element)
        for name, count in ids.items():
            if count > 1:
                yield f"blocks[{index}].action_id: {name!r} stands {count} times"


def _fit_text(text: str) -> str:
    """Cut by what is read, so that an escaped character is never cut in two; such a text carries no other markup."""
    if len(text) <= MESSAGE_TEXT:
        return text
    plain = unescape(text)
    sizes = accumulate(len(escape(char)) for char in plain)
    return escape(cut(plain, sum(size < MESSAGE_TEXT for size in sizes)))


def _fit_block(block: Block) -> Iterator[Block]:
    if block["type"] == "context":
        yield {**block, "elements": [_fit_element(element, TEXT) for element in block["elements"]]}
        return
    if block["type"] != "section":
        yield block
        return
    if "fields" in block:
        block = {**block, "fields": [_fit_element(field, FIELD) for field in block["fields"]]}
    text = block.get("text", {})
    if len(text.get("text", "")) <= TEXT:
        yield block
        return
    for index, piece in enumerate(_pieces(text["text"])):
        # The accessory, the fields and the id stay with the first piece, where the reader looks for them.
        kept = block if index == 0 else {"type": "section"}
        yield {**kept, "text": {**text, "text": piece}}


def _fit_element(element: Mapping[str, Any], most: int) -> Mapping[str, Any]:
    text = element.get("text")
    return {**element, "text": _cut_marked(text, most)} if isinstance(text, str) and len(text) > most else element


def _pieces(text: str) -> Iterator[str]:
    """Split at line breaks into pieces that fit into a section; a longer line is cut by words."""
    piece = ""
    for line in text.split("\n"):
        short = line if len(line) <= TEXT else _cut_marked(line, TEXT)
        joined = f"{piece}\n{short}" if piece else short
        if len(joined) > TEXT:
            yield piece
            piece = short
        else:
            piece = joined
    if piece:
        yield piece


def _cut_marked(line: str, most: int) -> str:
    """Cut a line that carries markup so that neither an escaped character nor a token is cut in two."""
    kept = line[: most - 1]
    for start, end in (("<", ">"), ("&", ";")):
        if kept.rfind(start) > kept.rfind(end):
            kept = kept[: kept.rfind(start)]
    return kept.rstrip() + "…"
