"""Decisions."""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy.orm import Mapped, mapped_column

from bot.store.base import Audited, InCoalition, Json
from bot.store.references import keyed, refers


class DecisionRow(InCoalition, Audited):
    __tablename__ = "decisions"
    __table_args__ = (
        *keyed(),
        refers("groups", "decider_id"),
        refers("members", "accountable_id"),
        refers("priorities", "priority_id"),
    )

    key: Mapped[str]
    title: Mapped[str]
    decider_id: Mapped[int]
    status: Mapped[str]
    accountable_id: Mapped[int | None]
    priority_id: Mapped[int | None]
    needed_by: Mapped[date | None]
    options: Mapped[Any] = mapped_column(Json, default=list)
    recommended: Mapped[str | None]
    recommendation_for: Mapped[str | None]
    decided_on: Mapped[date | None]
    outcome: Mapped[str | None]
    delegated: Mapped[bool]
    extra: Mapped[Any] = mapped_column(Json, default=dict)
