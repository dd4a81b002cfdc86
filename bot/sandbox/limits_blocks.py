"""Checks of blocks: which may stand where, what each holds, what must not repeat. Elements are elsewhere."""

from __future__ import annotations

from typing import Any

from bot.sandbox.checker import LIMITS, SURFACES, Checker, Rule, characters, each, kind_of, string, text
from bot.sandbox.limits_elements import ACCESSORIES, IN_ACTIONS, IN_INPUT, check_element, standing_there
from bot.sandbox.limits_newer import NEWER
from bot.sandbox.workspace import JSON

KEYS: dict[str, set[str]] = {
    "section": {"type", "block_id", "text", "fields", "accessory", "expand"},
    "header": {"type", "block_id", "text"},
    "context": {"type", "block_id", "elements"},
    "actions": {"type", "block_id", "elements"},
    "divider": {"type", "block_id"},
    "image": {"type", "block_id", "image_url", "slack_file", "alt_text", "title"},
    "input": {"type", "block_id", "label", "element", "hint", "optional", "dispatch_action"},
    "markdown": {"type", "block_id", "text"},
    "rich_text": {"type", "block_id", "elements"},
    "data_table": {"type", "block_id", "caption", "rows", "page_size", "row_header_column_index"},
}
NOT_IN_MESSAGES = frozenset({"file_input"})


def check_blocks(check: Checker, blocks: list[Any], pointer: str) -> None:
    """All blocks of a message, modal or Home tab."""
    dicts: list[JSON] = []
    for i, block in enumerate(blocks):
        at = f"{pointer}/{i}"
        if not isinstance(block, dict):
            check.add("must be a block", at)
            continue
        dicts.append(block)
        _check_block(check, block, at)
    check.no_repeats([b.get("block_id") for b in dicts], "block_id", pointer)
    _check_together(check, dicts, pointer)


def _check_block(check: Checker, block: JSON, pointer: str) -> None:
    kind = kind_of(block)
    if kind not in SURFACES[check.surface] or kind in check.unknown:
        check.add(f"unsupported type: {kind}", f"{pointer}/type")
        return
    if kind in KEYS:
        check.keys(block, KEYS[kind], pointer)
    check.all((string("block_id", "block_id.max"), *_RULES.get(kind, ())), block, pointer)


def _check_together(check: Checker, blocks: list[JSON], pointer: str) -> None:
    """What counts over all blocks."""
    by_kind = {kind: [b for b in blocks if b.get("type") == kind] for kind in ("table", "data_visualization")}
    for kind, found in by_kind.items():
        most = LIMITS[f"{kind}.per_message.max"]
        if len(found) > most:
            check.add(f"no more than {most} blocks of type {kind} allowed", pointer)
    for kind in ("table", "data_table"):
        total = sum(characters(b.get("rows")) for b in blocks if b.get("type") == kind)
        if total > LIMITS[f"{kind}.chars_total.max"]:
            check.add(f"must be less than {LIMITS[f'{kind}.chars_total.max'] + 1} characters in all", pointer)
    written = sum(len(str(b.get("text", ""))) for b in blocks if b.get("type") == "markdown")
    if written > LIMITS["markdown.text.max"]:
        check.add(f"must be less than {LIMITS['markdown.text.max'] + 1} characters in all", pointer)
    focused = [e for b in blocks for e in _standing_in(b) if isinstance(e, dict) and e.get("focus_on_load")]
    if len(focused) > 1:
        check.add("only one element can have focus_on_load", pointer)


def _standing_in(block: JSON) -> list[Any]:
    """Whatever stands where a block has its elements."""
    several = block.get("elements")
    return [block.get("element"), block.get("accessory"), *(several if isinstance(several, list) else [])]


