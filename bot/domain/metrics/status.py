"""What a metric's figures say: its status, expected value and progress, restatements, and what is refused on entry.

Pure and exact: fractions, never binary floats, and the day is always passed in. What owners say is not here.
"""

from __future__ import annotations

from calendar import monthrange
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise

from bot.domain.record import Metric, Reading, metric_at, once
from bot.domain.vocabularies import MetricStatus
from bot.domain.wording import date_in_words

_USUAL_FREQUENCY = "quarterly"
_MONTHS = {"monthly": 1, "quarterly": 3, "semiannual": 6, "annual": 12}
_PERIODS = {"weekly": "week", "monthly": "month", "quarterly": "quarter", "semiannual": "half-year", "annual": "year"}
_GRACE = timedelta(days=30)
# Calendars of whole weeks end a month, quarter or year up to three days short of the calendar's own.
_WHOLE_WEEKS = timedelta(days=3)


@dataclass(frozen=True, slots=True, kw_only=True)
class MetricStanding:
    """A metric on a day. Screens and exports show `value`, which is None where the figure is withheld.

    `expected` (metric's unit) is the value expected at the latest reading's period end, `progress` the fraction of
    the way from baseline to target. All three and `latest` are None for `no_data`.
    """

    metric: Metric
    status: MetricStatus
    latest: Reading | None
    expected: Fraction | None
    progress: Fraction | None
    next_period_end: date | None  # of the period after the newest reading, or after the baseline without one
    first_due: date | None  # when the first figure is or was due; None once there is one, and without a baseline
    withheld: bool

    @property
    def value(self) -> Decimal | None:
        """The latest figure as it may be shown, in the metric's unit."""
        return None if self.latest is None or self.withheld else self.latest.value


@dataclass(frozen=True, slots=True, kw_only=True)
class Restatement:
    """A figure that replaced an earlier one for the same period. A withheld figure is None."""

    period_end: date
    before: Decimal | None
    after: Decimal | None
    recorded_on: date  # the day from which the new figure counts
    note: str | None


def known_readings(metric: Metric, today: date) -> tuple[Reading, ...]:
    """The readings that count on a day, superseded ones included, by period and then in the order in which they were
    recorded. Without a baseline no date excludes a reading."""
    return once(_readings, metric_at(metric, today))


def current_readings(metric: Metric, today: date) -> tuple[Reading, ...]:
    """The known readings without the superseded ones: one a period, by period."""
    return once(_current_readings, metric_at(metric, today))


def newest_reading(metric: Metric, today: date) -> Reading | None:
    """The known reading of the latest period, as last restated."""
    return next(reversed(known_readings(metric, today)), None)


def is_withheld(metric: Metric, reading: Reading) -> bool:
    """Whether too few report for the figure to be shown anywhere. An unknown number of reporters counts as too few."""
    least = metric.confidential_below_n
    return least is not None and (reading.reporters is None or reading.reporters < least)


def restatements(metric: Metric, today: date) -> tuple[Restatement, ...]:
    """Every known figure that replaced another one for its period, by period and then as recorded.

    A figure that was only confirmed (the same value again) is no restatement.
    """
    return once(_restatements, metric_at(metric, today))


def _readings(metric: Metric) -> tuple[Reading, ...]:
    floor = date.min if metric.baseline is None else metric.baseline.on
    periods: dict[date, list[Reading]] = {}
    for reading in metric.readings:
        if reading.period_end > floor:
            periods.setdefault(reading.period_end, []).append(reading)
    return tuple(reading for _, group in sorted(periods.items()) for reading in _as_recorded(group))


def _current_readings(metric: Metric) -> tuple[Reading, ...]:
    return tuple({reading.period_end: reading for reading in once(_readings, metric)}.values())


def _restatements(metric: Metric) -> tuple[Restatement, ...]:
    return tuple(
        Restatement(
            period_end=after.period_end,
            before=None if is_withheld(metric, before) else before.value,
            after=None if is_withheld(metric, after) else after.value,
            recorded_on=after.counts_from,
            note=after.note,
        )
        for before, after in pairwise(once(_readings, metric))
        if before.period_end == after.period_end and before.value != after.value
    )


