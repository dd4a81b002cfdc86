"""What Slack would refuse of a message or view, by the sandbox's table of its limits, and what the house does besides:
shorter buttons, one main button in a row, and words for those who see no blocks."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from bot.sandbox.checker import LIMITS, Checker, size_of
from bot.sandbox.limits import view_problems
from bot.sandbox.limits_blocks import check_blocks
from bot.slack.limits import MESSAGE_TEXT, OUR_BUTTON
from bot.slack.message import Block, Message, View


def problems(surface: Message | View) -> list[str]:
    """Each with where it is; empty where all fits."""
    found = list(_in_message(surface) if isinstance(surface, Message) else _in_view(surface))
    found += [problem for block in surface.blocks for problem in _in_block(block)]
    if isinstance(surface, Message) and surface.tabled:
        found += [f"with its table: {problem}" for problem in problems(surface.with_table())]
    return found


def _in_message(message: Message) -> Iterator[str]:
    check = Checker()
    # As it was written: what goes to Slack is copied, with other ids for Home only.
    check_blocks(check, list(message.blocks), "/blocks")
    check.items(list(message.blocks), "message.blocks.max", "/blocks", least=0)
    yield from check.problems
    if not message.text.strip():
        yield "text: empty, so notifications and screen readers get nothing"
    # Slack shows more of a new message, and refuses more than this where one is changed.
    if len(message.text) > MESSAGE_TEXT:
        yield f"text: {len(message.text)} characters, at most {MESSAGE_TEXT}"


def _in_view(view: View) -> Iterator[str]:
    payload = dict(view.payload())
    yield from view_problems(payload, home=not view.title)
    if size_of(payload) > LIMITS["view.payload.max"] * 1000:
        yield f"view: {size_of(payload)} bytes"


def _in_block(block: Block) -> Iterator[str]:
    elements = [*block.get("elements", ()), *filter(None, (block.get("accessory"), block.get("element")))]
    if block["type"] == "context":
        return
    if sum(one.get("style") == "primary" for one in elements) > 1:
        yield "more than one primary button"
    for one in elements:
        words = (one.get("text") or {}).get("text", "")
        if one.get("type") == "button" and len(words) > OUR_BUTTON:
            yield f"button {words!r}: at most {OUR_BUTTON} characters"
        offered = Counter(option.get("value") for option in one.get("options", ()))
        if any(count > 1 for count in offered.values()):
            yield "two options have the same value"
        if one.get("type") == "radio_buttons" and "options" not in one:
            yield "radio_buttons without options"
