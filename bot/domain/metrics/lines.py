"""A metric as screens and digests show it: frozen values with names beside ids. No rules here."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction

from bot.domain.record import DatedValue
from bot.domain.vocabularies import MetricStatus


@dataclass(frozen=True, slots=True, kw_only=True)
class Restated:
    """A figure that replaced an earlier one for the same period. Values are None where they are withheld."""

    period_end: date
    old: Decimal | None
    new: Decimal | None
    restated_on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """A reading as shown. `value` is None where it is withheld; the period is not."""

    value: Decimal | None
    period_end: date
    quality: str  # provisional | final
    period_start: date | None = None
    reported_on: date | None = None
    note: str | None = None
    count: int = 1  # how often this period was recorded, superseded readings included


@dataclass(frozen=True, slots=True)
class Forecast:
    """Where a metric is expected to be on a day, in its unit, by whoever said so on `made_on`."""

    value: Decimal
    on: date
    made_on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class MetricLine:
    """A metric as shown. `expected` is the value expected at the latest reading's period end."""

    id: str
    name: str
    unit: str
    direction: str
    aggregation: str
    level: str
    horizon: str
    headline: bool
    status: MetricStatus
    baseline: DatedValue | None
    target: DatedValue | None
    latest: Figure | None
    expected: Fraction | None
    progress: Fraction | None
    withheld: bool
    first_due: date | None  # when the first figure is or was due, where there is none and a baseline is known
    steward: str
    steward_name: str
    restated: tuple[Restated, ...]  # those of the last seven days, oldest first
    figures: tuple[Figure, ...]  # the newest of every period, oldest period first
    milestones: tuple[DatedValue, ...] = ()
    frequency: str | None = None
    forecast: Forecast | None = None  # the newest one that a stocktake of its priority gave
