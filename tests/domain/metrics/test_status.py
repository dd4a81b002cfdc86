"""A metric's status follows its eight rules exactly, and only figures that were known on the day count."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from bot.domain.metrics import (
    MetricStanding,
    Restatement,
    check_metric,
    check_reading,
    current_readings,
    is_withheld,
    known_readings,
    next_period_end,
    restatements,
    standing,
)
from bot.domain.metrics.status import expected_value, newest_reading
from bot.domain.record import DatedValue, Metric, Reading
from tests.examples import examples
from tests.tables import on_each


def dated(text: str) -> DatedValue:
    """A value and its day, written like "50 2026-06-30"."""
    value, on = text.split()
    return DatedValue(value=Decimal(value), on=date.fromisoformat(on))


def reading(text: str, **fields: Any) -> Reading:
    """Written like "50 2026-06-30", or "50 2026-06-30 2026-07-14" with the day on which it was recorded."""
    value, period_end, *recorded_on = text.split()
    return Reading(
        value=Decimal(value),
        period_end=date.fromisoformat(period_end),
        recorded_on=date.fromisoformat(recorded_on[0]) if recorded_on else None,
        **fields,
    )


def metric(*readings: str | Reading, **fields: Any) -> Metric:
    """From 0 at the end of 2025 to 100 at the end of 2026, quarterly, unless told otherwise."""
    usual: dict[str, Any] = {
        "id": "it",
        "name": "It",
        "unit": "people",
        "direction": "increase",
        "aggregation": "point_in_time",
        "level": "core",
        "horizon": "short",
        "steward": "priya",
        "frequency": "quarterly",
        "baseline": "0 2025-12-31",
        "target": "100 2026-12-31",
    }
    given_ = {**usual, **fields}
    for name in ("baseline", "target"):
        if isinstance(given_[name], str):
            given_[name] = dated(given_[name])
    given_["milestones"] = tuple(dated(each) for each in given_.get("milestones", ()))
    lines = tuple(each if isinstance(each, Reading) else reading(each) for each in readings)
    return Metric(readings=lines, **given_)


HALF = {"milestones": ("50 2026-06-30",)}  # expected progress is exactly 0.5 at the end of June
FIFTH = {"milestones": ("20 2026-06-30",)}  # exactly 0.2
DOWN = {"direction": "decrease", "baseline": "200 2025-12-31", "target": "100 2026-12-31"}
KEEP = {"direction": "maintain", "tolerance": Decimal("3"), "baseline": "88 2025-12-31", "target": "88 2026-12-31"}
JULY = "2026-07-15"

CASES: list[tuple[str, Metric, str, str]] = [
    # Rule 1: something is missing.
    ("no readings", metric(), JULY, "no_data"),
    ("no baseline", metric("60 2026-06-30", baseline=None), JULY, "no_data"),
    ("no target", metric("60 2026-06-30", target=None), JULY, "no_data"),
    ("neither baseline nor target", metric("60 2026-06-30", baseline=None, target=None), JULY, "no_data"),
    ("reading on the baseline's day", metric("60 2025-12-31"), JULY, "no_data"),
    ("reading a day after the baseline's", metric("60 2026-01-01"), "2026-01-15", "on_track"),
    ("reading before the baseline", metric("60 2025-09-30"), "2026-01-15", "no_data"),
    ("period not over yet", metric("60 2026-06-30"), "2026-06-29", "no_data"),
    ("period over today", metric("60 2026-06-30"), "2026-06-30", "on_track"),
    ("recorded tomorrow", metric("60 2026-06-30 2026-07-16"), JULY, "no_data"),
    ("recorded today", metric("60 2026-06-30 2026-07-15"), JULY, "on_track"),
    ("maintain without baseline", metric("88 2026-06-30", **{**KEEP, "baseline": None}), JULY, "no_data"),
    ("maintain without reading", metric(**KEEP), JULY, "no_data"),
    ("no reading is never stale", metric(), "2030-01-01", "no_data"),
    # Rule 2: how old the newest figure may be. Next period's end, 30 days on, is the last good day.
    ("quarterly, last good day", metric("60 2026-06-30", **HALF), "2026-10-30", "on_track"),
    ("quarterly, stale", metric("60 2026-06-30", **HALF), "2026-10-31", "stale"),
    ("no frequency is quarterly, last good day", metric("60 2026-06-30", frequency=None), "2026-10-30", "on_track"),
    ("no frequency is quarterly, stale", metric("60 2026-06-30", frequency=None), "2026-10-31", "stale"),
    ("weekly, last good day", metric("60 2026-06-30", frequency="weekly"), "2026-08-06", "on_track"),
    ("weekly, stale", metric("60 2026-06-30", frequency="weekly"), "2026-08-07", "stale"),
    ("monthly, month-end to month-end", metric("60 2026-06-30", frequency="monthly"), "2026-08-30", "on_track"),
    ("monthly, stale", metric("60 2026-06-30", frequency="monthly"), "2026-08-31", "stale"),
    ("monthly from the last of February", metric("60 2026-02-28", frequency="monthly"), "2026-04-30", "on_track"),
    ("monthly from the last of February, stale", metric("60 2026-02-28", frequency="monthly"), "2026-05-01", "stale"),
    ("monthly into February", metric("60 2026-01-31", frequency="monthly"), "2026-03-30", "on_track"),
    ("monthly into February, stale", metric("60 2026-01-31", frequency="monthly"), "2026-03-31", "stale"),
    ("monthly in mid-month", metric("60 2026-06-15", frequency="monthly"), "2026-08-14", "on_track"),
    ("monthly in mid-month, stale", metric("60 2026-06-15", frequency="monthly"), "2026-08-15", "stale"),
    ("semiannual, last good day", metric("60 2026-03-31", frequency="semiannual"), "2026-10-30", "on_track"),
    ("semiannual, stale", metric("60 2026-03-31", frequency="semiannual"), "2026-10-31", "stale"),
    ("annual, last good day", metric("60 2026-03-31", frequency="annual"), "2027-04-30", "on_track"),
    ("annual, stale", metric("60 2026-03-31", frequency="annual"), "2027-05-01", "stale"),
    ("lag, last good day", metric("60 2026-06-30", expected_lag_days=90), "2027-01-28", "on_track"),
    ("lag, stale", metric("60 2026-06-30", expected_lag_days=90), "2027-01-29", "stale"),
    ("stale outranks off track", metric("1 2026-06-30"), "2026-10-31", "stale"),
    ("stale outranks met", metric("100 2026-06-30"), "2026-10-31", "stale"),
    ("but not met of a cumulative one", metric("100 2026-06-30", aggregation="cumulative"), "2026-10-31", "met"),
    ("cumulative, not met, stale", metric("99 2026-06-30", aggregation="cumulative"), "2026-10-31", "stale"),
    ("total, met, stale", metric("100 2026-06-30", aggregation="period_total"), "2026-10-31", "stale"),
    ("cumulative maintain, stale", metric("88 2026-06-30", **KEEP, aggregation="cumulative"), "2026-10-31", "stale"),
    ("reading on the target date is never stale", metric("95 2026-12-31"), "2030-01-01", "at_risk"),
    ("reading a day before the target date is", metric("95 2026-12-30"), "2030-01-01", "stale"),
    ("met on the target date, years later", metric("100 2026-12-31"), "2030-01-01", "met"),
    ("maintain on the target date, years later", metric("88 2026-12-31", **KEEP), "2030-01-01", "on_track"),
    ("the newest figure counts, not the last line", metric("60 2026-06-30", "1 2026-03-31"), JULY, "on_track"),
    ("an unknown newer figure leaves it stale", metric("60 2026-06-30", "90 2026-09-30 2026-11-05"),
     "2026-11-04", "stale"),
    ("a known newer figure does not", metric("60 2026-06-30", "90 2026-09-30 2026-11-05"), "2026-11-05", "on_track"),
    # Rule 3: at or past the target.
    ("at the target", metric("100 2026-06-30"), JULY, "met"),
    ("past the target", metric("130 2026-06-30"), JULY, "met"),
    ("a hair below the target", metric("99.9999999999999999999999 2026-06-30"), JULY, "on_track"),
    ("decrease, at the target", metric("100 2026-06-30", **DOWN), JULY, "met"),
    ("decrease, past the target", metric("70 2026-06-30", **DOWN), JULY, "met"),
    ("decrease, a hair above", metric("100.0000000000000000000001 2026-06-30", **DOWN), JULY, "on_track"),
    ("met again lost", metric("100 2026-03-31", "10 2026-06-30"), JULY, "off_track"),
    # Rule 5: on or after the target date, not met.
    ("target date, p just 0.9", metric("90 2026-12-31"), "2027-01-15", "at_risk"),
    ("target date, p below 0.9", metric("89.999 2026-12-31"), "2027-01-15", "off_track"),
    ("after the target date, p just 0.9", metric("90 2027-03-31"), "2027-04-15", "at_risk"),
    ("after the target date, p below 0.9", metric("89.999 2027-03-31"), "2027-04-15", "off_track"),
    ("a day before the target date, p 0.97", metric("97 2026-12-30"), "2027-01-15", "on_track"),
    ("target date, p 0.99 is no better", metric("99 2026-12-31"), "2027-01-15", "at_risk"),
    # Rule 6: nothing or less is expected yet.
    ("e is 0, p is 0", metric("0 2026-06-30", milestones=("0 2026-06-30",)), JULY, "on_track"),
    ("e is 0, p below", metric("-0.001 2026-06-30", milestones=("0 2026-06-30",)), JULY, "at_risk"),
    ("e is 0, p far below", metric("-900 2026-06-30", milestones=("0 2026-06-30",)), JULY, "at_risk"),
    ("e below 0, p equal", metric("-10 2026-06-30", milestones=("-10 2026-06-30",)), JULY, "on_track"),
    ("e below 0, p lower", metric("-10.1 2026-06-30", milestones=("-10 2026-06-30",)), JULY, "at_risk"),
    ("e below 0, p above", metric("-5 2026-06-30", milestones=("-10 2026-06-30",)), JULY, "on_track"),
    ("decrease, a milestone above the baseline", metric("220 2026-06-30", **DOWN, milestones=("210 2026-06-30",)),
     JULY, "at_risk"),
    # Rule 7 where a tenth and three tenths decide (e = 0.5).
    ("p just 0.9e", metric("45 2026-06-30", **HALF), JULY, "on_track"),
    ("p below 0.9e", metric("44.999 2026-06-30", **HALF), JULY, "at_risk"),
    ("p just 0.7e", metric("35 2026-06-30", **HALF), JULY, "at_risk"),
    ("p below 0.7e", metric("34.999 2026-06-30", **HALF), JULY, "off_track"),
    ("decrease, p just 0.9e", metric("155 2026-06-30", **DOWN, milestones=("150 2026-06-30",)), JULY, "on_track"),
    ("decrease, p below 0.9e", metric("155.001 2026-06-30", **DOWN, milestones=("150 2026-06-30",)), JULY, "at_risk"),
    ("decrease, p just 0.7e", metric("165 2026-06-30", **DOWN, milestones=("150 2026-06-30",)), JULY, "at_risk"),
    ("decrease, p below 0.7e", metric("165.001 2026-06-30", **DOWN, milestones=("150 2026-06-30",)), JULY, "off_track"),
    # Rule 7 where three and ten hundredths decide (e = 0.2).
    ("e - p just 0.03", metric("17 2026-06-30", **FIFTH), JULY, "on_track"),
    ("e - p above 0.03", metric("16.999 2026-06-30", **FIFTH), JULY, "at_risk"),
    ("e - p just 0.10", metric("10 2026-06-30", **FIFTH), JULY, "at_risk"),
    ("e - p above 0.10", metric("9.999 2026-06-30", **FIFTH), JULY, "off_track"),
    ("e just 0.10, p is 0", metric("0 2026-06-30", milestones=("10 2026-06-30",)), JULY, "at_risk"),
    ("e just 0.03, p is 0", metric("0 2026-06-30", milestones=("3 2026-06-30",)), JULY, "on_track"),
    ("e small, p negative", metric("-8 2026-06-30", milestones=("3 2026-06-30",)), JULY, "off_track"),
    # Rule 4: the line runs by days, here 365 of them, and is read at the period's end.
    ("day 73 of 365 expects a fifth, just 0.03 behind", metric("17 2026-03-14"), "2026-03-20", "on_track"),
    ("day 73 of 365 expects a fifth, more behind", metric("16.99 2026-03-14"), "2026-03-20", "at_risk"),
    ("what is expected today plays no part", metric("17 2026-03-14"), "2026-07-15", "stale"),
    ("what is expected today plays no part, while fresh", metric("17 2026-03-14"), "2026-07-14", "on_track"),
    ("a milestone above the line", metric("70 2026-03-31", milestones=("80 2026-04-01",)), "2026-04-15", "at_risk"),
    ("a milestone past the target", metric("99 2026-06-30", milestones=("200 2026-06-30",)), JULY, "off_track"),
    ("the line after a milestone starts from it", metric("56.25 2026-09-30", milestones=("25 2026-06-30",)),
     "2026-10-15", "on_track"),
    ("the line after a milestone, behind", metric("56.24 2026-09-30", milestones=("25 2026-06-30",)),
     "2026-10-15", "at_risk"),
    ("milestones in any order", metric("45 2026-06-30", milestones=("90 2026-09-30", "50 2026-06-30")),
     JULY, "on_track"),
    ("a baseline other than zero", metric("145 2026-06-30", baseline="100 2025-12-31", target="200 2026-12-31",
     milestones=("150 2026-06-30",)), JULY, "on_track"),
    ("a baseline other than zero, behind", metric("144.9 2026-06-30", baseline="100 2025-12-31",
     target="200 2026-12-31", milestones=("150 2026-06-30",)), JULY, "at_risk"),
    ("thirds are exact", metric("0.9 2026-02-01", baseline="0 2026-01-01", target="3 2026-04-04",
     frequency="monthly"), "2026-02-10", "on_track"),
    # Restatements: the newest known figure of the period decides.
    ("restated up", metric("30 2026-06-30 2026-07-01", "60 2026-06-30 2026-07-15", **HALF), JULY, "on_track"),
    ("not yet restated", metric("30 2026-06-30 2026-07-01", "60 2026-06-30 2026-07-15", **HALF),
     "2026-07-14", "off_track"),
    ("restated, lines the other way round",
     metric("60 2026-06-30 2026-07-15", "30 2026-06-30 2026-07-01", **HALF), JULY, "on_track"),
    ("restated on the same day, the later line", metric("30 2026-06-30", "60 2026-06-30", **HALF), JULY, "on_track"),
    ("restated, the first without a day",
     metric("30 2026-06-30", "60 2026-06-30 2026-07-10", **HALF), JULY, "on_track"),
    ("an old period restated changes nothing",
     metric("60 2026-06-30", "1 2026-03-31 2026-07-14", **HALF), JULY, "on_track"),
    # Rule 8: maintain.
    ("maintain, at the target", metric("88 2026-06-30", **KEEP), JULY, "on_track"),
    ("maintain, tolerance below", metric("85 2026-06-30", **KEEP), JULY, "on_track"),
    ("maintain, more below", metric("84.99 2026-06-30", **KEEP), JULY, "at_risk"),
    ("maintain, tolerance above", metric("91 2026-06-30", **KEEP), JULY, "on_track"),
    ("maintain, more above", metric("91.01 2026-06-30", **KEEP), JULY, "at_risk"),
    ("maintain, twice below", metric("82 2026-06-30", **KEEP), JULY, "at_risk"),
    ("maintain, more than twice below", metric("81.99 2026-06-30", **KEEP), JULY, "off_track"),
    ("maintain, twice above", metric("94 2026-06-30", **KEEP), JULY, "at_risk"),
    ("maintain, more than twice above", metric("94.01 2026-06-30", **KEEP), JULY, "off_track"),
    ("maintain, no room", metric("88 2026-06-30", **{**KEEP, "tolerance": Decimal(0)}), JULY, "on_track"),
    ("maintain, no room and off", metric("88.1 2026-06-30", **{**KEEP, "tolerance": Decimal(0)}), JULY, "off_track"),
    ("maintain looks at the target, not the baseline",
     metric("80 2026-06-30", **{**KEEP, "baseline": "80 2025-12-31"}), JULY, "off_track"),
    ("maintain, stale", metric("88 2026-06-30", **KEEP), "2026-10-31", "stale"),
    ("maintain, last good day", metric("88 2026-06-30", **KEEP), "2026-10-30", "on_track"),
    ("maintain, after the target date", metric("60 2027-03-31", **KEEP), "2027-04-15", "off_track"),
]  # fmt: skip


@on_each(("it", "today", "status"), [pytest.param(*case[1:], id=case[0]) for case in CASES])
def test_status(it: Metric, today: str, status: str) -> None:
    assert standing(it, date.fromisoformat(today)).status == status


def sample(
    name: str,
    direction: str,
    frequency: str,
    baseline: str,
    target: str,
    readings: tuple[str, ...],
    milestones: tuple[str, ...] = (),
    **fields: Any,
) -> tuple[str, Metric]:
    plan = {"direction": direction, "frequency": frequency, "baseline": baseline, "target": target}
    return name, metric(*readings, **plan, milestones=milestones, id=name, **fields)


# fmt: off
SAMPLE = dict([
    sample("ns-good-jobs", "increase", "annual", "58000 2024-12-31", "70000 2032-12-31", ("58900 2025-12-31",),
           ("58800 2025-12-31", "60500 2027-12-31"), expected_lag_days=180),
    sample("tp-enrol", "increase", "quarterly", "85 2025-06-30", "240 2026-12-31",
           ("118 2025-12-31", "151 2026-03-31", "187 2026-06-30", "196 2026-09-30"),
           ("120 2025-12-31", "190 2026-06-30", "215 2026-09-30"), aggregation="period_total"),
    sample("tp-placed", "increase", "semiannual", "41.0 2025-06-30", "65.0 2027-12-31", ("44.0 2025-12-31",),
           expected_lag_days=90, aggregation="period_total"),
    sample("tp-credential", "increase", "annual", "38.2 2024-12-31", "46.0 2030-12-31", ("38.9 2025-12-31",),
           ("38.7 2025-12-31", "40.5 2027-12-31"), expected_lag_days=270),
    sample("sg-firms", "increase", "quarterly", "12 2025-06-30", "90 2026-12-31",
           ("29 2025-12-31", "41 2026-03-31", "55 2026-06-30", "66 2026-09-30"), aggregation="cumulative"),
    sample("sg-investment", "increase", "semiannual", "0 2025-06-30", "24000000 2028-06-30", ("3100000 2026-06-30",),
           ("3000000 2026-06-30", "10000000 2027-06-30"), aggregation="cumulative"),
    sample("sg-jobs", "increase", "annual", "21400 2024-12-31", "24000 2030-12-31", ("21750 2025-12-31",),
           ("21740 2025-12-31",), expected_lag_days=180),
    sample("fa-seats", "increase", "quarterly", "60 2025-06-30", "220 2026-12-31",
           ("72 2025-12-31", "88 2026-03-31", "104 2026-06-30 2026-07-14", "110 2026-06-30 2026-11-18",
            "134 2026-09-30")),
    sample("fa-wait", "decrease", "quarterly", "142 2025-06-30", "75 2027-12-31",
           ("139 2025-12-31", "121 2026-06-30", "118 2026-09-30")),
    sample("fa-quality", "maintain", "quarterly", "88.0 2025-06-30", "88.0 2027-12-31",
           ("87.0 2026-06-30", "83.5 2026-09-30"), tolerance=Decimal("3.0")),
    sample("fa-commute", "decrease", "annual", "34.0 2024-12-31", "20.0 2029-12-31", ("32.5 2025-12-31",),
           ("33.0 2025-12-31", "28.0 2027-12-31"), expected_lag_days=90),
    sample("jq-pledge", "increase", "quarterly", "0 2025-09-30", "40 2026-12-31",
           ("6 2025-12-31", "11 2026-03-31", "17 2026-06-30", "22 2026-09-30"), aggregation="cumulative"),
    sample("jq-turnover", "decrease", "semiannual", "47.0 2025-12-31", "33.0 2028-12-31", ("45.1 2026-06-30",),
           expected_lag_days=60, aggregation="period_total"),
    sample("jq-wage", "increase", "annual", "52.3 2024-12-31", "60.0 2030-12-31", (), expected_lag_days=270),
])
# fmt: on
FIRST_DAY = date(2026, 11, 23)


def test_the_sample_stands_as_its_notes_say() -> None:
    assert {name: standing(it, FIRST_DAY).status for name, it in SAMPLE.items()} == {
        "ns-good-jobs": "on_track",
        "tp-enrol": "at_risk",
        "tp-placed": "stale",
        "tp-credential": "on_track",
        "sg-firms": "at_risk",
        "sg-investment": "on_track",
        "sg-jobs": "on_track",
        "fa-seats": "off_track",
        "fa-wait": "at_risk",
        "fa-quality": "at_risk",
        "fa-commute": "on_track",
        "jq-pledge": "off_track",
        "jq-turnover": "on_track",
        "jq-wage": "no_data",
    }


def test_the_samples_only_restatement() -> None:
    assert {name for name, it in SAMPLE.items() if restatements(it, FIRST_DAY)} == {"fa-seats"}
    [found] = restatements(SAMPLE["fa-seats"], FIRST_DAY)
    assert found == Restatement(
        period_end=date(2026, 6, 30),
        before=Decimal(104),
        after=Decimal(110),
        recorded_on=date(2026, 11, 18),
        note=None,
    )
    assert restatements(SAMPLE["fa-seats"], date(2026, 11, 17)) == ()


def test_the_samples_first_figure_was_due() -> None:
    missing = standing(SAMPLE["jq-wage"], FIRST_DAY)
    assert missing.first_due == date(2026, 9, 27)
    assert (missing.latest, missing.value, missing.expected, missing.progress) == (None, None, None, None)


def test_nothing_in_the_sample_is_refused() -> None:
    for it in SAMPLE.values():
        assert check_metric(it) == []
        assert [problem for each in it.readings for problem in check_reading(it, each, FIRST_DAY)] == []


def test_a_standing_carries_exact_fractions() -> None:
    found = standing(metric("17 2026-03-14"), date(2026, 3, 20))
    assert found.latest is not None
    assert found.latest.value == found.value == 17
    assert found.expected == 20
    assert found.progress == Fraction(17, 100)
    assert isinstance(found.expected, Fraction)
    assert isinstance(found.progress, Fraction)
    assert found.next_period_end == date(2026, 6, 14)
    assert found.first_due is None
    assert not found.withheld


def test_stale_keeps_the_old_figures() -> None:
    found = standing(metric("60 2026-06-30", **HALF), date(2026, 10, 31))
    assert (found.status, found.value, found.progress) == ("stale", Decimal(60), Fraction(3, 5))
    assert found.expected == 50
    assert found.next_period_end == date(2026, 9, 30)


def test_maintain_expects_the_target_and_has_no_progress() -> None:
    found = standing(metric("83.5 2026-06-30", **KEEP), date(2026, 7, 15))
    assert (found.value, found.expected, found.progress) == (Decimal("83.5"), Fraction(88), None)
    stale = standing(metric("83.5 2026-06-30", **KEEP), date(2026, 12, 15))
    assert (stale.status, stale.expected, stale.progress) == ("stale", Fraction(88), None)


def test_progress_below_zero_and_above_one_is_not_cut() -> None:
    assert standing(metric("-20 2026-06-30"), date(2026, 7, 15)).progress == Fraction(-1, 5)
    assert standing(metric("130 2026-06-30"), date(2026, 7, 15)).progress == Fraction(13, 10)
    assert standing(metric("170 2026-06-30", **DOWN), date(2026, 7, 15)).progress == Fraction(3, 10)


@on_each(
    ("it", "first_due", "next_end"),
    [
        (metric(), "2026-03-31", "2026-03-31"),
        (metric(expected_lag_days=45), "2026-05-15", "2026-03-31"),
        (metric(frequency="annual", expected_lag_days=1), "2027-01-01", "2026-12-31"),
        (metric(target=None), "2026-03-31", "2026-03-31"),
        (metric(baseline=None), None, None),
        (metric("60 2026-06-30", baseline=None), None, "2026-09-30"),
        (metric("60 2026-06-30", target=None), None, "2026-09-30"),
        (metric("60 2026-06-30"), None, "2026-09-30"),
        (metric("60 2026-06-30 2026-08-01"), "2026-03-31", "2026-03-31"),
    ],
)
def test_when_figures_are_due(it: Metric, first_due: str | None, next_end: str | None) -> None:
    found = standing(it, date(2026, 7, 15))
    assert found.first_due == (date.fromisoformat(first_due) if first_due else None)
    assert found.next_period_end == (date.fromisoformat(next_end) if next_end else None)
    if found.status == "no_data":
        assert (found.latest, found.expected, found.progress, found.withheld) == (None, None, None, False)


@on_each(
    ("on", "value"),
    [
        ("2025-01-01", Fraction(0)),
        ("2025-12-31", Fraction(0)),
        ("2026-01-01", Fraction(50, 181)),
        ("2026-06-30", Fraction(50)),
        ("2026-07-01", Fraction(50) + Fraction(-20, 92)),
        ("2026-09-30", Fraction(30)),
        ("2026-12-30", Fraction(100) - Fraction(70, 92)),
        ("2026-12-31", Fraction(100)),
        ("2030-01-01", Fraction(100)),
    ],
)
def test_the_expected_path(on: str, value: Fraction) -> None:
    it = metric(milestones=("30 2026-09-30", "50 2026-06-30"))
    assert expected_value(it, date.fromisoformat(on)) == value


def test_milestones_outside_the_plan_bend_nothing() -> None:
    it = metric(milestones=("900 2025-06-30", "50 2026-06-30", "900 2027-06-30"))
    assert expected_value(it, date(2026, 9, 30)) == 75


def test_maintain_expects_the_target_from_the_first_day() -> None:
    it = metric("80 2026-06-30", **{**KEEP, "baseline": "80 2025-12-31"})
    assert expected_value(it, date(2026, 6, 30)) == 88


def test_an_expected_value_needs_both_ends() -> None:
    with pytest.raises(ValueError, match="baseline"):
        expected_value(metric(target=None), date(2026, 1, 1))


def test_a_metric_without_a_way_to_go_does_not_break_a_digest() -> None:
    found = standing(metric("5 2026-06-30", target="0 2026-12-31"), date(2026, 7, 15))
    assert found.status == "no_data"


@on_each(
    ("period_end", "frequency", "expected"),
    [
        ("2026-06-30", "weekly", "2026-07-07"),
        ("2026-12-31", "weekly", "2027-01-07"),
        ("2026-01-31", "monthly", "2026-02-28"),
        ("2028-01-31", "monthly", "2028-02-29"),
        ("2026-02-28", "monthly", "2026-03-31"),
        ("2028-02-28", "monthly", "2028-03-28"),
        ("2028-02-29", "monthly", "2028-03-31"),
        ("2026-04-30", "monthly", "2026-05-31"),
        ("2026-01-30", "monthly", "2026-02-28"),
        ("2026-12-15", "monthly", "2027-01-15"),
        ("2026-06-30", "quarterly", "2026-09-30"),
        ("2026-09-30", "quarterly", "2026-12-31"),
        ("2025-11-30", "quarterly", "2026-02-28"),
        ("2026-06-30", None, "2026-09-30"),
        ("2026-06-30", "semiannual", "2026-12-31"),
        ("2026-12-31", "semiannual", "2027-06-30"),
        ("2024-02-29", "annual", "2025-02-28"),
        ("2025-02-28", "annual", "2026-02-28"),
        ("2027-02-28", "annual", "2028-02-29"),
    ],
)
def test_next_period_end(period_end: str, frequency: str | None, expected: str) -> None:
    assert next_period_end(date.fromisoformat(period_end), frequency) == date.fromisoformat(expected)


def test_known_readings_are_those_of_the_day_by_period() -> None:
    it = metric("3 2026-06-30", "1 2025-12-31", "2 2026-03-31", "4 2026-06-30 2026-08-01", "5 2026-09-30")
    assert [each.value for each in known_readings(it, date(2026, 7, 15))] == [2, 3]
    assert [each.value for each in known_readings(it, date(2026, 8, 1))] == [2, 3, 4]
    assert [each.value for each in current_readings(it, date(2026, 8, 1))] == [2, 4]
    newest = newest_reading(it, date(2026, 9, 29))
    assert newest is not None
    assert newest.value == 4


def test_without_a_baseline_every_recorded_reading_is_known() -> None:
    it = metric("1 2020-12-31", "2 2026-03-31", baseline=None)
    assert [each.value for each in known_readings(it, date(2026, 7, 15))] == [1, 2]
    assert newest_reading(metric(), date(2026, 7, 15)) is None


def test_a_reading_counts_from_its_recording() -> None:
    assert reading("1 2026-06-30").counts_from == date(2026, 6, 30)
    assert reading("1 2026-06-30 2026-07-14").counts_from == date(2026, 7, 14)


def test_a_chain_of_restatements_names_each_step() -> None:
    it = metric(
        "1 2026-03-31",
        "30 2026-06-30 2026-07-01",
        reading("40 2026-06-30 2026-07-05", note="Two were left out."),
        "40 2026-06-30 2026-07-06",
        "35 2026-06-30 2026-07-09",
    )
    steps = [(each.before, each.after, each.recorded_on.day, each.note) for each in restatements(it, date(2026, 7, 9))]
    assert steps == [(Decimal(30), Decimal(40), 5, "Two were left out."), (Decimal(40), Decimal(35), 9, None)]
    assert [each.after for each in restatements(it, date(2026, 7, 8))] == [40]


def test_a_later_line_without_a_day_supersedes() -> None:
    it = metric("104 2026-06-30 2026-07-14", "110 2026-06-30")
    assert [each.value for each in current_readings(it, date(2026, 7, 15))] == [110]


def confidential(reporters: int | None, **fields: Any) -> Metric:
    return metric(reading("45 2026-06-30", reporters=reporters), **HALF, confidential_below_n=5, **fields)


@pytest.mark.parametrize(("reporters", "withheld"), [(5, False), (4, True), (0, True), (None, True), (50, False)])
def test_below_n_value_and_progress_are_withheld(reporters: int | None, withheld: bool) -> None:
    found = standing(confidential(reporters), date(2026, 7, 15))
    assert found.withheld is withheld
    assert found.value == (None if withheld else 45)
    assert found.progress == (None if withheld else Fraction(9, 20))
    assert (found.status, found.expected) == ("on_track", Fraction(50))
    assert found.latest is not None
    assert found.latest.period_end == date(2026, 6, 30)


def test_a_metric_that_is_not_confidential_withholds_nothing() -> None:
    it = metric(reading("45 2026-06-30", reporters=1))
    assert not is_withheld(it, it.readings[0])
    assert standing(it, date(2026, 7, 15)).value == 45


def test_a_restatement_withholds_each_side_by_itself() -> None:
    lines = (
        reading("45 2026-06-30 2026-07-01", reporters=4),
        reading("40 2026-06-30 2026-07-10", reporters=5),
        reading("30 2026-06-30 2026-07-12", reporters=3),
    )
    found = restatements(metric(*lines, confidential_below_n=5), date(2026, 7, 15))
    assert [(each.before, each.after) for each in found] == [(None, 40), (40, None)]


def paths(found: list[tuple[str, str]]) -> list[str]:
    assert all(sentence.endswith(".") and sentence[0].isupper() for _, sentence in found)
    return [path for path, _ in found]


@on_each(
    ("it", "expected"),
    [
        (metric(), []),
        (metric(baseline=None, target=None), []),
        (metric(target="0 2026-12-31"), ["target.value"]),
        (metric(target="0.000 2026-12-31"), ["target.value"]),
        (metric(target="-1 2026-12-31"), ["target.value"]),
        (metric(target="0.001 2026-12-31"), []),
        (metric(**DOWN), []),
        (metric(**{**DOWN, "target": "200 2026-12-31"}), ["target.value"]),
        (metric(**{**DOWN, "target": "201 2026-12-31"}), ["target.value"]),
        (metric(target="100 2025-12-31"), ["target.date"]),
        (metric(target="100 2025-12-30"), ["target.date"]),
        (metric(target="100 2026-01-01"), []),
        (metric(target="-1 2025-12-31"), ["target.value", "target.date"]),
        (metric(**KEEP), []),
        (metric(**{**KEEP, "target": "60 2026-12-31"}), []),
        (metric(**{**KEEP, "target": "88 2025-12-31"}), ["target.date"]),
        (metric(**{**KEEP, "tolerance": None}), ["tolerance"]),
        (metric(**{**KEEP, "tolerance": Decimal("-1")}), ["tolerance"]),
        (metric(**{**KEEP, "tolerance": Decimal(0)}), []),
        (metric(**{**KEEP, "tolerance": None, "baseline": None, "target": None}), ["tolerance"]),
        (metric(milestones=("900 2026-06-30",)), []),
        (metric(milestones=("10 2025-12-31",)), ["milestones[0].date"]),
        (metric(milestones=("10 2026-01-01", "90 2026-12-30")), []),
        (metric(milestones=("10 2026-03-31", "90 2026-12-31")), ["milestones[1].date"]),
        (metric(milestones=("10 2025-03-31", "90 2027-12-31")), ["milestones[0].date", "milestones[1].date"]),
        (metric(milestones=("10 2026-03-31", "10 2026-03-31")), ["milestones[0].date", "milestones[1].date"]),
        (metric(milestones=("10 2025-03-31",), baseline=None), []),
        (metric(milestones=("10 2027-03-31",), baseline=None), ["milestones[0].date"]),
        (metric(milestones=("10 2025-03-31",), target=None), ["milestones[0].date"]),
        (metric("1 2026-03-31 2026-05-01", "2 2026-03-31 2026-04-30"), ["observations[1].recorded_on"]),
        (metric("1 2026-03-31 2026-05-01", "2 2026-03-31 2026-05-01"), []),
        (metric("1 2026-03-31 2026-05-01", "2 2026-06-30 2026-07-30", "3 2026-03-31 2026-06-01"), []),
        (metric("1 2026-03-31 2026-05-01", "2 2026-03-31", "3 2026-03-31 2026-04-02"), ["observations[2].recorded_on"]),
    ],
)
def test_check_metric(it: Metric, expected: list[str]) -> None:
    assert paths(check_metric(it)) == expected


def total(frequency: str | None, *readings: str) -> Metric:
    return metric(*readings, aggregation="period_total", frequency=frequency)


def period(start: str, end: str) -> Reading:
    return reading(f"5 {end}", period_start=date.fromisoformat(start))


@on_each(
    ("it", "entry", "expected"),
    [
        pytest.param(metric(), reading("5 2026-07-15"), [], id="a period that ends today"),
        pytest.param(metric(), reading("5 2026-07-16"), ["period_end"], id="a period that ends tomorrow"),
        pytest.param(metric(), reading("5 2026-06-30 2026-06-30"), [], id="recorded on its last day"),
        pytest.param(metric(), reading("5 2026-06-30 2026-06-29"), ["recorded_on"], id="recorded before its last day"),
        pytest.param(metric(), period("2026-07-01", "2026-06-30"), ["period_start"], id="ends before it begins"),
        pytest.param(metric(), period("2026-06-30", "2026-06-30"), [], id="a point in time may be a day"),
        pytest.param(metric(confidential_below_n=5), reading("5 2026-06-30"), ["reporters"], id="without reporters"),
        pytest.param(metric(confidential_below_n=5), reading("5 2026-06-30", reporters=0), [], id="no reporters"),
        pytest.param(metric(confidential_below_n=5), reading("5 2026-07-30 2026-07-01"),
                     ["period_end", "recorded_on", "reporters"], id="all at once"),
        pytest.param(total("quarterly"), period("2026-04-01", "2026-06-30"), [], id="a quarter"),
        pytest.param(total(None), period("2026-04-01", "2026-06-30"), [], id="a quarter by default"),
        pytest.param(total("quarterly"), period("2026-04-02", "2026-06-30"), ["period_start"], id="a day short"),
        pytest.param(total("quarterly"), period("2026-06-01", "2026-06-30"), ["period_start"], id="a third of one"),
        pytest.param(total("quarterly"), period("2026-04-01", "2026-05-20"), ["period_start"], id="a quarter so far"),
        pytest.param(total("quarterly"), period("2025-12-01", "2026-02-28"), [], id="a quarter that ends in February"),
        pytest.param(total("quarterly"), period("2026-03-16", "2026-06-15"), [], id="a quarter from mid-month"),
        pytest.param(total("quarterly"), period("2026-03-17", "2026-06-15"), ["period_start"], id="a day less"),
        pytest.param(total("quarterly"), period("2026-01-01", "2026-06-30"), [], id="more than a quarter"),
        pytest.param(total("weekly"), period("2026-06-24", "2026-06-30"), [], id="a week"),
        pytest.param(total("weekly"), period("2026-06-25", "2026-06-30"), ["period_start"], id="six days"),
        pytest.param(total("monthly"), period("2026-02-01", "2026-02-28"), [], id="February"),
        pytest.param(total("monthly"), period("2026-06-01", "2026-06-28"), ["period_start"], id="28 days of June"),
        pytest.param(total("semiannual"), period("2026-01-01", "2026-06-30"), [], id="half a year"),
        pytest.param(total("semiannual"), period("2026-04-01", "2026-06-30"), ["period_start"], id="half of that"),
        pytest.param(total("annual"), period("2025-07-01", "2026-06-30"), [], id="a fiscal year"),
        pytest.param(total("annual"), period("2026-01-01", "2026-06-30"), ["period_start"], id="a year so far"),
        pytest.param(metric(aggregation="cumulative"), period("2026-06-01", "2026-06-30"), [],
                     id="a cumulative one has no whole period"),
        pytest.param(metric(), period("2026-06-01", "2026-06-30"), [], id="nor has a point in time"),
        pytest.param(total("quarterly"), reading("5 2026-05-20"), [], id="the first, of unknown start"),
        pytest.param(total("quarterly", "4 2026-03-31"), reading("5 2026-06-30"), [], id="the next quarter's end"),
        pytest.param(total("quarterly", "4 2026-03-31"), reading("5 2026-04-30"), ["period_end"], id="a month later"),
        pytest.param(total("quarterly", "4 2026-03-31"), reading("5 2026-06-27"), [], id="thirteen weeks later"),
        pytest.param(total("quarterly", "4 2026-03-31"), reading("5 2026-06-26"), ["period_end"], id="less than that"),
        pytest.param(total("quarterly", "4 2026-03-31"), reading("5 2026-03-31"), [], id="the same period again"),
        pytest.param(total("quarterly", "4 2025-12-31"), reading("5 2026-06-30"), [], id="a quarter left out"),
        pytest.param(total("quarterly", "4 2026-03-31", "5 2026-04-30"), reading("5 2026-04-30"), ["period_end"],
                     id="already among the readings"),
        pytest.param(total("weekly", "4 2026-06-23"), reading("5 2026-06-29"), ["period_end"], id="six days later"),
        pytest.param(total("weekly", "4 2026-06-23"), reading("5 2026-06-30"), [], id="seven days later"),
        pytest.param(total("quarterly", "4 2026-03-31"), period("2026-02-01", "2026-04-30"), [],
                     id="a rolling quarter says when it began"),
    ],
)  # fmt: skip
def test_check_reading(it: Metric, entry: Reading, expected: list[str]) -> None:
    assert paths(check_reading(it, entry, date(2026, 7, 15))) == expected


DAY = date(2024, 6, 30)
RANK = {"off_track": 0, "at_risk": 1, "on_track": 2, "met": 3}


@st.composite
def plans(draw: st.DrawFn, directions: tuple[str, ...] = ("increase", "decrease", "maintain")) -> tuple[Metric, date]:
    """A metric that `check_metric` accepts, in whole numbers, and a day on which it is asked."""
    direction = draw(st.sampled_from(directions))
    value = st.integers(-300, 300)
    start, goal = draw(value), draw(value)
    if direction != "maintain":
        assume(start != goal)
        low, high = sorted([start, goal])
        start, goal = (low, high) if direction == "increase" else (high, low)
    length = draw(st.integers(2, 900))
    days = draw(st.lists(st.integers(1, length - 1), unique=True, max_size=3))
    on = st.integers(-30, length + 200)
    lines = draw(st.lists(st.tuples(on, value, st.none() | st.integers(0, 90)), max_size=4))
    it = metric(
        *(
            Reading(
                period_end=(end := DAY + timedelta(days=day)),
                value=Decimal(figure),
                recorded_on=None if later is None else end + timedelta(days=later),
            )
            for day, figure, later in lines
        ),
        direction=direction,
        baseline=DatedValue(value=Decimal(start), on=DAY),
        target=DatedValue(value=Decimal(goal), on=DAY + timedelta(days=length)),
        tolerance=Decimal(draw(st.integers(0, 80))),
        aggregation=draw(st.sampled_from(["point_in_time", "period_total", "cumulative"])),
        frequency=draw(st.sampled_from([None, "weekly", "monthly", "quarterly", "semiannual", "annual"])),
        expected_lag_days=draw(st.none() | st.integers(0, 200)),
    )
    steps = tuple(DatedValue(value=Decimal(draw(value)), on=DAY + timedelta(days=day)) for day in days)
    return replace(it, milestones=steps), DAY + timedelta(days=draw(st.integers(0, length + 400)))


def mapped(it: Metric, change: Callable[[Decimal], Decimal], **fields: Any) -> Metric:
    """The metric with every figure changed."""

    def each(point: DatedValue | None) -> DatedValue | None:
        return None if point is None else replace(point, value=change(point.value))

    return replace(
        it,
        baseline=each(it.baseline),
        target=each(it.target),
        milestones=tuple(replace(point, value=change(point.value)) for point in it.milestones),
        readings=tuple(replace(line, value=change(line.value)) for line in it.readings),
        **fields,
    )


def told(found: MetricStanding) -> tuple[Any, ...]:
    """What stays the same in another unit."""
    latest = None if found.latest is None else (found.latest.period_end, found.latest.recorded_on)
    return found.status, latest, found.progress, found.next_period_end, found.first_due


@given(plans(), st.integers(1, 1000), st.integers(1, 1000))
@settings(max_examples=examples(20), deadline=None)
def test_another_unit_never_changes_a_status(plan: tuple[Metric, date], above: int, below: int) -> None:
    it, today = plan
    assert it.tolerance is not None
    # Both are whole multiples of the plan, so that their ratio may be any rational and every figure stays a decimal.
    one = mapped(it, lambda figure: figure * below, tolerance=it.tolerance * below)
    other = mapped(it, lambda figure: figure * above, tolerance=it.tolerance * above)
    assert told(standing(one, today)) == told(standing(other, today))
    first, second = standing(one, today).expected, standing(other, today).expected
    assert (first is None) == (second is None)
    assert first is None or second is None or first * above == second * below


@given(plans())
@settings(max_examples=examples(20), deadline=None)
def test_a_mirrored_direction_never_changes_a_status(plan: tuple[Metric, date]) -> None:
    it, today = plan
    other = {"increase": "decrease", "decrease": "increase", "maintain": "maintain"}[it.direction]
    mirrored = mapped(it, lambda figure: -figure, direction=other)
    assert told(standing(mirrored, today)) == told(standing(it, today))


@given(plans(), st.integers(-500, 500))
@settings(max_examples=examples(30), deadline=None)
def test_a_shifted_zero_never_changes_a_status(plan: tuple[Metric, date], shift: int) -> None:
    it, today = plan
    assert told(standing(mapped(it, lambda figure: figure + shift), today)) == told(standing(it, today))


@given(plans(("increase", "decrease")), st.integers(1, 300))
@settings(max_examples=examples(30), deadline=None)
def test_a_better_figure_never_makes_a_worse_status(plan: tuple[Metric, date], better: int) -> None:
    it, today = plan
    before = standing(it, today)
    assume(before.latest is not None and before.status in RANK)
    step = better if it.direction == "increase" else -better
    lines = tuple(replace(line, value=line.value + step) if line is before.latest else line for line in it.readings)
    after = standing(replace(it, readings=lines), today)
    assert RANK[after.status] >= RANK[before.status]


@given(plans(("increase", "decrease")))
@settings(max_examples=examples(30), deadline=None)
def test_a_figure_as_planned_is_on_track_or_met(plan: tuple[Metric, date]) -> None:
    it, _ = plan
    assert it.target is not None
    on = it.target.on - timedelta(days=1)
    planned = expected_value(it, on)
    # The plan's own value may have no decimal; a unit so small that it has one changes nothing.
    assume(on > DAY)
    whole = mapped(it, lambda figure: figure * planned.denominator)
    line = Reading(period_end=on, value=Decimal(planned.numerator))
    assert standing(replace(whole, readings=(line,)), on).status in ("on_track", "met")


@given(plans())
@settings(max_examples=examples(25), deadline=None)
def test_what_comes_later_never_changes_what_was_known(plan: tuple[Metric, date]) -> None:
    it, today = plan
    known_then = tuple(line for line in it.readings if line.counts_from <= today)
    assert told(standing(it, today)) == told(standing(replace(it, readings=known_then), today))
    assert restatements(it, today) == restatements(replace(it, readings=known_then), today)


@given(plans())
@settings(max_examples=examples(25), deadline=None)
def test_a_plan_that_is_accepted_always_has_a_standing(plan: tuple[Metric, date]) -> None:
    it, today = plan
    problems = [path for path, _ in check_metric(it) if not path.startswith("observations")]
    assert problems == []
    found = standing(it, today)
    assert (found.latest is None) == (found.status == "no_data")
