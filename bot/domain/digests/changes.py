"""What changed between two digests: the state that a published one keeps beside its data, and the comparison."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from bot.domain.actions import reason_of
from bot.domain.digests.figures import counts_of, number, same, values_of
from bot.domain.digests.parts import Change, MovedAction, PriorityPart, hung
from bot.domain.metrics import MetricLine
from bot.domain.record import ActionItem, Decision, Directory, Issue, in_common
from bot.domain.wording import exact


@dataclass(frozen=True, slots=True, kw_only=True)
class Subjects:
    """What two digests are compared by, in file order and with everything a change is described with."""

    north_star: MetricLine | None
    priorities: tuple[PriorityPart, ...]
    issues: tuple[Issue, ...]
    decisions: tuple[Decision, ...]
    directory: Directory
    actions: tuple[ActionItem, ...] = ()

    def metrics(self) -> Iterator[tuple[str | None, MetricLine]]:
        """Every metric with the id of its priority, the north star's first."""
        return hung(self.north_star, self.priorities)


def state(subjects: Subjects) -> dict[str, Any]:
    """Return what the next digest is compared with, as data; figures that are withheld are null in it."""
    return {
        "standing": {part.id: part.standing.assessment for part in subjects.priorities},
        "confidence": {part.id: part.confidence.value for part in subjects.priorities},
        "owner": {part.id: part.owner for part in subjects.priorities},
        "metric_status": {metric.id: metric.status for _, metric in subjects.metrics()},
        "target": {
            metric.id: None
            if metric.target is None
            else {"value": exact(metric.target.value), "date": metric.target.on.isoformat()}
            for _, metric in subjects.metrics()
        },
        "figures": {metric.id: values_of(metric) for _, metric in subjects.metrics()},
        "recorded": {metric.id: counts_of(metric) for _, metric in subjects.metrics()},
        "outcome": {outcome.id: outcome.state for part in subjects.priorities for outcome in part.outcomes},
        "due": {action.id: action.due.isoformat() for action in subjects.actions if action.is_open},
        "issue": {issue.id: issue.status for issue in subjects.issues},
        "decision": {decision.id: decision.status for decision in subjects.decisions},
    }


