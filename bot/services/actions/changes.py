"""What closing, starting, blocking and moving do to an action: the same rules by one press and in a form."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from bot.domain import actions as action_moves
from bot.domain.actions import is_asked, is_open, moved_to, wants_reason
from bot.domain.record import ActionItem
from bot.domain.wording import one_line
from bot.errors import UserError
from bot.services.actions import drafts
from bot.services.actions.views import ActionsView
from bot.store.record import write_field

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
    is_moved = due is not None and due != action.due
    return {"status": "blocked", "blocked_reason": reason, **(_new_date(action, view, due, reason) if is_moved else {})}


def moved(action: ActionItem, view: ActionsView, due: date, reason: str | None) -> Changes:
    """A new date; the reason is kept with the one it had before, and how often it has moved.

    Raises UserError where the coalition wants a reason and there is none.
    """
    require_open(action)
    if due == action.due:
        return {}
    if reason is None and wants_reason(view.record, action):
        raise UserError("Add one sentence on why it moves.", field="reason")
    return _new_date(action, view, due, reason)


def _new_date(action: ActionItem, view: ActionsView, due: date | None, reason: str | None) -> Changes:
    day = new_due(due or action.due, action, view)
    return {"due": day, **write_field(ActionItem, "moves", moved_to(action, day, reason, view.today))}


def answered(action: ActionItem, answer: str) -> Changes:
    """What somebody says when the third move asks; once is enough."""
    require_open(action)
    if not is_asked(action):
        raise UserError(f"Nothing to answer: {action.id} has its date. Open it to see how it stands.")
    return write_field(ActionItem, "moves", action_moves.answered(action.moves, answer))


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
