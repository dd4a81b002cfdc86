"""Drawing rounds: a PNG of one size for few and many choices and rounds, and its words."""

from __future__ import annotations

import struct
from datetime import date, timedelta

import pytest

from bot.charts.drawing import draw_chart
from bot.charts.metric_chart import DPI, HEIGHT, WIDTH
from bot.domain.checkins import RoundColumn, RoundsChart
from bot.domain.wording import written_in

TODAY = date(2026, 12, 1)


def chart(choices: tuple[str, ...], *rounds: tuple[int, ...], is_scale: bool = False) -> RoundsChart:
    columns = tuple(
        RoundColumn(TODAY - timedelta(weeks=len(rounds) - number), counts, sum(counts))
        for number, counts in enumerate(rounds)
    )
    return RoundsChart("Is the pace right?", choices, columns, TODAY, is_scale)


SCALE = tuple(map(str, range(11)))
CHARTS = {
    "choices": chart(("too slow", "right", "too fast"), (1, 4, 0), (0, 5, 2)),
    "a scale": chart(
        tuple(map(str, range(11))), *((number, 1, 0, 0, 2, 3, 1, 4, 2, 1, 1) for number in range(8)), is_scale=True
    ),
    "long words and letters of no font": chart(
        ("中文", "a very long choice that nobody reads to its end"), (1, 400), (2, 0)
    ),
    "many choices": chart(tuple(f"choice {number}" for number in range(12)), (1,) * 12, (2,) * 12),
}


@pytest.mark.parametrize("name", CHARTS)
def test_a_picture_of_one_size(name: str) -> None:
    png = draw_chart(CHARTS[name])
    assert png.startswith(b"\x89PNG\r\n\x1a\n")
    assert struct.unpack(">II", png[16:24]) == (round(WIDTH * DPI), round(HEIGHT * DPI))
    assert len(png) < 200_000


def test_its_words_say_each_figure() -> None:
    assert CHARTS["choices"].alt == (
        "Columns by round of answers to “Is the pace right?” Nov 17: 5 answers: too slow (1), right (4). "
        "Nov 24: 7 answers: right (5), too fast (2)."
    )
    assert "Nov 24: 22 answers: " in CHARTS["a scale"].alt
    assert ", median 5." in CHARTS["a scale"].alt


def test_another_picture_has_another_key() -> None:
    keys = {one.key for one in CHARTS.values()}
    with written_in("fr-FR"):
        keys.add(CHARTS["choices"].key)
    assert len(keys) == len(CHARTS) + 1
