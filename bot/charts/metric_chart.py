"""A metric as a line chart, to be read on a phone: few words, large, beside what they name; no color stands alone.

Nothing that people wrote is drawn: names stand above the picture, so that no letter is missing in a font.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.dates import date2num
from matplotlib.figure import Figure

from bot.charts.labels import Label, place
from bot.domain.metrics import ChartPoint, MetricChart
from bot.domain.wording import computed, day, day_with_year, entered

WIDTH, HEIGHT, DPI = 7.2, 4.4, 150
# Blue and vermilion of Okabe and Ito's palette, which people see apart whatever their eyes; grey for what is planned.
FIGURES, TARGET, PLAN, INK = "#0072b2", "#d55e00", "#767676", "#1d1c1d"
LARGE, SMALL = 15, 12.5
MOST_LABELS = 6
MOST_DAYS = 5


def draw_metric(chart: MetricChart) -> bytes:
    figure = Figure(figsize=(WIDTH, HEIGHT), dpi=DPI, facecolor="white")
    canvas = FigureCanvasAgg(figure)
    axes = figure.add_axes((0.04, 0.16, 0.92, 0.8))
    _frame(axes, chart)
    labels = [*_draw_figures(axes, chart), *_draw_target(axes, chart), *_draw_forecast(axes, chart)]
    labels += _draw_plan(axes, chart)
    place(axes, canvas.get_renderer(), labels, lines_of(chart))
    out = io.BytesIO()
    figure.savefig(out, format="png", dpi=DPI)
    return out.getvalue()


def _frame(axes: Axes, chart: MetricChart) -> None:
    days = _days(chart)
    first, last = min(days), max(days)
    margin = max((last - first) * 0.09, timedelta(days=3))
    # A forecast often lies at the target's day, close to it: its label finds its place to the right of both.
    axes.set_xlim(_x(first - margin), _x(last + margin * (1.6 if chart.forecast is None else 3.4)))
    values = [float(value) for value in _values(chart)]
    low, high = min(values), max(values)
    room = (high - low) * 0.3 or abs(high) * 0.3 or 1.0
    axes.set_ylim(low - room, high + room)
    for side in ("top", "right", "left"):
        axes.spines[side].set_visible(False)
    axes.spines["bottom"].set_color(PLAN)
    axes.set_yticks([])
    shown = _spread(sorted({*([chart.baseline.on] if chart.baseline else []), *(one.on for one in chart.points)}), days)
    axes.set_xticks([_x(on) for on in shown], labels=[_day(on) for on in shown])
    axes.tick_params(axis="x", labelsize=SMALL, colors=INK, length=5)


def _draw_plan(axes: Axes, chart: MetricChart) -> Iterator[Label]:
    if chart.path:
        xs, ys = [_x(on) for on, _ in chart.path], [float(value) for _, value in chart.path]
        axes.plot(xs, ys, color=PLAN, linewidth=2, linestyle=(0, (4, 3)), zorder=1)
        if len(chart.path) > 2:
            axes.plot(xs[1:-1], ys[1:-1], color=PLAN, linestyle="", marker="|", markersize=12, zorder=1)
    if chart.expected is not None:
        on, value = chart.expected
        at = (_x(on), float(value))
        axes.plot(*at, color=PLAN, marker="x", markersize=10, markeredgewidth=3, zorder=4)
        yield Label(at, f"expected\n{computed(value, chart.unit)}", INK, SMALL, above=_is_above(chart))


def _draw_figures(axes: Axes, chart: MetricChart) -> Iterator[Label]:
    points = [*([chart.baseline] if chart.baseline is not None else []), *chart.points]
    xs, ys = [_x(one.on) for one in points], [float(one.value) for one in points]
    axes.plot(xs, ys, color=FIGURES, linewidth=3, zorder=2, solid_capstyle="round")
    told = _told(points)
    for one in points:
        # A hollow mark is provisional, a diamond was restated; both are also said beside it.
        axes.plot(
            [_x(one.on)],
            [float(one.value)],
            color=FIGURES,
            marker="D" if one.restated_from is not None else "o",
            markersize=9,
            markerfacecolor="white" if one.provisional else FIGURES,
            markeredgewidth=2.5,
            zorder=3,
        )
    # The latest figure first: it gets the best place.
    for one in reversed(told):
        is_last, is_baseline = one is points[-1], one is chart.baseline
        remarks = ["baseline"] if is_baseline else []
        remarks += ["restated"] if one.restated_from is not None else []
        remarks += ["provisional"] if one.provisional else []
        yield Label(
            (_x(one.on), float(one.value)),
            "\n".join([entered(one.value, chart.unit), *remarks]),
            FIGURES,
            LARGE if is_last else SMALL,
            above=not _is_above(chart),
            must=is_last or is_baseline or bool(remarks),
        )


def _draw_target(axes: Axes, chart: MetricChart) -> Iterator[Label]:
    if chart.target is None:
        return
    on, value = chart.target
    if chart.keeps:
        axes.axhline(float(value), color=TARGET, linewidth=2, linestyle=(0, (1, 2)), zorder=1)
        first = min(_days(chart))
        yield Label((_x(first), float(value)), f"keep at {entered(value, chart.unit)}", TARGET, SMALL, above=True)
        return
    at = (_x(on), float(value))
    axes.plot(*at, color=TARGET, marker="s", markersize=10, zorder=4)
    rises = not chart.path or chart.path[-1][1] >= chart.path[0][1]
    words = f"target {entered(value, chart.unit)}\n{day_with_year(on)}"
    yield Label(at, words, TARGET, SMALL, above=rises)


def _draw_forecast(axes: Axes, chart: MetricChart) -> Iterator[Label]:
    """From the newest figure to where its owner expects it, dashed in the figures' color, for it is not one yet."""
    if chart.forecast is None or not chart.points:
        return
    last, at = chart.points[-1], (_x(chart.forecast.on), float(chart.forecast.value))
    xs, ys = [_x(last.on), at[0]], [float(last.value), at[1]]
    axes.plot(xs, ys, color=FIGURES, linewidth=2.5, linestyle=(0, (3, 2)), zorder=2)
    axes.plot(*at, color=FIGURES, marker="^", markersize=10, markerfacecolor="white", markeredgewidth=2.5, zorder=4)
    words = f"forecast {entered(chart.forecast.value, chart.unit)}"
    # Where it is for the target's day, that day stands beside the target.
    is_of_target = chart.target is not None and not chart.keeps and chart.target[0] == chart.forecast.on
    words = words if is_of_target else f"{words}\n{day_with_year(chart.forecast.on)}"
    yield Label(at, words, FIGURES, SMALL, above=chart.target is not None and at[1] > float(chart.target[1]))


