"""What was said to the coordinators only in a check-in, and who of them has seen it."""

from __future__ import annotations

from datetime import datetime
from typing import ClassVar

from sqlalchemy import CheckConstraint, UniqueConstraint
from sqlalchemy.orm import Mapped

from bot.store.base import Audited, InCoalition, refers, target


class PrivateNoteRow(InCoalition, Audited):
    """A note beside an answer on a priority or to a check-in that asks people for themselves: its author's, whoever
    edits the answer afterwards."""

    __tablename__ = "private_notes"
    __table_args__ = (
        target(),
        UniqueConstraint("response_id", "author_id"),
        UniqueConstraint("member_answer_id", "author_id"),
        CheckConstraint("(response_id IS NULL) <> (member_answer_id IS NULL)", name="one_answer"),
        refers("responses", "response_id"),
        refers("member_answers", "member_answer_id"),
        refers("members", "author_id"),
    )
    personal: ClassVar[frozenset[str]] = frozenset({"text"})

    response_id: Mapped[int | None]
    member_answer_id: Mapped[int | None]
    author_id: Mapped[int]
    text: Mapped[str]
    written_at: Mapped[datetime]


class NoteReadingRow(InCoalition, Audited):
    """That a coordinator has seen a note as it is worded now."""

    __tablename__ = "note_readings"
    __table_args__ = (
        UniqueConstraint("note_id", "member_id"),
        refers("private_notes", "note_id"),
        refers("members", "member_id"),
    )

    note_id: Mapped[int]
    member_id: Mapped[int]
    seen_at: Mapped[datetime]
