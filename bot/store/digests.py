"""Digests as composed and published, who gets copies, what was added to a digest, and the files that were imported."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from bot.store.base import Audited, Base, InCoalition, Json, LocalDateTime, refers, target


class DigestRow(Base, InCoalition):
    """One occurrence of a digest cadence. `content` is what was composed, once; posts render from it."""

    __tablename__ = "digests"
    __table_args__ = (
        target(),
        UniqueConstraint("cadence_id", "slot"),
        Index("ix_digests_coalition_id_published_at", "coalition_id", "published_at"),
        refers("cadences", "cadence_id"),
    )

    cadence_id: Mapped[int]
    slot: Mapped[datetime] = mapped_column(LocalDateTime)
    due_at: Mapped[datetime]
    composed_at: Mapped[datetime | None]
    published_at: Mapped[datetime | None]
    content: Mapped[Any | None] = mapped_column(Json)


class DigestSendingRow(Audited, InCoalition):
    """A digest that somebody had sent, instead of its own time or besides it."""

    __tablename__ = "digest_sendings"
    __table_args__ = (
        UniqueConstraint("coalition_id", "token"),
        refers("digests", "digest_id"),
        refers("members", "member_id"),
    )

    digest_id: Mapped[int]
    member_id: Mapped[int | None]
    token: Mapped[str]
    what: Mapped[str]  # early | again | extra
    asked_at: Mapped[datetime]


class DigestForwardRow(Audited, InCoalition):
    """A digest that somebody passed on by hand to whoever isn't reached."""

    __tablename__ = "digest_forwards"
    __table_args__ = (
        UniqueConstraint("coalition_id", "digest_id", "member_id", "edition"),
        refers("digests", "digest_id"),
        refers("members", "member_id"),
        refers("members", "passed_on_by_id"),
    )

    digest_id: Mapped[int]
    member_id: Mapped[int]  # for whom it was
    edition: Mapped[str]
    passed_on_by_id: Mapped[int | None]
    passed_on_at: Mapped[datetime]


class DigestSubscriptionRow(Audited, InCoalition):
    """Whether somebody gets an edition by direct message. Without a row funders get theirs, and nobody else does."""

    __tablename__ = "digest_subscriptions"
    __table_args__ = (UniqueConstraint("coalition_id", "member_id", "edition"), refers("members", "member_id"))

    member_id: Mapped[int]
    edition: Mapped[str]
    active: Mapped[bool]


class DigestNoteRow(Audited, InCoalition):
    """What a priority's owner adds to its part of one week's digest."""

    __tablename__ = "digest_notes"
    __table_args__ = (
        UniqueConstraint("coalition_id", "priority_id", "week"),
        refers("priorities", "priority_id"),
        refers("members", "member_id"),
    )

    priority_id: Mapped[int]
    week: Mapped[date]  # its Monday
    member_id: Mapped[int | None]
    text: Mapped[str]
    written_at: Mapped[datetime]


class ImportedFileRow(Base, InCoalition):
    """The file as last imported: what a later import is compared with."""

    __tablename__ = "imported_files"

    imported_at: Mapped[datetime]
    data: Mapped[Any] = mapped_column(Json)
