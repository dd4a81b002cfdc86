"""What people see of issues, as frozen values: a card, a list, a line read back, a form, a change. No words."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from bot.domain.numbered import NumberedChange, NumberedList, NumberedQuery, NumberedReadBack
from bot.domain.record import DecisionStanding, Issue
from bot.domain.typed import Known
from bot.domain.vocabularies import DecisionStatus, Visibility

MOST_TITLE = 150
MOST_IMPACT = 200
MOST_NOTE = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class IssueDecision(DecisionStanding):
    """A decision that was proposed because of an issue."""

    id: str
    status: DecisionStatus
    needed_by: date | None
    decided_on: date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class IssueCard(Issue):
    """One issue for one reader, or for the channel of the group it went to: the issue with names beside its ids."""

    priority_name: str | None  # None: the whole coalition's
    raised_by_name: str
    owner_name: str
    escalated_to_name: str | None
    decisions: tuple[IssueDecision, ...]
    agenda_on: date | None
    may_escalate: bool
    may_change: bool
    may_propose: bool
    may_add_point: bool
    today: date
    kept_to: tuple[str, ...] = ()  # who sees it, where that is not whoever reads its priority


@dataclass(frozen=True, slots=True, kw_only=True)
class IssueQuery(NumberedQuery):
    """Which issues are listed. `kind` is mine, all, status, priority or group; `id` says which of the last three."""


@dataclass(frozen=True, slots=True, kw_only=True)
class IssueList(NumberedList[IssueQuery, IssueCard]):
    """One page of a list. `name` is the priority's or group's."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NewIssue:
    """What is raised. `priority` None is the whole coalition; `owner` None is the priority's owner, else oneself."""

    title: str
    priority: str | None = None
    impact: str | None = None
    owner: str | None = None
    visibility: str = Visibility.EVERYBODY


@dataclass(frozen=True, slots=True, kw_only=True)
class IssueReadBack(NumberedReadBack):
    """An issue as it would be raised."""

    new: NewIssue
    owner_name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class IssueForm:
    """The form of a new issue, filled in as far as it is known."""

    token: str
    title: str
    priority: str | None
    priorities: tuple[Known, ...]
    impact: str | None
    owner: Known | None
    readers: tuple[str, ...]
    problems: tuple[str, ...]
    keepers: tuple[Known, ...]  # whom it may be kept to
    visibility: str


@dataclass(frozen=True, slots=True, kw_only=True)
class IssueChange(NumberedChange[IssueCard]):
    """What became of an issue. `what` is raised, escalated, agenda, resolved, parked or open (again)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Escalation:
    """The form in which a group is chosen for an issue."""

    card: IssueCard
    groups: tuple[Known, ...]
    chosen: str | None
    escalated_to: str | None  # the group that it is with, by id
    channel: str | None = None  # of the chosen group
