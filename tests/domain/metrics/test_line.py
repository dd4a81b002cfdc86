"""A figure in one line: what each input becomes, and that nothing typed does anything but say what to mend."""

from __future__ import annotations

import contextlib
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain.metrics import UnknownFigure, find_metric, read_figure
from bot.domain.metrics.line import FigureLine
from bot.domain.record import Metric
from bot.domain.typed import read_period_end, read_value
from bot.errors import UserError
from tests import builders
from tests.examples import examples
from tests.tables import on_each

TODAY = date(2026, 11, 23)
PLACED = builders.metric("tp-placed", name="Completers placed in a good job within 90 days", unit="percent")
SEATS = builders.metric("fa-seats", name="Extended-hours child care seats open", unit="seats")
QUALITY = builders.metric("fa-quality", name="Extended-hours seats in the top two quality levels", unit="percent")
INVESTMENT = builders.metric("sg-investment", name="Private investment committed by assisted firms", unit="usd")
JOBS = builders.metric("sg-jobs", name="Traded-sector jobs at or above the living wage", unit="jobs")
GOOD_JOBS = builders.metric("ns-good-jobs", name="Residents holding a good job", unit="people")
TURNOVER = builders.metric("jq-turnover", name="First-year turnover at pledge employers", unit="percent")
METRICS = (GOOD_JOBS, PLACED, SEATS, QUALITY, INVESTMENT, JOBS, TURNOVER)


def line(metric: Metric, value: str, on: str | None = None, **fields: object) -> FigureLine:
    period_end = date.fromisoformat(on) if on else None
    return FigureLine(metric, Decimal(value), period_end, **fields)  # type: ignore[arg-type]


READ = {
    "placed 48.5": line(PLACED, "48.5"),
    "placed 48.5 as of Jun 30": line(PLACED, "48.5", "2026-06-30"),
    "tp-placed 48.5 as of Jun 30": line(PLACED, "48.5", "2026-06-30"),
    "TP-PLACED 48.5% as of 30 Jun": line(PLACED, "48.5", "2026-06-30"),
    "placed: 48.5 percent": line(PLACED, "48.5"),
    "placed = 48.5": line(PLACED, "48.5"),
    "placed 48.5 as of Jun 30 provisional note Wage match is late": line(
        PLACED, "48.5", "2026-06-30", quality="provisional", note="Wage match is late"
    ),
    "placed 48.5 provisional as of Jun 30": line(PLACED, "48.5", "2026-06-30", quality="provisional"),
    "placed 48.5 final note: as of next week we know more, 90% sure": line(
        PLACED, "48.5", note="as of next week we know more, 90% sure"
    ),
    "Completers placed in a good job within 90 days 44.0 as of Dec 31": line(PLACED, "44.0", "2025-12-31"),
    "seats 134 seats as of 2026-09-30": line(SEATS, "134", "2026-09-30"),
    "seats 134 as of 9/30": line(SEATS, "134", "2026-09-30"),
    "seats 134 as of 9/30/26": line(SEATS, "134", "2026-09-30"),
    "seats 134 as of 30 September 2025": line(SEATS, "134", "2025-09-30"),
    "seats 134 as of September 30th, 2025": line(SEATS, "134", "2025-09-30"),
    "seats 134 as of Sep": line(SEATS, "134", "2026-09-30"),
    "seats 134 as of end of Sept": line(SEATS, "134", "2026-09-30"),
    "seats 134 as of Feb": line(SEATS, "134", "2026-02-28"),
    "seats 134 as of Feb 29": line(SEATS, "134", "2024-02-29"),
    "seats 134 as of Q3": line(SEATS, "134", "2026-09-30"),
    "seats 134 as of Q4 2025": line(SEATS, "134", "2025-12-31"),
    "seats 134 as of today": line(SEATS, "134", "2026-11-23"),
    "seats 134 as of yesterday preliminary": line(SEATS, "134", "2026-11-22", quality="provisional"),
    "child care 134": line(SEATS, "134"),
    "qual 83.5": line(QUALITY, "83.5"),
    "top two 83.5": line(QUALITY, "83.5"),
    "investment 3,100,000": line(INVESTMENT, "3100000"),
    "investment $3.1m": line(INVESTMENT, "3100000"),
    "invest $3.1 million as of Jun 30": line(INVESTMENT, "3100000", "2026-06-30"),
    "investment 950k": line(INVESTMENT, "950000"),
    "investment -0.5": line(INVESTMENT, "-0.5"),
    "jobs 21,750": line(JOBS, "21750"),
    "good-jobs 58,900": line(GOOD_JOBS, "58900"),
    "turnover 45.1 from 12 employers as of Jun 30": line(TURNOVER, "45.1", "2026-06-30", reporters=12),
    "turnover 45.1 as of Jun 30 provisional from 4": line(
        TURNOVER, "45.1", "2026-06-30", quality="provisional", reporters=4
    ),
    "  seats   134,": line(SEATS, "134"),
}

