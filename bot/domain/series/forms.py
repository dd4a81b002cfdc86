"""What the form of a series says, and what a change of it is in words. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, TypedDict

from bot.domain.record import Metric, Series
from bot.domain.series.addresses import MOST_ADDRESS, MOST_COLUMN, check_series, provider_name
from bot.domain.typed import Answers, fields_of, only
from bot.domain.vocabularies import Provider, SeriesLooks, words
from bot.domain.wording import cut

NO_PROVIDER = "none"
PROVIDERS = words(Provider)
_LOOKS = {
    SeriesLooks.WEEKLY: "every week",
    SeriesLooks.WHEN_DUE: "daily once a figure is due",
    SeriesLooks.DAILY: "every day",
    SeriesLooks.MONTHLY: "every month",
}
# What the form asks, in order.
SERIES_LABELS = {
    "provider": "Series from",
    "address": "Series",
    "period_column": "Column of its periods",
    "value_column": "Column of its values",
    "looks": "Looked at",
    "record_by_itself": "Recorded by itself",
}


class SeriesPlan(TypedDict, total=False):
    """What a form says of a series. Without a `provider` there is none."""

    provider: str | None
    address: str | None
    period_column: str | None
    value_column: str | None
    looks: str
    record_by_itself: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class SeriesForm:
    """The form of a metric's series, filled with the one that there is. `fetches`: this program looks at them."""

    metric: Metric
    plan: SeriesPlan
    steward_name: str
    fetches: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class SeriesSaved:
    """What became of the form: the metric with its series, and a sentence for each thing that changed."""

    metric: Metric
    lines: tuple[str, ...]
    fetches: bool  # as in the form


_NONE: SeriesPlan = {
    "provider": None,
    "address": None,
    "period_column": None,
    "value_column": None,
    "looks": SeriesLooks.WEEKLY.value,
    "record_by_itself": False,
}


def series_plan(metric: Metric) -> SeriesPlan:
    """A metric's series by the names of the form."""
    series = metric.series
    return _NONE if series is None else fields_of(SeriesPlan, series)


def read_series(answers: Mapping[str, str | None]) -> SeriesPlan:
    """What the form says. Raises Mistakes with a sentence for every field to mend."""
    reader = Answers(answers)
    provider = reader.choice("provider", (*PROVIDERS, NO_PROVIDER), "Choose who publishes it.")
    plan: SeriesPlan = {
        "provider": provider if provider in PROVIDERS else None,
        "address": reader.text("address", MOST_ADDRESS),
        "period_column": reader.text("period_column", MOST_COLUMN),
        "value_column": reader.text("value_column", MOST_COLUMN),
        "looks": reader.word("looks", SeriesLooks).value,
        "record_by_itself": answers.get("record_by_itself") == "yes",
    }
    if provider == NO_PROVIDER:
        plan = _NONE
    elif "provider" not in reader.errors:
        given = series_of(plan, None)
        found = [("address", "Write the series' id or address.")] if given is None else check_series(given)
        for name, sentence in found:
            reader.errors.setdefault(name, sentence)
    reader.require_none()
    return plan


def series_of(plan: SeriesPlan, before: Series | None) -> Series | None:
    """The series that a whole plan describes; None where it describes none."""
    provider, address = plan.get("provider"), plan.get("address")
    if provider is None or address is None:
        return None
    said: dict[str, Any] = {**only(SeriesPlan, plan), "provider": provider, "address": address}
    changed = replace(before or Series(provider=provider, address=address), **said)
    return before if changed == before else changed


def series_lines(before: SeriesPlan, after: SeriesPlan) -> tuple[str, ...]:
    """A sentence for each thing that a change makes different."""
    return tuple(
        f"{label}: {series_value_words(name, before)} → {series_value_words(name, after)}"
        for name, label in SERIES_LABELS.items()
        if before.get(name) != after.get(name)
    )


def series_value_words(name: str, plan: SeriesPlan) -> str:
    """A part of a whole plan in words. Plain."""
    value = plan.get(name)
    if value is None:
        return "none"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if name == "provider":
        return provider_name(str(value))
    return looks_words(str(value)) if name == "looks" else cut(str(value), 200)


def looks_words(looks: str) -> str:
    """How often a series is looked at. Plain."""
    return _LOOKS[SeriesLooks(looks)]
