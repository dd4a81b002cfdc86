"""Figures that come as a table, a line each: what each of them would be, and everything that is wrong at once. Pure.

How a file is taken apart into cells is not here, nor who may record what.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from bot.domain.metrics.breakdowns import Cells, cell_of, require_once
from bot.domain.metrics.figures import FigureEntry, Proposal, propose
from bot.domain.metrics.names import find_metric
from bot.domain.metrics.recording import read_entry
from bot.domain.metrics.status import check_reading, current_readings
from bot.domain.record import Metric
from bot.domain.vocabularies import Quality
from bot.domain.wording import in_figures
from bot.errors import UserError

MOST_LINES = 2000
# What a column may be called, by what it holds.
COLUMNS: Mapping[str, tuple[str, ...]] = {
    "metric": ("metric", "figure", "id", "metric_id"),
    "value": ("value", "latest value", "latest_value"),
    "period_end": ("period_end", "as of", "as_of", "last day", "to"),
    "period_start": ("period_start", "first day", "from"),
    "quality": ("quality", "status"),
    "reporters": ("reporters", "employers", "how many reported"),
    "note": ("note", "notes", "reason"),
    "by": ("by", "split by", "split_by"),
    "part": ("part", "group", "place"),
}
NEEDED = ("metric", "value", "period_end")
_DAYS = ("%Y-%m-%d", "%m/%d/%Y")


@dataclass(frozen=True, slots=True)
class TableLine:
    """One line of a table: its number in the file, and what its cells say, by `COLUMNS`. Empty ones are left out."""

    number: int
    cells: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class TableProblem:
    """What has to be mended in a line, as a sentence."""

    line: int
    message: str


@dataclass(frozen=True, slots=True)
class TableFigure:
    """What a line would be."""

    line: int
    proposal: Proposal


@dataclass(frozen=True, slots=True, kw_only=True)
class FigureTable:
    """What a table would be: figures in its order, problems by line, and how many lines say what is known already.

    Nothing of it can be recorded while there is a problem.
    """

    figures: tuple[TableFigure, ...] = ()
    problems: tuple[TableProblem, ...] = ()
    known: int = 0
    today: date

    @property
    def unusual(self) -> tuple[TableFigure, ...]:
        """Those that lie outside what was seen so far: worth another look."""
        return tuple(one for one in self.figures if one.proposal.is_unusual)


def read_table(
    lines: Sequence[TableLine], metrics: Sequence[Metric], refuse: Callable[[Metric], str | None], today: date
) -> FigureTable:
    """What these lines would be, each as if those before it were recorded. `refuse` says why somebody may not record a
    metric's figures, or None."""
    by_id = {one.id: one for one in metrics}
    figures: list[TableFigure] = []
    problems: list[TableProblem] = []
    known, first_of = 0, dict[tuple[str, date], int]()
    parts = _Parts(by_id, metrics)
    for line in lines:
        if "part" in line.cells or "by" in line.cells:
            problems += parts.take(line)
    for line in lines:
        if "part" in line.cells or "by" in line.cells:
            continue
        try:
            metric = by_id[find_metric(line.cells.get("metric", ""), metrics, whole=True).id]
            reason = refuse(metric)
            if reason is not None:
                raise UserError(reason)
            entry = _entry(metric, line.cells)
            entry = replace(entry, breakdown=parts.of(metric.id, entry.period_end))
            require_once(entry.breakdown)
            if entry.period_end is not None:
                first = first_of.setdefault((metric.id, entry.period_end), line.number)
                if first != line.number:
                    raise UserError(f"Line {first} has a figure for this day too. Keep one of them.")
            if _is_known(metric, entry, today):
                known += 1
                continue
            proposal = _with_start(propose(metric, entry, today), line.cells, today)
            if proposal.needs_note:
                before = proposal.replaces
                now = f", {in_figures(before.value)}" if before is not None and not proposal.withheld else ""
                raise UserError(f"There is a figure for this day{now}. Say in the note column why it changes.")
        except UserError as error:
            problems.append(TableProblem(line.number, error.message))
            continue
        figures.append(TableFigure(line.number, proposal))
        by_id[metric.id] = replace(metric, readings=(*metric.readings, proposal.reading))
    problems += parts.left()
    problems.sort(key=lambda one: one.line)
    return FigureTable(figures=tuple(figures), problems=tuple(problems), known=known, today=today)


