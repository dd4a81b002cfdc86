"""What changed of an action, an issue or a decision, a line each. Who said what in a decision is not part of it."""

from __future__ import annotations

from datetime import date

from bot.domain.actions import answer_words, ordinal
from bot.domain.histories.history import Names, RowChange, field_lines, value_words
from bot.domain.wording import one_line

# What is for the deciders' form only, or has no words of its own.
_NOT_TOLD = ("recommended", "recommendation_for", "applies", "key")
_MAY_HOLD_AMOUNTS = ("title", "outcome", "note", "why", "options")


def action_lines(change: RowChange, names: Names, today: date) -> list[str]:
    """An action's: asked of or given to whom, a yes, and each field."""
    new = change.new
    if change.operation == "insert":
        due = value_words("due", new.get("due"), names, today)
        owner = value_words("owner_id", new.get("owner_id"), names, today)
        return [f"{'Added for' if new.get('accepted') else 'Asked of'} {owner}, due {due}"]
    lines = [*move_lines(change), *field_lines(change, names, today, without=("accepted", "moves"))]
    # What is handed back, or done at once, counts without anybody's yes.
    if new.get("accepted") is True and "owner_id" not in new and new.get("status") != "done":
        return ["Accepted", *lines]
    return ["Waits for a yes again", *lines] if new.get("accepted") is False else lines


def move_lines(change: RowChange) -> list[str]:
    """Which time its date moved and why, or what was said when the third one asked."""
    old, new = (list(kept.get("moves") or ()) for kept in (change.old, change.new))
    if len(new) > len(old):
        reason = new[-1].get("reason")
        return [f"Moved for the {ordinal(len(new))} time{f': {one_line(reason)}' if reason else ''}"]
    if not new or len(new) < len(old):
        return []
    answer = new[-1].get("answer")
    if answer and answer != old[-1].get("answer"):
        return [answer_words(answer).capitalize()]
    return ["The day or reason of a move was corrected"] if new != old else []


def issue_lines(change: RowChange, names: Names, today: date) -> list[str]:
    """An issue's: who looks after it, and each field."""
    if change.operation == "insert":
        return [f"Raised, looked after by {value_words('owner_id', change.new.get('owner_id'), names, today)}"]
    return field_lines(change, names, today)


def decision_lines(change: RowChange, names: Names, today: date, *, sees_title: bool) -> list[str]:
    """A decision's, in as many words as its card has for this reader."""
    if change.operation == "insert":
        return ["Decided" if change.new.get("status") == "decided" else "Proposed"]
    return field_lines(change, names, today, without=(*_NOT_TOLD, *(() if sees_title else _MAY_HOLD_AMOUNTS)))
