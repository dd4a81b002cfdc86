"""Small valid values of a coalition for tests: every field has a default, so a test names only what it is about.

The default coalition keeps Chicago time; its one priority `p1` is owned by `ana` of `acme` and asked every Tuesday.
"""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from bot.domain.record import record as values

CHICAGO = ZoneInfo("America/Chicago")
TODAY = date(2026, 11, 23)  # a Monday
NOON = datetime(2026, 11, 23, 12, tzinfo=CHICAGO)


def day(text: str) -> date:
    """A day from "2026-11-23", or of November 2026 from "23"."""
    return date.fromisoformat(text if len(text) > 2 else f"2026-11-{int(text):02}")


def at(text: str, zone: ZoneInfo = CHICAGO) -> datetime:
    """An aware moment from a wall time such as "2026-11-23T12:00"."""
    return datetime.fromisoformat(text).replace(tzinfo=zone)


def reading(period_end: str = "2026-09-30", value: object = 50, **fields: Any) -> values.Reading:
    return values.Reading(period_end=day(period_end), value=Decimal(str(value)), **_dated(fields))


def dated(value: object, on: str) -> values.DatedValue:
    return values.DatedValue(value=Decimal(str(value)), on=day(on))


def metric(metric_id: str = "m1", *readings: values.Reading, **fields: Any) -> values.Metric:
    """A quarterly metric from 0 on Jan 1, 2026 to 100 on Dec 31, 2027, without readings unless some are given."""
    usual: dict[str, Any] = {
        "name": f"Metric {metric_id}",
        "unit": "people",
        "direction": "increase",
        "aggregation": "point_in_time",
        "level": "contributing",
        "horizon": "short",
        "steward": "ana",
        "baseline": dated(0, "2026-01-01"),
        "target": dated(100, "2027-12-31"),
    }
    return values.Metric(id=metric_id, readings=readings, **(usual | fields))


def organization(organization_id: str = "acme", **fields: Any) -> values.Organization:
    usual: dict[str, Any] = {"name": organization_id.title(), "sector": "nonprofit"}
    return values.Organization(id=organization_id, **(usual | fields))


def member(member_id: str = "ana", **fields: Any) -> values.Member:
    return values.Member(id=member_id, **({"name": member_id.title(), "organization": "acme"} | fields))


def away(start: str, end: str) -> values.Away:
    return values.Away(start=day(start), end=day(end))


def group(group_id: str = "steering", **fields: Any) -> values.Group:
    usual: dict[str, Any] = {"name": f"Group {group_id}", "kind": "steering_committee"}
    return values.Group(id=group_id, **(usual | fields))


def outcome(outcome_id: str = "o1", due: str = "2026-12-31", **fields: Any) -> values.Outcome:
    return values.Outcome(id=outcome_id, name=f"Outcome {outcome_id}", due=day(due), **_dated(fields))


def priority(priority_id: str = "p1", **fields: Any) -> values.Priority:
    usual: dict[str, Any] = {"name": f"Priority {priority_id}", "owner": "ana"}
    return values.Priority(id=priority_id, **(usual | _dated(fields)))


def need(amount: object = 1000, through: str | None = "2027-12-31") -> values.Need:
    return values.Need(amount=Decimal(str(amount)), through=day(through) if through else None)


def cadence(cadence_id: str = "weekly", **fields: Any) -> values.Cadence:
    """A check-in of the priorities' owners: Tuesdays at 9:00 on the owner's clock, open for 51 hours."""
    usual: dict[str, Any] = {
        "kind": "checkin",
        "name": f"Cadence {cadence_id}",
        "timezone": "America/Chicago",
        "dtstart": datetime.fromisoformat("2026-01-06T09:00"),
        "rrule": "FREQ=WEEKLY;BYDAY=TU",
        "time_basis": "member_local",
        "audience": "priority_owners",
    }
    if fields.get("kind", "checkin") == "checkin" and fields.get("audience", "priority_owners") == "priority_owners":
        usual["question_set"] = "update"
    return values.Cadence(id=cadence_id, **(usual | fields))


def question_set(set_id: str = "update", *question_ids: str, **fields: Any) -> values.QuestionSet:
    """What a check-in asks; unless told otherwise how the priority stands."""
    questions = tuple(
        values.Question(id=one, type="choice" if one == "assessment" else "text", label=f"Question {one}")
        for one in question_ids or ("assessment",)
    )
    return values.QuestionSet(id=set_id, title=f"Set {set_id}", questions=questions, **fields)


