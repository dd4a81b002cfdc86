"""A message whose text says all that its blocks say."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from bot.slack.blocks import kit
from bot.slack.message import Block, Message
from bot.slack.mrkdwn import cut, own, unmark

_SECTION = 2900  # characters of markup that one section takes


def worded(blocks: Sequence[Block], *, more: str = "") -> Message:
    """Blocks with their words as the complete text, and then `more`, in plain words."""
    return Message.of(f"{words_of(blocks)} {more}".strip(), *blocks)


def sight_blocks(words: str | None) -> list[Block]:
    """What of a list its reader sees, where that is not all of it."""
    return [kit.context(own(words))] if words else []


def words_of(blocks: Sequence[Block]) -> str:
    """What blocks say, in plain words, not escaped."""
    return " ".join(_sentence(unmark(part)) for block in blocks for part in _texts(block))


def _texts(block: Block) -> list[str]:
    if block["type"] == "section":
        return [block["text"]["text"]]
    return [part["text"] for part in block["elements"]] if block["type"] == "context" else []


def _sentence(words: str) -> str:
    return " ".join(line if line.endswith((".", "?", "!", ":", "”")) else f"{line}." for line in words.split("\n"))


def in_sections(lines: Sequence[str]) -> Iterator[Block]:
    """Lines of markup in as many sections as they take."""
    part: list[str] = []
    for line in lines:
        if part and len("\n".join([*part, line])) > _SECTION:
            yield kit.section("\n".join(part))
            part = []
        part.append(cut(line, _SECTION))
    if part:
        yield kit.section("\n".join(part))
