"""What becomes of a meeting's notes and of the points on agendas: values, and each change as a rule on them. Pure.

What follows from notes elsewhere (actions, decisions) is their nouns'; how lines are read is in `notes`.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from bot.domain.meetings.notes import NotesInput, read_lines
from bot.domain.meetings.pages import MOST_POINT
from bot.domain.record import AgendaPoint
from bot.domain.typed import fitted
from bot.errors import UserError


@dataclass(frozen=True, slots=True, kw_only=True)
class Notes:
    """What was said at one occurrence. `decisions` and `actions` are the ids of what came of it, in its order."""

    slot: datetime
    present: tuple[str, ...]  # member ids
    decided: tuple[str, ...]  # one text a decision
    decisions: tuple[str, ...]
    actions: tuple[str, ...]
    parked: tuple[str, ...]  # one text a point
    posted_at: datetime
    edited_at: datetime | None = None
    version: int = 1  # one more with each edit


def take_notes(
    before: Notes | None,
    slot: datetime,
    typed: NotesInput,
    decisions: tuple[str, ...],
    actions: tuple[str, ...],
    now: datetime,
) -> Notes:
    """New notes, or those that were there as they are now: actions are only added to them."""
    notes = Notes(
        slot=slot,
        present=typed.present,
        decided=read_lines(typed.decided),
        decisions=decisions,
        actions=actions,
        parked=read_lines(typed.parked),
        posted_at=now,
    )
    if before is None:
        return notes
    return replace(
        notes,
        actions=(*before.actions, *actions),
        posted_at=before.posted_at,
        edited_at=now,
        version=before.version + 1,
    )


def read_point(typed: str) -> str:
    """The words of a point. Raises UserError without any, and for too many."""
    words = fitted(typed, MOST_POINT, "text")
    if not words:
        raise UserError("Write the point in a few words.", field="text")
    return words


def reword_point(point: AgendaPoint, text: str) -> AgendaPoint:
    """Other words for a point, unless it was taken away."""
    return point if point.withdrawn else replace(point, text=text)


def take_away(point: AgendaPoint) -> AgendaPoint:
    """No more on any agenda."""
    return replace(point, withdrawn=True)


def carry_over(point: AgendaPoint, slot: datetime) -> AgendaPoint:
    """On the agenda of another occurrence."""
    return replace(point, slot=slot)
