"""What stands in block ids, and how a menu's options name the buttons that they stand for. Other values: `codec.py`."""

from __future__ import annotations

from bot.errors import UserError
from bot.slack.identifiers import BlockPrefix
from bot.slack.metadata.codec import OUT_OF_DATE


def encode_way(action: str, value: str) -> str:
    """An option of a menu that stands for several buttons: the button's name and what it carries."""
    return f"{action}|{value}"


def decode_way(option: str) -> tuple[str, str]:
    """The inverse of `encode_way`."""
    action, _, value = option.partition("|")
    return action, value


def encode_question(question_id: str) -> str:
    """The block id of a question's field."""
    return f"{BlockPrefix.QUESTION}{question_id}"


def decode_question(block_id: str) -> str | None:
    """The question of a field; None for a block that is no question."""
    if not block_id.startswith(BlockPrefix.QUESTION):
        return None
    return block_id.removeprefix(BlockPrefix.QUESTION)


def encode_member(member: str) -> str:
    """The block id of a line about one member: a menu of accounts has no value of its own."""
    return f"{BlockPrefix.MEMBER}{member}"


def decode_member(block_id: str) -> str:
    """The inverse of `encode_member`. Raises UserError for any other block."""
    if not block_id.startswith(BlockPrefix.MEMBER):
        raise UserError(OUT_OF_DATE)
    return block_id.removeprefix(BlockPrefix.MEMBER)
