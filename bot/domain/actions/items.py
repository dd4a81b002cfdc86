"""Action items as of a day: open, overdue, blocked, and the waits between organizations. Nothing is stored here."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from bot.domain.numbered import Ids
from bot.domain.record import ActionItem, ActionStanding, Directory, Part, Record, action_parts, in_common, once
from bot.domain.vocabularies import ActionStatus

WEEK = timedelta(days=7)
_IDS = Ids("A")
next_id, read_id = _IDS.next_id, _IDS.read_id


@dataclass(frozen=True, slots=True, kw_only=True)
class ActionLine(ActionStanding):
    """An action item. The organization is the one that carries it: its own, else the owner's."""

    id: str
    title: str
    priority: str | None
    owner: str
    owner_name: str
    organization: str
    organization_name: str
    status: ActionStatus
    due: date
    days_overdue: int  # 0 where it is not overdue
    reason: str | None  # why it is blocked
    waiting_on: str | None
    waiting_on_name: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ActionsPart:
    """The actions of a priority or of the coalition, each list in file order."""

    done: tuple[ActionLine, ...]  # completed from today − 7 to today, both included
    open: tuple[ActionLine, ...]
    overdue: tuple[ActionLine, ...]
    blocked: tuple[ActionLine, ...]
    due_soon: tuple[ActionLine, ...]  # open and due from today to today + 7, both included
    oldest_overdue: ActionLine | None


@dataclass(frozen=True, slots=True, kw_only=True)
class WaitLine:
    """`organization` carries an open action and waits for `waiting_on`, another organization."""

    action: str
    title: str
    priority: str | None
    organization: str
    organization_name: str
    waiting_on: str
    waiting_on_name: str


def is_overdue(action: ActionItem, today: date) -> bool:
    """Whether the action is open and was due before today.

    One given to another organization's member counts only once it was accepted.
    """
    return action.is_open and action.accepted and action.due < today


def is_done_this_week(action: ActionItem, today: date) -> bool:
    """Whether the action was completed from today − 7 to today, both included."""
    return action.is_done and action.completed is not None and today - WEEK <= action.completed <= today


def is_due_soon(action: ActionItem, today: date) -> bool:
    """Whether the action is open and due from today to today + 7, both included."""
    return action.is_open and today <= action.due <= today + WEEK


def carrier(action: ActionItem, directory: Directory) -> str:
    """Return the id of the organization that carries the action: its own, else the owner's."""
    return action.organization or directory.organization_of(action.owner)


def foreign_wait(action: ActionItem, directory: Directory) -> str | None:
    """Return the id of the organization that an open action waits for, where another one carries the action."""
    if not action.is_open or action.waiting_on == carrier(action, directory):
        return None
    return action.waiting_on


def describe(action: ActionItem, today: date, directory: Directory) -> ActionLine:
    """Return the action with names, and how many days it is overdue."""
    organization = carrier(action, directory)
    return ActionLine(
        owner_name=directory.name(action.owner),
        organization=organization,
        organization_name=directory.name(organization),
        days_overdue=(today - action.due).days if is_overdue(action, today) else 0,
        reason=action.blocked_reason,
        waiting_on_name=directory.name(action.waiting_on) if action.waiting_on else None,
        **in_common(ActionLine, action, "organization"),
    )


def summarize(actions: Iterable[ActionItem], today: date, directory: Directory) -> ActionsPart:
    """Return the actions of one priority, or of the coalition, sorted into what a digest counts."""
    done: list[ActionLine] = []
    still_open: list[ActionLine] = []
    overdue: list[ActionLine] = []
    blocked: list[ActionLine] = []
    due_soon: list[ActionLine] = []
    for action in actions:
        # Of years of actions nearly all are closed and tell nothing any more.
        if is_done_this_week(action, today):
            done.append(describe(action, today, directory))
        elif action.is_open:
            line = describe(action, today, directory)
            still_open.append(line)
            for belongs, lines in (
                (is_overdue(action, today), overdue),
                (action.is_blocked, blocked),
                (is_due_soon(action, today), due_soon),
            ):
                if belongs:
                    lines.append(line)
    return ActionsPart(
        done=tuple(done),
        open=tuple(still_open),
        overdue=tuple(overdue),
        blocked=tuple(blocked),
        due_soon=tuple(due_soon),
        oldest_overdue=min(overdue, key=lambda line: line.due, default=None),
    )


def waits(actions: Iterable[ActionItem], directory: Directory) -> tuple[WaitLine, ...]:
    """Return the waits between organizations, in the order given."""
    return tuple(
        WaitLine(
            action=action.id,
            title=action.title,
            priority=action.priority,
            organization=carrier(action, directory),
            organization_name=directory.name(carrier(action, directory)),
            waiting_on=waiting_on,
            waiting_on_name=directory.name(waiting_on),
        )
        for action in actions
        if (waiting_on := foreign_wait(action, directory)) is not None
    )


def next_id_in(record: Record) -> str:
    """Return the next id of a record's actions; each part knows what would follow its own."""
    following = [once(_next_id_after, part) for part in action_parts(record)]
    return max(following, default=next_id(()), key=lambda one: (len(one), one))


def _next_id_after(actions: Part[ActionItem]) -> str:
    return next_id(one.id for one in actions)


def link_in(source: str | None) -> str | None:
    """The address of the message that an action was made from, not a meeting's id or a word."""
    is_link = source is not None and source.startswith("https://") and not set(source) & set(" |<>")
    return source if is_link else None