class _Parts:
    """The lines that say what a figure is made of, by the figure and its day."""

    def __init__(self, by_id: Mapping[str, Metric], metrics: Sequence[Metric]) -> None:
        self._by_id, self._metrics = by_id, metrics
        self._cells: dict[tuple[str, date], list[tuple[int, Mapping[str, Any]]]] = {}
        self._taken: set[tuple[str, date]] = set()

    def take(self, line: TableLine) -> list[TableProblem]:
        """Keeps the part that a line tells of; what is wrong with it."""
        cells = line.cells
        try:
            metric = self._by_id[find_metric(cells.get("metric", ""), self._metrics, whole=True).id]
            on = _day(cells, "period_end")
            if on is None or "value" not in cells:
                raise UserError("Write the last day and the value of this part.")
            cell = cell_of(
                cells.get("by", ""), cells.get("part", ""), cells["value"], cells.get("reporters"), metric.unit
            )
        except UserError as error:
            return [TableProblem(line.number, error.message)]
        self._cells.setdefault((metric.id, date.fromisoformat(on)), []).append((line.number, cell))
        return []

    def of(self, metric: str, on: date | None) -> Cells:
        """What a figure is made of, in the order of its lines."""
        if on is None:
            return ()
        self._taken.add((metric, on))
        return tuple(cell for _line, cell in self._cells.get((metric, on), ()))

    def left(self) -> list[TableProblem]:
        """The parts whose figure has no line."""
        words = "This is a part of a figure. Add a line with the whole figure of that day, without a part."
        return [
            TableProblem(line, words)
            for key, found in self._cells.items()
            if key not in self._taken
            for line, _cell in found
        ]


def _entry(metric: Metric, cells: Mapping[str, str]) -> FigureEntry:
    quality = cells.get("quality", Quality.FINAL).casefold()
    if quality not in tuple(Quality):
        raise UserError(f"“{cells['quality']}” is neither provisional nor final. Write one of them, or leave it empty.")
    answers: dict[str, str | None] = {
        **{name: cells.get(name) for name in ("value", "reporters", "note")},
        "quality": quality,
        "period_end": _day(cells, "period_end"),
    }
    return read_entry(metric, answers)


def _day(cells: Mapping[str, str], column: str) -> str | None:
    typed = cells.get(column)
    if typed is None:
        return None
    for shape in _DAYS:
        try:
            return datetime.strptime(typed, shape).date().isoformat()  # noqa: DTZ007 a day of the calendar
        except ValueError:
            continue
    raise UserError(f"“{typed}” is no day that I know. Write it as 2026-09-30 or 9/30/2026.")


def _is_known(metric: Metric, entry: FigureEntry, today: date) -> bool:
    """Whether the figure that there is says the same, so that the same file again changes nothing."""
    there = next((one for one in current_readings(metric, today) if one.period_end == entry.period_end), None)
    if there is None:
        return False
    same = (there.value, there.quality, there.reporters) == (entry.value, entry.quality, entry.reporters)
    return same and entry.note in (None, there.note) and entry.breakdown in ((), there.breakdown)


def _with_start(proposal: Proposal, cells: Mapping[str, str], today: date) -> Proposal:
    """With the period's first day as the line says it."""
    start = _day(cells, "period_start")
    if start is None:
        return proposal
    reading = replace(proposal.reading, period_start=date.fromisoformat(start))
    for _path, sentence in check_reading(proposal.metric, reading, today):
        raise UserError(sentence)
    return replace(proposal, reading=reading)
