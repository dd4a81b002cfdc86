"""What buttons and forms of decisions and issues carry."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Annotated

from bot.domain.decisions import DecisionQuery
from bot.domain.issues import IssueQuery
from bot.slack.metadata.codec import alone, carried, one_of, renamed

carried(renamed(list="kind", id="id", page="page"))(DecisionQuery)
carried(renamed(list="kind", id="id", page="page"))(IssueQuery)


@carried()
@dataclass(frozen=True, slots=True)
class OptionKey:
    """Which option of which decision, counted from 0."""

    decision: str
    option: int


@carried(alone("decision"))
@dataclass(frozen=True, slots=True)
class Ballot:
    """The form in which one voice answers; none is named where somebody has one only."""

    decision: str
    voice: str | None = None


@carried()
@dataclass(frozen=True, slots=True)
class DecisionDayOpened:
    """The form with another day: which decision, and the day with which it was opened."""

    decision: str
    seen: date | None = None


@carried()
@dataclass(frozen=True, slots=True)
class NewDecisionOpened:
    """The form of a new decision: its token, and the issue that led to it."""

    token: str
    issue: str | None = None


@carried()
@dataclass(frozen=True, slots=True)
class EscalationKey:
    """Which issue goes to which group."""

    issue: str
    group: str


@carried()
@dataclass(frozen=True, slots=True)
class IssueCloseOpened:
    """The form that ends an issue."""

    issue: str
    what: Annotated[str, one_of("resolve", "park")]

    @property
    def key(self) -> str:
        """What words in it are kept under: version 0 itself, since they were before it had another."""
        return f'{{"issue":"{self.issue}","what":"{self.what}"}}'
