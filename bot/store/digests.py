"""Digests as composed and published, and the coalition files that were imported."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from bot.store.base import Base, InCoalition, Json, LocalDateTime
from bot.store.references import refers, target


class DigestRow(Base, InCoalition):
    """One occurrence of a digest cadence. `content` is what was composed, once; posts render from it."""

    __tablename__ = "digests"
    __table_args__ = (target(), UniqueConstraint("cadence_id", "slot"), refers("cadences", "cadence_id"))

    cadence_id: Mapped[int]
    slot: Mapped[datetime] = mapped_column(LocalDateTime)
    due_at: Mapped[datetime]
    composed_at: Mapped[datetime | None]
    published_at: Mapped[datetime | None]
    content: Mapped[Any | None] = mapped_column(Json)


class ImportedFileRow(Base, InCoalition):
    """The file as last imported: what a later import is compared with."""

    __tablename__ = "imported_files"

    imported_at: Mapped[datetime]
    data: Mapped[Any] = mapped_column(Json)
