"""Three-way comparison of a coalition file with what lives: base (the file as last imported), live and file.

Unchanged in the file: the live value stays. Changed only in the file: applied. Changed in both: listed, and the file
wins only where it is preferred. Missing in the file: kept and listed. A metric or an outcome that stands below another
priority in the file is the same one, moved. Pure; the store writes the result.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, is_dataclass, replace
from datetime import date
from typing import Any, Literal, TypeVar

from bot.domain import record as values
from bot.domain.actions import imported, joined
from bot.domain.coalition_file import SHAPES, Merging, Shape
from bot.domain.files.merge_places import Places, require_same_north_star
from bot.domain.record import (
    ActionItem,
    Allocation,
    Coalition,
    DatedValue,
    Metric,
    NorthStar,
    Priority,
    Reading,
    Record,
)
from bot.domain.wording import cut, in_figures, plural

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


@dataclass(frozen=True, slots=True)
class _Rule:
    """What becomes of a thing that both sides have, and of one that the file doesn't have or live doesn't."""

    both: Callable[[Any, Any, Any], Any]
    missing: Callable[[Any], Any] = lambda live: live
    added: Callable[[Any], Any] = lambda file: file


class _Merger:
    def __init__(self, base: Record, live: Record, file: Record, today: date, prefer_file: bool) -> None:
        self.today = today
        self.prefer_file = prefer_file
        self.outcomes: Places[values.Outcome] = Places(base, live, file, lambda one: one.outcomes, prefer_file)
        self.metrics: Places[Metric] = Places(base, live, file, lambda one: one.metrics, prefer_file)
        self.differences: list[Difference] = []
        self.new_readings: dict[str, tuple[Reading, ...]] = {}
        # Everything else is compared as its section declares, and nothing more.
        self.rules: dict[type, _Rule] = {
            Coalition: _Rule(self.coalition),
            Priority: _Rule(
                self.priority,
                missing=lambda live: self.headline(live.headline_metric, self.below(live, listed=False)),
                added=lambda file: self.headline(None, self.below(file, listed=False)),
            ),
            values.Outcome: _Rule(self.outcome),
            Metric: _Rule(self.placed_metric, added=self.metric_added),
            ActionItem: _Rule(self.action),
        }

    def parts(self, base: T | None, live: T, file: T, key: str = "") -> T:
        """One thing, field by field, as its section of the file declares. `key` stands for an id of its own."""
        shape = SHAPES[type(live)]
        changed: dict[str, Any] = {}
        for name, field in shape.merges.items():
            ours, theirs, below = getattr(live, name), getattr(file, name), field.kind.below
            if field.merging is Merging.COMPARED and ours == theirs:
                continue
            before = getattr(base, name) if base is not None else None
            if field.merging is Merging.AS_IN_FILE:
                changed[name] = theirs
            elif field.merging is Merging.IN_PARTS:
                changed[name] = self.rule(type(ours)).both(before, ours, theirs)
            elif field.merging is Merging.BY_ID and below is not None:
                changed[name] = self.items(below, before or (), ours, theirs)
            else:
                kept = base is not None and theirs == before
                clean = base is not None and ours == before
                outcome: Outcome = "kept" if kept else "applied" if clean else "conflict"
                self.tell(outcome, shape.noun, key or shape.identify(live), name, ours, theirs)
                if not kept and (clean or self.prefer_file):
                    changed[name] = theirs
        return replace(live, **changed) if changed else live  # type: ignore[type-var]

    def rule(self, of: type) -> _Rule:
        return self.rules.get(of, _Rule(self.parts))

    def tell(self, *of: Any, **sides: Any) -> None:
        self.differences.append(Difference(*of, **sides))

    def items(
        self, shape: Shape[T], base: Iterable[T], live: Sequence[T], file: Sequence[T], *, listed: bool = True
    ) -> tuple[T, ...]:
        """A list of items: live ones in their order, then the file's new ones.

        Unless `listed`, what only one side has is not told.
        """
        rule = self.rule(shape.of)
        bases = {shape.identify(item): item for item in base}
        files = {shape.identify(item): item for item in file}
        lives = {shape.identify(item) for item in live}
        result: list[T] = []
        for item in live:
            key = shape.identify(item)
            if key in files:
                result.append(rule.both(bases.get(key), item, files[key]))
                continue
            if listed:
                self.tell("missing", shape.noun, key, live=item)
            result.append(rule.missing(item))
        for key, item in files.items():
            if key not in lives:
                if listed:
                    self.tell("added", shape.noun, key, file=item)
                result.append(rule.added(item))
        return tuple(result)

    def metric(self, base: Metric | None, live: Metric, file: Metric) -> Metric:
        merged = self.parts(base, live, file)
        known = [*live.readings, *(base.readings if base is not None else ())]
        new = tuple(reading for reading in file.readings if reading not in known)
        for reading in new:
            self.tell("added", "reading", f"{live.id}/{reading.period_end}", file=reading)
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
            self.tell(places.placings[key], kind, key, "priority", places.live_at[key], places.file_at[key])

    def outcome(self, base: values.Outcome | None, live: values.Outcome, file: values.Outcome) -> values.Outcome:
        self.placed("outcome", live.id, self.outcomes)
        return self.parts(base, live, file)

    def placed_metric(self, base: Metric | None, live: Metric, file: Metric) -> Metric:
        self.placed("metric", live.id, self.metrics)
        return self.metric(base, live, file)

    def priority(self, base: Priority | None, live: Priority, file: Priority) -> Priority:
        return self.headline(live.headline_metric, self.below(self.parts(base, live, file), listed=True))

    def below(self, priority: Priority, *, listed: bool) -> Priority:
        """The priority with what is to stand below it; unless `listed`, what is new or missing goes without saying."""
        return replace(
            priority,
            outcomes=self.items(SHAPES[values.Outcome], *self.outcomes.below(priority.id), listed=listed),
            metrics=self.items(SHAPES[Metric], *self.metrics.below(priority.id), listed=listed),
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
            self.tell("applied", *place, live, stays)
        return replace(priority, headline_metric=stays)

    def action(self, base: ActionItem | None, live: ActionItem, file: ActionItem) -> ActionItem:
        """A date that the file changes is one more move; moves are added to, as figures are, and never taken away."""
        merged = self.parts(base, live, file)
        moves = imported(live, replace(merged, moves=joined(live.moves, file.moves)), self.today)
        if moves != live.moves:
            self.tell("applied", "action", live.id, "moves", len(live.moves), len(moves))
        return replace(merged, moves=moves) if moves != merged.moves else merged

    def coalition(self, base: Coalition, live: Coalition, file: Coalition) -> Coalition:
        merged = self.parts(base, live, file)
        return replace(merged, north_star=self.north_star(live.id, base.north_star, live.north_star, file.north_star))

    def north_star(
        self, key: str, base: NorthStar | None, live: NorthStar | None, file: NorthStar | None
    ) -> NorthStar | None:
        if live is None or file is None:
            if live is None and file is not None:
                self.tell("added", "north star", key, file=file)
                if file.metric is not None:
                    self.metric_added(file.metric)
                return file
            if live is not None:
                self.tell("missing", "north star", key, live=live)
            return live
        merged = self.parts(base, live, file, key)
        if live.metric is None or file.metric is None:
            metric = live.metric or file.metric
            if live.metric is None and file.metric is not None:
                self.tell("added", "metric", file.metric.id, file=file.metric)
                self.metric_added(file.metric)
            return replace(merged, metric=metric)
        return replace(merged, metric=self.metric(base.metric if base else None, live.metric, file.metric))


def merge(base: Record, live: Record, file: Record, *, today: date, prefer_file: bool = False) -> Merge:
    """What an import of `file` makes of `live` today, given the file as last imported.

    Raises UserError where the north star would change places with another metric.
    """
    require_same_north_star(live, file)
    merger = _Merger(base, live, file, today, prefer_file)
    merged = merger.parts(base, live, file)
    return Merge(merged, tuple(merger.differences), merger.new_readings)


MOST_VALUE = 60


def value_words(value: object) -> str:
    """A value in at most 60 characters; of a list without plain words only how many entries it has."""
    if value is None or value == ():
        return "nothing"
    if isinstance(value, DatedValue):
        return f"{in_figures(value.value)} on {value.on}"
    if not isinstance(value, tuple):
        # A whole item has no words of its own here.
        return "another value" if is_dataclass(value) else cut(str(value), MOST_VALUE)
    listed = [f"{one.to} {in_figures(one.amount)}" if isinstance(one, Allocation) else one for one in value]
    texts = [one for one in listed if isinstance(one, str)]
    joined = "; ".join(texts) if isinstance(value[0], Allocation) else ", ".join(texts)
    return cut(joined, MOST_VALUE) if len(texts) == len(value) else plural(len(value), "entry", "entries")
