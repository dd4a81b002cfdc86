"""Three-way comparison of a coalition file with what lives: base (the file as last imported), live and file.

Unchanged in the file: the live value stays. Changed only in the file: applied. Changed in both: listed, and the file
wins only where it is preferred. Missing in the file: kept and listed. A metric or an outcome that stands below another
priority in the file is the same one, moved. Pure; the store writes the result.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Literal, TypeVar

from bot.domain import record as values
from bot.domain.actions import imported, joined
from bot.domain.files.merge_places import Places, require_same_north_star
from bot.domain.record import ActionItem, Coalition, Metric, NorthStar, Priority, Reading, Record

Outcome = Literal["added", "applied", "moved", "kept", "conflict", "missing"]
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Difference:
    """One line of what an import does. `field` is empty for a whole item; `live` and `file` are the two values.

    Where an item stands is its field "priority", with the two priorities' ids.
    """

    outcome: Outcome
    kind: str
    id: str
    field: str = ""
    live: Any = None
    file: Any = None


@dataclass(frozen=True, slots=True)
class Merge:
    """The record as it is to be, what differs, and which readings are new (metric id → readings)."""

    record: Record
    differences: tuple[Difference, ...]
    new_readings: dict[str, tuple[Reading, ...]]


def _by_id(item: Any) -> str:
    key: str = item.id
    return key


def _by_round(item: Any) -> str:
    return f"{item.cadence}/{item.round.isoformat()}/{item.priority}"


class _Merger:
    def __init__(self, base: Record, live: Record, file: Record, today: date, prefer_file: bool) -> None:
        self.today = today
        self.prefer_file = prefer_file
        self.outcomes: Places[values.Outcome] = Places(base, live, file, lambda one: one.outcomes, prefer_file)
        self.metrics: Places[Metric] = Places(base, live, file, lambda one: one.metrics, prefer_file)
        self.differences: list[Difference] = []
        self.new_readings: dict[str, tuple[Reading, ...]] = {}

    def fields(self, kind: str, key: str, base: T | None, live: T, file: T, skip: frozenset[str] = frozenset()) -> T:
        """One item, field by field."""
        changed: dict[str, Any] = {}
        for field in dataclasses.fields(live):  # type: ignore[arg-type]
            if field.name in skip:
                continue
            ours, theirs = getattr(live, field.name), getattr(file, field.name)
            if ours == theirs:
                continue
            before = getattr(base, field.name) if base is not None else None
            if base is not None and theirs == before:
                self.differences.append(Difference("kept", kind, key, field.name, ours, theirs))
                continue
            clean = base is not None and ours == before
            if not clean:
                self.differences.append(Difference("conflict", kind, key, field.name, ours, theirs))
            else:
                self.differences.append(Difference("applied", kind, key, field.name, ours, theirs))
            if clean or self.prefer_file:
                changed[field.name] = theirs
        return replace(live, **changed) if changed else live  # type: ignore[type-var]

    def items(
        self,
        kind: str,
        base: Iterable[T],
        live: Sequence[T],
        file: Sequence[T],
        *,
        key: Callable[[Any], str] = _by_id,
        one: Callable[[T | None, T, T], T] | None = None,
        skip: frozenset[str] = frozenset(),
        missing: Callable[[T], T] = lambda item: item,
        added: Callable[[T], T] = lambda item: item,
        listed: bool = True,
    ) -> tuple[T, ...]:
        """A list of items: live ones in their order, then the file's new ones.

        `missing` and `added` give what becomes of an item that only one side has; unless `listed`, it is not told.
        """
        bases: dict[Hashable, T] = {key(item): item for item in base}
        files: dict[Hashable, T] = {key(item): item for item in file}
        lives = {key(item) for item in live}
        result: list[T] = []
        for item in live:
            item_key = key(item)
            theirs = files.get(item_key)
            if theirs is None:
                if listed:
                    self.differences.append(Difference("missing", kind, item_key, live=item))
                result.append(missing(item))
            elif one is not None:
                result.append(one(bases.get(item_key), item, theirs))
            else:
                result.append(self.fields(kind, item_key, bases.get(item_key), item, theirs, skip=skip))
        for theirs in file:
            if key(theirs) not in lives:
                if listed:
                    self.differences.append(Difference("added", kind, key(theirs), file=theirs))
                result.append(added(theirs))
        return tuple(result)

    def metric(self, base: Metric | None, live: Metric, file: Metric) -> Metric:
        merged = self.fields("metric", live.id, base, live, file, skip=frozenset({"readings"}))
        known = [*live.readings, *(base.readings if base is not None else ())]
        new = tuple(reading for reading in file.readings if reading not in known)
        for reading in new:
            self.differences.append(Difference("added", "reading", f"{live.id}/{reading.period_end}", file=reading))
        if new:
            self.new_readings[live.id] = new
        return replace(merged, readings=(*live.readings, *new))

    def metric_added(self, metric: Metric) -> Metric:
        if metric.readings:
            self.new_readings[metric.id] = metric.readings
        return metric

    def placed(self, kind: str, key: str, places: Places[Any]) -> None:
        """Lists that an item stands below another priority in the file, if it does."""
        if key in places.placings:
            outcome, here, there = places.placings[key], places.live_at[key], places.file_at[key]
            self.differences.append(Difference(outcome, kind, key, "priority", here, there))

    def placed_outcome(self, base: values.Outcome | None, live: values.Outcome, file: values.Outcome) -> values.Outcome:
        self.placed("outcome", live.id, self.outcomes)
        return self.fields("outcome", live.id, base, live, file)

    def placed_metric(self, base: Metric | None, live: Metric, file: Metric) -> Metric:
        self.placed("metric", live.id, self.metrics)
        return self.metric(base, live, file)

    def priority(self, base: Priority | None, live: Priority, file: Priority) -> Priority:
        merged = self.fields("priority", live.id, base, live, file, skip=frozenset({"outcomes", "metrics"}))
        return self.headline(live.headline_metric, self.below(merged, listed=True))

    def priority_missing(self, live: Priority) -> Priority:
        return self.headline(live.headline_metric, self.below(live, listed=False))

    def priority_added(self, file: Priority) -> Priority:
        return self.headline(None, self.below(file, listed=False))

    def below(self, priority: Priority, *, listed: bool) -> Priority:
        """The priority with what is to stand below it; unless `listed`, what is new or missing goes without saying."""
        return replace(
            priority,
            outcomes=self.items(
                "outcome",
                self.outcomes.base.values(),
                self.outcomes.live_below(priority.id),
                self.outcomes.file_below(priority.id),
                one=self.placed_outcome,
                listed=listed,
            ),
            metrics=self.items(
                "metric",
                self.metrics.base.values(),
                self.metrics.live_below(priority.id),
                self.metrics.file_below(priority.id),
                one=self.placed_metric,
                added=self.metric_added,
                listed=listed,
            ),
        )

    def headline(self, live: str | None, priority: Priority) -> Priority:
        """The priority without a headline that now stands below another one: the rule then takes its first metric."""
        own = {metric.id for metric in priority.metrics}
        if priority.headline_metric is None or priority.headline_metric in own:
            return priority
        stays = live if live in own else None
        # What the comparison of the field said of it holds no more.
        place = ("priority", priority.id, "headline_metric")
        self.differences = [one for one in self.differences if (one.kind, one.id, one.field) != place]
        if stays != live:
            self.differences.append(Difference("applied", *place, live, stays))
        return replace(priority, headline_metric=stays)

    def action(self, base: ActionItem | None, live: ActionItem, file: ActionItem) -> ActionItem:
        """A date that the file changes is one more move; moves are added to, as figures are, and never taken away."""
        merged = self.fields("action", live.id, base, live, file, skip=frozenset({"moves"}))
        moves = imported(live, replace(merged, moves=joined(live.moves, file.moves)), self.today)
        if moves != live.moves:
            self.differences.append(Difference("applied", "action", live.id, "moves", len(live.moves), len(moves)))
        return replace(merged, moves=moves) if moves != merged.moves else merged

    def coalition(self, base: Coalition, live: Coalition, file: Coalition) -> Coalition:
        merged = self.fields("coalition", live.id, base, live, file, skip=frozenset({"north_star"}))
        star = self.north_star(live.id, base.north_star, live.north_star, file.north_star)
        return replace(merged, north_star=star)

    def north_star(
        self, key: str, base: NorthStar | None, live: NorthStar | None, file: NorthStar | None
    ) -> NorthStar | None:
        if live is None or file is None:
            if live is None and file is not None:
                self.differences.append(Difference("added", "north star", key, file=file))
                if file.metric is not None:
                    self.metric_added(file.metric)
                return file
            if live is not None:
                self.differences.append(Difference("missing", "north star", key, live=live))
            return live
        merged = self.fields("north star", key, base, live, file, skip=frozenset({"metric"}))
        if live.metric is None or file.metric is None:
            metric = live.metric or file.metric
            if live.metric is None and file.metric is not None:
                self.differences.append(Difference("added", "metric", file.metric.id, file=file.metric))
                self.metric_added(file.metric)
            return replace(merged, metric=metric)
        return replace(merged, metric=self.metric(base.metric if base else None, live.metric, file.metric))


def merge(base: Record, live: Record, file: Record, *, today: date, prefer_file: bool = False) -> Merge:
    """What an import of `file` makes of `live` today, given the file as last imported.

    Raises UserError where the north star would change places with another metric.
    """
    require_same_north_star(live, file)
    merger = _Merger(base, live, file, today, prefer_file)
    merged = replace(
        live,
        coalition=merger.coalition(base.coalition, live.coalition, file.coalition),
        extra=file.extra,
        as_of=file.as_of,
        schema_version=file.schema_version,
        organizations=merger.items("organization", base.organizations, live.organizations, file.organizations),
        members=merger.items("member", base.members, live.members, file.members),
        groups=merger.items("group", base.groups, live.groups, file.groups),
        priorities=merger.items(
            "priority",
            base.priorities,
            live.priorities,
            file.priorities,
            one=merger.priority,
            missing=merger.priority_missing,
            added=merger.priority_added,
        ),
        cadences=merger.items("cadence", base.cadences, live.cadences, file.cadences),
        question_sets=merger.items("question set", base.question_sets, live.question_sets, file.question_sets),
        # The role of an answer is that of its round, whatever a file says later.
        responses=merger.items(
            "check-in",
            base.responses,
            live.responses,
            file.responses,
            key=_by_round,
            skip=frozenset({"sets_standing"}),
        ),
        actions=merger.items("action", base.actions, live.actions, file.actions, one=merger.action),
        issues=merger.items("issue", base.issues, live.issues, file.issues),
        # What was answered in Slack stands in no file.
        decisions=merger.items("decision", base.decisions, live.decisions, file.decisions, skip=frozenset({"answers"})),
        funding_sources=merger.items(
            "funding source", base.funding_sources, live.funding_sources, file.funding_sources
        ),
    )
    return Merge(merged, tuple(merger.differences), merger.new_readings)
