"""What a metric's picture shows, and the same in words: baseline, figures, the expected path and the target. Pure.

Withheld figures are not in it. How it is drawn is in `bot/charts`, how it gets to Slack in `bot/slack/pictures.py`.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction

from bot.domain.metrics.lines import Forecast, MetricLine
from bot.domain.metrics.status import current_readings, is_withheld, restatements, standing
from bot.domain.record import Metric
from bot.domain.wording import computed, day, entered, locale_mark, one_line

FEWEST_POINTS = 2
MOST_TOLD = 12  # points in the words; more are counted
_PERIODS = {"weekly": "week", "monthly": "month", "quarterly": "quarter", "semiannual": "half-year", "annual": "year"}
# Drawn otherwise from this number on, so that a picture of before is not shown for it.
_DRAWING = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class ChartPoint:
    """A figure as it is shown, in the metric's unit."""

    on: date
    value: Decimal
    provisional: bool = False
    restated_from: Decimal | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class MetricChart:
    """A metric's picture. `path` goes from the baseline through the milestones to the target; it may be empty."""

    name: str
    unit: str
    frequency: str
    baseline: ChartPoint | None
    points: tuple[ChartPoint, ...]  # by day, oldest first
    path: tuple[tuple[date, Decimal], ...]
    target: tuple[date, Decimal] | None
    expected: tuple[date, Fraction] | None  # at the latest figure's day
    keeps: bool  # it should stay at the target
    withheld: int  # figures that are left out
    forecast: Forecast | None = None  # where it still lies ahead of the newest figure
    today: date

    @property
    def title(self) -> str:
        """What stands above the picture: "Seats open, by quarter"."""
        return f"{one_line(self.name)}, by {_PERIODS.get(self.frequency, 'quarter')}"

    @property
    def key(self) -> str:
        """The same for the same picture, and for no other one."""
        drawn = (_DRAWING, self.unit, self.baseline, self.points, self.path, self.target, self.expected, self.keeps)
        ahead = () if self.forecast is None else (self.forecast.value, self.forecast.on)
        # A picture without a forecast keeps the key that it had before there were any.
        return hashlib.sha256(repr((drawn, self.today.year, *ahead, *locale_mark())).encode()).hexdigest()[:32]

    @property
    def alt(self) -> str:
        """The picture in words."""
        return " ".join(_sentences(self))


def chart_of(metric: Metric, today: date, forecast: Forecast | None = None) -> MetricChart | None:
    """The picture of a metric on a day, with its owner's `forecast`; None where there are fewer than two points to
    draw."""
    current = current_readings(metric, today)
    before = {one.period_end: one.before for one in restatements(metric, today) if one.before is not None}
    figures = [
        (one.period_end, None if is_withheld(metric, one) else one.value, one.quality == "provisional")
        for one in current
    ]
    return _chart(metric, figures, before, standing(metric, today).expected, today, forecast)


def chart_of_line(line: MetricLine, today: date) -> MetricChart | None:
    """The picture of a metric as a digest was composed with it."""
    figures = [(one.period_end, one.value, one.quality == "provisional") for one in line.figures]
    before = {one.period_end: one.old for one in line.restated if one.old is not None}
    return _chart(line, figures, before, line.expected, today, line.forecast)


def _chart(
    metric: Metric | MetricLine,
    figures: Sequence[tuple[date, Decimal | None, bool]],
    restated: Mapping[date, Decimal],
    expected: Fraction | None,
    today: date,
    forecast: Forecast | None,
) -> MetricChart | None:
    baseline, target = metric.baseline, metric.target
    points = tuple(
        ChartPoint(on=on, value=value, provisional=provisional, restated_from=restated.get(on))
        for on, value, provisional in figures
        if value is not None
    )
    start = ChartPoint(on=baseline.on, value=baseline.value) if baseline is not None and baseline.on <= today else None
    if len(points) + (start is not None) < FEWEST_POINTS:
        return None
    keeps = metric.direction == "maintain"
    path: tuple[tuple[date, Decimal], ...] = ()
    if start is not None and target is not None and not keeps and start.on < target.on:
        between = sorted((one.on, one.value) for one in metric.milestones if start.on < one.on < target.on)
        path = ((start.on, start.value), *between, (target.on, target.value))
    latest = figures[-1] if figures else None
    is_shown = latest is not None and latest[1] is not None
    is_ahead = is_shown and latest is not None and forecast is not None and latest[0] < forecast.on
    return MetricChart(
        name=metric.name,
        unit=metric.unit,
        frequency=metric.frequency or "quarterly",
        baseline=start,
        points=points,
        path=path,
        target=(target.on, target.value) if target is not None else None,
        expected=(latest[0], expected) if path and latest is not None and is_shown and expected is not None else None,
        keeps=keeps,
        withheld=sum(value is None for _, value, _ in figures),
        # Whoever forecasts may know the figure that is withheld, and the line to it would begin there.
        forecast=forecast if is_ahead else None,
        today=today,
    )


def _sentences(chart: MetricChart) -> Iterable[str]:
    today, unit = chart.today, chart.unit
    name = one_line(chart.name)
    yield f"Line chart of {name[:1].lower()}{name[1:]}."
    if chart.baseline is not None:
        yield f"Baseline {entered(chart.baseline.value, unit)} on {day(chart.baseline.on, today)}."
    told = chart.points[-MOST_TOLD:]
    if told:
        left_out = f"{len(chart.points) - len(told)} earlier figures, then " if len(told) < len(chart.points) else ""
        yield f"{left_out}{', '.join(_point(one, unit, today) for one in told)}."
    if chart.withheld:
        yield f"{chart.withheld} of {chart.withheld + len(chart.points)} figures are withheld."
    if chart.forecast is not None:
        yield f"The owner's forecast is {entered(chart.forecast.value, unit)} on {day(chart.forecast.on, today)}."
    if chart.target is None:
        return
    target = f"{entered(chart.target[1], unit)} on {day(chart.target[0], today)}"
    if chart.keeps:
        yield f"It should stay at {entered(chart.target[1], unit)} until {day(chart.target[0], today)}."
    elif chart.expected is not None:
        now = f"{computed(chart.expected[1], unit)} on {day(chart.expected[0], today)}"
        yield f"The expected path reaches {now} and the target of {target}."
    else:
        yield f"The target is {target}."


def _point(point: ChartPoint, unit: str, today: date) -> str:
    remarks = [*(["provisional"] if point.provisional else [])]
    if point.restated_from is not None:
        remarks.append(f"restated from {entered(point.restated_from, unit)}")
    noted = f" ({', '.join(remarks)})" if remarks else ""
    return f"{entered(point.value, unit)} on {day(point.on, today)}{noted}"
