"""Slack's limits as this bot keeps to them; `fit` splits what is longer.

The numbers are Slack's; those of the house (shorter buttons) say so. Nothing here knows a noun.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from itertools import accumulate
from typing import Any

from bot.slack.message import Block, Message
from bot.slack.mrkdwn import cut, escape, unescape, unmark

MESSAGE_BLOCKS = 50
VIEW_BLOCKS = 100
MESSAGE_TEXT = 4000
VIEW_TITLE = 24  # also of the submit and close buttons
PRIVATE_METADATA = 3000
IDENTIFIER = 255  # block_id, action_id, callback_id, external_id
TEXT = 3000
FIELD = 2000
HEADER = 150
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
TABLE_ROWS = 100  # below its header
TABLE_TEXT = 10_000  # characters in all cells


def fit(message: Message) -> tuple[Message, ...]:
    """Return the message as one or more that Slack takes: long sections are split, then more than 50 blocks.

    The parts together say everything; only a single line above 3,000 characters and a text above 4,000 are cut
    with "…". Where a message is split, each part's text is that of its own blocks, and none has a table.
    """
    blocks = [part for block in message.blocks for part in _fit_block(block)]
    if len(blocks) <= MESSAGE_BLOCKS:
        tabled = tuple(part for block in message.tabled for part in _fit_block(block))
        tabled = tabled if len(tabled) <= MESSAGE_BLOCKS else ()
        return (replace(message, text=_fit_text(message.text), blocks=tuple(blocks), tabled=tabled),)
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


_SIZES = {char: len(escape(char)) for char in "&<>"}


def _fit_text(text: str) -> str:
    """Cut by what is read, so that an escaped character is never cut in two; such a text carries no other markup."""
    if len(text) <= MESSAGE_TEXT:
        return text
    plain = unescape(text)
    # None is shorter than one, so no more of them are looked at than there is room for.
    sizes = list(accumulate(_SIZES.get(char, 1) for char in plain[:MESSAGE_TEXT]))
    return escape(cut(plain, bisect_left(sizes, MESSAGE_TEXT)))


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
