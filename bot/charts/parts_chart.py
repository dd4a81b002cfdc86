"""What a figure is made of as bars that lie, to be read on a phone: each part's name and value above its bar.

A name that the font has no letters for is told by its number.
"""

from __future__ import annotations

import io

from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from bot.charts.metric_chart import DPI, FIGURES, INK, PLAN, WIDTH
from bot.charts.week_chart import FIGURE, NAME, NOTE, has_letters
from bot.domain.metrics import PartsChart
from bot.domain.wording import cut, one_line

# Inches, so that it can still be read at the width of a phone.
ROW, LINE, EDGE = 0.74, 0.34, 0.12
_LETTER = 0.0088  # about how wide a letter is, in inches for each point of its size


def draw_parts(chart: PartsChart) -> bytes:
    """The picture as PNG; its height follows from its bars."""
    lines = 1 + len(chart.notes)
    height = ROW * len(chart.parts) + LINE * lines + 2 * EDGE
    figure = Figure(figsize=(WIDTH, height), dpi=DPI, facecolor="white")
    FigureCanvasAgg(figure)
    axes = figure.add_axes((0.03, 0.0, 0.94, 1.0))
    axes.set_axis_off()
    axes.set_xlim(0, 1)
    axes.set_ylim(0, height)
    top = height - EDGE
    _write(axes, 0, top - LINE / 2, chart.as_of, NOTE, color=PLAN)
    values = [float(one.value) for one in chart.parts]
    least, most = min(0.0, *values), max(0.0, *values)
    scale = (most - least) or 1.0
    for number, (part, value) in enumerate(zip(chart.parts, values, strict=True)):
        floor = top - LINE - ROW * (number + 1)
        words = chart.value_words(part)
        name = one_line(part.name) if has_letters(one_line(part.name)) else f"Part {number + 1}"
        # Both stand on one line, and the value goes first.
        room = int((WIDTH * 0.93 / _LETTER - len(words) * FIGURE) / NAME)
        _write(axes, 0, floor + 0.52, cut(name, max(room, 8)), NAME, bold=True)
        _write(axes, 1, floor + 0.52, words, FIGURE, to_left=True)
        begin, end = sorted(((0 - least) / scale, (value - least) / scale))
        axes.barh(floor + 0.2, end - begin, 0.2, left=begin, color=FIGURES)
        zero = (0 - least) / scale
        axes.plot([zero, zero], [floor + 0.06, floor + 0.34], color=PLAN, linewidth=1.5, clip_on=False)
    for number, words in enumerate(chart.notes):
        _write(axes, 0, EDGE + LINE * (len(chart.notes) - number - 0.5), words, NOTE, color=PLAN)
    out = io.BytesIO()
    figure.savefig(out, format="png", dpi=DPI)
    return out.getvalue()


def _write(
    axes: Axes,
    x: float,
    y: float,
    words: str,
    size: float,
    *,
    bold: bool = False,
    to_left: bool = False,
    color: str = INK,
) -> None:
    axes.text(
        x, y, words, fontsize=size, color=color, fontweight="bold" if bold else "normal",
        ha="right" if to_left else "left", va="center", parse_math=False,
    )  # fmt: skip
