"""What becomes of an issue: each change as a rule that takes one and gives the next. Pure.

A change that is so already gives the same issue again. Who may make it, and who hears of it, is not here.
"""

from __future__ import annotations

from dataclasses import fields, replace
from datetime import date

from bot.domain.issues.pages import MOST_IMPACT, MOST_NOTE, MOST_TITLE, NewIssue
from bot.domain.record import Issue, Record, by_name, lasting
from bot.domain.typed import fitted, not_there, title_mistake, too_long
from bot.domain.vocabularies import IssueStatus
from bot.domain.wording import near_day, one_line
from bot.errors import UserError


def raise_issue(key: str, new: NewIssue, owner: str, by: str, today: date) -> Issue:
    return Issue(id=key, raised_by=by, owner=owner, raised=today, **by_name(new, "owner"))


def tidied(new: NewIssue) -> NewIssue:
    """Its words on one line each."""
    return replace(new, title=one_line(new.title), impact=one_line(new.impact or "") or None)


def owner_of(record: Record, new: NewIssue, by: str | None) -> str | None:
    """Who looks after it: who was chosen, else the priority's owner, else whoever raises it."""
    return new.owner or next((one.owner for one in record.priorities if one.id == new.priority), by)


def first_mistake(record: Record, new: NewIssue) -> UserError | None:
    """The first thing that is wrong with a new issue; None where it can be raised."""
    return (
        title_mistake(new.title, MOST_TITLE, "Write what is in the way, such as “No inspector until January”.")
        or too_long(new.impact, MOST_IMPACT, "impact")
        or not_there(new.priority, lasting(record.priorities), "priority", "priority")
        or not_there(new.owner, record.members, "person", "owner")
    )


def correct(issue: Issue, said: Issue) -> Issue:
    """What its form says now."""
    return replace(issue, **{one.name: getattr(said, one.name) for one in fields(NewIssue)})


def escalate(issue: Issue, group: str, today: date) -> Issue:
    """With a group from today on, which may be another one than before."""
    require_open(issue, today)
    if issue.is_escalated and issue.escalated_to == group:
        return issue
    return replace(issue, status=IssueStatus.ESCALATED, escalated_to=group, escalated=today)


def resolve(issue: Issue, how: str, today: date) -> Issue:
    return _close(issue, IssueStatus.RESOLVED, read_note(how), "Add one sentence on how it was resolved.", today)


def park(issue: Issue, why: str, today: date) -> Issue:
    """Off the lists until somebody opens it again, and why."""
    return _close(issue, IssueStatus.PARKED, read_note(why), "Add one sentence on why it can wait.", today)


def _close(issue: Issue, status: IssueStatus, note: str, missing: str, today: date) -> Issue:
    if issue.status == status:
        return issue
    if issue.status == IssueStatus.RESOLVED:
        require_open(issue, today)
    if not note:
        raise UserError(missing, field="note")
    return replace(issue, status=status, note=note, resolved=today if status == IssueStatus.RESOLVED else None)


def reopen(issue: Issue) -> Issue:
    """Open again; with the group that it had gone to, if any."""
    if issue.is_open:
        return issue
    status = IssueStatus.OPEN if issue.escalated_to is None else IssueStatus.ESCALATED
    return replace(issue, status=status, resolved=None, note=None)


def require_open(issue: Issue, today: date) -> None:
    """Raises UserError for one that is resolved or parked."""
    if not issue.is_open:
        on = f" {near_day(issue.resolved, today)}" if issue.resolved else ""
        raise UserError(f"{issue.id} is {issue.status}{on}. Open it and press Reopen first.")


def read_note(typed: str) -> str:
    """How it was resolved or why it can wait, on one line. Raises UserError for what is too long."""
    return fitted(typed, MOST_NOTE, "note")
