"""What the picture of a digest shows: a row a priority, exactly, and nothing that is withheld."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

from bot.domain.digests import WeekRow, chart_of_week, compose
from bot.domain.digests.week_picture import MOST_ROWS
from bot.domain.record import Metric
from tests import builders
from tests.slack import digest_cases as cases


def rows(*metrics: Metric | None) -> list[WeekRow]:
    priorities = [
        builders.priority(f"p{number}", metrics=(one,) if one is not None else ()) for number, one in enumerate(metrics)
    ]
    digest = compose(builders.record(priorities=priorities), builders.NOON)
    chart = chart_of_week(digest)
    return list(chart.rows) if chart is not None else []


def metric(key: str = "m", value: object | None = 30, **fields: Any) -> Metric:
    """From 0 on Jan 1, 2026 to 100 on Jan 1, 2027; half of the way is expected by Jul 2."""
    readings = () if value is None else (builders.reading("2026-07-02", value, **fields.pop("of_reading", {})),)
    usual = {"frequency": "annual", "target": builders.dated(100, "2027-01-01")}
    return builders.metric(key, *readings, **(usual | fields))


def test_a_row_says_where_its_figure_is_on_the_way() -> None:
    [row] = rows(metric())
    # 182 of 365 days are over by Jul 2.
    assert (row.progress, row.expected) == (Fraction(3, 10), Fraction(182, 365))
    assert row.words == ("Priority p0: Metric m, 0 (Jan 1), 30 (Jul 2), expected 50, target 100 by Jan 1, 2027.")


def test_less_may_be_better() -> None:
    [row] = rows(
        metric(
            value=80,
            direction="decrease",
            baseline=builders.dated(100, "2026-01-01"),
            target=builders.dated(0, "2027-01-01"),
        )
    )
    assert (row.progress, row.expected) == (Fraction(1, 5), Fraction(182, 365))


def test_what_is_withheld_is_on_no_row() -> None:
    few = metric("few", 765432198, confidential_below_n=5, of_reading={"reporters": 2})
    shown, withheld = rows(metric(), few)
    assert withheld.progress is None
    assert withheld.expected is None
    assert "withheld, too few reported" in withheld.latest
    assert "765" not in repr(withheld)
    assert shown.progress is not None


def test_what_has_no_way_is_told_in_words() -> None:
    keeps = metric(
        "keeps",
        98,
        direction="maintain",
        tolerance=Decimal(5),
        target=builders.dated(100, "2027-01-01"),
        baseline=builders.dated(100, "2026-01-01"),
    )
    _, none, not_yet, kept = rows(metric(), None, metric("new", None), keeps)
    assert none.words == "Priority p1: no figure set up yet."
    assert (not_yet.progress, not_yet.latest) == (None, "no figure yet, first due Jan 1, 2027")
    assert (kept.progress, kept.target) == (None, "keep at 100 until Jan 1, 2027")


def test_nothing_to_draw_is_no_picture() -> None:
    assert rows() == []
    assert rows(None, metric(value=None)) == []
    assert chart_of_week(cases.empty_start()) is None


def test_rows_stand_as_the_digests_lines_and_are_counted() -> None:
    digest = cases.the_week()
    chart = chart_of_week(digest)
    assert chart is not None
    assert [row.name for row in chart.rows] == [part.name for part in digest.priorities]
    many = rows(*(metric(f"m{number}") for number in range(MOST_ROWS + 3)))
    assert len(many) == MOST_ROWS
    shown = chart_of_week(replace(digest, priorities=digest.priorities * 4))
    assert shown is not None
    assert shown.title.endswith(", 10 of 16 priorities")
    assert chart.key != shown.key
    assert chart.alt.startswith(
        "A row for each priority. Child care and commute access: Extended-hours child care seats"
    )


def test_the_same_digest_is_the_same_picture() -> None:
    """A message that changes later, as by a decision, keeps its picture."""
    digest = cases.the_week()
    later = replace(digest, moment=digest.moment.replace(hour=23), decisions_needed=())
    first, second = chart_of_week(digest), chart_of_week(later)
    assert first is not None
    assert second is not None
    assert first.key == second.key
    assert date(2026, 11, 25) == digest.today
