"""A table of figures on screen: choosing a file, what is to be mended in it, and what it would record."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bot.domain.metrics import FigureTable, TableFigure, TableProblem
from bot.domain.wording import cut, figure, period, plural
from bot.slack.blocks import kit
from bot.slack.blocks.worded import in_sections
from bot.slack.forms import Answered, File, Form, as_typed, note
from bot.slack.identifiers import Action, Submission
from bot.slack.message import Block, Message, View
from bot.slack.mrkdwn import bold, escape, own

TABLE_TITLE = "Figures from a file"
MOST_SHOWN = 60
_READERS = (
    "Read by everyone who reads these priorities: on their canvases at once, if they have any, and in the next digest. "
    "Nothing is recorded by looking."
)
TABLE_FORM: Form[None, Answered] = Form(
    as_typed, Submission.FIGURE_TABLE, TABLE_TITLE, "Check",
    note(_READERS),
    File("file", "Table of figures", ("csv", "txt", "tsv"),
        hint="CSV with the columns metric, value and period_end; also period_start, quality, reporters and note, and "
             "by and part for lines that say what a figure is made of."),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class CheckedTable:
    """Which file, by its id in Slack, and what it would record."""

    file_id: str
    table: FigureTable


TABLE_CONFIRM_FORM: Form[CheckedTable, Answered] = Form(
    as_typed, Submission.FIGURE_TABLE_CONFIRM, TABLE_TITLE, "Record",
    note(_READERS),
    lambda form: _figures(form.table),
    carries=lambda form: form.file_id,
)  # fmt: skip


def table_offer_message(file_id: str, name: str) -> Message:
    """Somebody sent such a file to the bot."""
    words = f"Are there figures in “{name}”? I can check them and show what they would record."
    button = kit.button("Check the figures", Action.CHECK_FIGURES, value=file_id, primary=True)
    return Message.of(words, kit.section(own(words)), kit.actions(button))


def table_words_view(words: str) -> View:
    """What is shown while a file is read or recorded, or where it can't be."""
    return View(title=TABLE_TITLE, close="Close", blocks=(kit.context(escape(words)),))


def table_problems_view(problems: Sequence[TableProblem]) -> View:
    """Everything that is to be mended, by line."""
    lines = [f"• Line {one.line}: {own(cut(one.message, 400))}" for one in problems[:MOST_SHOWN]]
    heading = f"*{plural(len(problems), 'line')} to mend. Nothing was recorded.*"
    blocks = [kit.section(heading), *in_sections(lines)]
    if len(problems) > MOST_SHOWN:
        blocks.append(kit.context(f"{MOST_SHOWN} of {len(problems)}; the rest shows once these are mended."))
    return View(title=TABLE_TITLE, close="Close", blocks=tuple(blocks))


def table_view(file_id: str, table: FigureTable) -> View:
    """What a file would record, with the button that does it; or what is to be mended."""
    if table.problems:
        return table_problems_view(table.problems)
    if not table.figures:
        return _done(table)
    return TABLE_CONFIRM_FORM.view(CheckedTable(file_id, table), close="Not now")


def table_recorded_view(table: FigureTable) -> View:
    """What became of it."""
    return table_problems_view(table.problems) if table.problems else _done(table)


def _done(table: FigureTable) -> View:
    words = "*Every figure in the file is here already,* so nothing was recorded."
    if table.figures:
        words = f"*Recorded: {plural(len(table.figures), 'figure')}.*"
    return View(title=TABLE_TITLE, close="Close", blocks=(kit.section(words), *_figures(table)))


def _figures(table: FigureTable) -> list[Block]:
    lines = [_line(one, table) for one in table.figures[:MOST_SHOWN]]
    blocks = list(in_sections(lines))
    if len(table.figures) > MOST_SHOWN:
        blocks.append(kit.context(f"{MOST_SHOWN} of {len(table.figures)}"))
    if table.unusual:
        count = plural(len(table.unusual), "figure")
        blocks.append(kit.context(f"{count} far outside what was seen so far: look at the lines that say “unusual”."))
    if table.known:
        blocks.append(kit.context(f"{plural(table.known, 'figure')} in the file: here already, left as they are."))
    return blocks


def _line(one: TableFigure, table: FigureTable) -> str:
    reading, metric = one.proposal.reading, one.proposal.metric
    said = "withheld, too few reported" if one.proposal.withheld else figure(reading.value, metric.unit)
    when = period(reading.period_start, reading.period_end, table.today)
    words = f"• {bold(cut(metric.name, 80))}: {own(said)} ({own(when)}, {reading.quality})"
    if one.proposal.is_restatement and one.proposal.replaces is not None:
        before = "a figure" if one.proposal.withheld else figure(one.proposal.replaces.value, metric.unit)
        words += f" · replaces {own(before)}"
    return f"{words} · unusual" if one.proposal.is_unusual else words
