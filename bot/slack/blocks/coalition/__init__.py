"""A coalition as a whole: its setup, its state, its north star. How it looks in Slack."""

from __future__ import annotations

from bot.slack.blocks.coalition.card import coalition_message, live_words, state_buttons, state_words
from bot.slack.blocks.coalition.files import (
    IMPORT_CONFIRM_FORM,
    IMPORT_FORM,
    IMPORT_TITLE,
    PREFER,
    exported_words,
    imported_view,
    offer_message,
    own_data_words,
    preview_view,
    problems_view,
    working_view,
)
from bot.slack.blocks.coalition.north_star import NORTH_STAR_FORM, north_star_message
from bot.slack.blocks.coalition.particulars import COALITION_FORM, edited_message
from bot.slack.blocks.coalition.setup import (
    RHYTHM_FORM,
    SETUP_NAME_FORM,
    SETUP_ORGANIZATIONS_FORM,
    SETUP_PEOPLE_FORM,
    SETUP_PRIORITIES_FORM,
    TICKED,
    WORKING,
    checklist_blocks,
    checklist_title,
    reading_view,
    setup_view,
    task_lines,
)
