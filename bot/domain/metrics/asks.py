"""Asking a steward for a figure: one that is due, or all in a refresh round. Values, and when to ask. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from bot.domain.metrics.figures import due_on, suggest_period_end
from bot.domain.metrics.status import current_readings, standing
from bot.domain.record import Metric, Reading

# A little less than a week, so that a list that comes an hour earlier than the last one still asks.
NOT_OFTENER = timedelta(days=6, hours=12)
_NONE = "-"


@dataclass(frozen=True, slots=True)
class AskedFigure:
    """What is asked for: a metric's figure up to `wanted` (None: its first one), by `closes_at` in a round."""

    metric: str
    asked_on: date
    wanted: date | None = None
    closes_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class FigureAsk:
    """One figure in somebody's message. `state`: open, recorded or closed. `value_withheld`: too few reported it."""

    metric: Metric
    state: str
    today: date
    last: Reading | None  # the newest figure; in the state recorded, the one that answers
    value_withheld: bool = False
    first_due: date | None = None  # of a metric without a figure
    closes_at: datetime | None = None
    minutes: int = 0

    @property
    def is_settled(self) -> bool:
        return self.state != "open"

    @property
    def has_lapsed(self) -> bool:
        """Its round closed without a figure."""
        return self.state == "closed"


def is_wanted(metric: Metric, day: date, *, in_round: bool) -> bool:
    """Whether to ask for a figure on this day: when it is due; in a round also when its period is over."""
    due = due_on(standing(metric, day))
    return (due is not None and due <= day) or (in_round and suggest_period_end(metric, day) is not None)


def asked_figure(metric: Metric, day: date, closes_at: datetime | None) -> AskedFigure:
    return AskedFigure(metric.id, day, suggest_period_end(metric, day), closes_at)


def answering(metric: Metric, asked: AskedFigure, today: date) -> Reading | None:
    """The figure that answers, once there is one."""
    current = current_readings(metric, today)
    if asked.wanted is not None:
        return next((one for one in reversed(current) if one.period_end >= asked.wanted), None)
    return next(
        (one for one in reversed(current) if one.recorded_on is not None and one.recorded_on >= asked.asked_on), None
    )


def figure_about(asked: AskedFigure) -> str:
    """What an item about a figure is about; the metric stands first, so that it can be found by it."""
    wanted = asked.wanted.isoformat() if asked.wanted is not None else _NONE
    closes = asked.closes_at.isoformat() if asked.closes_at is not None else _NONE
    return f"{asked.metric} {asked.asked_on.isoformat()} {wanted} {closes}"


def read_figure_about(about: str) -> AskedFigure:
    """The inverse of `figure_about`."""
    metric, asked_on, wanted, closes = about.split(" ")
    return AskedFigure(
        metric,
        date.fromisoformat(asked_on),
        date.fromisoformat(wanted) if wanted != _NONE else None,
        datetime.fromisoformat(closes) if closes != _NONE else None,
    )
