"""A meeting's agenda, made of what happened since last time: stocktakes, follow-ups, overdue actions, figures, issues,
decisions, and points that were added. Pure; who may read which priority is given.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from bot.domain.actions import ActionLine, describe, is_overdue
from bot.domain.meetings.planned import MeetingRef, Sitting, group_of, last_sitting, priorities_of
from bot.domain.metrics import standing
from bot.domain.record import ActionItem, Decision, Directory, Group, Issue, Record, current_actions, every_metric
from bot.domain.rhythm import to_local

OFF = ("off_track", "stale")
_INSTANT = timedelta(seconds=1)
Reads = Callable[[str | None], bool]


@dataclass(frozen=True, slots=True, kw_only=True)
class FigureLine:
    """A figure that is off track or that nobody has renewed. `as_of` is the end of its newest period."""

    name: str
    status: str  # off_track | stale
    as_of: date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class IssueLine:
    id: str
    title: str
    group: str | None  # the group that it was escalated to; None where it is the one that meets
    group_name: str | None
    priority_name: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class NeededLine:
    """A decision that is needed. `title` is None where another group decides: a title may hold amounts."""

    id: str
    title: str | None
    group: str | None  # None where it is the group that meets
    group_name: str | None
    needed_by: date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class PointLine:
    text: str
    organization_name: str | None
    parked: bool  # left over from the meeting before


@dataclass(frozen=True, slots=True, kw_only=True)
class StocktakeLine:
    """What a priority's owner said of its curve since the meeting before. `forecast` is in words, "" without one."""

    priority_name: str
    on: date
    forecast: str
    story: str | None
    decision_id: str | None  # the one that it asks for


@dataclass(frozen=True, slots=True, kw_only=True)
class Stocktakes:
    """Of the priorities that are asked for one: those that have it, and the names of those that don't yet."""

    taken: tuple[StocktakeLine, ...]
    to_come: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Agenda:
    """An occurrence's agenda as of a moment. `skipped`: it will not be; `has_begun`: nothing is added any more.

    `may_write_notes` says it for one reader; a post's buttons are there for whoever may.
    """

    ref: MeetingRef
    name: str
    starts_at: datetime
    minutes: int
    zone: str
    moved_from: datetime | None  # naive wall time of its rule
    last_on: date | None  # the day of the meeting before
    stocktakes: Stocktakes | None  # where stock is taken together, and priorities are asked for it
    follow_ups: tuple[ActionLine, ...]
    overdue: tuple[ActionLine, ...]
    figures: tuple[FigureLine, ...]
    issues: tuple[IssueLine, ...]
    decisions: tuple[NeededLine, ...]
    points: tuple[PointLine, ...]
    skipped: bool = False
    has_begun: bool = False
    has_notes: bool = False
    may_write_notes: bool = True
    today: date
    as_of: datetime


def compose_agenda(
    record: Record,
    sitting: Sitting,
    now: datetime,
    points: Iterable[PointLine],
    *,
    reads: Reads,
    stocktakes: Stocktakes | None = None,
    skipped: bool = False,
    has_notes: bool = False,
) -> Agenda:
    """What stands on the agenda now. `reads` says whose items may be shown: a priority's, or with None the
    coalition's own."""
    cadence = sitting.cadence
    group = group_of(record, cadence)
    names = Directory.of(record)
    today = to_local(now, record.coalition.timezone).date()
    own = _own_priorities(record, sitting)

    def covers(priority: str | None) -> bool:
        return own is None or priority in own

    last_on = day_before(sitting)
    # What is agreed on at the meeting itself stands in its notes, and on the agenda of the next one.
    own_day = sitting.occurrence.local.date()
    # What ended before it was agreed on last time is on no agenda.
    since = min(today, last_on or today)
    about = [action for action in current_actions(record, since) if reads(action.priority)]
    overdue = [action for action in about if covers(action.priority) and is_overdue(action, today)]
    follow_ups = [
        action
        for action in about
        if action not in overdue and action.created < own_day and _follows_up(action, cadence.id, last_on, today)
    ]
    return Agenda(
        ref=sitting.ref,
        name=cadence.name,
        starts_at=sitting.starts_at,
        minutes=sitting.minutes,
        zone=cadence.timezone,
        moved_from=sitting.occurrence.slot if sitting.occurrence.moved else None,
        last_on=last_on,
        stocktakes=stocktakes,
        follow_ups=tuple(describe(action, today, names) for action in sorted(follow_ups, key=_by_due)),
        overdue=tuple(describe(action, today, names) for action in sorted(overdue, key=_by_due)),
        figures=tuple(_figures(record, today, lambda priority: covers(priority) and reads(priority))),
        issues=tuple(
            _issue(issue, group.id if group is not None else None, names)
            for issue in record.issues
            if issue.is_escalated and _concerns(issue, group, covers, reads)
        ),
        decisions=tuple(
            _needed(decision, group.id if group is not None else None, names)
            for decision in sorted(record.decisions, key=lambda one: one.needed_by or date.max)
            if decision.is_needed and _is_needed_here(decision, group, covers, reads)
        ),
        points=tuple(points),
        skipped=skipped,
        has_begun=sitting.starts_at <= now,
        has_notes=has_notes,
        today=today,
        as_of=now,
    )


def day_before(sitting: Sitting) -> date | None:
    """The day of the meeting before this one; None where it is the first."""
    last = last_sitting(sitting.cadence, sitting.starts_at - _INSTANT)
    return last.occurrence.local.date() if last is not None else None


def _own_priorities(record: Record, sitting: Sitting) -> frozenset[str | None] | None:
    """The priorities that this meeting is about; None means all of them and what is the coalition's own."""
    group = group_of(record, sitting.cadence)
    if group is not None and group.reads_everything:
        return None
    return frozenset(priorities_of(record, group))


def _follows_up(action: ActionItem, cadence: str, last_on: date | None, today: date) -> bool:
    """Whether it was agreed on last time: still open, or done meanwhile."""
    if action.source != cadence or last_on is None or action.created < last_on:
        return False
    return action.is_open or (action.is_done and action.completed is not None and action.completed <= today)


def _concerns(issue: Issue, group: Group | None, covers: Reads, reads: Reads) -> bool:
    if group is not None and issue.escalated_to == group.id:
        return True
    return issue.priority is not None and covers(issue.priority) and reads(issue.priority)


def _is_needed_here(decision: Decision, group: Group | None, covers: Reads, reads: Reads) -> bool:
    if group is not None and decision.decider == group.id:
        return True
    return decision.priority is not None and covers(decision.priority) and reads(decision.priority)


def _figures(record: Record, today: date, covers: Reads) -> Iterable[FigureLine]:
    for priority, metric in every_metric(record):
        now = standing(metric, today)
        if covers(priority) and now.status in OFF:
            yield FigureLine(
                name=metric.name, status=now.status, as_of=now.latest.period_end if now.latest is not None else None
            )


def _issue(issue: Issue, group: str | None, names: Directory) -> IssueLine:
    to = issue.escalated_to if issue.escalated_to != group else None
    return IssueLine(
        id=issue.id,
        title=issue.title,
        group=to,
        group_name=names.name(to) if to is not None else None,
        priority_name=names.priority_name(issue.priority),
    )


def _needed(decision: Decision, group: str | None, names: Directory) -> NeededLine:
    is_own = decision.decider == group
    return NeededLine(
        id=decision.id,
        title=decision.title if is_own else None,
        group=None if is_own else decision.decider,
        group_name=None if is_own else names.name(decision.decider),
        needed_by=decision.needed_by,
    )


def _by_due(action: ActionItem) -> date:
    return action.due
