"""Drawing a digest's picture: as high as its rows, the same each time, and names that the font has no letters for."""

from __future__ import annotations

import struct
from dataclasses import replace
from fractions import Fraction

import pytest

from bot.charts.drawing import draw_chart
from bot.charts.metric_chart import DPI, WIDTH
from bot.charts.week_chart import LEGEND, ROW, draw_week, has_letters
from bot.domain.digests import WeekChart, WeekRow, chart_of_week
from tests.slack import digest_cases as cases


def chart() -> WeekChart:
    found = chart_of_week(cases.the_week())
    assert found is not None
    return found


def size(png: bytes) -> tuple[int, int]:
    width, height = struct.unpack(">II", png[16:24])
    return width, height


@pytest.mark.parametrize("count", [1, 4, 10])
def test_a_picture_as_high_as_its_rows(count: int) -> None:
    one = replace(chart().rows[0], name="A long name of a priority that goes on and on for far too long a line")
    png = draw_week(WeekChart((one,) * count, count))
    assert png.startswith(b"\x89PNG\r\n\x1a\n")
    width, height = size(png)
    assert width == round(WIDTH * DPI)
    assert height == pytest.approx((ROW * count + LEGEND) * DPI, abs=1)
    assert len(png) < 300_000


@pytest.mark.parametrize("progress", [None, Fraction(-5), Fraction(0), Fraction(7, 3)])
def test_whatever_the_figure_it_stays_on_the_picture(progress: Fraction | None) -> None:
    row = WeekRow(
        name="A", metric="M", baseline="0", latest="$5 and $6", target="1", progress=progress, expected=progress
    )
    assert size(draw_week(WeekChart((row,), 1))) == size(draw_week(WeekChart((chart().rows[0],), 1)))


def test_the_same_picture_is_drawn_alike() -> None:
    assert draw_week(chart()) == draw_week(chart()) == draw_chart(chart())
    assert draw_week(chart()) != draw_week(WeekChart(chart().rows[1:], 3))


def test_names_without_letters_in_the_font_are_numbers() -> None:
    assert has_letters("Größe und Übergänge – čaj")
    assert not has_letters("子どもの保育")
    foreign = replace(chart().rows[0], name="子どもの保育")
    numbered = replace(chart().rows[0], name="Priority 1")
    assert draw_week(WeekChart((foreign,), 1)) == draw_week(WeekChart((numbered,), 1))
