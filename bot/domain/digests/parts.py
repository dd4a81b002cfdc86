"""The frozen values that a digest is made of: everything a renderer shows, with names and titles beside ids.

No rules here: `compose` in `composing` fills them, `data` prints them as data.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from bot.domain.actions import ActionsPart, WaitLine
from bot.domain.checkins import Confidence, Standing
from bot.domain.decisions import DecisionLine
from bot.domain.funding import FundingPart, SourceLine
from bot.domain.issues import IssueLine
from bot.domain.metrics import MetricLine
from bot.domain.vocabularies import AskState

ASSESSMENT_ORDER = ("off_track", "at_risk", "not_started", "paused", "on_track", "complete")
NOT_REPORTED = ("no_data", "stale")


@dataclass(frozen=True, slots=True, kw_only=True)
class FigureNews:
    """A figure that was recorded since the last digest. `kind` is new, restated (from `old`) or confirmed."""

    metric: str
    priority: str | None
    period_end: date
    kind: str
    old: int | Decimal | None  # None where it is withheld, and of what is not restated


@dataclass(frozen=True, slots=True, kw_only=True)
class AskLine:
    priority: str
    priority_name: str
    text: str
    organization: str | None  # organization or group id
    organization_name: str | None
    asked_on: date  # the day on which it went out
    answer: str | None = None  # can_help | not_us | talk
    suggested_name: str | None = None  # of whom somebody said that they might help instead
    row_id: int | None = None  # what a button to answer it carries; None for an imported one
    is_answer_new: bool = False  # it was answered since the last digest
    outcome: AskState | None = None  # CAME_THROUGH or FELL_THROUGH, as whoever asked said
    is_there: bool = True  # False where it was let out and has not reached whom it asks


@dataclass(frozen=True, slots=True, kw_only=True)
class Promise:
    """What the response before said would be true by now, and what the latest says of it."""

    priority: str
    priority_name: str
    text: str
    promised_on: date
    came_true: str | None  # yes | in_part | not_yet | None: not said
    answered_on: date
    is_recent: bool  # the latest response was given within the last seven days and no round was missed since


@dataclass(frozen=True, slots=True, kw_only=True)
class OutcomeLine:
    id: str
    name: str
    priority: str
    priority_name: str
    due: date
    completed: date | None
    days_overdue: int  # 0 where not overdue or completed

    @property
    def state(self) -> str:
        """due | overdue | completed."""
        if self.completed is not None:
            return "completed"
        return "overdue" if self.days_overdue else "due"


@dataclass(frozen=True, slots=True, kw_only=True)
class MovedAction:
    """An open action whose date moved since the last digest. `count`: how often it has moved in all."""

    id: str
    title: str
    priority: str | None
    due: date
    count: int
    reason: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class MeetingLine:
    cadence: str
    name: str
    kind: str  # meeting | stocktake
    group: str | None
    starts_at: datetime  # in the coalition's zone
    duration_minutes: int | None
    moved_from: datetime | None  # where it was moved: the original slot, in the coalition's zone


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """Something that differs from the last published digest. `old` and `new` are in the subject's own terms:

    assessments (standing), numbers or None (confidence, restated), metric statuses, issue or decision
    statuses, target values or dates (retargeted), due | overdue | completed (outcome), member ids (owner).
    """

    kind: str  # standing|confidence|metric_status|restated|escalated|decided|retargeted|outcome|owner
    priority: str | None
    priority_name: str | None
    subject: str  # id of the priority, metric, issue, decision or outcome
    subject_name: str
    old: Any
    new: Any
    period_end: date | None  # of a restated figure


@dataclass(frozen=True, slots=True, kw_only=True)
class PriorityPart:
    """One priority: the leadership edition's line and thread reply, and the channel edition."""

    id: str
    name: str
    goal: str | None
    channel: str | None  # name without "#"
    working_group: str | None
    owner: str
    owner_name: str
    standing: Standing
    confidence: Confidence
    disagrees: bool
    metrics: tuple[MetricLine, ...]
    moved: str | None  # None once a round was missed
    blocker: str | None
    ask: AskLine | None
    promise: Promise | None
    outcomes: tuple[OutcomeLine, ...]
    next_outcome: OutcomeLine | None
    actions: ActionsPart
    escalated_issue: IssueLine | None  # the oldest one
    decisions_needed: tuple[DecisionLine, ...]
    funding: FundingPart
    context: str | None = None  # what the owner adds to this digest
    channel_words: str | None = None  # the channel as a reader of it is told: "#lb-access", or that it is public

    @property
    def headline(self) -> MetricLine | None:
        """The headline metric, if the priority has any metric."""
        return next((metric for metric in self.metrics if metric.headline), None)

    @property
    def is_owners_word(self) -> bool:
        """Whether how it stands is what its owner said; else somebody said it for them, or nobody has."""
        return self.standing.by == self.owner