def standing(metric: Metric, today: date) -> MetricStanding:
    """A metric's status on a day, by the eight rules, with the figures that it rests on."""
    baseline, target = metric.baseline, metric.target
    latest = newest_reading(metric, today)
    since = latest.period_end if latest is not None else baseline.on if baseline is not None else None
    next_end = None if since is None else next_period_end(since, metric.frequency)
    lag = timedelta(days=metric.expected_lag_days or 0)
    # A metric without a way to go is refused on entry; should one be stored, a digest must still come out.
    stuck = baseline is not None and target is not None and baseline.value == target.value
    if baseline is None or target is None or latest is None or (stuck and metric.direction != "maintain"):
        return MetricStanding(
            metric=metric,
            status=MetricStatus.NO_DATA,
            latest=None,
            expected=None,
            progress=None,
            next_period_end=next_end,
            first_due=next_end + lag if next_end is not None and latest is None and baseline is not None else None,
            withheld=False,
        )
    expected = expected_value(metric, latest.period_end)
    progress = None if metric.direction == "maintain" else _progress(metric, Fraction(latest.value))
    status = _status(metric, latest, progress, expected)
    is_stale = next_end is not None and today > next_end + lag + _GRACE and latest.period_end < target.on
    if is_stale and not (status == MetricStatus.MET and metric.aggregation == "cumulative"):
        status = MetricStatus.STALE
    withheld = is_withheld(metric, latest)
    return MetricStanding(
        metric=metric,
        status=status,
        latest=latest,
        expected=expected,
        progress=None if withheld else progress,
        next_period_end=next_end,
        first_due=None,
        withheld=withheld,
    )


def expected_value(metric: Metric, on: date) -> Fraction:
    """The value (metric's unit) that the plan expects on a day: the target for `maintain`, else on straight lines by
    days through baseline, milestones and target, and flat outside them. Needs a baseline and a target, else
    `ValueError`."""
    baseline, target = metric.baseline, metric.target
    if baseline is None or target is None:
        raise ValueError("a value is expected only between a baseline and a target")
    if metric.direction == "maintain" or on >= target.on:
        return Fraction(target.value)
    between = sorted(
        (each for each in metric.milestones if baseline.on < each.on < target.on), key=lambda each: each.on
    )
    before = baseline
    for after in (*between, target):
        if on < after.on:
            gone = Fraction(max((on - before.on).days, 0), (after.on - before.on).days)
            return Fraction(before.value) + gone * (Fraction(after.value) - Fraction(before.value))
        before = after
    raise AssertionError("a day before the target lies before some point of the path")


def next_period_end(period_end: date, frequency: str | None) -> date:
    """The end of the period after the one that ends on a day. The last day of a month leads to the last day of a month;
    no frequency means quarterly; an unknown one raises `KeyError`."""
    if frequency == "weekly":
        return period_end + timedelta(days=7)
    return _add_months(period_end, _MONTHS[frequency or _USUAL_FREQUENCY])


def whole_period_start(period_end: date, frequency: str | None) -> date:
    """The first day of the whole period that ends on a day."""
    return _previous_period_end(period_end, frequency) + timedelta(days=1)


def check_metric(metric: Metric) -> list[tuple[str, str]]:
    """What is refused about a metric's plan and about its readings among each other: (path below the metric, sentence).

    Paths use the coalition file's names, such as `target.date`. What a reading is refused for is `check_reading`'s.
    """
    baseline, target = metric.baseline, metric.target
    found: list[tuple[str, str]] = []
    if metric.direction == "maintain":
        if metric.tolerance is None or metric.tolerance < 0:
            found.append(("tolerance", "Give a tolerance of zero or more: how far from the target is still fine."))
    elif baseline is not None and target is not None:
        side = target.value - baseline.value
        wanted = "above" if metric.direction == "increase" else "below"
        if side == 0:
            found.append(
                ("target.value", f"The target equals the baseline. Give a target {wanted} {baseline.value:f}.")
            )
        elif (side > 0) != (metric.direction == "increase"):
            sentence = f"To {metric.direction}, the target has to be {wanted} the baseline of {baseline.value:f}."
            found.append(("target.value", f"{sentence} Change one of them, or the direction."))
    if baseline is not None and target is not None and target.on <= baseline.on:
        found.append(("target.date", f"Give the target a date after the baseline's, {baseline.on}."))
    days = Counter(milestone.on for milestone in metric.milestones)
    for index, milestone in enumerate(metric.milestones):
        path = f"milestones[{index}].date"
        if baseline is not None and milestone.on <= baseline.on:
            found.append((path, f"Give the milestone a date after the baseline's, {baseline.on}."))
        elif target is not None and milestone.on >= target.on:
            found.append((path, f"Give the milestone a date before the target's, {target.on}."))
        elif days[milestone.on] > 1:
            found.append((path, f"Two milestones are dated {milestone.on}. Keep one of them."))
    found.extend(_check_restated(metric.readings))
    return found


