"""What belongs to one occurrence of a meeting: who comes, points for its agenda, and its notes.

An occurrence is a cadence and a slot (naive wall time), which stays the same when the occurrence is moved.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Index, Integer, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from bot.store.base import Audited, InCoalition, Json, LocalDateTime, refers, target


class AttendanceRow(InCoalition, Audited):
    """What an attendee said about coming, or whom they send in their place."""

    __tablename__ = "attendances"
    __table_args__ = (
        UniqueConstraint("cadence_id", "slot", "member_id"),
        Index("ix_attendances_coalition_id_slot", "coalition_id", "slot"),
        refers("cadences", "cadence_id"),
        refers("members", "member_id"),
        refers("members", "substitute_id"),
    )

    cadence_id: Mapped[int]
    slot: Mapped[datetime] = mapped_column(LocalDateTime)
    member_id: Mapped[int]
    answer: Mapped[str]  # coming | not_coming | substitute
    substitute_id: Mapped[int | None]


class MeetingNotesRow(InCoalition, Audited):
    """What was said at a meeting. `decisions` and `actions` are the ids of what came of it, in the notes' order."""

    __tablename__ = "meeting_notes"
    __table_args__ = (
        target(),
        UniqueConstraint("cadence_id", "slot"),
        refers("cadences", "cadence_id"),
        refers("members", "by_id"),
    )

    cadence_id: Mapped[int]
    slot: Mapped[datetime] = mapped_column(LocalDateTime)
    by_id: Mapped[int | None]
    present: Mapped[Any] = mapped_column(Json, default=list)  # member ids of the file
    decided: Mapped[Any] = mapped_column(Json, default=list)  # one text a decision
    decisions: Mapped[Any] = mapped_column(Json, default=list)
    actions: Mapped[Any] = mapped_column(Json, default=list)
    parked: Mapped[Any] = mapped_column(Json, default=list)  # one text a point
    posted_at: Mapped[datetime]
    edited_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column(Integer, default=0)  # one more with each edit


class AgendaPointRow(InCoalition, Audited):
    """One point for a meeting's agenda, added by somebody or parked at the meeting before."""

    __tablename__ = "agenda_points"
    __table_args__ = (
        UniqueConstraint("submission_key"),
        refers("cadences", "cadence_id"),
        refers("members", "added_by_id"),
        refers("meeting_notes", "notes_id"),
    )

    cadence_id: Mapped[int]
    slot: Mapped[datetime] = mapped_column(LocalDateTime)
    text: Mapped[str]
    about: Mapped[str | None]  # the id of the issue or decision that the point is about
    added_by_id: Mapped[int | None]
    notes_id: Mapped[int | None]  # the notes that parked it
    withdrawn: Mapped[bool] = mapped_column(default=False)
    submission_key: Mapped[str | None]
