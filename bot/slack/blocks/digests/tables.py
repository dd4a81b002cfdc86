"""A priority's figures as rows of a table: the lines about them, for workspaces that take tables."""

from __future__ import annotations

from collections.abc import Sequence

from bot.domain.digests import FigureRow, Line
from bot.slack import limits
from bot.slack.blocks import kit
from bot.slack.message import Block

_UNTOLD = "–"  # a cell is never empty: whoever hears a table read would not know where they are
_COLUMNS = ("Figure", "Baseline", "Latest", "Expected", "Target", "Note")


def is_figure(one: Line) -> bool:
    """Whether a line can stand in a table: it is about a figure, and leads nowhere."""
    return one.row is not None and not one.ways


def figure_table(about: str | None, lines: Sequence[Line]) -> Block | None:
    """The lines as a table; None where Slack takes none so large. `about`: whose figures they are."""
    rows = [_cells(one.row) for one in lines if one.row is not None]
    told = [column for column in range(len(_COLUMNS)) if any(row[column] for row in rows)]
    cells = [[row[column] or _UNTOLD for column in told] for row in rows]
    columns = [_COLUMNS[column] for column in told]
    if (
        len(cells) > limits.TABLE_ROWS
        or sum(len(cell) for row in (columns, *cells) for cell in row) > limits.TABLE_TEXT
    ):
        return None
    return kit.data_table(f"Figures of {about}" if about else "Figures", columns, *cells)


def _cells(row: FigureRow) -> tuple[str, ...]:
    return (row.name, row.baseline, row.latest, row.expected, row.target, row.note)
