"""A picture as a block, with its words for those who don't see it, and its place in a message."""

from __future__ import annotations

from dataclasses import replace

from bot.domain.checkins import RoundsChart
from bot.domain.digests import WeekChart
from bot.domain.metrics import MetricChart, PartsChart
from bot.domain.plan import MoneyChart
from bot.slack import limits
from bot.slack.blocks import kit
from bot.slack.message import Block, Message

Chart = MetricChart | MoneyChart | WeekChart | RoundsChart | PartsChart


def picture_block(chart: Chart, file_id: str) -> Block:
    """The picture that was uploaded as `file_id`."""
    return kit.image(chart.alt, slack_file=file_id, title=chart.title)


def picture_message(chart: Chart, file_id: str) -> Message:
    """The picture by itself."""
    return Message(text=chart.alt, blocks=(picture_block(chart, file_id),))


def with_picture(message: Message, chart: Chart, file_id: str) -> Message:
    """The message with the picture below its first words; unchanged where Slack takes no further block."""
    shown = picture_block(chart, file_id)
    tabled = _with(message.tabled, shown) if message.tabled else ()
    return replace(message, blocks=_with(message.blocks, shown), tabled=tabled)


def _with(blocks: tuple[Block, ...], shown: Block) -> tuple[Block, ...]:
    if len(blocks) >= limits.MESSAGE_BLOCKS:
        return blocks
    kinds = [block["type"] for block in blocks]
    place = kinds.index("section") + 1 if "section" in kinds else len(kinds)
    if kinds[place : place + 1] == ["data_table"]:
        place += 1  # the figures in the table are those that it draws
    return (*blocks[:place], shown, *blocks[place:])
