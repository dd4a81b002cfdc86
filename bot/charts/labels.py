"""Puts labels beside what they name, where they cover neither one another nor the lines. Knows nothing of metrics."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from matplotlib.axes import Axes
from matplotlib.transforms import Bbox

# Directions around a point, as offsets in points of type: the nearest and plainest ones first.
_UP = ((0, 10), (14, 8), (-14, 8), (14, 0), (-14, 0), (0, 26), (26, 20), (-26, 20))
_SAMPLES = 60
_MARK = 9.0  # half the side of the square that a mark takes, pixels


@dataclass(frozen=True, slots=True)
class Label:
    """Words beside a point. Those that need not be there are left out where there is no free place."""

    at: tuple[float, float]
    words: str
    color: str
    size: float
    above: bool
    must: bool = True


def place(axes: Axes, renderer: Any, labels: Sequence[Label], lines: Sequence[Sequence[tuple[float, float]]]) -> None:
    """Writes the labels, the first ones first: each takes the freest place that is left."""
    dots = _samples(axes, lines)
    marks = [_around(axes.transData.transform(one.at)) for one in labels]
    taken: list[Bbox] = []
    frame = axes.get_window_extent(renderer)
    for one in labels:
        best: tuple[float, Any, Bbox] | None = None
        for dx, dy in _directions(above=one.above):
            text = _write(axes, one, dx, dy)
            box = text.get_window_extent(renderer)
            cost = _cost(box, frame, taken, marks, dots)
            if best is None or cost < best[0]:
                if best is not None:
                    best[1].remove()
                best = (cost, text, box)
            else:
                text.remove()
            if cost == 0:
                break
        assert best is not None
        if best[0] >= 1 and not one.must:
            best[1].remove()
        else:
            taken.append(best[2])


def _directions(*, above: bool) -> list[tuple[int, int]]:
    up = list(_UP)
    down = [(dx, -dy) for dx, dy in _UP if dy]
    return [*up, *down] if above else [*down, *up]


def _write(axes: Axes, label: Label, dx: int, dy: int) -> Any:
    return axes.annotate(
        label.words,
        label.at,
        xytext=(dx, dy),
        textcoords="offset points",
        ha="center" if dx == 0 else "left" if dx > 0 else "right",
        va="center" if dy == 0 else "bottom" if dy > 0 else "top",
        fontsize=label.size,
        fontweight="bold",
        linespacing=1.05,
        color=label.color,
        # A dollar sign is a dollar sign, not the beginning of a formula.
        parse_math=False,
        zorder=5,
    )


def _cost(
    box: Bbox, frame: Bbox, taken: Sequence[Bbox], marks: Sequence[Bbox], dots: Sequence[tuple[float, float]]
) -> float:
    """How badly a label would stand there; 0 is free."""
    outside = float(max(frame.x0 - box.x0, box.x1 - frame.x1, frame.y0 - box.y0, box.y1 - frame.y1, 0))
    covered = sum(bool(box.x0 <= x <= box.x1 and box.y0 <= y <= box.y1) for x, y in dots)
    others = sum(bool(box.overlaps(one)) for one in taken)
    hidden = sum(bool(box.overlaps(one)) for one in marks)
    return (5 + outside if outside > 0 else 0) + 20 * others + 4 * hidden + 0.5 * covered


def _around(at: Any) -> Bbox:
    x, y = float(at[0]), float(at[1])
    return Bbox.from_extents(x - _MARK, y - _MARK, x + _MARK, y + _MARK)


def _samples(axes: Axes, lines: Sequence[Sequence[tuple[float, float]]]) -> list[tuple[float, float]]:
    """Points along the lines, in pixels."""
    found = []
    for line in lines:
        pixels = [axes.transData.transform(one) for one in line]
        for start, end in pairwise(pixels):
            for number in range(_SAMPLES + 1):
                part = number / _SAMPLES
                found.append(
                    (float(start[0] + part * (end[0] - start[0])), float(start[1] + part * (end[1] - start[1])))
                )
    return found
