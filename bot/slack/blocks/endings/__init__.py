"""What ends in a coalition: the forms of who leaves and of what ends, and what is told of it. How it looks in Slack."""

from __future__ import annotations

from bot.slack.blocks.endings.coalition import (
    END_COALITION_FORM,
    END_COALITION_TITLE,
    coalition_end_item,
    coalition_ended_message,
    end_coalition_buttons,
)
from bot.slack.blocks.endings.ends import (
    END_FORM,
    END_TITLE,
    ENDED_TITLE,
    ended_list_message,
    ended_message,
)
from bot.slack.blocks.endings.leaving import (
    LEAVING_FORM,
    LEAVING_TITLE,
    erased_message,
    former_message,
    handed_over_item,
    left_message,
    takes_part_message,
)
from bot.slack.blocks.endings.recurring import recurring_message
