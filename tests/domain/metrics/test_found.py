"""What a series has and the figures haven't."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from bot.domain.metrics import found_in, looked_at_since
from bot.domain.record import Metric, Series
from bot.domain.series import Observation, SeriesTrouble
from tests.builders import metric, reading

TODAY = date(2026, 11, 20)
SERIES = Series(provider="fred", address="UNRATE")


def rate(*readings: Any, **fields: Any) -> Metric:
    return metric("rate", *readings, **{"series": SERIES, "frequency": "monthly", **fields})


def seen(on: str, value: str = "50", **fields: Any) -> Observation:
    usual: dict[str, Any] = {"every": "monthly", "vintage": date(2026, 11, 7)}
    return Observation(period_end=date.fromisoformat(on), value=Decimal(value), **(usual | fields))


def told(one: Metric, *observations: Observation) -> list[str]:
    return [str(found.observation.period_end) for found in found_in(one, observations, TODAY, TODAY)]


def test_later_periods_are_new_and_known_ones_are_not() -> None:
    one = rate(reading("2026-09-30", 50))
    assert told(one, seen("2026-08-31"), seen("2026-09-30"), seen("2026-10-31")) == ["2026-10-31"]
    assert told(one, seen("2026-11-30")) == [], "what lies ahead isn't a figure yet"


def test_a_changed_value_is_a_restatement() -> None:
    one = rate(reading("2026-08-31", 48), reading("2026-09-30", 50))
    [found] = found_in(one, [seen("2026-08-31", "47"), seen("2026-09-30")], TODAY, TODAY)
    assert found.proposal is not None
    assert found.proposal.is_restatement
    assert not found.may_go_by_itself
    assert found.proposal.reading.note == "From FRED UNRATE, published Nov 7, 2026."


def test_what_is_final_by_now_is_new_only_where_the_series_says_so() -> None:
    one = rate(reading("2026-09-30", 50, quality="provisional"))
    assert told(one, seen("2026-09-30", quality="final", is_sure=True)) == ["2026-09-30"]
    assert told(one, seen("2026-09-30", quality="final")) == []
    assert told(rate(reading("2026-09-30", 50)), seen("2026-09-30", quality="provisional", is_sure=True)) == []


def test_without_a_figure_the_periods_after_the_baseline_are_new_at_most_three() -> None:
    months = [seen(f"2026-{month:02}-{day}") for month, day in ((1, 31), (7, 31), (8, 31), (9, 30), (10, 31))]
    assert told(rate(), *months) == ["2026-08-31", "2026-09-30", "2026-10-31"]
    assert told(rate(baseline=None, target=None), *months) == ["2026-10-31"]


def test_what_cannot_be_recorded_has_no_proposal() -> None:
    one = rate(reading("2026-09-30", 50, reporters=9), confidential_below_n=5)
    [found] = found_in(one, [seen("2026-10-31")], TODAY, TODAY)
    assert found.proposal is None
    assert not found.may_go_by_itself


def test_what_is_unusual_never_goes_by_itself() -> None:
    one = rate(reading("2026-08-31", 48), reading("2026-09-30", 50))
    assert [found.may_go_by_itself for found in found_in(one, [seen("2026-10-31", "51")], TODAY, TODAY)] == [True]
    assert [found.may_go_by_itself for found in found_in(one, [seen("2026-10-31", "5000")], TODAY, TODAY)] == [False]


def test_a_series_that_comes_oftener_is_read_at_the_figures_own_periods() -> None:
    one = rate(reading("2026-06-30", 40), frequency="quarterly")
    months = [seen(f"2026-{month:02}-{day}") for month, day in ((7, 31), (8, 31), (9, 30), (10, 31))]
    assert told(one, *months) == ["2026-09-30"]
    days = [seen("2026-09-29", every="daily"), seen("2026-09-30", every="daily")]
    assert told(one, *days) == ["2026-09-30"]


def test_totals_of_shorter_periods_are_no_totals_of_longer_ones() -> None:
    one = rate(reading("2026-06-30", 40), frequency="quarterly", aggregation="period_total")
    with pytest.raises(SeriesTrouble, match="Choose a series of whole quarters"):
        told(one, seen("2026-09-30"))


def test_a_series_that_comes_less_often_is_another() -> None:
    with pytest.raises(SeriesTrouble, match="a value each quarter, and this figure is wanted each month"):
        told(rate(reading("2026-09-30", 50)), seen("2026-09-30", every="quarterly"))


def test_nothing_is_looked_for_before_the_baseline() -> None:
    assert looked_at_since(rate(), TODAY) == date(2026, 1, 1)
    assert looked_at_since(rate(baseline=None, target=None), TODAY) == date(2023, 1, 1)
    assert told(rate(), seen("2025-12-31"), seen("2026-01-01", every="monthly")) == []
