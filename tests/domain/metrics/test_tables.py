"""Figures as a table: what each line would be, and every problem at once."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from bot.domain.metrics import FigureTable, TableLine, read_table
from bot.domain.record import Metric
from tests.builders import dated, day, metric, reading
from tests.tables import on_each

TODAY = day("2026-11-23")
SEATS = metric(
    "seats",
    reading("2026-06-30", 110, note="Two were left out."),
    name="Seats open",
    unit="seats",
    frequency="quarterly",
    baseline=dated(60, "2025-06-30"),
    target=dated(220, "2026-12-31"),
)
SMALL = replace(metric("turnover", name="Turnover", unit="percent", frequency="quarterly"), confidential_below_n=5)


def read(*cells: dict[str, str], refused: str = "") -> FigureTable:
    def refuse(one: Metric) -> str | None:
        return "Figures of it are recorded by others." if one.id == refused else None

    lines = [TableLine(number, one) for number, one in enumerate(cells, 2)]
    return read_table(lines, [SEATS, SMALL], refuse, TODAY)


def line(value: str = "134", day: str = "2026-09-30", **more: str) -> dict[str, str]:
    return {"metric": "seats", "value": value, "period_end": day, **more}


def test_each_line_becomes_a_figure() -> None:
    table = read(line(quality="Provisional", note="Late."), {**line("12", reporters="8"), "metric": "Turnover"})
    assert table.problems == ()
    [seats, small] = [one.proposal.reading for one in table.figures]
    assert (seats.value, seats.quality, seats.note, seats.recorded_on) == (Decimal(134), "provisional", "Late.", TODAY)
    assert (small.value, small.reporters) == (Decimal(12), 8)


def test_a_day_as_a_spreadsheet_writes_it() -> None:
    [one] = read(line(day="9/30/2026")).figures
    assert one.proposal.reading.period_end == day("2026-09-30")


def test_a_period_that_is_told_is_kept() -> None:
    [one] = read(line(period_start="2026-07-01")).figures
    assert one.proposal.reading.period_start == day("2026-07-01")


def test_the_same_again_changes_nothing() -> None:
    table = read(line("110", "2026-06-30"), line("110", "2026-06-30", note="Two were left out."), line())
    assert (table.known, len(table.figures)) == (1, 1)
    assert table.problems[0].message == "Line 2 has a figure for this day too. Keep one of them."


def test_a_restatement_says_why() -> None:
    assert read(line("112", "2026-06-30")).problems[0].message == (
        "There is a figure for this day, 110. Say in the note column why it changes."
    )
    [one] = read(line("112", "2026-06-30", note="A third was found.")).figures
    assert one.proposal.is_restatement


def test_a_line_counts_on_those_before_it() -> None:
    """A hundredfold is unusual beside what the line before it says as well."""
    table = read(line("134"), line("13400", "2026-10-31"))
    assert [one.line for one in table.unusual] == [3]


@on_each(
    ("cells", "words"),
    [
        ({"value": "1", "period_end": "2026-09-30"}, "Say which figure"),
        ({**line(), "metric": "seatz"}, "I don't know the figure “seatz”."),
        (line("many"), "“many” isn't a number."),
        (line("48,5"), "I can't tell what “48,5” means."),
        (line(day="Sep 30"), "“Sep 30” is no day that I know. Write it as 2026-09-30 or 9/30/2026."),
        (line(day="2026-02-30"), "is no day that I know"),
        ({"metric": "seats", "value": "1"}, "Choose the last day that the value covers."),
        (line(day="2026-12-31"), "which is still ahead"),
        (line(day="2025-06-30"), "Figures count after the baseline's day"),
        (line(quality="good"), "“good” is neither provisional nor final."),
        (line(reporters="some"), "Enter how many reported as a whole number"),
        ({**line(), "metric": "turnover"}, "Small groups of this figure are withheld."),
        (line(period_start="2026-10-01"), "Give a first day on or before the last one"),
        (line(note="x" * 301), "Keep it to 300."),
    ],
)
def test_what_has_to_be_mended_is_said_by_line(cells: dict[str, str], words: str) -> None:
    table = read(line("120", "2026-07-31"), cells)
    [problem] = table.problems
    assert problem.line == 3
    assert words in problem.message


def test_every_mistake_at_once_and_who_may_not() -> None:
    table = read(line("x"), line(day="soon"), {**line("9"), "metric": "turnover"}, refused="turnover")
    assert [one.line for one in table.problems] == [2, 3, 4]
    assert table.problems[2].message == "Figures of it are recorded by others."
