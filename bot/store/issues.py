"""Issues."""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy import Index
from sqlalchemy.orm import Mapped, mapped_column

from bot.store.base import Audited, InCoalition, Json, keyed, refers


class IssueRow(InCoalition, Audited):
    __tablename__ = "issues"
    __table_args__ = (
        *keyed(),
        Index("ix_issues_submission_key", "submission_key", unique=True),
        refers("members", "raised_by_id"),
        refers("members", "owner_id"),
        refers("priorities", "priority_id"),
        refers("groups", "escalated_to_id"),
    )

    key: Mapped[str]
    title: Mapped[str]
    raised_by_id: Mapped[int]
    owner_id: Mapped[int]
    raised: Mapped[date]
    status: Mapped[str]
    priority_id: Mapped[int | None]
    escalated_to_id: Mapped[int | None]
    escalated: Mapped[date | None]
    resolved: Mapped[date | None]
    impact: Mapped[str | None]
    note: Mapped[str | None]
    visibility: Mapped[str] = mapped_column(server_default="everybody")  # or coordinators, or a group's id
    submission_key: Mapped[str | None]
    extra: Mapped[Any] = mapped_column(Json, default=dict)
