"""A figure on its way into the record: entered, kept until its person says yes, taken back or restored. Pure.

What it would change is in `figures`, how a line is read in `line`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date

from bot.domain.metrics.breakdowns import MOST_BREAKDOWN, read_breakdown
from bot.domain.metrics.figures import FigureEntry, Proposal
from bot.domain.metrics.line import MOST_NOTE
from bot.domain.metrics.status import is_withheld
from bot.domain.record import Metric, Reading, in_common
from bot.domain.typed import read_value
from bot.domain.wording import in_figures
from bot.errors import UserError

RESTORED = "Restored: the figure in between was recorded by mistake."


@dataclass(frozen=True, slots=True)
class ShownBeside:
    """What a person was shown beside their figure: it must still be so when they press."""

    replaces: tuple[str, ...] | None  # value and quality
    unusual: bool


@dataclass(frozen=True, slots=True)
class KeptFigure:
    """A figure that was read back to its person, who has not said yes."""

    metric: str
    reading: Reading
    read_back: ShownBeside

    @property
    def entry(self) -> FigureEntry:
        one = self.reading
        return FigureEntry(
            metric=self.metric,
            **in_common(FigureEntry, one),
        )


def read_entry(metric: Metric, answers: Mapping[str, str | None]) -> FigureEntry:
    """What a form holds, by field. Raises UserError with the field for what can't be read."""
    value, period_end, reporters = answers.get("value"), answers.get("period_end"), answers.get("reporters")
    note = (answers.get("note") or "").strip() or None
    if value is None:
        raise UserError("Enter the value, such as 48.5.", field="value")
    exactly = read_value(value, metric.unit)
    if period_end is None:
        raise UserError("Choose the last day that the value covers.", field="period_end")
    if reporters is not None and not (reporters.strip().isascii() and reporters.strip().isdigit()):
        raise UserError("Enter how many reported as a whole number, such as 12.", field="reporters")
    if reporters is not None and len(reporters.strip()) > 6:
        raise UserError("That is more than can report. Check it.", field="reporters")
    if note is not None and len(note) > MOST_NOTE:
        raise UserError(f"The note has {len(note)} characters. Keep it to {MOST_NOTE}.", field="note")
    typed = answers.get("breakdown") or ""
    if len(typed) > MOST_BREAKDOWN:
        raise UserError(f"The parts have {len(typed)} characters. Keep them to {MOST_BREAKDOWN}.", field="breakdown")
    return FigureEntry(
        metric=metric.id,
        value=exactly,
        period_end=_day_of(period_end),
        quality="provisional" if answers.get("quality") == "provisional" else "final",
        reporters=int(reporters) if reporters is not None else None,
        note=note,
        breakdown=read_breakdown(typed, metric.unit),
    )


def _day_of(text: str) -> date:
    try:
        found = date.fromisoformat(text)
    except ValueError:
        found = date.min
    if found.year < 1900:
        raise UserError("Choose the last day that the value covers.", field="period_end")
    return found


def known_words(proposal: Proposal) -> str:
    """The figure that there is, where it may be shown."""
    known = proposal.replaces
    return "" if known is None or is_withheld(proposal.metric, known) else f", {in_figures(known.value)}"


def kept_figure(proposal: Proposal) -> KeptFigure:
    """What is kept of a proposal until its person says yes."""
    known = proposal.replaces
    beside = ShownBeside(None if known is None else (str(known.value), known.quality), proposal.is_unusual)
    return KeptFigure(proposal.metric.id, proposal.reading, beside)


def restored(former: Reading, today: date) -> Reading:
    """The figure that stood before one that was recorded by mistake, recorded once more."""
    return replace(former, recorded_on=today, note=RESTORED, extra={})


def without_reading(metric: Metric, mistaken: Reading) -> Metric:
    """A metric as it was before this figure was recorded."""
    kept = [one for one in metric.readings if (one.period_end, one.value) != (mistaken.period_end, mistaken.value)]
    return replace(metric, readings=tuple(kept))
