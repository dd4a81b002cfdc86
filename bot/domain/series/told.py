"""What people are told of a series: a value that it has and the record hasn't, one that was recorded, trouble. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from bot.domain.record import Metric, Reading
from bot.domain.wording import day, day_with_year

_FRED = "FRED"


class ProposalState(StrEnum):
    """What became of a value that was found; whether it is recorded by now is told by the record."""

    OPEN = "open"
    DECLINED = "declined"
    RECORDED = "recorded"  # by itself


@dataclass(frozen=True, slots=True)
class AboutProposal:
    """Which value of which period: what an item and its buttons are about."""

    metric: str
    period_end: date
    value: Decimal


def proposal_about(about: AboutProposal) -> str:
    """In one word after the other; the metric stands first, so that it can be found by it."""
    return f"{about.metric} {about.period_end.isoformat()} {about.value}"


def read_proposal_about(about: str) -> AboutProposal:
    """The inverse of `proposal_about`."""
    metric, period_end, value = about.split(" ")
    return AboutProposal(metric, date.fromisoformat(period_end), Decimal(value))


def trouble_about(metric: str, on: date) -> str:
    """What an item about trouble with a series is about: the metric, and the day."""
    return f"{metric} {on.isoformat()}"


def read_trouble_about(about: str) -> str:
    """The metric of it."""
    return about.split(" ")[0]


@dataclass(frozen=True, slots=True, kw_only=True)
class SeriesNews:
    """A value that was found, as a steward reads of it.

    `state`: open; needs (it can't be recorded as it is, for the reason `needs`); recorded; declined; passed_on to
    another steward; or other (the period has a newer word). `current` is the figure that there is for its period,
    `latest` the newest one before it. `token` takes back what was recorded by itself.
    """

    metric: Metric
    about: str
    state: str
    series: str
    value: Decimal
    period_start: date | None = None
    period_end: date
    quality: str
    vintage: date | None
    seen_on: date
    today: date
    current: Reading | None = None
    current_withheld: bool = False
    latest: Reading | None = None
    latest_withheld: bool = False
    needs: str | None = None
    token: str | None = None
    minutes: int = 0

    @property
    def is_settled(self) -> bool:
        return self.state not in {"open", "needs"}

    @property
    def has_lapsed(self) -> bool:
        """Nothing was done about it."""
        return self.state in {"declined", "passed_on", "other"}


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordedNews:
    """A value that was recorded by itself; `stands`: it is the figure of its period. `token` takes it back."""

    news: SeriesNews
    stands: bool
    minutes: int = 0

    @property
    def is_settled(self) -> bool:
        return False


@dataclass(frozen=True, slots=True, kw_only=True)
class TroubleNews:
    """What keeps a metric's series from being read; `is_over`: it was read since."""

    metric: Metric
    series: str
    trouble: str
    is_over: bool = False
    minutes: int = 0

    @property
    def is_settled(self) -> bool:
        return self.is_over


def vintage_words(series: str, vintage: date | None, seen_on: date, today: date | None = None) -> str:
    """Which version of a series a value is from: "published Nov 7", "file of Nov 7" or "seen Nov 20"; without `today`
    with the year, for what is kept. Plain."""
    on = vintage or seen_on
    words = day(on, today) if today is not None else day_with_year(on)
    if vintage is None:
        return f"seen {words}"
    return f"published {words}" if series.startswith(_FRED) else f"file of {words}"


def note_words(series: str, vintage: date | None, seen_on: date) -> str:
    """The note of a figure that a series brought. Plain."""
    return f"From {series}, {vintage_words(series, vintage, seen_on)}."
