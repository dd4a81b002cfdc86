"""What comes near in funding, and who hears of it: reports that are due, and money that comes to its end. Pure.

To follow money with other money takes months, so people hear of its end half a year before, and twice more. How it gets
into their messages is in `bot/services/funding/reports.py`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import NamedTuple

from bot.domain.funding.money import SECURED
from bot.domain.funding.pages import owed_reports
from bot.domain.record import FundingSource, Record
from bot.domain.rights import coordinators

LONG_BEFORE = (180, 90, 30)  # days
# Of a report people hear a week before and on the day too: "week" and "day" are the words that they are known by.
_SHORTLY_BEFORE = (("week", 7), ("day", 0))
_WEEK_AFTER = timedelta(days=7)
# A notice of a report never comes before the day of the report before it.
_BETWEEN = {"monthly": 30, "quarterly": 91, "semiannual": 182, "annual": 365}


class Notice(NamedTuple):
    """A day that comes near. `when` tells its notice from the others; it comes `on` a day and is of use until another
    one."""

    source: FundingSource
    day: date
    when: str
    on: date
    until: date

    @property
    def about(self) -> str:
        return notice_about(self.source.id, self.day, self.when)


def report_notices(sources: Iterable[FundingSource]) -> Iterator[Notice]:
    """The notices of reports that are owed."""
    for source, due in owed_reports(sources):
        between = _BETWEEN.get(source.report.frequency or "", max(LONG_BEFORE) + 1) if source.report else 0
        days = [(str(one), one) for one in LONG_BEFORE if one < between]
        yield from _notices(source, due, [*days, *_SHORTLY_BEFORE], due + _WEEK_AFTER)


def end_notices(sources: Iterable[FundingSource]) -> Iterator[Notice]:
    """The notices of secured sources whose period comes to its end."""
    for source in sources:
        if source.status in SECURED and source.period_end is not None:
            yield from _notices(source, source.period_end, [(str(one), one) for one in LONG_BEFORE], source.period_end)


def _notices(source: FundingSource, day: date, before: list[tuple[str, int]], last: date) -> Iterator[Notice]:
    """Each is of use until the next one comes."""
    days = [day - timedelta(days=count) for _, count in before]
    for (when, _), on, until in zip(before, days, [*days[1:], last], strict=True):
        yield Notice(source, day, when, on, until)


def notice_about(source: str, day: date, when: str) -> str:
    """What a notice is about: a source's day; one that moves has another."""
    return f"{source} {day.isoformat()} {when}"


def read_notice_about(about: str) -> tuple[str, date]:
    """The source and the day of `notice_about`."""
    source, day, _ = about.rsplit(" ", 2)
    return source, date.fromisoformat(day)


def every_notice_about(source: str, day: date) -> list[str]:
    """What all notices of a source's day are about."""
    return [notice_about(source, day, str(when)) for when in (*LONG_BEFORE, *(word for word, _ in _SHORTLY_BEFORE))]


def receivers_of_report(record: Record, source: FundingSource) -> tuple[str, ...]:
    """Who hears of a source's report: who writes it, else the coordinators."""
    owner = source.report.owner if source.report else None
    return (owner,) if owner is not None else tuple(one.id for one in coordinators(record))


def receivers_of_end(record: Record, source: FundingSource) -> tuple[str, ...]:
    """Who hears that a source comes to its end: the owners of what it is for, and the coordinators."""
    allocated = {one.to for one in source.allocations}
    owners = [one.owner for one in record.priorities if one.id in allocated]
    return tuple(dict.fromkeys([*owners, *(one.id for one in coordinators(record))]))


@dataclass(frozen=True, slots=True, kw_only=True)
class EndingMoney:
    """Money that comes to its end, in somebody's message. `state`: due, moved, passed_on.

    `shares` are what it gives to whom, by name, as far as the reader sees it.
    """

    source: str
    source_name: str
    ends: date
    state: str
    today: date
    shares: tuple[tuple[str, Decimal], ...]
    currency: str
    now_ends: date | None = None  # where the day was moved
    minutes: int = 0

    @property
    def is_settled(self) -> bool:
        return self.state != "due"

    @property
    def has_lapsed(self) -> bool:
        """Its day was moved, or it is somebody else's now."""
        return self.is_settled
