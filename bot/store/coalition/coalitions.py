"""The coalitions table: one row a coalition, with its state."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import Integer, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from bot.store.base import Audited, Json


class CoalitionRow(Audited):
    __tablename__ = "coalitions"
    __table_args__ = (UniqueConstraint("key"),)

    id: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=True)
    key: Mapped[str]
    name: Mapped[str]
    short_name: Mapped[str | None]
    timezone: Mapped[str]
    currency: Mapped[str]
    north_star_statement: Mapped[str | None]
    north_star_extra: Mapped[Any] = mapped_column(Json, default=dict)
    schema_version: Mapped[int] = mapped_column(Integer, default=1)
    as_of: Mapped[date | None]
    first_imported_at: Mapped[datetime | None]
    first_change_id: Mapped[int | None] = mapped_column(Integer)
    state: Mapped[str] = mapped_column(default="draft")  # draft | live | paused
    live_at: Mapped[datetime | None]
    paused_at: Mapped[datetime | None]
    quiet_from: Mapped[str] = mapped_column(default="20:00")
    quiet_to: Mapped[str] = mapped_column(default="07:00")
    extra: Mapped[Any] = mapped_column(Json, default=dict)
    file_extra: Mapped[Any] = mapped_column(Json, default=dict)
