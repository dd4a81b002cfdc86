"""What is on record of one organization, one priority or one stretch of time, for whoever has to hand it out. Pure.

Words that were for the coordinators alone are in none of it, and neither are figures that are withheld for few.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from bot.domain.metrics import is_withheld
from bot.domain.record import Record

COLUMNS = ("kind", "id", "date", "priority", "organization", "person", "title", "status", "words")


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordsQuery:
    """What is asked for: ids and days (both included); None for any."""

    organization: str | None = None
    priority: str | None = None
    since: date | None = None
    until: date | None = None
    restricted: bool = False  # also what only some may see

    def covers(self, days: Iterable[date | None]) -> bool:
        """Whether any of these days lies in the stretch of time."""
        return any(
            (self.since is None or self.since <= day) and (self.until is None or day <= self.until)
            for day in days
            if day is not None
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class OnRecord:
    """One thing that is on record. `date` is the day that it is known by; `words` are what was said of it."""

    kind: str  # action | issue | decision | update | figure | outcome | funding
    id: str
    date: date
    priority: str | None
    organization: str | None
    person: str | None
    title: str
    status: str
    words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeOnRecord:
    """One change of such a thing, in words. `at` is an ISO moment with its offset."""

    at: str
    who: str
    what: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PublicRecords:
    """Everything that was found, oldest first. `left_out` is how many of it only some may see, and are not in it."""

    coalition: str
    query: RecordsQuery
    items: tuple[OnRecord, ...]
    changes: tuple[ChangeOnRecord, ...]
    left_out: int


def collect(record: Record, query: RecordsQuery) -> tuple[OnRecord, ...]:
    """What the record holds of it, oldest first."""
    found = [
        one
        for one, organizations, days in _everything(record)
        if (query.organization is None or query.organization in organizations)
        and (query.priority is None or query.priority == one.priority)
        and query.covers(days)
    ]
    return tuple(sorted(found, key=lambda one: (one.date, one.kind, one.id)))


_Found = Iterator[tuple[OnRecord, set[str | None], tuple[date | None, ...]]]


def _everything(record: Record) -> _Found:
    yield from _work(record)
    yield from _said(record)
    yield from _counted(record)


def _work(record: Record) -> _Found:
    home = {one.id: one.organization for one in record.members}
    names = {one.id: one.name for one in record.members}
    for action in record.actions:
        carries = action.organization or home.get(action.owner)
        on_record = OnRecord(
            kind="action",
            id=action.id,
            date=action.created,
            priority=action.priority,
            organization=carries,
            person=names.get(action.owner),
            title=action.title,
            status=action.status,
            words=_words(
                f"due {action.due}",
                ("completed", action.completed),
                ("blocked", action.blocked_reason),
                ("deliverable", action.deliverable),
                ("waits for", action.waiting_on),
                ("note", action.note),
            ),
        )
        moved = (move.on for move in action.moves)
        yield (
            on_record,
            {carries, home.get(action.owner), action.waiting_on},
            (
                action.created,
                action.due,
                action.completed,
                *moved,
            ),
        )
    for issue in record.issues:
        on_record = OnRecord(
            kind="issue",
            id=issue.id,
            date=issue.raised,
            priority=issue.priority,
            organization=home.get(issue.owner),
            person=names.get(issue.owner),
            title=issue.title,
            status=issue.status,
            words=_words("", ("impact", issue.impact), ("note", issue.note), ("with", issue.escalated_to)),
        )
        yield (
            on_record,
            {home.get(issue.owner), home.get(issue.raised_by)},
            (
                issue.raised,
                issue.escalated,
                issue.resolved,
            ),
        )
    for decision in record.decisions:
        voices = [f"{one.voice}: {one.option or one.choice}" for one in decision.answers]
        day = decision.decided_on or decision.needed_by or record.as_of or date.min
        on_record = OnRecord(
            kind="decision",
            id=decision.id,
            date=day,
            priority=decision.priority,
            organization=home.get(decision.accountable or ""),
            person=names.get(decision.accountable or ""),
            title=decision.title,
            status=decision.status,
            words=_words(
                f"by {decision.decider}",
                ("outcome", decision.outcome),
                ("voices", "; ".join(voices)),
                ("note", decision.note),
            ),
        )
        answered = tuple(one.answered_at.date() for one in decision.answers)
        concerned = {home.get(decision.accountable or ""), *(one.voice for one in decision.answers)}
        yield on_record, concerned, (decision.decided_on, decision.needed_by, *answered)


def _said(record: Record) -> _Found:
    home = {one.id: one.organization for one in record.members}
    names = {one.id: one.name for one in record.members}
    for said in record.responses:
        on_record = OnRecord(
            kind="update",
            id=f"{said.cadence} {said.round}",
            date=said.round,
            priority=said.priority,
            organization=home.get(said.by),
            person=names.get(said.by),
            title=said.moved or "",
            status=said.assessment or "",
            words=_words(
                "",
                ("confidence", said.confidence),
                ("in the way", said.blocker),
                ("ask", said.ask),
                ("of", said.ask_from),
                ("next", said.next),
                ("for", names.get(said.on_behalf_of or "")),
            ),
        )
        yield on_record, {home.get(said.by), home.get(said.on_behalf_of or ""), said.ask_from}, (said.round,)


def _counted(record: Record) -> _Found:
    home = {one.id: one.organization for one in record.members}
    names = {one.id: one.name for one in record.members}
    for priority in record.priorities:
        for outcome in priority.outcomes:
            on_record = OnRecord(
                kind="outcome",
                id=outcome.id,
                date=outcome.completed or outcome.due,
                priority=priority.id,
                organization=home.get(priority.owner),
                person=names.get(priority.owner),
                title=outcome.name,
                status="reached" if outcome.completed else "",
                words=f"due {outcome.due}",
            )
            yield on_record, {home.get(priority.owner)}, (outcome.due, outcome.completed)
        for metric in priority.metrics:
            for reading in metric.readings:
                withheld = is_withheld(metric, reading)
                on_record = OnRecord(
                    kind="figure",
                    id=metric.id,
                    date=reading.period_end,
                    priority=priority.id,
                    organization=home.get(metric.steward),
                    person=names.get(metric.steward),
                    title=metric.name,
                    status=reading.quality,
                    words=_words(
                        "withheld" if withheld else f"{reading.value:f} {metric.unit}",
                        ("recorded", reading.recorded_on),
                        ("note", reading.note),
                    ),
                )
                yield on_record, {home.get(metric.steward)}, (reading.period_end, reading.recorded_on)
    for source in record.funding_sources:
        report = source.report
        for allocation in source.allocations or (None,):
            day = source.period_start or source.period_end or (report.next_due if report is not None else None)
            on_record = OnRecord(
                kind="funding",
                id=source.id,
                date=day or record.as_of or date.min,
                priority=allocation.to if allocation is not None else None,
                organization=source.organization,
                person=names.get(report.owner or "") if report is not None else None,
                title=source.name,
                status=source.status,
                words=_words(
                    f"{source.funder}, {source.amount:f} {record.coalition.currency}",
                    ("allocated", f"{allocation.amount:f}" if allocation is not None else None),
                    ("until", source.period_end),
                ),
            )
            yield (
                on_record,
                {source.organization, home.get(report.owner or "") if report is not None else None},
                (
                    source.period_start,
                    source.period_end,
                    report.next_due if report is not None else None,
                ),
            )


def _words(first: str, *parts: tuple[str, Any]) -> str:
    told = [f"{label}: {value}" for label, value in parts if value not in (None, "")]
    return "; ".join([*([first] if first else []), *told])
