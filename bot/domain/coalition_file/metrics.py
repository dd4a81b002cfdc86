"""Metrics and their readings in a coalition file; what a metric's numbers must satisfy is its own module's rule."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from bot.domain.coalition_file.known import Known
from bot.domain.coalition_file.plain import entry
from bot.domain.coalition_file.section import Section
from bot.domain.metrics import check_metric, check_reading
from bot.domain.record import DatedValue, Metric, Reading
from bot.domain.vocabularies import Aggregation, Direction, Frequency, Horizon, Level, Quality


def read_metric(section: Section, known: Known) -> Metric:
    """One metric with its readings, checked as on entry."""
    readings = section.entries("observations")
    milestones = [_dated(each) for each in section.entries("milestones")]
    metric = Metric(
        id=section.id(),
        name=section.need_text("name"),
        definition=section.text("definition"),
        unit=section.need_text("unit", 40),
        direction=section.need_choice("direction", Direction),
        aggregation=section.need_choice("aggregation", Aggregation),
        level=section.need_choice("level", Level),
        horizon=section.need_choice("horizon", Horizon),
        frequency=section.choice("frequency", Frequency),
        steward=section.need_ref("steward", known, "member"),
        source=section.text("source"),
        expected_lag_days=section.whole("expected_lag_days", 0, 1500),
        tolerance=section.number("tolerance", 0),
        confidential_below_n=section.whole("confidential_below_n", 1, 10_000),
        baseline=_read_dated(section.section("baseline")),
        target=_read_dated(section.section("target")),
        # With one of them wrong, the others cannot be judged by their place in the list.
        milestones=tuple(each for each in milestones if each is not None) if all(milestones) else (),
        readings=tuple(_read_reading(each) for each in readings),
        extra=section.extra(),
    )
    _check(section, metric, readings, known)
    return metric


def _check(section: Section, metric: Metric, readings: list[Section], known: Known) -> None:
    """Hold the metric against the rules of entry, where what they look at could be read."""
    rightly_read = [each.good("period_end", "value") and each.fine("recorded_on") for each in readings]
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


def _read_dated(section: Section | None) -> DatedValue | None:
    return _dated(section) if section is not None else None


def _dated(section: Section) -> DatedValue | None:
    value = DatedValue(value=section.need_number("value"), on=section.need_day("date"), extra=section.extra())
    return value if section.good("value", "date") else None


def _read_reading(section: Section) -> Reading:
    return Reading(
        period_start=section.day("period_start"),
        period_end=section.need_day("period_end"),
        value=section.need_number("value"),
        quality=section.choice("status", Quality) or Quality.FINAL.value,
        recorded_on=section.day("recorded_on"),
        reporters=section.whole("reporters", 0, 1_000_000),
        note=section.text("note"),
        breakdown=_read_breakdown(section),
        extra=section.extra(),
    )


def _read_breakdown(reading: Section) -> tuple[Mapping[str, Any], ...]:
    """The cells of a reading: named as the coalition likes, with a number as `value` and a count as `reporters`."""
    cells = []
    for section in reading.entries("breakdown"):
        numbers = {"value": section.number("value"), "reporters": section.whole("reporters", 0, 1_000_000)}
        names = section.extra()
        both = {**numbers, **names}
        cells.append({key: both[key] for key in section.data if key in both})
    return tuple(cells)


def write_metric(metric: Metric) -> dict[str, Any]:
    fields = {
        "id": metric.id,
        "name": metric.name,
        "definition": metric.definition,
        "unit": metric.unit,
        "level": metric.level,
        "direction": metric.direction,
        "tolerance": metric.tolerance,
        "horizon": metric.horizon,
        "aggregation": metric.aggregation,
        "frequency": metric.frequency,
        "expected_lag_days": metric.expected_lag_days,
        "steward": metric.steward,
        "source": metric.source,
        "confidential_below_n": metric.confidential_below_n,
        "baseline": _write_dated(metric.baseline),
        "target": _write_dated(metric.target),
        "milestones": [_write_dated(each) for each in metric.milestones],
    }
    readings = [
        entry(
            {
                "period_start": reading.period_start,
                "period_end": reading.period_end,
                "value": reading.value,
                "status": reading.quality,
                "recorded_on": reading.recorded_on,
                "reporters": reading.reporters,
                "note": reading.note,
                "breakdown": reading.breakdown,
            },
            reading.extra,
        )
        for reading in metric.readings
    ]
    # The readings stand last because they are what grows; none is written as an empty list, to be filled in.
    return {**entry(fields, metric.extra), "observations": readings}


def _write_dated(value: DatedValue | None) -> dict[str, Any] | None:
    return entry({"value": value.value, "date": value.on}, value.extra) if value is not None else None
