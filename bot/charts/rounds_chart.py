"""A question over a check-in's rounds as columns, to be read on a phone: a column a round, its choices on one another.

A scale goes from dark to light in its order, other choices each have a color and a hatching. The words stand beside the
colors, and each part says how many it is. Words with a letter that the font doesn't have are told by their number.
"""

from __future__ import annotations

import io

import matplotlib
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.ticker import NullLocator

from bot.charts.metric_chart import DPI, HEIGHT, INK, PLAN, SMALL, WIDTH
from bot.charts.week_chart import has_letters
from bot.domain.checkins import RoundsChart
from bot.domain.wording import cut, day

# Of Okabe and Ito's palette, which people see apart whatever their eyes; the hatching tells them apart without color.
_COLORS = ("#0072b2", "#e69f00", "#009e73", "#cc79a7", "#56b4e9", "#d55e00")
_HATCHES = ("", "//", "..", "xx", "\\\\", "++")
_MOST_WORDS = 26  # characters of a choice


def draw_rounds(chart: RoundsChart) -> bytes:
    """The picture as PNG."""
    rows = -(-len(chart.choices) // _columns_of(chart))
    figure = Figure(figsize=(WIDTH, HEIGHT), dpi=DPI, facecolor="white")
    FigureCanvasAgg(figure)
    top = 0.97 - 0.075 * rows
    axes = figure.add_axes((0.03, 0.15, 0.94, top - 0.15))
    places = range(len(chart.columns))
    heights = [0] * len(chart.columns)
    most = max(sum(one.counts) for one in chart.columns)
    for number, words in enumerate(chart.choices):
        values = [one.counts[number] for one in chart.columns]
        color, hatch = _look(chart, number)
        label = cut(words, _MOST_WORDS) if has_letters(words) else f"choice {number + 1}"
        axes.bar(
            places, values, 0.66, bottom=heights, color=color, hatch=hatch, edgecolor="white", linewidth=1, label=label
        )
        for place, (value, height) in enumerate(zip(values, heights, strict=True)):
            if value and value / most >= 0.05:
                axes.text(
                    place, height + value / 2, str(value), ha="center", va="center", fontsize=SMALL, fontweight="bold",
                    color=INK, bbox={"facecolor": "white", "edgecolor": "none", "pad": 1.5, "alpha": 0.85},
                )  # fmt: skip
        heights = [one + value for one, value in zip(heights, values, strict=True)]
    axes.set_ylim(0, most * 1.06)
    axes.set_xlim(-0.6, max(len(chart.columns) - 0.4, 2.4))
    for side in ("top", "right", "left"):
        axes.spines[side].set_visible(False)
    axes.spines["bottom"].set_color(PLAN)
    axes.yaxis.set_major_locator(NullLocator())
    axes.set_xticks(list(places), labels=[f"{day(one.on, one.on)}\n{one.on.year}" for one in chart.columns])
    axes.tick_params(axis="x", labelsize=SMALL, colors=INK, length=0)
    figure.legend(
        *axes.get_legend_handles_labels(), loc="upper left", bbox_to_anchor=(0.02, 1.0), ncols=_columns_of(chart),
        fontsize=SMALL, frameon=False, handlelength=1.4, columnspacing=1.2, labelcolor=INK,
    )  # fmt: skip
    out = io.BytesIO()
    figure.savefig(out, format="png", dpi=DPI)
    return out.getvalue()


def _columns_of(chart: RoundsChart) -> int:
    """How many choices stand beside one another above the picture."""
    longest = max(map(len, chart.choices))
    return min(len(chart.choices), 6 if longest <= 4 else 3 if longest <= 12 else 2)


def _look(chart: RoundsChart, number: int) -> tuple[object, str]:
    if chart.is_scale:
        part = number / max(len(chart.choices) - 1, 1)
        return matplotlib.colormaps["viridis"](0.05 + 0.9 * part), ""
    return _COLORS[number % len(_COLORS)], _HATCHES[(number + number // len(_COLORS)) % len(_HATCHES)]
