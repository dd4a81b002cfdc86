"""Labels beside their points: none covers another one, a mark or a line where there is room."""

from __future__ import annotations

from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from bot.charts.labels import Label, place


def placed(labels: list[Label], line: list[tuple[float, float]]) -> dict[str, tuple[float, float, float, float]]:
    figure = Figure(figsize=(7, 4), dpi=100)
    canvas = FigureCanvasAgg(figure)
    axes = figure.add_axes((0, 0, 1, 1))
    axes.set_xlim(0, 10)
    axes.set_ylim(0, 10)
    place(axes, canvas.get_renderer(), labels, [line])
    return {text.get_text(): text.get_window_extent(canvas.get_renderer()).extents for text in axes.texts}


def overlaps(one: tuple[float, float, float, float], other: tuple[float, float, float, float]) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]


def test_labels_of_close_points_keep_clear_of_each_other() -> None:
    line = [(1.0, 5.0), (5.0, 5.0), (5.4, 5.2), (9.0, 5.0)]
    found = placed([Label(at, f"{number} words", "k", 12, above=True) for number, at in enumerate(line)], line)
    boxes = list(found.values())
    assert len(boxes) == 4
    assert not [(a, b) for n, a in enumerate(boxes) for b in boxes[n + 1 :] if overlaps(a, b)]


def test_the_first_one_gets_the_best_place_and_what_need_not_be_there_goes() -> None:
    crowd = [(5.0, 5.0)] * 12
    labels = [Label(at, f"label {number}", "k", 14, above=True, must=number == 0) for number, at in enumerate(crowd)]
    found = placed(labels, [(5.0, 5.0), (5.0, 5.0)])
    assert "label 0" in found
    assert len(found) < len(labels)


def test_a_dollar_sign_is_no_formula() -> None:
    assert "$3 and $4" in placed([Label((5, 5), "$3 and $4", "k", 12, above=True)], [])