@dataclass(frozen=True, slots=True)
class SaidAndDone:
    """What was done in answer to a round of an anonymous check-in. `on` is the day on which the round opened."""

    name: str
    on: date
    did: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Farewell:
    """What a coalition's last digest tells beside the rest: what was reached in all, of what everybody may see."""

    last_day: date
    outcomes: int  # reached, of
    outcomes_of: int
    targets: int  # of figures, of
    targets_of: int
    actions: int  # done
    decisions: int  # made


@dataclass(frozen=True, slots=True, kw_only=True)
class Digest:
    """What was known about a coalition at a moment, for leadership; other editions show parts of it."""

    coalition: str
    coalition_name: str
    short_name: str | None
    currency: str
    timezone: str
    moment: datetime  # in the coalition's zone
    today: date
    week: str  # ISO week of today, "2026-W48"
    compared_with: datetime | None  # when the digest was published that `changed` compares with; None: the first
    north_star_statement: str | None
    north_star: MetricLine | None
    decisions_needed: tuple[DecisionLine, ...]  # by needed_by, none last
    asks: tuple[AskLine, ...]  # that nobody has answered yet; in the priorities' file order, oldest first
    promises: tuple[Promise, ...]  # what was promised the week before and answered since, as `asks` in file order
    decisions_made: tuple[DecisionLine, ...]
    issues_escalated: tuple[IssueLine, ...]
    changed: tuple[Change, ...]
    priorities: tuple[PriorityPart, ...]  # in ASSESSMENT_ORDER, then file order
    coalition_actions: ActionsPart
    coalition_funding: FundingPart
    silent_owners: tuple[str, ...]
    metrics_without_reading: tuple[str, ...]
    stale_metrics: tuple[str, ...]
    waits: tuple[WaitLine, ...]
    upcoming_meetings: tuple[MeetingLine, ...]
    sources: tuple[SourceLine, ...]  # file order
    state: Mapping[str, Any]  # what the next digest is compared with
    recorded: tuple[FigureNews, ...] | None = None  # figures since the last digest; None in one stored before they were
    readers: tuple[str, ...] = ()  # of the roll-up, in words
    moved_actions: tuple[MovedAction, ...] = ()  # since the last digest, the most often moved first
    asks_told: tuple[AskLine, ...] = ()  # answered, or ended by whoever asked, since the last digest
    said_and_done: tuple[SaidAndDone, ...] = ()  # written since the last digest
    farewell: Farewell | None = None  # in the last one of a coalition that ends
    due_on: date | None = None  # when it was to be posted, where that was another day than today

    @property
    def day(self) -> date:
        """The day that it is for: a late one belongs to the week in which it was due."""
        return self.due_on or self.today

    @property
    def is_first(self) -> bool:
        """Whether no digest was published before."""
        return self.compared_with is None

    @property
    def is_quiet(self) -> bool:
        """Whether nothing changed since the last digest and nothing is needed from a reader."""
        return not (self.is_first or self.changed or self.decisions_needed or self.asks or self.asks_told)

    @property
    def figures_total(self) -> int:
        """How many metrics the priorities have together."""
        return sum(len(part.metrics) for part in self.priorities)

    @property
    def figures_not_reported(self) -> int:
        """How many of them have no figure yet or no new one in time."""
        return len(self.metrics_without_reading) + len(self.stale_metrics)

    @property
    def assessment_counts(self) -> dict[str, int]:
        """How many priorities stand at each assessment, in ASSESSMENT_ORDER, without the empty ones."""
        stands = [part.standing.assessment for part in self.priorities]
        return {name: stands.count(name) for name in ASSESSMENT_ORDER if name in stands}

    @property
    def has_headline_figures(self) -> bool:
        """Whether any headline figure says how its priority stands."""
        return any(part.headline is not None and part.headline.status not in NOT_REPORTED for part in self.priorities)

    def headlines_at(self, status: str) -> int:
        """Of how many priorities the headline figure has this status."""
        return sum(part.headline is not None and part.headline.status == status for part in self.priorities)

    @property
    def restated(self) -> tuple[MetricLine, ...]:
        """The metrics with a restatement in the last seven days, the north star's first."""
        return tuple(metric for _, metric in self.metrics() if metric.restated)

    def metrics(self) -> Iterator[tuple[str | None, MetricLine]]:
        """Every metric with the id of its priority, the north star's first."""
        return hung(self.north_star, self.priorities)


def hung(star: MetricLine | None, priorities: Iterable[PriorityPart]) -> Iterator[tuple[str | None, MetricLine]]:
    """The north star's and the priorities' metrics, each with its priority's id."""
    if star is not None:
        yield None, star
    for part in priorities:
        for metric in part.metrics:
            yield part.id, metric
