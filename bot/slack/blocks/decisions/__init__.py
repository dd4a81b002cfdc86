"""Decisions: who decides by which rule, and what was decided. How it looks in Slack."""

from __future__ import annotations

from bot.slack.blocks.decisions.decisions import (
    OPTION_BUTTONS,
    TITLE,
    add_hint_message,
    answered_message,
    card_message,
    card_view,
    change_message,
    decision_item,
    decision_post,
    list_message,
    outcome_post,
    read_back_message,
    unknown_list_message,
    waiting_item,
)
from bot.slack.blocks.decisions.forms import (
    ASIDE_FORM,
    BALLOT_FORM,
    DATE_FORM,
    DELEGATED,
    NEW_DECISION_FORM,
    OTHER_WORDS,
    RECORD_FORM,
    REOPEN_FORM,
    ballot_options,
    ballot_view,
)
from bot.slack.blocks.decisions.words import count_line, ended_lines, own_lines, result_line
