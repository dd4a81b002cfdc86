"""Action items: who does what by when, and on whom it waits. How it looks in Slack."""

from __future__ import annotations

from bot.slack.blocks.actions.bundles import answer_item, own_actions_item, request_item, third_move_item
from bot.slack.blocks.actions.forms import CHANGE_ACTION_FORM, NEW_ACTION_FORM, ChangeForm
from bot.slack.blocks.actions.items import (
    TITLE,
    action_lines,
    add_hint_message,
    card_message,
    card_view,
    change_message,
    list_message,
    read_back_message,
    unknown_list_message,
)
from bot.slack.blocks.actions.own_actions_form import OWN_ACTIONS_FORM, OWN_ACTIONS_TITLE, own_actions_view, saved_view
