"""What a series has and a metric's figures haven't: a later period, or another value for one that there is. Pure.

Nothing is recorded here. What can't be recorded as it is says why.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from bot.domain.metrics.figures import FigureEntry, Proposal, propose
from bot.domain.metrics.status import current_readings, next_period_end
from bot.domain.record import Metric, Reading
from bot.domain.series import DAILY, Observation, SeriesTrouble, note_words, series_name
from bot.domain.vocabularies import Aggregation, Frequency, Quality
from bot.errors import UserError

# So many later periods, and so many changed ones, are told of at once: the newest of each.
MOST_FOUND = 3
# From the most often to the least.
_OFTEN = (DAILY, *Frequency)
_PERIODS: dict[str, str] = {
    DAILY: "day",
    Frequency.WEEKLY: "week",
    Frequency.MONTHLY: "month",
    Frequency.QUARTERLY: "quarter",
    Frequency.SEMIANNUAL: "half-year",
    Frequency.ANNUAL: "year",
}
_LOOKS_BACK_YEARS = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """A value that a series has. `proposal` is what recording it would change; None where it can't be recorded as it
    is."""

    observation: Observation
    proposal: Proposal | None

    @property
    def may_go_by_itself(self) -> bool:
        """Whether nobody has to look at it first: it is new, and nothing unusual."""
        one = self.proposal
        return one is not None and not one.needs_confirming and not one.is_unusual


def looked_at_since(metric: Metric, today: date) -> date:
    """From which day on a series is asked for values: what is older than the baseline counts nowhere."""
    earliest = date(today.year - _LOOKS_BACK_YEARS, 1, 1)
    return max(earliest, metric.baseline.on) if metric.baseline is not None else earliest


def found_in(metric: Metric, observations: Sequence[Observation], today: date, seen_on: date) -> tuple[Found, ...]:
    """What is new, by period. Raises SeriesTrouble where the series comes at another pace than the metric's figures."""
    fitting = _fitting(metric, observations, today)
    current = {one.period_end: one for one in current_readings(metric, today)}
    newest = max(current, default=metric.baseline.on if metric.baseline is not None else None)
    later = [one for one in fitting if newest is None or one.period_end > newest]
    if newest is None:
        later = later[-1:]
    changed = [one for one in fitting if one.period_end in current and _differs(current[one.period_end], one)]
    told = sorted([*changed[-MOST_FOUND:], *later[-MOST_FOUND:]], key=lambda one: one.period_end)
    return tuple(_found(metric, one, today, seen_on) for one in told)


def _found(metric: Metric, one: Observation, today: date, seen_on: date) -> Found:
    assert metric.series is not None
    entry = FigureEntry(
        metric=metric.id,
        value=one.value,
        period_end=one.period_end,
        quality=one.quality,
        note=note_words(series_name(metric.series), one.vintage, seen_on),
    )
    try:
        return Found(observation=one, proposal=propose(metric, entry, today))
    except UserError:
        return Found(observation=one, proposal=None)


def _differs(there: Reading, one: Observation) -> bool:
    """Another value; or the same, which the series says is final by now."""
    if there.value != one.value:
        return True
    return one.is_sure and there.quality == Quality.PROVISIONAL and one.quality == Quality.FINAL


def _fitting(metric: Metric, observations: Sequence[Observation], today: date) -> list[Observation]:
    """Those that are of the metric's own periods, and over."""
    wanted = metric.frequency or Frequency.QUARTERLY
    over = [one for one in observations if one.period_end <= today]
    paces = {one.every for one in over}
    if not paces:
        return []
    pace = min(paces, key=_OFTEN.index)
    if pace == wanted:
        return over
    if _OFTEN.index(pace) > _OFTEN.index(wanted):
        raise SeriesTrouble(
            f"It has a value each {_PERIODS[pace]}, and this figure is wanted each {_PERIODS[wanted]}. Choose another "
            "series, or say on the figure's card that it comes less often."
        )
    if metric.aggregation == Aggregation.PERIOD_TOTAL:
        raise SeriesTrouble(
            f"It has a value each {_PERIODS[pace]}, and this figure is the total of a {_PERIODS[wanted]}. Choose a "
            f"series of whole {_PERIODS[wanted]}s."
        )
    ends = set(_ends(metric, wanted, today))
    return [one for one in over if one.period_end in ends]


def _ends(metric: Metric, wanted: str, today: date) -> Iterable[date]:
    """The last days of the metric's periods: of those that have a figure, and on from there."""
    current = [one.period_end for one in current_readings(metric, today)]
    yield from current
    start = max(current, default=metric.baseline.on if metric.baseline is not None else None)
    if start is None:
        start = date(today.year - _LOOKS_BACK_YEARS, 12, 31)
    while (start := next_period_end(start, wanted)) <= today:
        yield start
