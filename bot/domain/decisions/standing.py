"""Decisions as of a day: those that are needed and those just made. How a group decides is not here."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from bot.domain.decisions.deciding import Seat, answered, seats_of
from bot.domain.numbered import Ids
from bot.domain.record import Decision, Directory, Record, in_common

WEEK = timedelta(days=7)
_IDS = Ids("D")
next_id, read_id = _IDS.next_id, _IDS.read_id


@dataclass(frozen=True, slots=True, kw_only=True)
class DecisionLine:
    """A decision. Where `for_deciders`, `recommended` shows in the decision's form, never in posted text."""

    id: str
    title: str
    priority: str | None
    priority_name: str | None
    decider: str  # group id
    decider_name: str
    needed_by: date | None
    recommended: str | None
    for_deciders: bool
    decided_on: date | None
    outcome: str | None
    delegated: bool
    chosen: bool = False  # there were options, so the title alone does not say what was decided
    answered: int = 0  # how many voices have answered …
    voices: int = 0  # … of how many; 0 in a digest stored before they were counted

    @property
    def count(self) -> str:
        """How many voices have answered: "1 of 7 answered"; empty where nobody has one."""
        return f"{self.answered} of {self.voices} answered" if self.voices else ""


def describe(decision: Decision, directory: Directory, seats: Sequence[Seat] = ()) -> DecisionLine:
    """Return the decision with the names of its priority and of the group that decides, and its answers counted."""
    return DecisionLine(
        priority_name=directory.priority_name(decision.priority),
        decider_name=directory.name(decision.decider),
        for_deciders=decision.recommendation_for == "deciders",
        chosen=decision.outcome is not None and bool(decision.options),
        answered=answered(seats, decision.answers),
        voices=len(seats),
        **in_common(DecisionLine, decision),
    )


def needed(record: Record, directory: Directory) -> tuple[DecisionLine, ...]:
    """Return the decisions that are needed, the earliest `needed_by` first and those without one last."""
    waiting = [decision for decision in record.decisions if decision.is_needed]
    waiting.sort(key=lambda decision: decision.needed_by or date.max)
    groups = {one.id: one for one in record.groups}
    seats = {key: seats_of(record, groups[key]) for key in {one.decider for one in waiting} if key in groups}
    return tuple(describe(decision, directory, seats.get(decision.decider, ())) for decision in waiting)


def made(decisions: Iterable[Decision], today: date, directory: Directory) -> tuple[DecisionLine, ...]:
    """Return the decisions made from today − 7 to today, both included, in the order given."""
    return tuple(
        describe(decision, directory)
        for decision in decisions
        if decision.is_decided and decision.decided_on is not None and today - WEEK <= decision.decided_on <= today
    )