def lines_of(chart: MetricChart) -> list[list[tuple[float, float]]]:
    """The lines of the picture, which labels keep clear of."""
    points = [*([chart.baseline] if chart.baseline is not None else []), *chart.points]
    return [
        [(_x(one.on), float(one.value)) for one in points],
        [(_x(on), float(value)) for on, value in chart.path],
        *([_forecast_line(chart)] if chart.forecast is not None and chart.points else []),
    ]


def _forecast_line(chart: MetricChart) -> list[tuple[float, float]]:
    assert chart.forecast is not None
    last = chart.points[-1]
    return [(_x(last.on), float(last.value)), (_x(chart.forecast.on), float(chart.forecast.value))]


def _is_above(chart: MetricChart) -> bool:
    """Whether what is expected lies above the latest figure, so that its label goes up and the figures' go down."""
    if chart.expected is None or not chart.points:
        return False
    return chart.expected[1] >= Fraction(chart.points[-1].value)


def _told(points: list[ChartPoint]) -> list[ChartPoint]:
    """The points with a label: all of a few, else the first, the restated and the last ones."""
    if len(points) <= MOST_LABELS:
        return points
    some = [one for one in points[1:-1] if one.restated_from is not None][-2:]
    return [points[0], *some, points[-1]]


def _days(chart: MetricChart) -> list[date]:
    days = [one.on for one in chart.points] + ([chart.baseline.on] if chart.baseline is not None else [])
    if chart.target is not None and not chart.keeps:
        days.append(chart.target[0])
    if chart.forecast is not None:
        days.append(chart.forecast.on)
    return days


def _values(chart: MetricChart) -> list[Decimal | Fraction]:
    values: list[Decimal | Fraction] = [one.value for one in chart.points]
    if chart.baseline is not None:
        values.append(chart.baseline.value)
    if chart.target is not None:
        values.append(chart.target[1])
    if chart.forecast is not None:
        values.append(chart.forecast.value)
    return [*values, *(value for _, value in chart.path)]


def _spread(shown: list[date], days: list[date]) -> list[date]:
    """At most five of the days, none too close to another to be read; the last one always."""
    least = (max(days) - min(days)) / MOST_DAYS
    kept: list[date] = []
    for on in reversed(shown):
        if not kept or kept[-1] - on >= least:
            kept.append(on)
    return kept[::-1]


def _day(on: date) -> str:
    return f"{day(on, on)}\n{on.year}"


def _x(on: date) -> float:
    return float(date2num(on))