def check_reading(metric: Metric, reading: Reading, today: date) -> list[tuple[str, str]]:
    """What a reading is refused for on entry: (path below the reading, sentence that names the mend).

    `metric` may hold the reading already. Without a `period_start`, a total is compared with the reading before it.
    """
    found: list[tuple[str, str]] = []
    last = date_in_words(reading.period_end)
    if reading.period_end > today:
        found.append(("period_end", f"The period ends on {last}, which is still ahead. Enter it then."))
    if reading.period_start is not None and reading.period_start > reading.period_end:
        found.append(("period_start", f"Give a first day on or before the last one, {last}."))
    elif metric.aggregation == "period_total":
        found.extend(_check_whole_period(metric, reading))
    if reading.recorded_on is not None and reading.recorded_on < reading.period_end:
        sentence = f"A figure cannot be recorded before its period ends on {reading.period_end}."
        found.append(("recorded_on", f"{sentence} Give a later day."))
    if metric.confidential_below_n is not None and reading.reporters is None:
        found.append(("reporters", "This figure is confidential. Say how many reported, so that few are not shown."))
    return found


def _status(metric: Metric, reading: Reading, progress: Fraction | None, expected: Fraction) -> MetricStatus:
    """Rules 3 to 8, for a metric with baseline, target and reading; staleness left aside."""
    assert metric.target is not None
    value, target = Fraction(reading.value), Fraction(metric.target.value)
    if progress is None:
        away, tolerance = abs(value - target), Fraction(metric.tolerance or 0)
        return (
            MetricStatus.ON_TRACK
            if away <= tolerance
            else MetricStatus.AT_RISK
            if away <= 2 * tolerance
            else MetricStatus.OFF_TRACK
        )
    reached = value >= target if metric.direction == "increase" else value <= target
    if reached:
        return MetricStatus.MET
    if reading.period_end >= metric.target.on:
        return MetricStatus.AT_RISK if progress >= Fraction(9, 10) else MetricStatus.OFF_TRACK
    planned = _progress(metric, expected)
    behind = planned - progress
    if planned <= 0:
        return MetricStatus.ON_TRACK if behind <= 0 else MetricStatus.AT_RISK
    if progress >= Fraction(9, 10) * planned or behind <= Fraction(3, 100):
        return MetricStatus.ON_TRACK
    if progress >= Fraction(7, 10) * planned or behind <= Fraction(10, 100):
        return MetricStatus.AT_RISK
    return MetricStatus.OFF_TRACK


def _progress(metric: Metric, value: Fraction) -> Fraction:
    """How far a value is on the way from baseline (0) to target (1)."""
    assert metric.baseline is not None
    assert metric.target is not None
    start = Fraction(metric.baseline.value)
    return (value - start) / (Fraction(metric.target.value) - start)


def _as_recorded(group: Sequence[Reading]) -> list[Reading]:
    """Readings of one period, the last one superseding the others: by `recorded_on` where all have one, else as the
    file's lines stand."""
    if any(reading.recorded_on is None for reading in group):
        return list(group)
    return sorted(group, key=lambda one: one.counts_from)


def _check_restated(readings: Iterable[Reading]) -> list[tuple[str, str]]:
    found: list[tuple[str, str]] = []
    recorded: dict[date, date] = {}
    for index, reading in enumerate(readings):
        if reading.recorded_on is None:
            continue
        before = recorded.get(reading.period_end, reading.recorded_on)
        if reading.recorded_on < before:
            sentence = f"A line above gives a figure for {reading.period_end} that was recorded later, on {before}."
            found.append((f"observations[{index}].recorded_on", f"{sentence} Put the newer figure last."))
        recorded[reading.period_end] = max(before, reading.recorded_on)
    return found


def _check_whole_period(metric: Metric, reading: Reading) -> list[tuple[str, str]]:
    period = _PERIODS[metric.frequency or _USUAL_FREQUENCY]
    if reading.period_start is not None:
        # The period before this one ends a whole period earlier; the same step back also fits months of any length.
        before = _previous_period_end(reading.period_end, metric.frequency)
        if reading.period_start - timedelta(days=1) <= before:
            return []
        sentence = f"This total covers only part of a {period}, which would begin on {before + timedelta(days=1)}."
        return [("period_start", f"{sentence} Enter the total of the whole {period}.")]
    earlier = [each.period_end for each in metric.readings if each.period_end < reading.period_end]
    if not earlier:
        return []
    whole = next_period_end(max(earlier), metric.frequency)
    if reading.period_end >= whole - (timedelta(0) if metric.frequency == "weekly" else _WHOLE_WEEKS):
        return []
    sentence = f"The {period} after the last figure ends on {whole}, so this total covers only part of it."
    return [("period_end", f"{sentence} Enter the total of the whole {period}, or say when the period began.")]


def _previous_period_end(period_end: date, frequency: str | None) -> date:
    if frequency == "weekly":
        return period_end - timedelta(days=7)
    return _add_months(period_end, -_MONTHS[frequency or _USUAL_FREQUENCY])


def _add_months(day: date, months: int) -> date:
    count = day.year * 12 + day.month - 1 + months
    year, month = count // 12, count % 12 + 1
    length = monthrange(year, month)[1]
    is_month_end = day.day == monthrange(day.year, day.month)[1]
    return date(year, month, length if is_month_end else min(day.day, length))
