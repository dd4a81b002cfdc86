"""How the digest tells what changed since the last one, a line for each thing, and what was promised and came of it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Any

from bot.domain import wording
from bot.domain.digest_pages import Line, Span, bold, joined, line, own, said
from bot.domain.digest_parts import Change, Digest, MetricLine
from bot.domain.digest_wording import is_new

Spans = list[Span | str]

_ANSWERS = (("yes", "Promised and true"), ("in_part", "Promised, true in part"), ("not_yet", "Promised, not yet"))


def changed_title(digest: Digest) -> Span:
    """Return the heading of what changed; it names the day of the digest that this one is compared with."""
    if digest.compared_with is None:
        return bold("This is the first digest, so there is nothing to compare yet.")
    return bold(f"Changed since {wording.near_day(digest.compared_with.date(), digest.today)}")


def changed_lines(digest: Digest, *, amounts: bool) -> tuple[Line, ...]:
    """Return what changed, most telling first; what did not change is one line at the end."""
    told = list(_told(digest, amounts=amounts))
    told.extend(_promises(digest))
    quiet = _unchanged(digest)
    if quiet:
        told.append(line(quiet, bullet=True))
    return tuple(told)


def _told(digest: Digest, *, amounts: bool) -> Iterator[Line]:
    metrics = _metrics(digest)
    by_kind: dict[str, list[Change]] = {}
    for change in digest.changed:
        by_kind.setdefault(change.kind, []).append(change)
    for change in by_kind.get("standing", ()):
        old = f"{wording.status(change.old)} → " if change.old else "new, "
        yield _bullet("Standing: ", change, f", {old}{wording.status(change.new)}")
    for change in by_kind.get("confidence", ()):
        if change.old is not None and change.new is not None and change.new < change.old:
            yield _bullet("Confidence fell: ", change, f", {change.old} → {change.new} of 10")
    for change in by_kind.get("metric_status", ()):
        yield _bullet("Numbers: ", change, f", {wording.status(change.old)} → {_now(change, metrics, digest.today)}")
    turned = {change.subject for change in by_kind.get("metric_status", ())}
    yield from _new_figures(digest, turned)
    for change in by_kind.get("outcome", ()):
        yield _outcome(change, digest)
    for change in by_kind.get("escalated", ()):
        yield _bullet("Escalated: ", change, _of(change))
    for change in by_kind.get("decided", ()):
        title = change.subject_name
        shown = own(title) if amounts or not wording.may_hold_amount(title) else change.subject
        yield line("Decided: ", shown, _of(change), bullet=True)
    for change in by_kind.get("restated", ()):
        yield _bullet("Restated: ", change, _restated(change, metrics, digest.today))
    for change in by_kind.get("retargeted", ()):
        yield _bullet("New target: ", change, _retargeted(change, metrics, digest.today))
    owners = {part.id: part.owner_name for part in digest.priorities}
    for change in by_kind.get("owner", ()):
        yield _bullet("New owner: ", change, f", {wording.one_line(owners.get(change.subject, ''))}")


def _promises(digest: Digest) -> Iterator[Line]:
    for answer, words in _ANSWERS:
        told: list[Spans] = [
            [said(one.text), f" ({wording.one_line(one.priority_name)})"]
            for one in digest.promises
            if one.came_true == answer
        ]
        if told:
            yield line(f"{words}: ", *joined(told, " "), bullet=True)


def _unchanged(digest: Digest) -> str:
    kinds = {change.kind for change in digest.changed}
    standing = "standing" in kinds
    figure = bool(kinds & {"metric_status", "restated", "retargeted"}) or any(
        is_new(metric, digest) for metric in _metrics(digest).values()
    )
    if standing and figure:
        return ""
    if standing:
        return "No figure changed"
    return "No standing changed" if figure else "No standing and no figure changed"


def _new_figures(digest: Digest, told: set[str]) -> Iterator[Line]:
    for metric in _metrics(digest).values():
        latest = metric.latest
        if latest is None or metric.id in told or not is_new(metric, digest):
            continue
        value = "withheld" if latest.value is None else wording.figure(latest.value, metric.unit)
        quality = ", provisional" if latest.quality == "provisional" else ""
        as_of = wording.day(latest.period_end, digest.today)
        yield line("New figure: ", own(metric.name), f", {value} (as of {as_of}{quality})", bullet=True)


def _metrics(digest: Digest) -> dict[str, MetricLine]:
    found = {digest.north_star.id: digest.north_star} if digest.north_star is not None else {}
    return found | {metric.id: metric for part in digest.priorities for metric in part.metrics}


def _bullet(label: str, change: Change, rest: str) -> Line:
    return line(label, own(change.subject_name), rest, bullet=True)


def _of(change: Change) -> str:
    return f" ({wording.one_line(change.priority_name)})" if change.priority_name else ""


def _now(change: Change, metrics: dict[str, MetricLine], today: date) -> str:
    metric = metrics.get(change.subject)
    if metric is None or metric.latest is None:
        return wording.status(change.new)
    return f"{wording.status(change.new)} (as of {wording.day(metric.latest.period_end, today)})"


def _outcome(change: Change, digest: Digest) -> Line:
    outcome = next(one for part in digest.priorities for one in part.outcomes if one.id == change.subject)
    if outcome.completed is not None:
        return _bullet("Outcome reached: ", change, f" ({wording.day(outcome.completed, digest.today)})")
    due = wording.day(outcome.due, digest.today)
    if outcome.days_overdue:
        return _bullet("Outcome past its date: ", change, f", due {due}{_of(change)}")
    return _bullet("Outcome open again: ", change, f", due {due}{_of(change)}")


def _restated(change: Change, metrics: dict[str, MetricLine], today: date) -> str:
    when = f", {wording.day(change.period_end, today)}" if change.period_end else ""
    metric = metrics.get(change.subject)
    if metric is None or change.old is None or change.new is None:
        return when
    return f"{when}: {wording.entered(change.old, metric.unit)} → {wording.figure(change.new, metric.unit)}"


def _retargeted(change: Change, metrics: dict[str, MetricLine], today: date) -> str:
    metric = metrics.get(change.subject)
    unit = metric.unit if metric else ""
    return f", {_target(change.old, unit, today)} → {_target(change.new, unit, today)}"


def _target(value: Any, unit: str, today: date) -> str:
    """A target's value, or its date where that is what moved."""
    if value is None:
        return "none"
    if isinstance(value, int | Decimal):
        return wording.entered(value, unit)
    return wording.day(date.fromisoformat(value), today)