def _section(check: Checker, block: JSON, pointer: str) -> None:
    if "text" not in block and "fields" not in block:
        check.add("must provide text or fields", pointer)
    text("text", "section.text.max", mrkdwn=True)(check, block, pointer)
    if "fields" in block:
        for i, field in enumerate(check.items(block["fields"], "section.fields.max", f"{pointer}/fields")):
            check.text(field, "section.field_text.max", f"{pointer}/fields/{i}", mrkdwn=True)
    accessory = block.get("accessory")
    if accessory is None:
        return
    if not isinstance(accessory, dict):
        check.add("must be an element", f"{pointer}/accessory")
    elif accessory.get("type") == "image":
        check.all(_PICTURE, accessory, f"{pointer}/accessory")
    else:
        check_element(check, accessory, ACCESSORIES, f"{pointer}/accessory")


def _context_element(check: Checker, element: JSON, pointer: str) -> None:
    if element.get("type") == "image":
        check.all(_PICTURE, element, pointer)
    else:
        check.text(element, "text_object.max", pointer, mrkdwn=True)


def _shows_something(check: Checker, block: JSON, pointer: str) -> None:
    slack_file, file_usable = block.get("slack_file"), check.file_usable
    if (slack_file is None) == (block.get("image_url") is None):
        check.add("must provide either image_url or slack_file", pointer)
    elif slack_file is not None and (
        not isinstance(slack_file, dict) or (file_usable is not None and not file_usable(slack_file))
    ):
        check.add("invalid slack file", f"{pointer}/slack_file")


def _input_element(check: Checker, block: JSON, pointer: str) -> None:
    element = block.get("element")
    if not isinstance(element, dict):
        check.add("missing required field: element", pointer)
        return
    allowed = IN_INPUT if check.surface == "modal" else IN_INPUT - NOT_IN_MESSAGES
    check_element(check, element, allowed, f"{pointer}/element")


def _child(check: Checker, child: JSON, pointer: str) -> None:
    if child.get("type") == "container":
        check.add("unsupported type: container", f"{pointer}/type")
    else:
        _check_block(check, child, pointer)


def _no_action_twice(check: Checker, block: JSON, pointer: str) -> None:
    elements = [element for element in _standing_in(block) if isinstance(element, dict)]
    check.no_repeats([element.get("action_id") for element in elements], "action_id", f"{pointer}/elements")


def _rich_text(check: Checker, block: JSON, pointer: str) -> None:
    elements = block.get("elements")
    if not isinstance(elements, list):
        check.add("must provide an array", f"{pointer}/elements")
        return
    for i, element in enumerate(elements):
        at = f"{pointer}/elements/{i}"
        kind = element.get("type") if isinstance(element, dict) else None
        if kind not in ("rich_text_section", "rich_text_list", "rich_text_preformatted", "rich_text_quote"):
            check.add(f"unsupported type: {kind}", f"{at}/type")
        elif kind == "rich_text_list":
            check.between(element.get("indent"), 0, LIMITS["rich_text_list.indent.max"], f"{at}/indent")
            if element.get("style") not in ("bullet", "ordered"):
                check.add("must be bullet or ordered", f"{at}/style")


_PICTURE: tuple[Rule, ...] = (
    string("alt_text", "image.alt_text.max", required=True),
    string("image_url", "image.url.max"),
    _shows_something,
)
_RULES: dict[str, tuple[Rule, ...]] = {
    "image": (*_PICTURE, text("title", "image.title.max")),
    "section": (_section,),
    "context": (each("elements", "context.elements.max", _context_element),),
    "input": (text("label", "input.label.max", required=True), text("hint", "input.hint.max"), _input_element),
    "container": (
        text("title", "container.title.max", required=True),
        each("child_blocks", "container.child_blocks.max", _child),
    ),
    "header": (text("text", "header.text.max", required=True),),
    "actions": (each("elements", "actions.elements.max", standing_there(IN_ACTIONS)), _no_action_twice),
    "markdown": (string("text", "markdown.text.max", required=True),),
    "rich_text": (_rich_text,),
    **NEWER,
}
