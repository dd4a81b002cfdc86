"""What becomes of an action: each change as a rule that takes one and gives the next. Pure.

A change that is so already gives the same action again. Who may make it, and who hears of it, is not here; how the
list of moves is kept and told is in `moves`.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from bot.domain.actions.forms import Entered
from bot.domain.actions.moves import HELP_ASKED, RENEWED, answer_of, answered, is_asked, moved_to
from bot.domain.actions.pages import MOST_REASON, MOST_TITLE, NewAction
from bot.domain.record import ActionItem, Member, Record, in_common, lasting
from bot.domain.typed import fitted, not_there, past_day, title_mistake, too_long
from bot.domain.vocabularies import ActionStatus
from bot.domain.wording import day, one_line
from bot.errors import UserError

TAKEN_BACK = "Taken back right after it was added"
_HANDED_BACK, _ASKED_FOR = "Handed back by ", "Asked for "
# What a form sent once more may correct, as long as nothing was done about the action.
_CORRECTED = ("title", "owner", "due", "priority", "organization", "deliverable", "waiting_on")


def add(key: str, new: NewAction, owner: Member, by: Member | None, today: date, source: str | None) -> ActionItem:
    """A new action of `owner`. Asked of another organization than the one of whoever adds it, it waits for a yes."""
    return ActionItem(
        id=key,
        owner=owner.id,
        created=today,
        organization=owner.organization,
        accepted=by is None or owner.organization == by.organization,
        source=source,
        **in_common(ActionItem, new, "owner"),
    )


def tidied(new: NewAction) -> NewAction:
    """Its words on one line each."""
    return replace(new, title=one_line(new.title), deliverable=one_line(new.deliverable or "") or None)


def first_mistake(record: Record, new: NewAction, today: date) -> UserError | None:
    """The first thing that is wrong with a new action; None where it can be added."""
    has_owner = any(one.id == new.owner for one in record.members)
    return (
        title_mistake(new.title, MOST_TITLE, "Write what will be done, such as “Call the college”.")
        or too_long(new.deliverable, MOST_TITLE, "deliverable")
        or (None if has_owner else UserError("Choose who will do it.", field="owner"))
        or past_day(new.due, today, "due")
        or not_there(new.priority, lasting(record.priorities), "priority", "priority")
        or not_there(new.waiting_on, lasting(record.organizations), "organization", "waiting_on")
    )


def correct(action: ActionItem, said: ActionItem) -> ActionItem:
    """What its form says now; whoever is named anew is asked anew."""
    corrected = replace(action, **{name: getattr(said, name) for name in _CORRECTED})
    return corrected if said.owner == action.owner else replace(corrected, accepted=said.accepted)


def complete(action: ActionItem, today: date) -> ActionItem:
    """Done, today."""
    if action.is_done:
        return action
    return replace(action, status=ActionStatus.DONE, completed=today, blocked_reason=None, accepted=True)


def start(action: ActionItem, status: ActionStatus = ActionStatus.IN_PROGRESS) -> ActionItem:
    """In progress, or not started; a closed action is open again."""
    if action.status == status:
        return action
    return replace(action, status=status, completed=None, blocked_reason=None)


def cancel(action: ActionItem) -> ActionItem:
    """Off every list; its history stays."""
    return action if action.is_cancelled else replace(action, status=ActionStatus.CANCELLED, completed=None)


def block(action: ActionItem, reason: str | None, due: date | None, today: date) -> ActionItem:
    """Blocked, with the reason, and with a new date where one is known."""
    due = due or action.due
    if (action.status, action.blocked_reason, action.due) == (ActionStatus.BLOCKED, reason, due):
        return action
    _require_open(action)
    if reason is None:
        raise UserError("Add one sentence on what it waits for.", field="reason")
    return _on_another_day(replace(action, status=ActionStatus.BLOCKED, blocked_reason=reason), due, reason, today)


def move(action: ActionItem, due: date, reason: str | None, today: date, *, wants_reason: bool = False) -> ActionItem:
    """A new date; the reason is kept with the one it had before, and how often it has moved.

    Raises UserError where the coalition wants a reason and there is none.
    """
    _require_open(action)
    if due != action.due and reason is None and wants_reason:
        raise UserError("Add one sentence on why it moves.", field="reason")
    return _on_another_day(action, due, reason, today)


def _on_another_day(action: ActionItem, due: date, reason: str | None, today: date) -> ActionItem:
    if due == action.due:
        return action
    _require_to_come(due, action, today)
    return replace(action, due=due, moves=moved_to(action, due, reason, today))


def enter(action: ActionItem, entered: Entered, today: date, *, wants_reason: bool) -> ActionItem:
    """What was entered about an action in the form of several, as single presses would have it."""
    reason = read_reason(entered.reason or "")
    due = date.fromisoformat(entered.new_due) if entered.new_due else None
    if entered.status == ActionStatus.DONE:
        return complete(action, today)
    if entered.status == ActionStatus.BLOCKED:
        return block(action, reason, due, today)
    moved = move(action, due, reason, today, wants_reason=wants_reason) if due not in {None, action.due} else action
    return start(moved, ActionStatus(entered.status or action.status))


def renew(action: ActionItem) -> ActionItem:
    """An answer to what the third move asks: it goes on, with the date that it has."""
    return _answer_move(action, RENEWED)


def get_help(action: ActionItem) -> ActionItem:
    """The other answer: it needs help."""
    return _answer_move(action, HELP_ASKED)


def _answer_move(action: ActionItem, answer: str) -> ActionItem:
    """Once is enough."""
    if answer_of(action.moves) == answer:
        return action
    _require_open(action)
    if not is_asked(action):
        raise UserError(f"Nothing to answer: {action.id} has its date. Open it to see how it stands.")
    return replace(action, moves=answered(action.moves, answer))


def accept(action: ActionItem) -> ActionItem:
    """A yes to what another organization asked."""
    return replace(action, accepted=True)


def offer(action: ActionItem, due: date, reason: str | None, today: date) -> ActionItem:
    """A yes for another date, which counts from now and is no move."""
    if action.accepted and action.due == due:
        return action
    _require_to_come(due, action, today)
    asked = f"{_ASKED_FOR}{day(action.due, today)}"
    return replace(action, accepted=True, due=due, note=f"{asked}: {reason}" if reason else asked)


def decline(action: ActionItem, asker: Member, organization_name: str) -> ActionItem:
    """Handed back by an organization: it belongs to whoever asked."""
    return replace(
        action,
        owner=asker.id,
        organization=asker.organization,
        accepted=True,
        note=f"{_HANDED_BACK}{organization_name}",
    )


def hand_on(action: ActionItem, before: Member, after: Member) -> ActionItem:
    """Somebody else's from now on. Another organization is asked first, as for any action that comes from outside, and
    carries it where the organization of whoever had it did."""
    carried = after.organization if action.organization == before.organization else action.organization
    is_same = after.organization == before.organization
    return replace(action, owner=after.id, organization=carried, accepted=action.accepted and is_same)


def take_back(action: ActionItem) -> ActionItem:
    """It was just added, and is not wanted after all: nothing is deleted."""
    return replace(action, status=ActionStatus.CANCELLED, note=TAKEN_BACK)


def was_declined(action: ActionItem) -> bool:
    """Whether it was handed back."""
    return (action.note or "").startswith(_HANDED_BACK)


def was_offered(action: ActionItem) -> bool:
    """Whether the yes to it was for another date."""
    return (action.note or "").startswith(_ASKED_FOR)


def read_reason(typed: str) -> str | None:
    """A reason on one line. Raises UserError for one that is too long."""
    return fitted(typed, MOST_REASON, "reason") or None


def _require_open(action: ActionItem) -> None:
    if not action.is_open:
        raise UserError(f"{action.id} is {action.status}. Open it and press Reopen first.")


def _require_to_come(due: date, action: ActionItem, today: date) -> None:
    """Refuses a day that has passed, unless it was due then anyway."""
    problem = past_day(due, today, "due")
    if problem is not None and due != action.due:
        raise problem
