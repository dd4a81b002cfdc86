"""Action items: who does what by when, and on whom it waits. Use cases, and steps for other services."""

from __future__ import annotations

from bot.services.actions.bundles import (
    ask_about_moves,
    ask_for_yes,
    offer_due_reminders,
    offer_lists,
    read_action_answer,
    read_action_due,
    read_action_list,
    read_action_moved,
    read_action_request,
    refresh_actions,
)
from bot.services.actions.drafts import new_token, priority_channels, read_context, readers_today
from bot.services.actions.items import ActionItems
from bot.services.actions.own_actions import FORM_DRAFTS, OwnActionsForm
from bot.services.actions.views import ACTION, ActionsView, is_mine_alone, may_create, member_of, read_view
