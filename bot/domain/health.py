"""How the rhythm of a coalition is: what went out and what didn't, who and what is missing, and how well it is kept
beside four weeks ago. Values and rules, pure.

It judges nobody: who owes something is told to coordinators only, who can help.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from bot.domain.canvases import CanvasList
from bot.domain.metrics import standing
from bot.domain.people import OutsideSlack
from bot.domain.record import Record, metric_at
from bot.domain.targets import Target
from bot.domain.vocabularies import ActionStatus, MetricStatus

WEEK = timedelta(days=7)
SPAN = timedelta(days=28)
# From then on a message that arrived was late.
LATE = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Share:
    """So many of so many."""

    good: int
    of: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Hygiene:
    """How well the rhythm is kept over four weeks up to a moment."""

    answered: Share  # updates that were given, of those that were asked for in rounds that closed
    fresh: Share  # priorities' figures that are neither missing nor stale at the end
    on_time: Share  # actions that were closed by their day, of those due


@dataclass(frozen=True, slots=True, kw_only=True)
class StaleFigure:
    """A figure that is missing or has none for a while. `since` is the last day that the newest one covers."""

    name: str
    steward: str
    since: date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class WithoutUpdate:
    """A priority whose owner has let two rounds or more pass. `since` is the day of the last word about it."""

    name: str
    owner: str
    since: date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent:
    """Messages of the last seven days. `missed` are those that did not arrive and will not, by the reason."""

    sent: int = 0
    late: int = 0
    waiting: int = 0  # due, and not on its way yet
    held: int = 0  # waits for a coordinator's word
    missed: tuple[tuple[str, int], ...] = ()

    @property
    def lost(self) -> int:
        return sum(count for _, count in self.missed)


@dataclass(frozen=True, slots=True, kw_only=True)
class Health:
    """What coordinators read of it."""

    sent: Sent
    outside_slack: tuple[OutsideSlack, ...]
    stale: tuple[StaleFigure, ...]
    figures: int  # of how many
    passed: tuple[Target, ...]  # targets whose day has passed without a new one
    silent: tuple[WithoutUpdate, ...]
    priorities: int
    series: tuple[tuple[str, str], ...] = ()  # figures whose series can't be read, by name, each with why
    backup_at: datetime | None
    canvases: CanvasList
    now_kept: Hygiene
    before: Hygiene
    zone: str
    now: datetime


def hygiene(record: Record, moment: datetime, today: date) -> Hygiene:
    """How well it was kept in the four weeks up to a moment (aware); `today` is its day.

    What was said and done stands in the record with its day, so that the present one tells of weeks ago too.
    """
    start, first = moment - SPAN, today - SPAN
    asked = [one for one in record.rounds if one.priority is not None and one.asked and start < one.closes_at <= moment]
    said = {(one.cadence, one.round, one.priority) for one in record.responses}
    figures = [
        standing(metric_at(metric, today), today).status
        for priority in record.priorities
        for metric in priority.metrics
    ]
    due = [
        one
        for one in record.actions
        if first < one.due <= today and one.accepted and one.status != ActionStatus.CANCELLED
    ]
    return Hygiene(
        answered=_share((one.cadence, one.day, one.priority) in said for one in asked),
        fresh=_share(one not in {MetricStatus.NO_DATA, MetricStatus.STALE} for one in figures),
        on_time=_share(one.completed is not None and one.completed <= one.due for one in due),
    )


def _share(found: Iterable[bool]) -> Share:
    told = list(found)
    return Share(sum(told), len(told))
