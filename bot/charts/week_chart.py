"""A digest's picture, to be read on a phone: each priority's way from baseline to target, and where it is.

A name that the font has no letters for is told by its number.
"""

from __future__ import annotations

import io
from functools import cache

from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties, findfont, get_font

from bot.charts.metric_chart import DPI, FIGURES, INK, PLAN, TARGET, WIDTH
from bot.domain.digests import WeekChart, WeekRow
from bot.domain.wording import cut, one_line

# Sizes in points and inches, so that it can still be read at the width of a phone.
NAME, FIGURE, NOTE = 15.5, 14.5, 13.0
ROW, LEGEND = 1.04, 0.5
_LEAST, _MOST = -0.012, 1.022  # how far beyond baseline and target a mark may stand
_MOST_WORDS = 40  # characters of a figure with its day
# About how wide a letter is in them.
_LETTER = 0.0088


def draw_week(chart: WeekChart) -> bytes:
    """The picture as PNG; its height follows from its rows."""
    height = ROW * len(chart.rows) + LEGEND
    figure = Figure(figsize=(WIDTH, height), dpi=DPI, facecolor="white")
    FigureCanvasAgg(figure)
    axes = figure.add_axes((0.03, 0.0, 0.94, 1.0))
    axes.set_axis_off()
    axes.set_xlim(-0.025, 1.035)
    axes.set_ylim(-LEGEND / ROW, len(chart.rows))
    for number, row in enumerate(chart.rows):
        _draw_row(axes, row, number + 1, len(chart.rows) - 1 - number)
    _draw_legend(axes)
    out = io.BytesIO()
    figure.savefig(out, format="png", dpi=DPI)
    return out.getvalue()


def _draw_row(axes: Axes, row: WeekRow, number: int, floor: int) -> None:
    name, latest = one_line(row.name), cut(row.latest, _MOST_WORDS)
    # Both stand on one line, and the figure goes first.
    most = int((WIDTH * 0.93 / _LETTER - len(latest) * FIGURE) / NAME)
    _write(axes, 0, floor + 0.82, cut(name, most) if has_letters(name) else f"Priority {number}", NAME, bold=True)
    track = floor + 0.5
    is_drawn = row.progress is not None
    axes.plot([0, 1], [track, track], color=PLAN, linewidth=3, alpha=0.45, linestyle="-" if is_drawn else (0, (1, 2)))
    if row.progress is not None:
        reached = _inside(float(row.progress))
        axes.plot([0, reached], [track, track], color=FIGURES, linewidth=6, solid_capstyle="butt", zorder=2)
        axes.plot([1], [track], color=TARGET, marker="s", markersize=9, zorder=3)
        if row.expected is not None:
            at = _inside(float(row.expected))
            axes.plot([at], [track], color=INK, marker="x", markersize=9, markeredgewidth=2.5, zorder=4)
        axes.plot(
            [reached], [track], color=FIGURES, marker="o", markersize=11, markeredgewidth=2.5,
            markerfacecolor="white" if row.provisional else FIGURES, zorder=5,
        )  # fmt: skip
    _write(axes, 1, floor + 0.82, latest, FIGURE, right=True, color=FIGURES)
    _write(axes, 0, floor + 0.2, row.baseline, NOTE)
    _write(axes, 1, floor + 0.2, row.target, NOTE, right=True)


def _draw_legend(axes: Axes) -> None:
    marks = (("o", FIGURES, "latest figure"), ("x", INK, "expected by then"), ("s", TARGET, "target"))
    for number, (marker, color, words) in enumerate(marks):
        at = 0.012 + 0.33 * number
        axes.plot([at], [-0.2], color=color, marker=marker, markersize=8, markeredgewidth=2.2)
        _write(axes, at + 0.025, -0.2, words, NOTE)


def _write(
    axes: Axes, x: float, y: float, words: str, size: float, *, bold: bool = False, right: bool = False,
    color: str = INK,
) -> None:  # fmt: skip
    axes.text(
        x, y, words, ha="right" if right else "left", va="center", color=color, parse_math=False,
        fontsize=size, fontweight="bold" if bold else "normal",
    )  # fmt: skip


def _inside(part: float) -> float:
    return min(max(part, _LEAST), _MOST)


def has_letters(words: str) -> bool:
    """Whether the font has every letter of these words."""
    return all(ord(letter) in _letters() for letter in words)


@cache
def _letters() -> frozenset[int]:
    return frozenset(get_font(findfont(FontProperties(weight="bold"))).get_charmap())
