"""What ends in a coalition: the form of somebody who leaves, and what is told of it. How it looks in Slack."""

from __future__ import annotations

from bot.slack.blocks.endings.leaving import (
    LEAVING_FORM,
    LEAVING_TITLE,
    erased_message,
    former_message,
    handed_over_item,
    left_message,
    takes_part_message,
)
