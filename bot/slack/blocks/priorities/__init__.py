"""Priorities and their intermediate outcomes. How it looks in Slack."""

from __future__ import annotations

from bot.slack.blocks.priorities.forms import (
    ADD_TITLE,
    EDIT_TITLE,
    OUTCOME_FORM,
    OUTCOMES_TITLE,
    PRIORITY_FORM,
    outcomes_view,
)
from bot.slack.blocks.priorities.priorities import (
    TITLE,
    card_message,
    list_message,
    saved_message,
    unknown_priority_message,
)
