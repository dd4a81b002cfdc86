"""Metrics, on screen "figures": how they are set up, recorded and judged. How it looks in Slack."""

from __future__ import annotations

from bot.slack.blocks.metrics.asks import figure_item
from bot.slack.blocks.metrics.forms import FIGURE_FORM, TITLE, confirm_view
from bot.slack.blocks.metrics.metrics import (
    card_message,
    draft_message,
    due_figure_blocks,
    figure_saved_message,
    list_message,
    parts_message,
    undone_message,
    unknown_figure_message,
)
from bot.slack.blocks.metrics.plans import (
    ADD_TITLE,
    EDIT_TITLE,
    MEANING_TITLE,
    METRIC_FORM,
    SHORT_METRIC_FORM,
    TARGET_FORM,
    meaning_view,
    plan_saved_message,
    plan_view,
)
from bot.slack.blocks.metrics.series import SERIES_FORM, SERIES_TITLE, series_saved_message
from bot.slack.blocks.metrics.series_items import (
    declined_message,
    proposed_blocks,
    series_proposed_item,
    series_recorded_item,
    series_trouble_item,
)
from bot.slack.blocks.metrics.tables import (
    TABLE_CONFIRM_FORM,
    TABLE_FORM,
    TABLE_TITLE,
    table_offer_message,
    table_problems_view,
    table_recorded_view,
    table_view,
    table_words_view,
)
