"""Which content becomes which message: one renderer for each kind of delivery, and nothing else."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from bot.domain.deliveries import Kind
from bot.slack.blocks.checkins import prompts_message
from bot.slack.blocks.digests import channel_post, reply_post, roll_up_post
from bot.slack.blocks.held import held_message
from bot.slack.message import Message

RENDERERS: dict[Kind, Callable[[Any], Message]] = {
    Kind.PROMPTS: prompts_message,
    Kind.ROLL_UP: roll_up_post,
    Kind.REPLY: reply_post,
    Kind.CHANNEL_EDITION: channel_post,
    Kind.HELD_NOTICE: held_message,
}


def render(kind: Kind, content: Any) -> Message:
    """The message of a delivery. `content` is the value that the services give for this kind."""
    return RENDERERS[kind](content)
