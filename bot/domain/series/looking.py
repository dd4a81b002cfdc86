"""When a series is looked at, and how the last look went. Values and rules, pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, time, timedelta
from enum import StrEnum

from bot.domain.record import Series
from bot.domain.vocabularies import SeriesLooks

# On the coalition's clock: before anybody's morning, so that a new figure travels with that day's message.
HOUR = time(6, 30)
# So many looks in a row may fail for what passes by itself before anybody hears of it.
MOST_QUIET_FAILURES = 2
_DAYS = {SeriesLooks.DAILY: 1, SeriesLooks.WEEKLY: 7, SeriesLooks.MONTHLY: 28}


class Outcome(StrEnum):
    """What a look came to."""

    NOTHING_NEW = "nothing_new"
    PROPOSED = "proposed"
    RECORDED = "recorded"
    TROUBLE = "trouble"


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """One look that is to be taken: at which series, and what there is to know of its metric. `since`: nothing that
    ended before that day is asked for."""

    coalition_id: int
    metric_id: int
    metric: str
    series: Series
    unit: str
    frequency: str
    since: date
    today: date
    locale: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SeriesLine:
    """What a metric's card says of its series: how the last look went, and the newest value that was proposed."""

    series: Series
    looked_on: date | None = None
    outcome: str | None = None
    trouble: str | None = None
    proposed_on: date | None = None
    proposed_for: date | None = None


def next_look(series: Series, due_on: date | None, today: date, *, went_well: bool) -> date:
    """The day of the next look after one that was taken `today`; what didn't go well is tried again the day after.
    `due_on` is when the metric's next figure is expected."""
    tomorrow = today + timedelta(days=1)
    if not went_well:
        return tomorrow
    if series.looks == SeriesLooks.WHEN_DUE:
        # Without a day to wait for it is looked at as one usually is.
        return max(due_on, tomorrow) if due_on is not None else today + timedelta(days=_DAYS[SeriesLooks.WEEKLY])
    return today + timedelta(days=_DAYS[SeriesLooks(series.looks)])
