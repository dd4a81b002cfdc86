"""What the picture of a digest shows: a row a priority, from its headline's baseline to its target, and how far it is.
The same in words. Pure; how it is drawn is in `bot/charts`.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from bot.domain.digests.parts import NOT_REPORTED, Digest, PriorityPart
from bot.domain.digests.wording import latest_words, not_reported
from bot.domain.metrics import MetricLine
from bot.domain.vocabularies import Direction
from bot.domain.wording import computed, day, entered, locale_mark, one_line, plural

MOST_ROWS = 10
# Drawn otherwise from this number on, so that a picture of before is not shown for it.
_DRAWING = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class WeekRow:
    """One priority. `progress` and `expected` are parts of the way from baseline to target, None where there is none
    to draw: a figure that is not there, is withheld, or is to stay where it is."""

    name: str
    metric: str | None
    baseline: str
    latest: str
    target: str
    progress: Fraction | None = None
    expected: Fraction | None = None
    expected_words: str = ""
    provisional: bool = False

    @property
    def words(self) -> str:
        """The row as a sentence."""
        about = f"{one_line(self.name)}: "
        if self.metric is None:
            return f"{about}no figure set up yet."
        steps = [one for one in (self.baseline, self.latest, self.expected_words, self.target) if one]
        return f"{about}{one_line(self.metric)}, {', '.join(steps)}."


@dataclass(frozen=True, slots=True)
class WeekChart:
    """The picture of a digest. `of` is how many priorities there are."""

    rows: tuple[WeekRow, ...]
    of: int

    @property
    def title(self) -> str:
        """What stands above the picture."""
        some = f", {len(self.rows)} of {plural(self.of, 'priority', 'priorities')}" if self.of > len(self.rows) else ""
        return f"How far the main figures are from baseline to target{some}"

    @property
    def key(self) -> str:
        """The same for the same picture, and for no other one."""
        return hashlib.sha256(repr((_DRAWING, self.rows, *locale_mark())).encode()).hexdigest()[:32]

    @property
    def alt(self) -> str:
        """The picture in words."""
        return f"A row for each priority. {' '.join(row.words for row in self.rows)}"


def chart_of_week(digest: Digest) -> WeekChart | None:
    """The picture of a digest; None where no priority has a way to draw."""
    rows = tuple(_rows(digest))
    drawn = any(row.progress is not None for row in rows)
    return WeekChart(rows[:MOST_ROWS], len(rows)) if drawn else None


def _rows(digest: Digest) -> Iterator[WeekRow]:
    for part in digest.priorities:
        yield _row(part, digest.today)


def _row(part: PriorityPart, today: date) -> WeekRow:
    metric = part.headline
    if metric is None:
        return WeekRow(name=part.name, metric=None, baseline="", latest="no figure set up yet", target="")
    keeps = metric.direction == Direction.MAINTAIN
    baseline, target = metric.baseline, metric.target
    row = WeekRow(
        name=part.name,
        metric=metric.name,
        baseline=f"{entered(baseline.value, metric.unit)} ({day(baseline.on, today)})" if baseline else "",
        latest=not_reported(metric, today) if metric.status in NOT_REPORTED else latest_words(metric, today),
        target=f"{'keep at' if keeps else 'target'} {entered(target.value, metric.unit)} "
        f"{'until' if keeps else 'by'} {day(target.on, today)}"
        if target
        else "",
        progress=metric.progress,
        provisional=metric.latest is not None and metric.latest.quality == "provisional",
    )
    return row if metric.progress is None else _with_expected(row, metric)


def _with_expected(row: WeekRow, metric: MetricLine) -> WeekRow:
    baseline, target, expected = metric.baseline, metric.target, metric.expected
    if baseline is None or target is None or expected is None or baseline.value == target.value:
        return row
    part = (expected - Fraction(baseline.value)) / (Fraction(target.value) - Fraction(baseline.value))
    return WeekRow(
        name=row.name,
        metric=row.metric,
        baseline=row.baseline,
        latest=row.latest,
        target=row.target,
        progress=row.progress,
        expected=part,
        expected_words=f"expected {computed(expected, metric.unit)}",
        provisional=row.provisional,
    )
