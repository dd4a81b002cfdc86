"""Check-ins: rounds, questions, answers, and how a priority stands. How it looks in Slack."""

from __future__ import annotations

from bot.slack.blocks.checkins.checkins import checkin_item, checkin_lines
from bot.slack.blocks.checkins.edit_forms import (
    DRAFT_FORM,
    MOVE_ROUND_FORM,
    REOPEN_ROUND_FORM,
    SKIP_ROUND_FORM,
    move_view,
    nothing_ahead_view,
)
from bot.slack.blocks.checkins.forms import (
    KEPT_ON_CLOSE,
    SEARCHES,
    answered_view,
    checkin_view,
    closed_text,
    closed_view,
    decision_asked_view,
    kept_view,
    opening_view,
    took_part_view,
)
from bot.slack.blocks.checkins.lists import LIST_TITLE, my_checkins_message
from bot.slack.blocks.checkins.owed_messages import owed_lines, pause_question_message
from bot.slack.blocks.checkins.own_answers import (
    PULSE_DONE_FORM,
    answers_blocks,
    answers_message,
    done_message,
    exported_words,
    pictures_message,
    summary_item,
    summary_post,
)
from bot.slack.blocks.checkins.previews import TITLE, before_saving_view, preview_message
from bot.slack.blocks.checkins.private_notes import notes_blocks, notes_part, notes_text, seen_message
from bot.slack.blocks.checkins.question_sets import (
    QUESTION_FORM,
    QUESTION_TITLE,
    SET_FORM,
    SET_TITLE,
    SETS_TITLE,
    preview_view,
    set_message,
    sets_message,
    tried_view,
)
from bot.slack.blocks.checkins.rounds import (
    asked_again_message,
    change_message,
    checkin_card,
    handed_over_message,
    status_message,
)
