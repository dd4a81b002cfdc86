"""Money as columns, to be read on a phone: a column a year, capital types on one another, and its whole above it.

Each type has a hatching beside its color. Nothing that people wrote is drawn.
"""

from __future__ import annotations

import io

from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from bot.charts.metric_chart import DPI, HEIGHT, INK, PLAN, SMALL, WIDTH
from bot.domain.plan import MoneyChart
from bot.domain.wording import short_amount

# Of Okabe and Ito's palette, which people see apart whatever their eyes; the hatching tells them apart without color.
LOOKS = {
    "public": ("#0072b2", ""),
    "commercial": ("#e69f00", "//"),
    "philanthropic": ("#009e73", ".."),
    "other": ("#999999", "xx"),
}
_MOST_WIDE = 6  # from so many columns on their labels are smaller


def draw_money(chart: MoneyChart) -> bytes:
    """The picture as PNG."""
    figure = Figure(figsize=(WIDTH, HEIGHT), dpi=DPI, facecolor="white")
    FigureCanvasAgg(figure)
    axes = figure.add_axes((0.03, 0.13, 0.94, 0.76))
    places = range(len(chart.rows))
    heights = [0.0] * len(chart.rows)
    for kind in chart.types:
        color, hatch = LOOKS[kind]
        values = [float(row.by_type.get(kind, 0)) for row in chart.rows]
        axes.bar(
            places, values, 0.66, bottom=heights, color=color, hatch=hatch, edgecolor="white", linewidth=1, label=kind
        )
        heights = [one + value for one, value in zip(heights, values, strict=True)]
    size = SMALL if len(chart.rows) <= _MOST_WIDE else SMALL - 3
    for place, (row, height) in enumerate(zip(chart.rows, heights, strict=True)):
        words = short_amount(row.total, chart.currency)
        axes.annotate(
            words, (place, height), xytext=(0, 5), textcoords="offset points", ha="center", va="bottom",
            fontsize=size, fontweight="bold", color=INK, parse_math=False,
        )  # fmt: skip
    axes.set_ylim(0, max(heights) * 1.16 or 1)
    axes.set_xlim(-0.6, len(chart.rows) - 0.4)
    for side in ("top", "right", "left"):
        axes.spines[side].set_visible(False)
    axes.spines["bottom"].set_color(PLAN)
    axes.set_yticks([])
    axes.set_xticks(list(places), labels=[row.words.replace(" ", "\n", 1) for row in chart.rows])
    axes.tick_params(axis="x", labelsize=size, colors=INK, length=0)
    figure.legend(
        *axes.get_legend_handles_labels(), loc="upper left", bbox_to_anchor=(0.02, 1.0), ncols=len(chart.types),
        fontsize=SMALL, frameon=False, handlelength=1.4, columnspacing=1.2, labelcolor=INK,
    )  # fmt: skip
    out = io.BytesIO()
    figure.savefig(out, format="png", dpi=DPI)
    return out.getvalue()
