"""What becomes of a meeting's notes and of the points on agendas: each change as a rule on them. Pure.

What follows from notes elsewhere (actions, decisions) is their nouns'; how lines are read is in `notes`.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from bot.domain.meetings.notes import NotesInput, read_lines
from bot.domain.meetings.pages import MOST_POINT
from bot.domain.meetings.planned import MeetingRef
from bot.domain.record import AgendaPoint, MeetingNotes
from bot.domain.typed import fitted
from bot.errors import UserError


def take_notes(
    before: MeetingNotes | None,
    ref: MeetingRef,
    typed: NotesInput,
    decisions: tuple[str, ...],
    actions: tuple[str, ...],
    by: str | None,
    now: datetime,
) -> MeetingNotes:
    """New notes, or those that were there as they are now: actions are only added to them. `by` is a member's id."""
    notes = MeetingNotes(
        cadence=ref.cadence,
        slot=ref.slot,
        by=by,
        present=typed.present,
        decided=read_lines(typed.decided),
        decisions=decisions,
        actions=actions,
        parked=read_lines(typed.parked),
        posted_at=now,
        version=1,
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
