"""Metrics and their readings in a coalition file; what a metric's numbers must satisfy is its own module's rule."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from bot.domain.coalition_file.kinds import DAY, FLAG, ID, NAME, choice, many, number, one, ref, text, whole
from bot.domain.coalition_file.section import Section
from bot.domain.coalition_file.shape import EXTRA, Field, Kind, Merging, Shape, always
from bot.domain.metrics import check_metric, check_reading
from bot.domain.record import DatedValue, Metric, Reading, Series
from bot.domain.series import MOST_ADDRESS, MOST_COLUMN, check_series
from bot.domain.vocabularies import Aggregation, Direction, Frequency, Horizon, Level, Provider, Quality, SeriesLooks

_REPORTERS = whole(0, 1_000_000)


def _read_breakdown(reading: Section, key: str) -> tuple[Mapping[str, Any], ...]:
    """The cells of a reading: named as the coalition likes, with a number as `value` and a count as `reporters`."""
    cells = []
    for section in reading.entries(key):
        numbers = {"value": section.number("value"), "reporters": _REPORTERS.read(section, "reporters")}
        both = {**numbers, **section.extra()}
        cells.append({key: both[key] for key in section.data if key in both})
    return tuple(cells)


def _check(section: Section, metric: Metric) -> None:
    """Hold the metric against the rules of entry, where what they look at could be read."""
    known, readings = section.known, section.entries("observations")
    rightly_read = [each.good("period_end", "value") and each.fine("recorded_on") for each in readings]
    metric = replace(
        metric,
        baseline=metric.baseline if _is_good(section.section("baseline")) else None,
        target=metric.target if _is_good(section.section("target")) else None,
        # With one of them wrong, the others cannot be judged by their place in the list.
        milestones=metric.milestones if all(map(_is_good, section.entries("milestones"))) else (),
    )
    if section.good("direction"):
        judged = metric if all(rightly_read) else replace(metric, readings=())
        for path, sentence in check_metric(judged):
            if section.fine(path):
                section.problem(path, f": {sentence}")
    if known.is_export or not (section.good("aggregation") and section.fine("frequency")):
        return
    for each, reading, read in zip(readings, metric.readings, rightly_read, strict=True):
        if not read or not each.fine("period_start"):
            continue
        if reading.period_end > known.last_day:
            each.problem("period_end", f"is {reading.period_end}, after {known.beyond_last_day}")
        for path, sentence in check_reading(metric, reading, max(known.last_day, reading.period_end)):
            if each.fine(path):
                each.problem(path, f": {sentence}")


def _is_good(dated: Section | None) -> bool:
    return dated is not None and dated.good("value", "date")


DATED = Shape(DatedValue, "value", Field("value", number()), Field("on", DAY, "date"))

_READING = Shape(
    Reading,
    "reading",
    Field("period_start", DAY),
    Field("period_end", DAY),
    Field("value", number()),
    Field("quality", choice(Quality), "status"),
    Field("recorded_on", DAY),
    Field("reporters", _REPORTERS),
    Field("note", text()),
    Field("breakdown", Kind(_read_breakdown)),
)


def _check_series(section: Section, series: Series) -> None:
    """Hold a series against its provider's rules, where what they look at could be read."""
    if not section.good("provider", "address"):
        return
    for path, sentence in check_series(series):
        if section.fine(path):
            section.problem(path, f": {sentence}")


_SERIES = Shape(
    Series,
    "series",
    Field("provider", choice(Provider)),
    Field("address", text(MOST_ADDRESS, "Write its id, or the address of its file.")),
    Field("period_column", text(MOST_COLUMN)),
    Field("value_column", text(MOST_COLUMN)),
    Field("looks", choice(SeriesLooks), usual_unsaid=True),
    Field("record_by_itself", FLAG),
    checks=(_check_series,),
)

METRIC = Shape(
    Metric,
    "metric",
    Field("id", ID),
    Field("name", NAME),
    Field("definition", text()),
    Field("unit", text(40)),
    Field("level", choice(Level)),
    Field("direction", choice(Direction)),
    Field("tolerance", number(0)),
    Field("horizon", choice(Horizon)),
    Field("aggregation", choice(Aggregation)),
    Field("frequency", choice(Frequency)),
    Field("expected_lag_days", whole(0, 1500)),
    Field("steward", ref("member")),
    Field("source", text()),
    Field("series", one(_SERIES)),
    Field("confidential_below_n", whole(1, 10_000)),
    Field("baseline", one(DATED)),
    Field("target", one(DATED)),
    Field("milestones", many(DATED)),
    Field("public", FLAG),
    Field("ended", DAY),
    EXTRA,
    # The readings stand last because they are what grows; none is written as an empty list, to be filled in.
    Field("readings", many(_READING), "observations", always=always, merging=Merging.ADDED_TO),
    checks=(_check,),
)