def state_of(content: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return the state that a published digest keeps, or as much of it as its data tells where it keeps none."""
    kept = content.get("state")
    if isinstance(kept, Mapping):
        return kept
    priorities = content.get("priorities", [])
    metrics = [metric for priority in priorities for metric in priority["metrics"]]
    if content.get("north_star"):
        metrics.append(content["north_star"])
    upcoming = [priority["next_outcome"] for priority in priorities if priority["next_outcome"]]
    decided = {one["id"]: "decided" for one in content.get("decisions_made", [])}
    needed = {one["id"]: "needed" for one in content.get("decisions_needed", [])}
    return {
        "standing": {one["id"]: one["standing"]["assessment"] for one in priorities},
        "confidence": {one["id"]: one["confidence"]["value"] for one in priorities},
        "owner": {},
        "metric_status": {metric["id"]: metric["status"] for metric in metrics},
        "target": {
            metric["id"]: None if metric["target"] is None else {"value": metric["target"], "date": None}
            for metric in metrics
        },
        "figures": {
            metric["id"]: {metric["latest"]["period_end"]: metric["latest"]["value"]}
            for metric in metrics
            if metric["latest"]
        },
        "outcome": {one["id"]: "overdue" if one["days_overdue"] else "due" for one in upcoming},
        "issue": dict.fromkeys(content.get("issues_escalated", []), "escalated"),
        "decision": decided | needed,
    }


def changes(subjects: Subjects, before: Mapping[str, Any], published_on: date) -> tuple[Change, ...]:
    """Return what differs from the state `before`, published on a day: by kind, then in file order.

    What was not there before is no change, but for a priority's standing, an escalation and a decision.
    """
    comparison = _Comparison(subjects, before)
    return (
        *comparison.of_priorities("standing", lambda part: part.standing.assessment, new_counts=True),
        *comparison.of_priorities("confidence", lambda part: part.confidence.value),
        *comparison.metric_statuses(),
        *comparison.restated(),
        *comparison.escalated(),
        *comparison.decided(published_on),
        *comparison.retargeted(),
        *comparison.outcomes(),
        *comparison.of_priorities("owner", lambda part: part.owner),
    )


def moved_actions(subjects: Subjects, before: Mapping[str, Any]) -> tuple[MovedAction, ...]:
    """Return the open actions whose date differs from the state `before`, the most often moved first."""
    known = before.get("due", {})
    found = [
        MovedAction(
            count=max(len(action.moves), 1),
            reason=reason_of(action.moves),
            **in_common(MovedAction, action),
        )
        for action in subjects.actions
        if action.is_open and known.get(action.id, action.due.isoformat()) != action.due.isoformat()
    ]
    return tuple(sorted(found, key=lambda one: -one.count))


class _Comparison:
    """One comparison: a method for each kind of change, all reading the same two states."""

    def __init__(self, subjects: Subjects, before: Mapping[str, Any]) -> None:
        self._subjects = subjects
        self._before = before

    def of_priorities(
        self, kind: str, value: Callable[[PriorityPart], Any], *, new_counts: bool = False
    ) -> Iterator[Change]:
        known = self._before[kind]
        for part in self._subjects.priorities:
            old, new = known.get(part.id), value(part)
            if old != new and (new_counts or part.id in known):
                yield self._change(kind, part.id, part.id, part.name, old, new)

    def metric_statuses(self) -> Iterator[Change]:
        known = self._before["metric_status"]
        for priority, metric in self._subjects.metrics():
            if known.get(metric.id, metric.status) != metric.status:
                old = known[metric.id]
                yield self._change("metric_status", priority, metric.id, metric.name, old, metric.status)

    def restated(self) -> Iterator[Change]:
        for priority, metric in self._subjects.metrics():
            known = self._before["figures"].get(metric.id, {})
            if known == values_of(metric):
                continue
            for figure in metric.figures:
                period = figure.period_end.isoformat()
                if period in known and not same(known[period], figure.value):
                    old, new = number(known[period]), exact(figure.value)
                    change = self._change("restated", priority, metric.id, metric.name, old, new)
                    yield replace(change, period_end=figure.period_end)

    def escalated(self) -> Iterator[Change]:
        known = self._before["issue"]
        for issue in self._subjects.issues:
            old = known.get(issue.id)
            if issue.is_escalated and old != "escalated":
                yield self._change("escalated", issue.priority, issue.id, issue.title, old, issue.status)

    def decided(self, published_on: date) -> Iterator[Change]:
        known = self._before["decision"]
        for one in self._subjects.decisions:
            old = known.get(one.id)
            if not one.is_decided or old == "decided":
                continue
            # A decision that the earlier digest did not know may be one that was only written down late.
            if old is not None or (one.decided_on is not None and one.decided_on >= published_on):
                yield self._change("decided", one.priority, one.id, one.title, old, one.status)

    def retargeted(self) -> Iterator[Change]:
        known = self._before["target"]
        for priority, metric in self._subjects.metrics():
            if metric.id not in known:
                continue
            old, new = known[metric.id], metric.target
            shown_old: Any
            shown_new: Any
            old_value, old_date = (old["value"], old["date"]) if old else (None, None)
            new_value, new_date = (new.value, new.on.isoformat()) if new else (None, None)
            if not same(old_value, new_value):
                shown_old, shown_new = number(old_value), exact(new_value)
            elif old_date is not None and old_date != new_date:
                shown_old, shown_new = old_date, new_date
            else:
                continue
            yield self._change("retargeted", priority, metric.id, metric.name, shown_old, shown_new)

    def outcomes(self) -> Iterator[Change]:
        known = self._before["outcome"]
        for part in self._subjects.priorities:
            for outcome in part.outcomes:
                old = known.get(outcome.id, outcome.state)
                if old != outcome.state:
                    yield self._change("outcome", part.id, outcome.id, outcome.name, old, outcome.state)

    def _change(self, kind: str, priority: str | None, subject: str, subject_name: str, old: Any, new: Any) -> Change:
        return Change(
            kind=kind,
            priority=priority,
            priority_name=self._subjects.directory.priority_name(priority),
            subject=subject,
            subject_name=subject_name,
            old=old,
            new=new,
            period_end=None,
        )