def meeting(cadence_id: str = "sync", dtstart: str = "2026-01-05T10:00", **fields: Any) -> values.Cadence:
    """A meeting of the steering group: Mondays at 10:00 in Chicago unless told otherwise."""
    usual: dict[str, Any] = {
        "kind": "meeting",
        "name": f"Cadence {cadence_id}",
        "timezone": "America/Chicago",
        "rrule": "FREQ=WEEKLY;BYDAY=MO",
        "group": "steering",
        "duration_minutes": 60,
    }
    return values.Cadence(id=cadence_id, dtstart=datetime.fromisoformat(dtstart), **(usual | fields))


def response(
    round_day: str, assessment: str | None = "on_track", confidence: int | None = 7, **fields: Any
) -> values.Response:
    """What the owner of `p1` said in the weekly round of a day; imported unless `answered_at` is given."""
    usual: dict[str, Any] = {"cadence": "weekly", "priority": "p1", "by": "ana", "moved": f"Moved on {round_day}."}
    return values.Response(
        round=day(round_day), assessment=assessment, confidence=confidence, **(usual | _dated(fields))
    )


def live_round(round_day: str, *, hours: int = 51, **fields: Any) -> values.Round:
    """A round of `p1` that really opened on a day at 9:00 in Chicago."""
    opens_at = datetime.combine(day(round_day), datetime.min.time(), CHICAGO).replace(hour=9).astimezone(UTC)
    usual: dict[str, Any] = {"cadence": "weekly", "priority": "p1", "opens_at": opens_at}
    closes_at = datetime.fromtimestamp(opens_at.timestamp() + hours * 3600, UTC)
    return values.Round(day=day(round_day), **({"closes_at": closes_at} | usual | fields))


def action(action_id: str = "A-1", due: str = "2026-12-01", **fields: Any) -> values.ActionItem:
    usual: dict[str, Any] = {
        "title": f"Action {action_id}",
        "owner": "ana",
        "created": date(2026, 10, 1),
        "priority": "p1",
    }
    return values.ActionItem(id=action_id, due=day(due), **(usual | _dated(fields)))


def issue(issue_id: str = "I-1", **fields: Any) -> values.Issue:
    usual: dict[str, Any] = {
        "title": f"Issue {issue_id}",
        "raised_by": "ana",
        "owner": "ana",
        "raised": date(2026, 10, 1),
        "priority": "p1",
    }
    return values.Issue(id=issue_id, **(usual | _dated(fields)))


def decision(decision_id: str = "D-1", **fields: Any) -> values.Decision:
    usual: dict[str, Any] = {"title": f"Decision {decision_id}", "decider": "steering", "priority": "p1"}
    return values.Decision(id=decision_id, **(usual | _dated(fields)))


def source(source_id: str = "F-1", allocations: dict[str, object] | None = None, **fields: Any) -> values.FundingSource:
    """An active public grant; `allocations` are amounts by priority or group, and by default 100 for `p1`."""
    given = {"p1": 100} if allocations is None else allocations
    usual: dict[str, Any] = {
        "name": f"Source {source_id}",
        "funder": "A funder",
        "capital_type": "public",
        "status": "active",
        "amount": sum((Decimal(str(amount)) for amount in given.values()), Decimal(0)),
    }
    return values.FundingSource(
        id=source_id,
        allocations=tuple(values.Allocation(to=to, amount=Decimal(str(amount))) for to, amount in given.items()),
        **(usual | _dated(fields)),
    )


def report(next_due: str) -> values.FundingReport:
    return values.FundingReport(next_due=day(next_due))


def published(moment: datetime, content: dict[str, Any]) -> values.PublishedDigest:
    return values.PublishedDigest(published_at=moment.astimezone(UTC), content=content)


def record(**fields: Any) -> values.Record:
    """The default coalition with some of its lists replaced."""
    usual: dict[str, Any] = {
        "schema_version": 1,
        "coalition": values.Coalition(id="test", name="Test coalition", timezone="America/Chicago"),
        "organizations": (organization(),),
        "members": (member(),),
        "groups": (group(),),
        "priorities": (priority(),),
        "cadences": (cadence(),),
        "question_sets": (question_set(),),
    }
    return values.Record(**(usual | {name: _tuple(value) for name, value in fields.items()}))


def _tuple(value: Any) -> Any:
    return tuple(value) if isinstance(value, list) else value


def _dated(fields: dict[str, Any]) -> dict[str, Any]:
    """Fields whose names are days may be given as text."""
    return {name: day(value) if name in DAYS and isinstance(value, str) else value for name, value in fields.items()}


DAYS = (
    "assessment_on",
    "completed",
    "created",
    "decided_on",
    "escalated",
    "needed_by",
    "period_end",
    "period_start",
    "raised",
    "recorded_on",
    "resolved",
)
