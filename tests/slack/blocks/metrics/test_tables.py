"""A table of figures on screen: words in a golden file, and limits at nothing, the usual and the most."""

from __future__ import annotations

from bot.domain.metrics import FigureTable, TableLine, TableProblem, read_table
from bot.slack.blocks.metrics import (
    TABLE_FORM,
    table_offer_message,
    table_problems_view,
    table_recorded_view,
    table_view,
    table_words_view,
)
from bot.slack.message import Message, View
from tests.builders import day
from tests.sample import sample_record
from tests.slack.readable import check_golden
from tests.slack.screens import LONG, script

TODAY = day("2026-11-23")
METRICS = [metric for priority in sample_record().priorities for metric in priority.metrics]


def table(*lines: tuple[str, str, str, str]) -> FigureTable:
    names = ("metric", "value", "period_end", "note")
    cells = [{name: cell for name, cell in zip(names, one, strict=True) if cell} for one in lines]
    told = [TableLine(number, one) for number, one in enumerate(cells, 2)]
    return read_table(told, METRICS, lambda _metric: None, TODAY)


GOOD = table(
    ("fa-seats", "140", "2026-10-31", ""),
    ("fa-seats", "136", "2026-09-30", "Two were left out."),
    ("sg-investment", "64000000", "2026-10-31", ""),
    ("fa-wait", "41", "2026-10-31", ""),
)
PROBLEMS = (TableProblem(2, "I don't know the figure “seatz”."), TableProblem(7, "“many” isn't a number."))


def test_words() -> None:
    scenes: dict[str, Message | View] = {
        "choosing": TABLE_FORM.view(None),
        "sent to the bot": table_offer_message("F1", "figures.csv"),
        "on its way": table_words_view("Reading the file …"),
        "to mend": table_problems_view(PROBLEMS),
        "what it would record": table_view("F1", GOOD),
        "recorded": table_recorded_view(GOOD),
        "to mend meanwhile": table_recorded_view(FigureTable(problems=PROBLEMS, today=TODAY)),
        "all here already": table_view("F1", FigureTable(known=3, today=TODAY)),
    }
    check_golden("figure-tables.txt", script(scenes))


def test_it_fits_at_any_length() -> None:
    many = FigureTable(figures=GOOD.figures * 700, known=5, today=TODAY)
    script(
        {
            "many": table_view("F1", many),
            "problems": table_problems_view([TableProblem(one, LONG) for one in range(2000)]),
            "offered": table_offer_message("F1", LONG[:200]),
        }
    )
