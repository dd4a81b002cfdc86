"""Where somebody expects a metric to be on a day, and what came true of it. Pure; who forecasts is not here."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from bot.domain.metrics.lines import Forecast
from bot.domain.metrics.status import current_readings, is_withheld
from bot.domain.record import Metric
from bot.domain.wording import day, entered, month


@dataclass(frozen=True, slots=True)
class CameTrue:
    """The first figure of the day that was forecast for, or of a later one. `value` is None where it is withheld."""

    period_end: date
    value: Decimal | None


def came_true(figures: Iterable[tuple[date, Decimal | None]], forecast: Forecast) -> CameTrue | None:
    """What the figures (by their period's end) say of a forecast; None while none reaches its day."""
    reached = [one for one in figures if one[0] >= forecast.on and one[0] > forecast.made_on]
    first = min(reached, key=lambda one: one[0], default=None)
    return CameTrue(*first) if first is not None else None


def shown_figures(metric: Metric, today: date) -> tuple[tuple[date, Decimal | None], ...]:
    """The figures of a metric by their period's end; None where one is withheld."""
    current = current_readings(metric, today)
    return tuple((one.period_end, None if is_withheld(metric, one) else one.value) for one in current)


def forecast_words(forecast: Forecast, came: CameTrue | None, unit: str, today: date) -> str:
    """A forecast and what came of it: "Nov 2026 forecast 1,180 by Mar 31, 2027 · came true 1,150"."""
    made = month(forecast.made_on)
    words = f"{made} forecast {entered(forecast.value, unit)} by {day(forecast.on, today)}"
    if came is None:
        return words
    of = f" ({day(came.period_end, today)})" if came.period_end != forecast.on else ""
    return f"{words} · came true {entered(came.value, unit) if came.value is not None else 'withheld'}{of}"
