"""The digest as data: exactly the keys, order and number forms that other programs are promised."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from fractions import Fraction
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
            _named(one, "id", "title", "priority", "decider", "needed_by", "recommended")
            for one in digest.decisions_needed
        ],
        "asks": [_named(ask, "priority", "text", "organization") for ask in digest.asks],
        "decisions_made": [_named(one, "id", "title", "decided_on", "delegated") for one in digest.decisions_made],
        "issues_escalated": [issue.id for issue in digest.issues_escalated],
        "changed": [_change(change) for change in digest.changed],
        "priorities": [_priority(part) for part in digest.priorities],
        "coalition_actions": _actions(digest.coalition_actions),
        "coalition_funding": _funding(digest.coalition_funding),
        "silent_owners": list(digest.silent_owners),
        "metrics_without_reading": list(digest.metrics_without_reading),
        "stale_metrics": list(digest.stale_metrics),
        "cross_organization_waits": [wait.action for wait in digest.waits],
        "upcoming_meetings": [_named(meeting, "cadence", "starts_at") for meeting in digest.upcoming_meetings],
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
    latest = _named(metric.latest, "value", "period_end", "quality") if metric.latest else None
    return {
        **_named(metric, "id", "headline", "status"),
        "baseline": exact(metric.baseline.value) if metric.baseline else None,
        "target": exact(metric.target.value) if metric.target else None,
        "latest": latest,
        **_named(metric, "expected", "progress"),
    }


def _change(change: Change) -> dict[str, Any]:
    return {**_named(change, "kind", "priority", "subject"), "from": change.old, "to": change.new}


def _priority(part: PriorityPart) -> dict[str, Any]:
    standing = ("assessment", "since", "weeks", "age_days", "by", "on_behalf_of", "silent_rounds")
    return {
        "id": part.id,
        "standing": _named(part.standing, *standing),
        "confidence": _named(part.confidence, "value", "change", "falling"),
        "disagrees": part.disagrees,
        "metrics": [_metric(metric) for metric in part.metrics],
        **_named(part, "moved", "blocker"),
        "ask": _named(part.ask, "text", "organization") if part.ask else None,
        "next_outcome": _named(part.next_outcome, "id", "due", "days_overdue") if part.next_outcome else None,
        "actions": _actions(part.actions),
        "funding": _funding(part.funding),
    }


def _actions(part: ActionsPart) -> dict[str, Any]:
    return {name: [action.id for action in getattr(part, name)] for name in ("done", "open", "overdue", "blocked")}


def _funding(part: FundingPart) -> dict[str, Any]:
    return {
        **_named(part, "secured", "pipeline", "need", "gap", "first_ends_on"),
        "by_capital_type": {name: exact(amount) for name, amount in part.by_capital_type.items()},
        **_named(part, "match_required", "match_secured"),
        "next_report": _named(part.next_report, "source", "due") if part.next_report else None,
    }


def _named(value: object, *names: str) -> dict[str, Any]:
    """These fields of a value in this order: numbers exact, days and moments as text."""
    return {name: _plain(getattr(value, name)) for name in names}


def _plain(value: Any) -> Any:
    if isinstance(value, date):
        return value.isoformat()
    return exact(value) if isinstance(value, Decimal | Fraction) else value


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
