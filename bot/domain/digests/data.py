"""The digest as data: exactly the keys, order and number forms that other programs are promised."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from bot.domain.actions import ActionsPart
from bot.domain.digests.parts import Change, Digest, PriorityPart
from bot.domain.funding import FundingPart
from bot.domain.metrics import MetricLine
from bot.domain.wording import exact


def to_data(digest: Digest) -> dict[str, Any]:
    """Return the digest as a tree of dicts, lists, strings, booleans, ints, `Decimal`s and None.

    Keys are never missing and stand in a fixed order; days are YYYY-MM-DD, moments carry the coalition's offset.
    """
    return {
        "coalition": digest.coalition,
        "week": digest.week,
        "as_of": digest.moment.isoformat(),
        "north_star": _metric(digest.north_star) if digest.north_star else None,
        "decisions_needed": [
            {
                "id": one.id,
                "title": one.title,
                "priority": one.priority,
                "decider": one.decider,
                "needed_by": _day(one.needed_by),
                "recommended": one.recommended,
            }
            for one in digest.decisions_needed
        ],
        "asks": [{"priority": ask.priority, "text": ask.text, "organization": ask.organization} for ask in digest.asks],
        "decisions_made": [
            {
                "id": one.id,
                "title": one.title,
                "decided_on": _day(one.decided_on),
                "delegated": one.delegated,
            }
            for one in digest.decisions_made
        ],
        "issues_escalated": [issue.id for issue in digest.issues_escalated],
        "changed": [_change(change) for change in digest.changed],
        "priorities": [_priority(part) for part in digest.priorities],
        "coalition_actions": _actions(digest.coalition_actions),
        "coalition_funding": _funding(digest.coalition_funding),
        "silent_owners": list(digest.silent_owners),
        "metrics_without_reading": list(digest.metrics_without_reading),
        "stale_metrics": list(digest.stale_metrics),
        "cross_organization_waits": [wait.action for wait in digest.waits],
        "upcoming_meetings": [
            {"cadence": meeting.cadence, "starts_at": meeting.starts_at.isoformat()}
            for meeting in digest.upcoming_meetings
        ],
    }


def to_published(digest: Digest) -> dict[str, Any]:
    """Return what is stored when the digest is published: its data, and last the state the next one compares with."""
    return {**to_data(digest), "state": dict(digest.state)}


def dumps(data: Any) -> str:
    """Return data of `to_data` or `to_published` as JSON text that ends with a line break.

    The same data gives the same bytes. Numbers are written in full, without exponents. Raises `TypeError` for a
    float or any other type.
    """
    return _text(data, "") + "\n"


def loads(text: str) -> Any:
    """Read such text back, numbers exactly as they were written."""
    return json.loads(text, parse_float=Decimal)


def _metric(metric: MetricLine) -> dict[str, Any]:
    latest = metric.latest
    return {
        "id": metric.id,
        "headline": metric.headline,
        "status": metric.status,
        "baseline": exact(metric.baseline.value) if metric.baseline else None,
        "target": exact(metric.target.value) if metric.target else None,
        "latest": {
            "value": exact(latest.value),
            "period_end": _day(latest.period_end),
            "quality": latest.quality,
        }
        if latest
        else None,
        "expected": exact(metric.expected),
        "progress": exact(metric.progress),
    }


def _change(change: Change) -> dict[str, Any]:
    return {
        "kind": change.kind,
        "priority": change.priority,
        "subject": change.subject,
        "from": change.old,
        "to": change.new,
    }


def _priority(part: PriorityPart) -> dict[str, Any]:
    standing, outcome = part.standing, part.next_outcome
    return {
        "id": part.id,
        "standing": {
            "assessment": standing.assessment,
            "since": _day(standing.since),
            "weeks": standing.weeks,
            "age_days": standing.age_days,
            "by": standing.by,
            "on_behalf_of": standing.on_behalf_of,
            "silent_rounds": standing.silent_rounds,
        },
        "confidence": {
            "value": part.confidence.value,
            "change": part.confidence.change,
            "falling": part.confidence.falling,
        },
        "disagrees": part.disagrees,
        "metrics": [_metric(metric) for metric in part.metrics],
        "moved": part.moved,
        "blocker": part.blocker,
        "ask": {"text": part.ask.text, "organization": part.ask.organization} if part.ask else None,
        "next_outcome": {"id": outcome.id, "due": _day(outcome.due), "days_overdue": outcome.days_overdue}
        if outcome
        else None,
        "actions": _actions(part.actions),
        "funding": _funding(part.funding),
    }


def _actions(part: ActionsPart) -> dict[str, Any]:
    return {
        "done": [action.id for action in part.done],
        "open": [action.id for action in part.open],
        "overdue": [action.id for action in part.overdue],
        "blocked": [action.id for action in part.blocked],
    }


def _funding(part: FundingPart) -> dict[str, Any]:
    report = part.next_report
    return {
        "secured": exact(part.secured),
        "pipeline": exact(part.pipeline),
        "need": exact(part.need),
        "gap": exact(part.gap),
        "first_ends_on": _day(part.first_ends_on),
        "by_capital_type": {name: exact(amount) for name, amount in part.by_capital_type.items()},
        "match_required": exact(part.match_required),
        "match_secured": exact(part.match_secured),
        "next_report": {"source": report.source, "due": _day(report.due)} if report else None,
    }


def _day(day: date | None) -> str | None:
    return None if day is None else day.isoformat()


def _text(data: Any, indent: str) -> str:
    """Write one value. The standard encoder has no form for decimals, so containers are written here."""
    inner = indent + "  "
    if data is None or isinstance(data, bool | str):
        return json.dumps(data, ensure_ascii=False)
    if isinstance(data, int):
        return str(data)
    if isinstance(data, Decimal):
        return format(data, "f")
    if isinstance(data, Mapping):
        parts = [f"{_text(str(key), '')}: {_text(value, inner)}" for key, value in data.items()]
    elif isinstance(data, Sequence):
        parts = [_text(value, inner) for value in data]
    else:
        raise TypeError(f"a {type(data).__name__} has no exact form in JSON")
    first, last = "{}" if isinstance(data, Mapping) else "[]"
    if not parts:
        return first + last
    lines = f",\n{inner}".join(parts)
    return f"{first}\n{inner}{lines}\n{indent}{last}"
