"""A message whose text says all that its blocks say."""

from __future__ import annotations

from collections.abc import Sequence

from bot.slack.message import Block, Message
from bot.slack.mrkdwn import escape, unmark


def worded(blocks: Sequence[Block], *, more: str = "") -> Message:
    """Blocks with their words as the complete text, and then `more`, in plain words."""
    return Message(text=escape(f"{words_of(blocks)} {more}".strip()), blocks=tuple(blocks))


def words_of(blocks: Sequence[Block]) -> str:
    """What blocks say, in plain words, not escaped."""
    return " ".join(_sentence(unmark(part)) for block in blocks for part in _texts(block))


def _texts(block: Block) -> list[str]:
    if block["type"] == "section":
        return [block["text"]["text"]]
    return [part["text"] for part in block["elements"]] if block["type"] == "context" else []


def _sentence(words: str) -> str:
    return " ".join(line if line.endswith((".", "?", "!", ":", "”")) else f"{line}." for line in words.split("\n"))
