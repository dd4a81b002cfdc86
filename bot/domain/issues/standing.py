"""Issues as of a day: those that are escalated, and the oldest of them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from bot.domain.numbered import Ids
from bot.domain.record import Directory, Issue, by_name

_IDS = Ids("I")
next_id, read_id = _IDS.next_id, _IDS.read_id


@dataclass(frozen=True, slots=True, kw_only=True)
class IssueLine(Issue):
    """An issue with the names of its priority and of the group that it went to."""

    priority_name: str | None
    escalated_to_name: str | None


def describe(issue: Issue, directory: Directory) -> IssueLine:
    """Return the issue with the names of its priority and of the group it went to."""
    return IssueLine(
        **by_name(issue),
        priority_name=directory.priority_name(issue.priority),
        escalated_to_name=directory.name(issue.escalated_to) if issue.escalated_to else None,
    )


def escalated(issues: Iterable[Issue], directory: Directory) -> tuple[IssueLine, ...]:
    """Return the issues that are escalated and not yet resolved or parked, in the order given."""
    return tuple(describe(issue, directory) for issue in issues if issue.is_escalated)


def oldest(issues: Iterable[IssueLine]) -> IssueLine | None:
    """Return the issue that has been escalated longest; without a date it counts from the day it was raised."""
    return min(issues, key=lambda issue: issue.escalated or issue.raised, default=None)
