"""Cadences with their skipped and moved occurrences, and the question sets that they ask."""

from __future__ import annotations

from datetime import date, datetime, time
from typing import Any

from sqlalchemy import Index, Integer, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from bot.store.base import Audited, Base, InCoalition, Json, LocalDateTime, keyed, refers


class QuestionSetRow(InCoalition, Audited):
    """What is asked. `version` counts what of it was asked in rounds and changed since."""

    __tablename__ = "question_sets"
    __table_args__ = keyed()

    key: Mapped[str]
    title: Mapped[str]
    minutes: Mapped[int] = mapped_column(Integer)
    allow_no_change: Mapped[bool]
    anonymous: Mapped[bool]
    per_item: Mapped[str | None]
    readers: Mapped[str] = mapped_column(default="steering", server_default="steering")
    questions: Mapped[Any] = mapped_column(Json)
    version: Mapped[int] = mapped_column(Integer, default=1, server_default="1")
    extra: Mapped[Any] = mapped_column(Json, default=dict)


class EarlierQuestionsRow(InCoalition, Audited):
    """A version that rounds opened with and that was changed at `until`."""

    __tablename__ = "earlier_questions"
    __table_args__ = (UniqueConstraint("question_set_id", "version"), refers("question_sets", "question_set_id"))

    question_set_id: Mapped[int]
    version: Mapped[int] = mapped_column(Integer)
    until: Mapped[datetime]
    title: Mapped[str]
    allow_no_change: Mapped[bool]
    anonymous: Mapped[bool]
    readers: Mapped[str]
    questions: Mapped[Any] = mapped_column(Json)
    extra: Mapped[Any] = mapped_column(Json, default=dict)


class CadenceRow(InCoalition, Audited):
    __tablename__ = "cadences"
    __table_args__ = (
        *keyed(),
        refers("groups", "group_id"),
        refers("groups", "audience_group_id"),
        refers("cadences", "feeds_id"),
        refers("question_sets", "question_set_id"),
    )

    key: Mapped[str]
    kind: Mapped[str]
    name: Mapped[str]
    timezone: Mapped[str]
    dtstart: Mapped[datetime] = mapped_column(LocalDateTime)
    rrule: Mapped[str]
    time_basis: Mapped[str]
    audience: Mapped[str | None]  # one of the named audiences; a group stands in audience_group_id
    audience_group_id: Mapped[int | None]
    group_id: Mapped[int | None]
    duration_minutes: Mapped[int | None] = mapped_column(Integer)
    closes_after_hours: Mapped[int] = mapped_column(Integer)
    reminder_after_hours: Mapped[int] = mapped_column(Integer)
    delegate_after_hours: Mapped[int] = mapped_column(Integer)
    feeds_id: Mapped[int | None]
    question_set_id: Mapped[int | None]
    summary: Mapped[str | None]
    channels: Mapped[Any] = mapped_column(Json, default=list)
    owner_preview_at: Mapped[time | None]
    prework_days_before: Mapped[int | None] = mapped_column(Integer)
    exdates: Mapped[Any] = mapped_column(Json, default=list)
    paused_at: Mapped[datetime | None]  # nothing is planned while this is set
    ended: Mapped[date | None]
    extra: Mapped[Any] = mapped_column(Json, default=dict)


class CadenceAttendeeRow(InCoalition, Audited):
    """A member named by a cadence: as attendee of its meetings or as reader of its digest by e-mail."""

    __tablename__ = "cadence_attendees"
    __table_args__ = (
        UniqueConstraint("cadence_id", "member_id", "purpose"),
        refers("cadences", "cadence_id"),
        refers("members", "member_id"),
    )

    cadence_id: Mapped[int]
    member_id: Mapped[int]
    purpose: Mapped[str]  # attendees | email
    position: Mapped[int] = mapped_column(Integer)


class MoveRow(InCoalition, Audited):
    __tablename__ = "moves"
    __table_args__ = (UniqueConstraint("cadence_id", "original"), refers("cadences", "cadence_id"))

    cadence_id: Mapped[int]
    original: Mapped[datetime] = mapped_column(LocalDateTime)
    to: Mapped[datetime] = mapped_column(LocalDateTime)
    closes_after_hours: Mapped[int | None] = mapped_column(Integer)
    reminder_after_hours: Mapped[int | None] = mapped_column(Integer)
    delegate_after_hours: Mapped[int | None] = mapped_column(Integer)
    follows: Mapped[datetime | None] = mapped_column(LocalDateTime)
    extra: Mapped[Any] = mapped_column(Json, default=dict)


class ScheduleRow(Base, InCoalition):
    """When a cadence is next due on one zone's clock: what the planner scans. Derived, so not audited.

    `planned_through` is the opening of the last occurrence that was planned; nothing before it is planned again.
    `prepared_for` is the opening of the digest whose owners' previews are planned.
    """

    __tablename__ = "schedules"
    __table_args__ = (
        UniqueConstraint("cadence_id", "zone"),
        Index("ix_schedules_next_run_at", "next_run_at"),
        refers("cadences", "cadence_id"),
    )

    cadence_id: Mapped[int]
    zone: Mapped[str]
    next_slot: Mapped[datetime | None] = mapped_column(LocalDateTime)
    next_run_at: Mapped[datetime | None]
    planned_through: Mapped[datetime]
    prepared_for: Mapped[datetime | None]
