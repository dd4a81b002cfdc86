"""Funding: sources, where their money goes, and reports to funders. How it looks in Slack."""

from __future__ import annotations

from bot.slack.blocks.funding.forms import ADD_TITLE, ALLOCATION_FORM, REPORT_FORM, SOURCE_FORM, UPDATE_TITLE
from bot.slack.blocks.funding.funding import (
    TITLE,
    card_message,
    due_report_blocks,
    list_message,
    money_ends_item,
    overview_message,
    report_due_item,
    saved_message,
    unknown_funding_message,
)
