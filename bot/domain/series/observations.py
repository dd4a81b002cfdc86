"""What a series says: a value for each period, and why it couldn't be read. Values and rules, pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise

from bot.domain.vocabularies import Frequency, Quality
from bot.domain.wording import date_in_words, in_figures

DAILY = "daily"
# What stands for a value that is missing.
NO_VALUES = frozenset({"", ".", "-", "–", "—", "na", "n/a", "nan", "null", "none"})
_MONTHS = {Frequency.MONTHLY: 1, Frequency.QUARTERLY: 3, Frequency.SEMIANNUAL: 6, Frequency.ANNUAL: 12}
# Days between the beginnings of two periods, at most.
_SPACING = (
    (4, DAILY),
    (10, Frequency.WEEKLY),
    (31, Frequency.MONTHLY),
    (92, Frequency.QUARTERLY),
    (184, Frequency.SEMIANNUAL),
)


class SeriesTrouble(Exception):
    """Why a look at a series came to nothing: a sentence that names the mend.

    `passes`: it may well be over by itself, so nobody has to hear of it the first time.
    """

    def __init__(self, message: str, *, passes: bool = False) -> None:
        super().__init__(message)
        self.message = message
        self.passes = passes


@dataclass(frozen=True, slots=True, kw_only=True)
class Observation:
    """A value that a series has for a period.

    `every` is how often it has one: a frequency, or "daily". `vintage` is the day on which the value was published, as
    far as the series says it. `is_sure`: the series itself says whether it may change, so `quality` is its word.
    """

    period_end: date
    value: Decimal
    every: str
    quality: Quality = Quality.PROVISIONAL
    vintage: date | None = None
    is_sure: bool = False


def once_a_period(found: Iterable[Observation]) -> tuple[Observation, ...]:
    """By period, the same value said twice once. Raises SeriesTrouble for two values of one period."""
    periods: dict[date, Observation] = {}
    for one in found:
        before = periods.setdefault(one.period_end, one)
        if before.value != one.value:
            both = " and ".join(in_figures(value) for value in (before.value, one.value))
            raise SeriesTrouble(
                f"It has two values for {date_in_words(one.period_end)}, {both}. Name a column or a series with one "
                "value a period."
            )
    return tuple(periods[on] for on in sorted(periods))


def frequency_of(begins: Sequence[date]) -> str | None:
    """How often a series has a value, by the days on which its periods begin, or end; None for a single one."""
    gaps = [(after - before).days for before, after in pairwise(sorted(set(begins)))]
    if not gaps:
        return None
    least = min(gaps)
    return next((every for most, every in _SPACING if least <= most), Frequency.ANNUAL)


def period_end_from(begin: date, every: str) -> date:
    """The last day of the period that begins on a day. A week is named by its last day already, as a day is."""
    months = _MONTHS.get(Frequency(every)) if every != DAILY else None
    if months is None:
        return begin
    count = begin.year * 12 + begin.month - 1 + months
    return date(count // 12, count % 12 + 1, 1) - timedelta(days=1)
