"""Drawing: a PNG of one size for few and many figures, and labels that cover one another nowhere."""

from __future__ import annotations

import struct
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest

from bot.charts.drawing import Drawing
from bot.charts.metric_chart import DPI, HEIGHT, WIDTH, draw_metric, lines_of
from bot.domain.metrics import Forecast, MetricChart
from bot.domain.metrics.charts import chart_of
from bot.domain.record import Metric
from tests import builders
from tests.domain.metrics.test_charts import SEATS, TODAY


def chart(metric: Metric) -> MetricChart:
    found = chart_of(metric, TODAY)
    assert found is not None
    return found


def many(count: int) -> Metric:
    start = date(2024, 1, 31)
    readings = [
        builders.reading((start + timedelta(days=7 * number)).isoformat(), "1234567.89") for number in range(count)
    ]
    return replace(SEATS, readings=tuple(readings), baseline=builders.dated(10**6, "2024-01-01"), unit="usd")


@pytest.mark.parametrize(
    "metric",
    [
        SEATS,
        many(1),
        many(140),
        replace(SEATS, baseline=None),
        replace(SEATS, target=None),
        replace(SEATS, direction="maintain", tolerance=Decimal(5), milestones=()),
        replace(SEATS, readings=(builders.reading("2026-09-30", 60),)),
    ],
    ids=["usual", "one", "many", "no baseline", "no target", "kept", "unmoved"],
)
def test_a_picture_of_one_size(metric: Metric) -> None:
    png = draw_metric(chart(metric))
    assert png.startswith(b"\x89PNG\r\n\x1a\n")
    assert struct.unpack(">II", png[16:24]) == (round(WIDTH * DPI), round(HEIGHT * DPI))
    assert len(png) < 200_000


def test_the_same_picture_is_drawn_alike() -> None:
    assert draw_metric(chart(SEATS)) == draw_metric(chart(SEATS))
    assert draw_metric(chart(SEATS)) != draw_metric(chart(replace(SEATS, milestones=())))


async def test_drawing_beside_the_loop_gives_the_same() -> None:
    drawing = Drawing()
    drawing.warm()
    try:
        assert await drawing.draw(chart(SEATS)) == draw_metric(chart(SEATS))
    finally:
        drawing.close()


@pytest.mark.parametrize("on", [date(2026, 12, 31), date(2027, 6, 30)], ids=["on the target's day", "later"])
def test_a_forecast_is_drawn(on: date) -> None:
    forecast = Forecast(Decimal("170"), on, TODAY)
    with_forecast = chart_of(SEATS, TODAY, forecast)
    assert with_forecast is not None
    assert draw_metric(with_forecast) != draw_metric(chart(SEATS))
    assert len(lines_of(with_forecast)) == 3
