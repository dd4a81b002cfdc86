"""Targets whose day has passed: whom they ask for a new one, when, and what the figure says beside them. Pure.

A target is a metric's, a yearly goal of the north star, or the day of an outcome. What asks for a new one is only the
last of them: a goal that another year's follows asks nothing. How it gets into people's messages is in
`bot/services/targets.py`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum
from typing import NamedTuple

from bot.domain.metrics import current_readings, is_withheld
from bot.domain.record import DatedValue, Metric, Outcome, Priority, Reading, Record
from bot.domain.rights import Right, coordinators, standing_of

# Nobody is asked about what passed longer ago: a pause, an outage or an import may have come between.
ASKED_FOR = timedelta(days=14)
# How long the question is of use in a message that waits.
OF_USE = timedelta(days=28)


class TargetKind(StrEnum):
    METRIC = "metric"
    GOAL = "goal"  # of a year, for the north star's figure
    OUTCOME = "outcome"


class Target(NamedTuple):
    """The last target of something. `owner` is the priority's; a goal and the north star's figure have none."""

    kind: TargetKind
    key: str  # the metric's id, or the outcome's
    name: str
    day: date
    priority: Priority | None
    metric: Metric | None = None
    value: Decimal | None = None  # in the metric's unit

    @property
    def about(self) -> str:
        """What an item about it is about; another day is another target."""
        return f"{self.kind} {self.key} {self.day.isoformat()}"

    @property
    def asked_on(self) -> date:
        return self.day + timedelta(days=1)


class Result(StrEnum):
    """What the figure says beside a target."""

    REACHED = "reached"
    NOT_REACHED = "not reached"
    NOT_YET_KNOWN = "not yet known"  # there is no figure for the target's day
    WITHHELD = "withheld"
    NO_FIGURE = "no figure"


@dataclass(frozen=True, slots=True, kw_only=True)
class PassedTarget:
    """A target whose day has passed, in somebody's message. `state`: open, renewed, reached (an outcome), ends,
    passed_on or rests. `helper` can end it where its reader may not."""

    target: Target
    state: str
    today: date
    result: Result | None  # None for an outcome
    figure: Reading | None
    unit: str
    now: DatedValue | None = None  # the new target, in the state renewed; an outcome's has no value
    now_on: date | None = None
    may_set: bool = True
    end: str | None = None  # a reference, for whoever may end it
    helper: str | None = None
    minutes: int = 0

    @property
    def is_settled(self) -> bool:
        return self.state != "open"

    @property
    def has_lapsed(self) -> bool:
        """Nothing was done about it here: it is others' now, or nobody's."""
        return self.state in {"passed_on", "rests"}


def last_targets(record: Record) -> Iterator[Target]:
    """The last target of each thing, whether its day has passed or not; none of what rests, has an end or is done."""
    star = record.coalition.north_star
    if star is not None and star.metric is not None:
        yield from _of_metric(star.metric, None)
        if star.yearly_goals and star.metric.ended is None:
            goal = max(star.yearly_goals, key=lambda one: one.on)
            name = f"{star.metric.name}: goal of {goal.on.year}"
            yield Target(TargetKind.GOAL, star.metric.id, name, goal.on, None, star.metric, goal.value)
    for priority in record.priorities:
        if priority.rests or priority.ended is not None:
            continue
        for metric in priority.metrics:
            yield from _of_metric(metric, priority)
        for outcome in priority.outcomes:
            if outcome.completed is None and outcome.ended is None:
                yield Target(TargetKind.OUTCOME, outcome.id, outcome.name, outcome.due, priority)


def passed_targets(record: Record, today: date) -> tuple[Target, ...]:
    """Those whose day has passed without a new one, the earliest first."""
    return tuple(sorted((one for one in last_targets(record) if one.day < today), key=lambda one: one.day))


def asked_targets(record: Record, live_on: date, first: date, until: date) -> Iterator[Target]:
    """Those that ask for a new one on a day from `first` up to `until`: none whose day had passed when the coalition
    went live (`live_on`): those stand together in what coordinators read, so that nobody meets the bot with a pile
    of old dates."""
    for one in last_targets(record):
        if one.day >= live_on and first - ASKED_FOR < one.asked_on < until:
            yield one


def asks_no_more(before: Record, after: Record) -> tuple[str, ...]:
    """What those items are about that ask for targets which a change has renewed, reached or ended."""
    return tuple(sorted({one.about for one in last_targets(before)} - {one.about for one in last_targets(after)}))


def receivers_of_target(record: Record, target: Target) -> tuple[str, ...]:
    """Who is asked: the steward, for an outcome or without one the priority's owner, else the coordinators. A goal is
    set by those who may configure, so that they are asked."""
    present = {one.id for one in record.present}
    wanted = (
        target.metric.steward if target.kind is TargetKind.METRIC and target.metric is not None else None,
        target.priority.owner if target.priority is not None else None,
    )
    found = next((one for one in wanted if one in present), None)
    if found is not None:
        return (found,)
    running = coordinators(record)
    leads = tuple(one.id for one in running if standing_of(record, one).may(Right.CONFIGURE))
    return leads if target.kind is TargetKind.GOAL and leads else tuple(one.id for one in running)


def find_target(record: Record, about: str) -> tuple[Target | None, date]:
    """The last target of what an item is about, as it is now, and the day that the item speaks of."""
    kind, key, day = about.split(" ")
    found = next((one for one in last_targets(record) if (one.kind, one.key) == (kind, key)), None)
    return found, date.fromisoformat(day)


def result_of(metric: Metric, target: DatedValue, today: date) -> tuple[Result, Reading | None]:
    """What the newest figure that counts for a target says of it. One from before the target's day says that it was
    reached, but never that it was not."""
    known = current_readings(metric, today)
    after = [one for one in known if one.period_end >= target.on]
    reading = after[0] if after else next(reversed(known), None)
    if reading is None:
        return Result.NO_FIGURE, None
    if is_withheld(metric, reading):
        return Result.WITHHELD, None
    if _reaches(metric, reading.value, target.value):
        return Result.REACHED, reading
    return (Result.NOT_REACHED if after else Result.NOT_YET_KNOWN), reading


def outcome_in(record: Record, key: str) -> tuple[Priority, Outcome] | None:
    """An outcome that is there, with its priority."""
    return next(((one, found) for one in record.priorities for found in one.outcomes if found.id == key), None)


def _of_metric(metric: Metric, priority: Priority | None) -> Iterator[Target]:
    if metric.target is not None and metric.ended is None:
        yield Target(TargetKind.METRIC, metric.id, metric.name, metric.target.on, priority, metric, metric.target.value)


def _reaches(metric: Metric, value: Decimal, wanted: Decimal) -> bool:
    if metric.direction == "maintain":
        return abs(value - wanted) <= (metric.tolerance or Decimal(0))
    return value >= wanted if metric.direction == "increase" else value <= wanted
