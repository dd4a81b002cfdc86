"""The picture of what a figure is made of: a bar for each part that may be shown, and the same in words. Pure.

It is made of a `Split`, in which nothing stands that may not be shown, so that no picture can give it away.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import date

from bot.domain.metrics.breakdowns import Part, Split
from bot.domain.wording import cut, day, entered, locale_mark, one_line, plural

MOST_BARS = 12  # more than these are no picture for a phone
MOST_PICTURES = 3
_MOST_NAME = 60
# The picture of one bar says nothing that its words don't.
_FEWEST = 2
_DRAWING = 1


@dataclass(frozen=True, slots=True)
class PartsChart:
    """A figure's newest parts by one thing, the largest first. `hidden` parts are withheld, `left_out` have no room."""

    metric: str  # its name
    by: str
    parts: tuple[Part, ...]
    hidden: int
    left_out: int
    unit: str
    on: date  # the last day that the figure covers
    today: date

    @property
    def title(self) -> str:
        """What stands above the picture."""
        return f"{one_line(self.metric)} by {one_line(self.by)}"

    @property
    def as_of(self) -> str:
        """The day of the figure, in words."""
        return f"as of {day(self.on, self.today)}"

    @property
    def notes(self) -> tuple[str, ...]:
        """What is not among the bars, in words."""
        found = []
        if self.left_out:
            found.append(f"and {plural(self.left_out, 'smaller part')}")
        if self.hidden:
            found.append(f"{plural(self.hidden, 'part')} withheld, so that few can't be told from it")
        return tuple(found)

    def value_words(self, part: Part) -> str:
        """A part's value with its unit."""
        return entered(part.value, self.unit)

    @property
    def key(self) -> str:
        """The same for the same picture, and for no other one."""
        drawn = (_DRAWING, self.parts, self.hidden, self.left_out, self.unit, self.on, self.as_of, *locale_mark())
        return hashlib.sha256(repr(drawn).encode()).hexdigest()[:32]

    @property
    def alt(self) -> str:
        """The picture in words."""
        said = [f"{cut(one_line(one.name), _MOST_NAME)} {self.value_words(one)}" for one in self.parts]
        return f"Bars of {self.title}, {self.as_of}: {'; '.join([*said, *self.notes])}."


def parts_chart(metric: str, unit: str, split: Split, on: date, today: date) -> PartsChart | None:
    """The picture of a figure by one thing; None where fewer than two parts may be shown."""
    if len(split.parts) < _FEWEST:
        return None
    # The first ones stay first among equals.
    ordered = sorted(split.parts, key=lambda one: one.value, reverse=True)
    shown = tuple(ordered[:MOST_BARS])
    return PartsChart(metric, split.by, shown, split.hidden, len(ordered) - len(shown), unit, on, today)