REFUSED = {
    "": "Say which figure and its value",
    "48.5": "Say which figure it is first",
    "seats": "Add the value",
    "seats many": "“many” isn't a number. Try “seats 48.5 as of Jun 30”.",
    "Completers placed in a good job within 90 days": "Add the value",
    "qqqq 12": "I don't know the figure “qqqq”.",
    "plased 48.5": "Did you mean Completers placed in a good job within 90 days?",
    "extended 12": "Several figures fit “extended”",
    "seats 134 as of Nov 31": "November has 30 days. Try “Nov 30”.",
    "seats 134 as of Feb 29, 2026": "February 2026 has 28 days. Try “Feb 28”.",
    "seats 134 as of 13/13": "There is no month 13",
    "seats 134 as of 2026-02-31": "February 2026 has 28 days.",
    "seats 134 as of soon": "I don't know the date “soon”.",
    "seats 134 as of": "I don't know the date",
    "seats 134 as of 0001-01-01": "The year 1",
    "placed 48,5": "Write it with a point before decimals",
    "placed 1.234.567": "Write it with a point before decimals",
    "placed $48": "This figure is in percent, not dollars.",
    "seats 50%": "This figure is in seats, not percent.",
    "seats 134 because of the move": "I don't understand “because of the move” after the value.",
    "seats 12x": "isn't a number",
    "seats 12345678901234567890": "too many digits",
    f"seats 134 note {'x' * 301}": "The note has 301 characters.",
}


@on_each("typed", READ)
def test_line_becomes(typed: str) -> None:
    assert read_figure(typed, METRICS, TODAY) == READ[typed]


@on_each(("typed", "said"), REFUSED.items())
def test_line_is_refused_with_what_to_do(typed: str, said: str) -> None:
    with pytest.raises(UserError) as refused:
        read_figure(typed, METRICS, TODAY)
    assert said in refused.value.message


def test_entered_digits_stay_as_they_were_typed() -> None:
    assert str(read_value("44.0", "percent")) == "44.0"
    assert str(read_value("3.1m", "usd")) == "3100000"
    assert str(read_value("0.0001k", "usd")) == "0.1"
    assert str(read_value(".5", "percent")) == "0.5"
    assert str(read_value("-0", "seats")) == "0"


def test_suggestion_is_handed_over() -> None:
    with pytest.raises(UnknownFigure) as unknown:
        find_metric("turnovr", METRICS)
    assert unknown.value.meant == TURNOVER.id
    with pytest.raises(UnknownFigure) as several:
        find_metric("extended", METRICS)
    assert several.value.meant is None


@on_each(
    ("typed", "day"),
    [
        ("Jun 30", "2026-06-30"),
        ("Nov 23", "2026-11-23"),
        ("24 nov", "2025-11-24"),
        ("12/4", "2025-12-04"),
        ("Dec", "2025-12-31"),
        ("Q1 2027", "2027-03-31"),
        ("feb 29", "2024-02-29"),
    ],
)
def test_day_without_a_year_is_the_newest_one(typed: str, day: str) -> None:
    assert read_period_end(typed, TODAY) == date.fromisoformat(day)


@settings(max_examples=examples(25), deadline=None)
@given(st.text())
def test_any_text_says_at_most_what_to_mend(typed: str) -> None:
    with contextlib.suppress(UserError):
        read_figure(typed, METRICS, TODAY)
    with contextlib.suppress(UserError):
        read_value(typed, "usd")
    with contextlib.suppress(UserError):
        read_period_end(typed, TODAY)


PIECES = st.sampled_from(
    [
        *(
            "placed",
            "seats",
            "note",
            "as",
            "of",
            "from",
            "4",
            "48.5",
            "$3.1m",
            "%",
            "k",
            "Jun",
            "30",
            "31",
            "Feb",
            "29",
        ),
        *("2026-06-31", "9/31", "provisional", "final", "Q4", "²", "٣", "K", ",", ".", "-", "="),
    ]
)


@given(st.lists(PIECES, max_size=12), st.sampled_from(["", " ", "  "]))
def test_any_order_of_known_words_says_at_most_what_to_mend(pieces: list[str], gap: str) -> None:
    with contextlib.suppress(UserError):
        read_figure(f" {gap}".join(pieces), METRICS, TODAY)
