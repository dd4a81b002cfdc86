"""Decisions as of a day: those that are needed and those just made. How a group decides is not here."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta

from bot.domain.digest_parts import DecisionLine
from bot.domain.directory import Directory
from bot.domain.record import Decision

WEEK = timedelta(days=7)


def describe(decision: Decision, directory: Directory) -> DecisionLine:
    """Return the decision with the names of its priority and of the group that decides."""
    return DecisionLine(
        id=decision.id,
        title=decision.title,
        priority=decision.priority,
        priority_name=directory.priority_name(decision.priority),
        decider=decision.decider,
        decider_name=directory.name(decision.decider),
        needed_by=decision.needed_by,
        recommended=decision.recommended,
        for_deciders=decision.recommendation_for == "deciders",
        decided_on=decision.decided_on,
        outcome=decision.outcome,
        delegated=decision.delegated,
    )


def needed(decisions: Iterable[Decision], directory: Directory) -> tuple[DecisionLine, ...]:
    """Return the decisions that are needed, the earliest `needed_by` first and those without one last."""
    waiting = [decision for decision in decisions if decision.status == "needed"]
    waiting.sort(key=lambda decision: decision.needed_by or date.max)
    return tuple(describe(decision, directory) for decision in waiting)


def made(decisions: Iterable[Decision], today: date, directory: Directory) -> tuple[DecisionLine, ...]:
    """Return the decisions made from today − 7 to today, both included, in the order given."""
    return tuple(
        describe(decision, directory)
        for decision in decisions
        if decision.status == "decided"
        and decision.decided_on is not None
        and today - WEEK <= decision.decided_on <= today
    )
