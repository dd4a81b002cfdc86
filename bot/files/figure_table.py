"""A table of figures as a spreadsheet saves it: comma, semicolon or tab between the cells, the first line naming them.

What the cells mean is `bot/domain/metrics/tables.py`.
"""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass

from bot.domain.metrics import COLUMNS, MOST_LINES, NEEDED, TableLine, TableProblem
from bot.domain.typed import likeliest
from bot.domain.wording import in_figures

LARGEST = 1_000_000
_SEPARATORS = ",;\t"


@dataclass(frozen=True, slots=True)
class LoadedTable:
    """The lines of a file, or everything that keeps it from being read."""

    lines: tuple[TableLine, ...] = ()
    problems: tuple[TableProblem, ...] = ()


def load_figure_table(content: bytes) -> LoadedTable:
    """Take a file apart. Never raises for wrong content; empty lines are passed over."""
    if len(content) > LARGEST:
        return _refused(1, f"The file is larger than {LARGEST // 1_000_000} MB. Split it.")
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return _refused(1, "The file isn't UTF-8 text. In a spreadsheet, save it as “CSV UTF-8”.")
    if "\0" in text:
        return _refused(1, "This is no text file. In a spreadsheet, save it as “CSV UTF-8”.")
    first = text.lstrip("\r\n").partition("\n")[0]
    separator = max(_SEPARATORS, key=first.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    try:
        rows = [(reader.line_num, [cell.strip() for cell in row]) for row in reader]
    except csv.Error:
        return _refused(reader.line_num, "A quotation mark isn't closed here, or stands inside a cell. Mend it.")
    rows = [(number, row) for number, row in rows if any(row)]
    if not rows:
        return _refused(1, f"The file is empty. Its first line names the columns: {', '.join(COLUMNS)}.")
    if len(rows) - 1 > MOST_LINES:
        return _refused(rows[MOST_LINES + 1][0], f"A file may have {in_figures(MOST_LINES)} figures. Split it.")
    (head, names), *rest = rows
    columns, problems = _columns(head, names)
    if problems:
        return LoadedTable(problems=tuple(problems))
    lines = []
    for number, row in rest:
        if any(row[len(columns) :]):
            problems.append(
                TableProblem(number, "There are more cells here than columns. Put text with commas in quotes.")
            )
        lines.append(TableLine(number, {name: cell for name, cell in zip(columns, row, strict=False) if name and cell}))
    return LoadedTable(tuple(lines), tuple(problems))


def _columns(line: int, names: list[str]) -> tuple[list[str], list[TableProblem]]:
    known = {word: column for column, words in COLUMNS.items() for word in words}
    found: list[str] = []
    problems: list[TableProblem] = []
    for name in names:
        column = known.get(" ".join(name.casefold().split()), "")
        if name and not column:
            meant = likeliest(name, known)
            hint = f"Did you mean “{meant}”?" if meant else f"Columns are {', '.join(COLUMNS)}."
            problems.append(TableProblem(line, f"I don't know the column “{name}”. {hint}"))
        elif column and column in found:
            problems.append(TableProblem(line, f"“{name}” is a second column for the {column}. Keep one of them."))
        found.append(column)
    missing = [column for column in NEEDED if column not in found]
    if missing and not problems:
        problems.append(
            TableProblem(line, f"The first line names the columns, and {' and '.join(missing)} is missing.")
        )
    return found, problems


def _refused(line: int, message: str) -> LoadedTable:
    return LoadedTable(problems=(TableProblem(line, message),))
