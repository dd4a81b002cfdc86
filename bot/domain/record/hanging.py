"""What ends beside members, and what hangs on it: one row a noun. Pure.

From a row follow what the form of an end lists, what a file is held to, and what an import refuses. What only says
where something belongs is not here: it is left out with what ended (`presence`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import NamedTuple, Protocol

from bot.domain.record.growing import every_metric, open_actions
from bot.domain.record.record import Cadence, FundingSource, Record
from bot.domain.vocabularies import ENDED_FUNDING, HELD_TOGETHER, CadenceKind


class Noun(StrEnum):
    """What may end, as a file calls one."""

    PRIORITY = "priority"
    ORGANIZATION = "organization"
    GROUP = "group"
    CADENCE = "cadence"
    METRIC = "metric"
    OUTCOME = "outcome"
    SOURCE = "funding source"


class Hanging(StrEnum):
    """A kind of what may hang on something; the form of an end has a field for each."""

    WORK = "work"  # open actions, issues and decisions
    MEMBERS = "members"  # who belongs to it
    DECISIONS = "decisions"  # what it is to decide
    ISSUES = "issues"  # what it is to resolve
    ROUNDS = "rounds"  # check-ins that ask it, and meetings of it
    MONEY = "money"  # what funding sources are for


class Hung(NamedTuple):
    """One thing that hangs on something: what a file calls one, its id, and its name or title."""

    called: str
    id: str
    name: str


class Named(Protocol):
    """Something that ends."""

    @property
    def id(self) -> str: ...
    @property
    def name(self) -> str: ...
    @property
    def ended(self) -> date | None: ...


# What hangs on the thing of an id, and goes on after a day (None: without an end).
Finds = Callable[[Record, str, date | None], Iterator[Hung]]


@dataclass(frozen=True, slots=True)
class Ends:
    """A noun: its things, and what may hang on one of them, by kind in the order in which it is asked about."""

    noun: Noun
    things: Callable[[Record], Iterable[Named]]
    hangs: Mapping[Hanging, Finds]


def outlasts(thing: Named, until: date | None) -> bool:
    """Whether something goes on after a day; with None, whether no end of it is known."""
    return thing.ended is None or (until is not None and thing.ended > until)


def hanging_on(record: Record, noun: Noun, key: str, until: date | None = None) -> Mapping[Hanging, tuple[Hung, ...]]:
    """What hangs on something, by kind; kinds of which there is nothing are left out."""
    found = {kind: tuple(finds(record, key, until)) for kind, finds in ENDS[noun].hangs.items()}
    return {kind: things for kind, things in found.items() if things}


def find_ending(record: Record, noun: Noun, key: str) -> Named | None:
    """The thing of this id; None where there is none."""
    return next((one for one in ENDS[noun].things(record) if one.id == key), None)


def is_spent(source: FundingSource) -> bool:
    """Whether nothing more comes of a source, so that what it was for is history."""
    return source.status in ENDED_FUNDING


def noun_words(cadence: Cadence) -> str:
    """What people call a cadence."""
    if cadence.kind == CadenceKind.CHECKIN:
        return "check-in"
    return "meeting" if cadence.kind in HELD_TOGETHER else cadence.kind


def _work_of_priority(record: Record, key: str, _until: date | None) -> Iterator[Hung]:
    yield from (Hung("action", one.id, one.title) for one in open_actions(record) if one.priority == key)
    yield from (Hung("issue", one.id, one.title) for one in record.issues if one.priority == key and one.is_open)
    yield from (
        Hung("decision", one.id, one.title) for one in record.decisions if one.priority == key and one.is_undecided
    )


def _work_of_organization(record: Record, key: str, _until: date | None) -> Iterator[Hung]:
    yield from (
        Hung("action", one.id, one.title) for one in open_actions(record) if key in (one.organization, one.waiting_on)
    )


def _money(record: Record, key: str, until: date | None) -> Iterator[Hung]:
    yield from (
        Hung("funding source", one.id, one.name)
        for one in record.funding_sources
        if outlasts(one, until) and not is_spent(one) and any(each.to == key for each in one.allocations)
    )


def _members(record: Record, key: str, until: date | None) -> Iterator[Hung]:
    yield from (
        Hung("member", one.id, one.name) for one in record.members if one.organization == key and outlasts(one, until)
    )


def _decisions(record: Record, key: str, _until: date | None) -> Iterator[Hung]:
    yield from (
        Hung("decision", one.id, one.title) for one in record.decisions if one.decider == key and one.is_undecided
    )


def _issues(record: Record, key: str, _until: date | None) -> Iterator[Hung]:
    yield from (
        Hung("issue", one.id, one.title) for one in record.issues if one.escalated_to == key and one.is_escalated
    )


def _rounds(record: Record, key: str, until: date | None) -> Iterator[Hung]:
    yield from (
        Hung("cadence", one.id, one.name)
        for one in record.cadences
        if key in (one.group, one.audience) and outlasts(one, until)
    )


ENDS: Mapping[Noun, Ends] = {
    one.noun: one
    for one in (
        Ends(
            Noun.PRIORITY,
            lambda record: record.priorities,
            {Hanging.WORK: _work_of_priority, Hanging.MONEY: _money},
        ),
        Ends(
            Noun.ORGANIZATION,
            lambda record: record.organizations,
            {Hanging.MEMBERS: _members, Hanging.WORK: _work_of_organization},
        ),
        Ends(
            Noun.GROUP,
            lambda record: record.groups,
            {Hanging.DECISIONS: _decisions, Hanging.ISSUES: _issues, Hanging.ROUNDS: _rounds, Hanging.MONEY: _money},
        ),
        Ends(Noun.CADENCE, lambda record: record.cadences, {}),
        Ends(Noun.METRIC, lambda record: (metric for _, metric in every_metric(record)), {}),
        Ends(Noun.OUTCOME, lambda record: (one for each in record.priorities for one in each.outcomes), {}),
        Ends(Noun.SOURCE, lambda record: record.funding_sources, {}),
    )
}
