"""Meetings: their dates, agendas and notes. How it looks in Slack."""

from __future__ import annotations

from bot.slack.blocks.meetings.agendas import POINT_FORM, agenda_message
from bot.slack.blocks.meetings.forms import (
    CHANGE_TITLES,
    EDIT_TITLE,
    MOVE_MEETING_FORM,
    PLAN_FORM,
    PLAN_TITLE,
    SKIP_MEETING_FORM,
    SUBSTITUTE_FORM,
    Seat,
    change_form_view,
    plan_preview_view,
)
from bot.slack.blocks.meetings.meetings import (
    FEEDS_TITLE,
    TITLE,
    became,
    card_message,
    card_view,
    change_message,
    feeds_view,
    list_message,
    meeting_item,
    message_of,
    unknown_meeting_message,
    when,
)
from bot.slack.blocks.meetings.notes import NOTES_FORM, notes_check_view, notes_post, notes_saved_view
