"""Checks of blocks: which may stand where, what each holds, what must not repeat. Elements are elsewhere."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from bot.sandbox.checker import LIMITS, SURFACES, Checker, characters, kind_of
from bot.sandbox.limits_elements import ACCESSORIES, IN_ACTIONS, IN_INPUT, check_element
from bot.sandbox.limits_newer import NEWER

JSON = dict[str, Any]
FileLookup = Callable[[JSON], bool]

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
}
NOT_IN_MESSAGES = frozenset({"file_input"})


def check_blocks(check: Checker, blocks: list[Any], surface: str, pointer: str, file_usable: FileLookup | None) -> None:
    """All blocks of a `message`, `modal` or `home`. `file_usable` tells whether a `slack_file` can be shown."""
    dicts: list[JSON] = []
    for i, block in enumerate(blocks):
        at = f"{pointer}/{i}"
        if not isinstance(block, dict):
            check.add("must be a block", at)
            continue
        dicts.append(block)
        _check_block(check, block, surface, at, file_usable)
    check.no_repeats([b.get("block_id") for b in dicts], "block_id", pointer)
    _check_together(check, dicts, pointer)


def _check_block(check: Checker, block: JSON, surface: str, pointer: str, file_usable: FileLookup | None) -> None:
    kind = kind_of(block)
    if kind not in SURFACES[surface]:
        check.add(f"unsupported type: {kind}", f"{pointer}/type")
        return
    if kind in KEYS:
        check.keys(block, KEYS[kind], pointer)
    check.string(block.get("block_id"), "block_id.max", f"{pointer}/block_id")
    if kind == "image":
        _image(check, block, pointer, file_usable, title=True)
    elif kind == "section":
        _section(check, block, pointer, file_usable)
    elif kind == "context":
        _context(check, block, pointer, file_usable)
    elif kind == "input":
        _input(check, block, surface, pointer)
    elif kind == "container":
        _container(check, block, surface, pointer, file_usable)
    elif kind in _PLAIN:
        _PLAIN[kind](check, block, pointer)
    elif kind in NEWER:
        NEWER[kind](check, block, pointer)


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


def _section(check: Checker, block: JSON, pointer: str, file_usable: FileLookup | None) -> None:
    if "text" not in block and "fields" not in block:
        check.add("must provide text or fields", pointer)
    check.text(block.get("text"), "section.text.max", f"{pointer}/text", mrkdwn=True)
    if "fields" in block:
        fields = check.items(block["fields"], "section.fields.max", f"{pointer}/fields")
        for i, text in enumerate(fields):
            check.text(text, "section.field_text.max", f"{pointer}/fields/{i}", mrkdwn=True)
    accessory = block.get("accessory")
    if accessory is None:
        return
    if not isinstance(accessory, dict):
        check.add("must be an element", f"{pointer}/accessory")
    elif accessory.get("type") == "image":
        _image(check, accessory, f"{pointer}/accessory", file_usable, title=False)
    else:
        check_element(check, accessory, ACCESSORIES, f"{pointer}/accessory")


def _context(check: Checker, block: JSON, pointer: str, file_usable: FileLookup | None) -> None:
    elements = check.items(block.get("elements"), "context.elements.max", f"{pointer}/elements")
    for i, element in enumerate(elements):
        at = f"{pointer}/elements/{i}"
        if element.get("type") == "image":
            _image(check, element, at, file_usable, title=False)
        else:
            check.text(element, "text_object.max", at, mrkdwn=True)


def _image(check: Checker, block: JSON, pointer: str, file_usable: FileLookup | None, *, title: bool) -> None:
    check.string(block.get("alt_text"), "image.alt_text.max", f"{pointer}/alt_text", required=True)
    check.string(block.get("image_url"), "image.url.max", f"{pointer}/image_url")
    if title:
        check.text(block.get("title"), "image.title.max", f"{pointer}/title")
    slack_file = block.get("slack_file")
    if (slack_file is None) == (block.get("image_url") is None):
        check.add("must provide either image_url or slack_file", pointer)
    elif slack_file is not None and (
        not isinstance(slack_file, dict) or (file_usable is not None and not file_usable(slack_file))
    ):
        check.add("invalid slack file", f"{pointer}/slack_file")


def _input(check: Checker, block: JSON, surface: str, pointer: str) -> None:
    check.text(block.get("label"), "input.label.max", f"{pointer}/label", required=True)
    check.text(block.get("hint"), "input.hint.max", f"{pointer}/hint")
    element = block.get("element")
    if not isinstance(element, dict):
        check.add("missing required field: element", pointer)
        return
    allowed = IN_INPUT if surface == "modal" else IN_INPUT - NOT_IN_MESSAGES
    check_element(check, element, allowed, f"{pointer}/element")


def _container(check: Checker, block: JSON, surface: str, pointer: str, file_usable: FileLookup | None) -> None:
    check.text(block.get("title"), "container.title.max", f"{pointer}/title", required=True)
    children = check.items(block.get("child_blocks"), "container.child_blocks.max", f"{pointer}/child_blocks")
    for i, child in enumerate(children):
        at = f"{pointer}/child_blocks/{i}"
        if child.get("type") == "container":
            check.add("unsupported type: container", f"{at}/type")
        else:
            _check_block(check, child, surface, at, file_usable)


def _header(check: Checker, block: JSON, pointer: str) -> None:
    check.text(block.get("text"), "header.text.max", f"{pointer}/text", required=True)


def _actions(check: Checker, block: JSON, pointer: str) -> None:
    elements = check.items(block.get("elements"), "actions.elements.max", f"{pointer}/elements")
    for i, element in enumerate(elements):
        check_element(check, element, IN_ACTIONS, f"{pointer}/elements/{i}")
    check.no_repeats([e.get("action_id") for e in elements], "action_id", f"{pointer}/elements")


def _markdown(check: Checker, block: JSON, pointer: str) -> None:
    check.string(block.get("text"), "markdown.text.max", f"{pointer}/text", required=True)


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


_PLAIN: dict[str, Callable[[Checker, JSON, str], None]] = {
    "header": _header,
    "actions": _actions,
    "markdown": _markdown,
    "rich_text": _rich_text,
}
