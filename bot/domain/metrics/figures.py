"""Figures as people meet them: a metric's card, what is due, and what a figure would be before it is recorded. Pure.

How a line is read is in `line`, what the numbers say in `status`, the words in `bot/slack`.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from decimal import Decimal

from bot.domain.metrics.breakdowns import Cells, Split, splits_of
from bot.domain.metrics.charts import MetricChart, chart_of
from bot.domain.metrics.forecasts import came_true, forecast_words, shown_figures
from bot.domain.metrics.lines import Forecast
from bot.domain.metrics.part_pictures import MOST_PICTURES, PartsChart, parts_chart
from bot.domain.metrics.status import (
    MetricStanding,
    Restatement,
    check_reading,
    current_readings,
    is_withheld,
    standing,
    whole_period_start,
)
from bot.domain.record import EndOf, Metric, Reading
from bot.domain.series import SeriesLine
from bot.domain.wording import day, figure
from bot.errors import UserError


@dataclass(frozen=True, slots=True, kw_only=True)
class FigureRow:
    """A metric in a list. `due_on` is the day from which its next figure is expected; `is_mine`: I am its steward."""

    standing: MetricStanding
    priority_name: str | None  # None for the north star
    steward_name: str
    due_on: date | None
    is_due: bool
    is_mine: bool
    may_record: bool
    may_edit: bool = False  # its plan, at once or by a proposal

    @property
    def metric(self) -> Metric:
        return self.standing.metric


@dataclass(frozen=True, slots=True, kw_only=True)
class FigureList:
    """Somebody's figures, due ones first; `readable` is how many there are for them to read."""

    rows: tuple[FigureRow, ...]
    readable: int
    is_everything: bool
    today: date
    may_record: bool
    may_add: bool = False
    has_none_of_own: bool = False  # asked for their own, of which there are none, so everything stands here
    of: str | None = None  # the name of the one priority whose figures they are


