"""The part of a coordinator's Home about sending: channels that take no posts, messages to decide about, the list."""

from __future__ import annotations

from collections.abc import Iterator

from bot.domain.home import Coordination
from bot.slack.blocks import kit
from bot.slack.blocks.pages import paged
from bot.slack.blocks.sending import clock_words, cut_off_words, held_blocks, recovery_words, undelivered_line
from bot.slack.identifiers import Action
from bot.slack.message import Block
from bot.slack.metadata import encode, shown_pages
from bot.slack.moments import Clock

HELD = "held"
CHANNELS = "channels"


def delivery_blocks(coordination: Coordination, at: dict[str, int], reader: Clock) -> Iterator[Block]:
    """What only a person can mend of what is sent, each with the mend."""
    undelivered = coordination.undelivered
    if undelivered is not None and undelivered.recovery is not None:
        yield kit.section(recovery_words(undelivered.recovery, reader))
    yield from (kit.section(clock_words(one)) for one in (undelivered.clocks if undelivered is not None else ()))
    cut_off = undelivered.cut_off if undelivered is not None else ()
    channels = [
        kit.line(
            cut_off_words(one, reader),
            "Check again",
            Action.CHECK_CHANNELS,
            value=encode(shown_pages(at)),
            about=f"#{one.channel}",
        )
        for one in cut_off
    ]
    yield from paged(channels, CHANNELS, at)
    held = [block for notice in coordination.held for block in held_blocks(notice)]
    yield from paged(held, HELD, at, each=2)
    line = undelivered_line(undelivered) if undelivered is not None else None
    if line is not None:
        yield line
