"""What closing, starting, blocking and moving do to an action: the same rules by one press and in a form."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from bot.domain.action_items import is_open
from bot.domain.record import ActionItem
from bot.domain.wording import MONTHS, one_line
from bot.errors import UserError
from bot.services import action_drafts as drafts
from bot.services.action_views import ActionsView

MOST_REASON = 200
Changes = Mapping[str, Any]  # column → value


def done(view: ActionsView) -> Changes:
    """Done, today."""
    return {"status": "done", "completed": view.today, "blocked_reason": None, "accepted": True}


def under_way(status: str = "in_progress") -> Changes:
    """In progress, or not started; a closed action is open again."""
    return {"status": status, "completed": None, "blocked_reason": None}


def blocked(action: ActionItem, view: ActionsView, reason: str | None, due: date | None) -> Changes:
    """Blocked, with the reason, and with a new date where one is known."""
    require_open(action)
    if reason is None:
        raise UserError("Add one sentence on what it waits for.", field="reason")
    moved = {"due": new_due(due, action, view)} if due is not None and due != action.due else {}
    return {"status": "blocked", "blocked_reason": reason, **moved}


def moved(action: ActionItem, view: ActionsView, due: date, reason: str | None) -> Changes:
    """A new date; the reason is kept with the one it had before."""
    require_open(action)
    note = f"Moved from {MONTHS[action.due.month - 1]} {action.due.day}: {reason}" if reason else action.note
    return {"due": new_due(due, action, view), "note": note}


def require_open(action: ActionItem) -> None:
    """Raises UserError for an action that is closed."""
    if not is_open(action):
        raise UserError(f"{action.id} is {action.status}. Open it and press Reopen first.")


def reason_of(typed: str) -> str | None:
    """A reason on one line. Raises UserError for one that is too long."""
    words = one_line(typed)
    if len(words) > MOST_REASON:
        raise UserError(f"This has {len(words)} characters. {MOST_REASON} fit.", field="reason")
    return words or None


def new_due(due: date, action: ActionItem, view: ActionsView) -> date:
    """The day as it is. Raises UserError for one that has passed, unless it was due then anyway."""
    problem = drafts.past_day(due, view.today)
    if problem is not None and due != action.due:
        raise problem
    return due
