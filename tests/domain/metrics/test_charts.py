"""What a metric's picture shows, and the same in words."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

from bot.domain.digests import compose
from bot.domain.metrics import CameTrue, Forecast, came_true, chart_of_line, forecast_words
from bot.domain.metrics.charts import MOST_TOLD, chart_of
from bot.domain.record import Metric, Record
from bot.slack.limits import ALT_TEXT
from tests import builders

TODAY = date(2026, 11, 25)
SEATS = builders.metric(
    "fa-seats",
    builders.reading("2025-12-31", 72),
    builders.reading("2026-06-30", 104, recorded_on="2026-07-14"),
    builders.reading("2026-06-30", 110, recorded_on="2026-11-18"),
    builders.reading("2026-09-30", 134, quality="provisional"),
    name="Extended-hours child care seats open",
    unit="seats",
    baseline=builders.dated(60, "2025-06-30"),
    target=builders.dated(220, "2026-12-31"),
    milestones=(builders.dated(100, "2026-03-31"),),
)
NAMED = "Line chart of extended-hours child care seats open."


def chart_alt(metric: Metric) -> str | None:
    found = chart_of(metric, TODAY)
    return None if found is None else found.alt


def test_words_say_what_is_drawn() -> None:
    assert chart_alt(SEATS) == (
        f"{NAMED} Baseline 60 on Jun 30, 2025. 72 on Dec 31, 2025, 110 on Jun 30 (restated from 104), "
        "134 on Sep 30 (provisional). The expected path reaches 180 on Sep 30 and the target of 220 on Dec 31."
    )
    found = chart_of(SEATS, TODAY)
    assert found is not None
    assert found.path == (
        (date(2025, 6, 30), Decimal(60)),
        (date(2026, 3, 31), Decimal(100)),
        (date(2026, 12, 31), Decimal(220)),
    )
    assert found.expected is not None
    assert found.expected[1] == Fraction(100) + Fraction(183, 275) * 120
    assert found.title == "Extended-hours child care seats open, by quarter"


def test_fewer_than_two_points_are_no_picture() -> None:
    bare = replace(SEATS, readings=(), milestones=())
    assert chart_of(bare, TODAY) is None
    assert chart_of(replace(SEATS, readings=SEATS.readings[:1], baseline=None), TODAY) is None
    assert chart_alt(replace(SEATS, readings=SEATS.readings[:1], baseline=None, target=None)) is None
    assert chart_of(replace(bare, readings=SEATS.readings[:1]), TODAY) is not None
    assert chart_of(replace(SEATS, target=None), TODAY) is not None
    assert chart_of(SEATS, date(2025, 7, 1)) is None


def test_withheld_figures_are_neither_drawn_nor_told() -> None:
    few = replace(
        SEATS,
        confidential_below_n=5,
        readings=(
            builders.reading("2025-12-31", "44.4", reporters=7),
            builders.reading("2026-03-31", "45.5", reporters=3),
            builders.reading("2026-06-30", "46.6", reporters=9),
            builders.reading("2026-09-30", "47.7", reporters=2),
        ),
    )
    found = chart_of(few, TODAY)
    assert found is not None
    assert [one.value for one in found.points] == [Decimal("44.4"), Decimal("46.6")]
    assert "2 of 4 figures are withheld." in found.alt
    assert "45.5" not in repr(found)
    assert "47.7" not in repr(found)
    assert found.expected is None


def test_what_stays_where_it_is_has_no_path() -> None:
    kept = replace(SEATS, direction="maintain", tolerance=Decimal(5), milestones=())
    found = chart_of(kept, TODAY)
    assert found is not None
    assert found.path == ()
    assert found.alt.endswith("It should stay at 220 until Dec 31.")


def test_words_of_a_long_series_fit() -> None:
    start = date(2020, 1, 31)
    readings = tuple(
        builders.reading((start + timedelta(days=7 * number)).isoformat(), number) for number in range(300)
    )
    found = chart_of(replace(SEATS, readings=readings, baseline=builders.dated(0, "2019-12-31")), TODAY)
    assert found is not None
    assert f"{len(found.points) - MOST_TOLD} earlier figures, then" in found.alt
    assert len(found.alt) < ALT_TEXT


def test_the_same_picture_has_the_same_key_and_another_one_another() -> None:
    first, again, later = chart_of(SEATS, TODAY), chart_of(SEATS, TODAY), chart_of(SEATS, date(2026, 12, 2))
    assert first is not None
    assert again is not None
    assert later is not None
    assert first.key == again.key == later.key
    final = replace(SEATS, readings=(*SEATS.readings[:-1], replace(SEATS.readings[-1], quality="final")))
    changed = [replace(SEATS, target=builders.dated(230, "2026-12-31")), replace(SEATS, milestones=()), final]
    keys = {found.key for one in changed if (found := chart_of(one, TODAY)) is not None}
    assert len(keys | {first.key}) == 4


def test_a_digests_picture_is_that_of_its_metric(sample: Record) -> None:
    digest = compose(sample, builders.at("2026-11-25T07:30"))
    for part in digest.priorities:
        priority = next(one for one in sample.priorities if one.id == part.id)
        for line, metric in zip(part.metrics, priority.metrics, strict=True):
            of_line, of_metric = chart_of_line(line, digest.today), chart_of(metric, digest.today)
            assert (of_line is None) == (of_metric is None)
            if of_line is not None and of_metric is not None:
                assert of_line.path == of_metric.path
                assert [one.value for one in of_line.points] == [one.value for one in of_metric.points]


def test_a_forecast_ahead_of_the_newest_figure_is_in_the_picture() -> None:
    forecast = Forecast(Decimal("180"), date(2027, 3, 31), date(2026, 11, 19))
    bare, drawn = chart_of(SEATS, TODAY), chart_of(SEATS, TODAY, forecast)
    assert bare is not None
    assert drawn is not None
    assert (drawn.forecast, bare.forecast) == (forecast, None)
    assert drawn.key != bare.key
    assert "The owner's forecast is 180 on Mar 31, 2027. The expected path" in drawn.alt
    passed = chart_of(SEATS, TODAY, replace(forecast, on=date(2026, 9, 30)))
    assert passed is not None
    assert passed.forecast is None


def test_no_forecast_is_drawn_from_a_figure_that_is_withheld() -> None:
    few = replace(SEATS, confidential_below_n=5, readings=tuple(replace(one, reporters=9) for one in SEATS.readings))
    forecast = Forecast(Decimal("180"), date(2027, 3, 31), date(2026, 11, 19))
    told = chart_of(few, TODAY, forecast)
    assert told is not None
    assert told.forecast == forecast
    hidden = chart_of(
        replace(few, readings=(*few.readings[:-1], replace(few.readings[-1], reporters=2))), TODAY, forecast
    )
    assert hidden is not None
    assert hidden.forecast is None
    assert "180" not in hidden.alt


def test_what_came_true_is_the_first_figure_from_that_day_on() -> None:
    forecast = Forecast(Decimal("180"), date(2026, 9, 15), date(2026, 6, 18))
    figures = [(date(2026, 6, 30), Decimal(110)), (date(2026, 9, 30), Decimal(134)), (date(2026, 12, 31), Decimal(200))]
    assert came_true(figures[:1], forecast) is None
    came = came_true(figures, forecast)
    words = forecast_words(forecast, came, "seats", TODAY)
    assert words == "Jun 2026 forecast 180 by Sep 15 · came true 134 (Sep 30)"
    hidden = forecast_words(forecast, CameTrue(date(2026, 9, 15), None), "seats", TODAY)
    assert hidden == "Jun 2026 forecast 180 by Sep 15 · came true withheld"
    # A forecast for a day that had passed says nothing about a figure that was there by then.
    late = replace(forecast, made_on=date(2026, 10, 1))
    assert came_true(figures[:2], late) is None
