"""What hangs on a member: what somebody else takes over before they can be gone. Pure.

What people said and did stays theirs; it is not here. Neither are seats in groups, contacts and roles, which end with
whoever has them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple, Protocol

from bot.domain.record.growing import every_metric, open_actions
from bot.domain.record.hanging import outlasts
from bot.domain.record.record import Metric, Record


class Held(NamedTuple):
    """One thing: its id, and its name or title."""

    id: str
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Holdings:
    """What hangs on a member, by kind, each in file order."""

    priorities: tuple[Held, ...] = ()  # that they own
    chairs: tuple[Held, ...] = ()  # groups that they chair or co-chair
    figures: tuple[Held, ...] = ()  # metrics of which they are the steward
    actions: tuple[Held, ...] = ()  # open ones
    issues: tuple[Held, ...] = ()  # open ones that they look after
    decisions: tuple[Held, ...] = ()  # undecided ones that they answer for
    reports: tuple[Held, ...] = ()  # funding sources of which they write the report
    principals: tuple[Held, ...] = ()  # members whose stand-in they are

    @property
    def work(self) -> tuple[Held, ...]:
        """What has to be done by somebody: actions, issues, decisions, reports."""
        return (*self.actions, *self.issues, *self.decisions, *self.reports)

    @property
    def needs_somebody(self) -> bool:
        """Whether something has to have a person: a chair or a stand-in may be missing for a while."""
        return bool(self.priorities or self.figures or self.work)

    def __bool__(self) -> bool:
        return bool(self.needs_somebody or self.chairs or self.principals)


def holdings_of(record: Record, member: str, until: date | None = None) -> Holdings:
    """What hangs on this member (an id), and goes on after a day; None: of which no end is known."""
    return Holdings(
        priorities=_held(one for one in record.priorities if one.owner == member and outlasts(one, until)),
        chairs=_held(one for one in record.groups if member in (one.chair, one.cochair) and outlasts(one, until)),
        figures=_held(one for one in _metrics(record, until) if one.steward == member),
        actions=_titled(one for one in open_actions(record) if one.owner == member),
        issues=_titled(one for one in record.issues if one.owner == member and one.is_open),
        decisions=_titled(one for one in record.decisions if one.accountable == member and one.is_undecided),
        reports=_held(
            one
            for one in record.funding_sources
            if one.report is not None
            and one.report.owner == member
            and one.report.next_due is not None
            and outlasts(one, until)
        ),
        principals=_held(one for one in record.present if one.delegate == member),
    )


def _metrics(record: Record, until: date | None) -> Iterator[Metric]:
    """The metrics that go on, with what they belong to."""
    over = {one.id for one in record.priorities if not outlasts(one, until)}
    return (one for priority, one in every_metric(record) if outlasts(one, until) and priority not in over)


class _Named(Protocol):
    @property
    def id(self) -> str: ...
    @property
    def name(self) -> str: ...


class _Titled(Protocol):
    @property
    def id(self) -> str: ...
    @property
    def title(self) -> str: ...


def _held(things: Iterable[_Named]) -> tuple[Held, ...]:
    return tuple(Held(one.id, one.name) for one in things)


def _titled(things: Iterable[_Titled]) -> tuple[Held, ...]:
    return tuple(Held(one.id, one.title) for one in things)
