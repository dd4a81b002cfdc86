"""The audit trail: who changed what, when and by which path. Append-only, by triggers in both databases."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Index, Integer
from sqlalchemy.orm import Mapped, mapped_column

from bot.store.base import Base, InCoalition, Json, refers, target


class ChangeRow(Base, InCoalition):
    """One transaction's worth of changes. `at` is the calendar's moment."""

    __tablename__ = "changes"
    __table_args__ = (target(), Index("ix_changes_coalition_id_at", "coalition_id", "at"))

    at: Mapped[datetime]
    actor_id: Mapped[int | None] = mapped_column(Integer)
    on_behalf_of_id: Mapped[int | None] = mapped_column(Integer)
    path: Mapped[str]  # command_line | slack | link | schedule | series | import


class AuditEntryRow(Base, InCoalition):
    """One row's change: `old` and `new` hold the columns that differ. People stand in it by id only."""

    __tablename__ = "audit_entries"
    __table_args__ = (
        refers("changes", "change_id"),
        Index("ix_audit_entries_coalition_id_change_id", "coalition_id", "change_id"),
        Index("ix_audit_entries_coalition_id_table_name_row_id", "coalition_id", "table_name", "row_id"),
    )

    change_id: Mapped[int]
    table_name: Mapped[str]
    row_id: Mapped[int] = mapped_column(Integer)
    operation: Mapped[str]  # insert | update | delete
    old: Mapped[Any] = mapped_column(Json)
    new: Mapped[Any] = mapped_column(Json)