@dataclass(frozen=True, slots=True, kw_only=True)
class FigureCard:
    """One metric with what is known of it. A withheld figure is nowhere in it but inside `row.standing.metric`."""

    row: FigureRow
    restatements: tuple[Restatement, ...]
    earlier: tuple[tuple[date, Decimal | None], ...]  # by period, newest first, without the latest; None: withheld
    today: date
    forecasts: tuple[Forecast, ...] = ()  # of the stocktakes of its priority, newest first
    end: EndOf | None = None
    series: SeriesLine | None = None
    fetches: bool = False  # this program looks at what others publish

    @property
    def chart(self) -> MetricChart | None:
        """The metric's picture; None where there are fewer than two points to draw."""
        return chart_of(self.row.metric, self.today, next(iter(self.forecasts), None))

    @property
    def splits(self) -> tuple[Split, ...]:
        """What the newest figure is made of, as far as it may be shown."""
        latest = self.row.standing.latest
        return splits_of(self.row.metric, latest) if latest is not None else ()

    @property
    def parts_charts(self) -> tuple[PartsChart, ...]:
        """The pictures of what the newest figure is made of, of which there is more than one part to be shown."""
        latest, metric = self.row.standing.latest, self.row.metric
        if latest is None:
            return ()
        found = (parts_chart(metric.name, metric.unit, one, latest.period_end, self.today) for one in self.splits)
        return tuple(one for one in found if one is not None)[:MOST_PICTURES]

    @property
    def forecasts_in_words(self) -> tuple[str, ...]:
        """What was forecast, newest first, each with what came true of it."""
        figures = shown_figures(self.row.metric, self.today)
        return tuple(
            forecast_words(one, came_true(figures, one), self.row.metric.unit, self.today) for one in self.forecasts
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class FigureEntry:
    """What somebody entered. `period_end` None: the next figure that is due."""

    metric: str
    value: Decimal
    period_end: date | None = None
    quality: str = "final"
    reporters: int | None = None
    note: str | None = None
    breakdown: Cells = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """A figure that is not recorded yet, beside what it would change."""

    metric: Metric
    reading: Reading
    replaces: Reading | None  # the figure that there is for the same period
    before: Reading | None  # the figure of the period before
    after: MetricStanding  # with this figure
    seen: tuple[Decimal, Decimal] | None  # least and most so far, where this one is far outside
    falls: bool  # a running total that goes down
    is_over_hundred: bool = False  # a share of more than 100 percent, where none was before

    @property
    def withheld(self) -> bool:
        return is_withheld(self.metric, self.reading)

    @property
    def splits(self) -> tuple[Split, ...]:
        """What it is made of, as it would be shown."""
        return splits_of(self.metric, self.reading)

    @property
    def is_unusual(self) -> bool:
        """Whether it is asked about before it counts."""
        return self.seen is not None or self.falls or self.is_over_hundred

    @property
    def is_restatement(self) -> bool:
        """Whether another value stands for this period already."""
        return self.replaces is not None and self.replaces.value != self.reading.value

    @property
    def needs_note(self) -> bool:
        return self.is_restatement and not self.reading.note

    @property
    def needs_confirming(self) -> bool:
        return self.is_restatement or self.seen is not None or self.falls


@dataclass(frozen=True, slots=True, kw_only=True)
class FigureDraft:
    """A proposal that waits for a press. `token` names it."""

    token: str
    proposal: Proposal
    today: date


@dataclass(frozen=True, slots=True, kw_only=True)
class FigureSaved:
    """A figure that is in. `digest_at` is when the next digest goes out; None while none is planned."""

    token: str
    metric: Metric
    reading: Reading
    restated: bool
    digest_at: datetime | None
    zone: str
    now: datetime
    undone: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class FigureUndone:
    """A figure that was taken back. `current` is the figure that stands for its period now, if any."""

    metric: Metric
    reading: Reading
    current: Reading | None
    restored: bool  # by a figure of its own, because a digest had shown the mistaken one
    today: date


@dataclass(frozen=True, slots=True, kw_only=True)
class FigureForm:
    """The form "Update a figure": what may be chosen, the metric that is chosen, and what was typed before."""

    rows: tuple[FigureRow, ...]
    chosen: FigureRow | None
    entry: FigureEntry | None
    suggested_end: date | None
    today: date


def due_on(standing: MetricStanding) -> date | None:
    """The day from which the next figure is expected; None where none is: no baseline yet, or the target's day met."""
    metric, latest = standing.metric, standing.latest
    if standing.first_due is not None:
        return standing.first_due
    if latest is None or standing.next_period_end is None:
        return None
    if metric.target is not None and latest.period_end >= metric.target.on:
        return None
    return standing.next_period_end + timedelta(days=metric.expected_lag_days or 0)


def suggest_period_end(metric: Metric, today: date) -> date | None:
    """The last day of the period that the next figure is for; None while that period goes on."""
    following = standing(metric, today).next_period_end
    return following if following is not None and following <= today else None


def propose(metric: Metric, entry: FigureEntry, today: date) -> Proposal:
    """What a figure would be. Raises UserError, with the field it belongs to, for one that can't be recorded."""
    period_end = entry.period_end or suggest_period_end(metric, today)
    if period_end is None:
        following = standing(metric, today).next_period_end
        ahead = f"The next figure is for {day(following, today)}, which is still ahead. " if following else ""
        raise UserError(
            f"{ahead}Say which day this one covers, such as “as of {day(today, today)}”.", field="period_end"
        )
    if metric.baseline is not None and period_end <= metric.baseline.on:
        since = day(metric.baseline.on, today)
        raise UserError(f"Figures count after the baseline's day, {since}. Give a later day.", field="period_end")
    current = current_readings(metric, today)
    replaces = next((one for one in current if one.period_end == period_end), None)
    before = next((one for one in reversed(current) if one.period_end < period_end), None)
    reading = Reading(
        period_end=period_end,
        value=entry.value,
        quality=entry.quality,
        period_start=replaces.period_start if replaces is not None else None,
        recorded_on=today,
        reporters=entry.reporters,
        note=entry.note,
        breakdown=entry.breakdown,
    )
    for path, sentence in check_reading(metric, reading, today):
        if path == "reporters":
            sentence = "Small groups of this figure are withheld. Say how many reported, such as “from 12”."
        raise UserError(sentence, field="reporters" if path == "reporters" else "period_end")
    if replaces is None and _covers_whole_period(metric, before, period_end):
        reading = replace(reading, period_start=whole_period_start(period_end, metric.frequency))
    if replaces is not None and _says_the_same(replaces, reading):
        known = "" if is_withheld(metric, replaces) else f", {figure(replaces.value, metric.unit)}"
        raise UserError(f"That is the figure there is for {day(period_end, today)}{known}. Nothing to record.")
    return Proposal(
        metric=metric,
        reading=reading,
        replaces=replaces,
        before=before,
        after=standing(replace(metric, readings=(*metric.readings, reading)), today),
        seen=_seen_where_unusual(metric, reading, current),
        is_over_hundred=_is_over_hundred(metric, reading, current),
        falls=metric.aggregation == "cumulative"
        and metric.direction == "increase"
        and before is not None
        and not is_withheld(metric, before)
        and reading.value < before.value,
    )


def _covers_whole_period(metric: Metric, before: Reading | None, period_end: date) -> bool:
    """Whether a first day goes without saying: totals cover whole periods, others where the figures so far do."""
    if metric.aggregation == "period_total":
        return before is None or whole_period_start(period_end, metric.frequency) > before.period_end
    return (
        before is not None
        and before.period_start is not None
        and whole_period_start(period_end, metric.frequency) == before.period_end + timedelta(days=1)
    )


def _says_the_same(old: Reading, new: Reading) -> bool:
    same = (old.value, old.quality, old.reporters) == (new.value, new.quality, new.reporters)
    return same and not new.note and new.breakdown in ((), old.breakdown)


def _is_over_hundred(metric: Metric, reading: Reading, current: tuple[Reading, ...]) -> bool:
    known = [one.value for one in current]
    known += [plan.value for plan in (metric.baseline, metric.target) if plan is not None]
    return metric.unit == "percent" and reading.value > 100 and not any(value > 100 for value in known)


def _seen_where_unusual(
    metric: Metric, reading: Reading, current: tuple[Reading, ...]
) -> tuple[Decimal, Decimal] | None:
    """The least and most so far, for a figure that lies outside them by far and not on the way to the target."""
    seen = [one.value for one in current if one.period_end != reading.period_end and not is_withheld(metric, one)]
    if metric.baseline is not None:
        seen.append(metric.baseline.value)
    if not seen or not any(seen):
        return None
    least, most, value = min(seen), max(seen), reading.value
    reach = [least, most, *([metric.target.value] if metric.target is not None else [])]
    if min(reach) <= value <= max(reach):
        return None
    distance = max(least - value, value - most)
    far = max(2 * (most - least), max(abs(least), abs(most)) / 2)
    is_third = least > 0 and value * 3 < least
    return (least, most) if distance > far or is_third else None
