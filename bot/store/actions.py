"""Action items."""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy import Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from bot.store.base import Audited, InCoalition, Json, keyed, refers


class ActionItemRow(InCoalition, Audited):
    __tablename__ = "action_items"
    __table_args__ = (
        *keyed(),
        UniqueConstraint("submission_key"),
        refers("members", "owner_id"),
        refers("priorities", "priority_id"),
        refers("organizations", "organization_id"),
        refers("organizations", "waiting_on_id"),
        refers("metrics", "metric_id"),
    )

    key: Mapped[str]
    title: Mapped[str]
    owner_id: Mapped[int]
    due: Mapped[date]
    created: Mapped[date]
    status: Mapped[str]
    priority_id: Mapped[int | None]
    organization_id: Mapped[int | None]
    deliverable: Mapped[str | None]
    metric_id: Mapped[int | None]
    completed: Mapped[date | None]
    blocked_reason: Mapped[str | None]
    waiting_on_id: Mapped[int | None]
    accepted: Mapped[bool]
    source: Mapped[str | None]
    note: Mapped[str | None]
    visibility: Mapped[str] = mapped_column(server_default="everybody")  # or coordinators, or a group's id
    moves: Mapped[Any | None] = mapped_column(Json)
    submission_key: Mapped[str | None]
    extra: Mapped[Any] = mapped_column(Json, default=dict)


# Those that wait for a yes, or never had one, among all of years.
_WAITING = ActionItemRow.accepted.is_(False)
Index("ix_action_items_waiting", ActionItemRow.coalition_id, sqlite_where=_WAITING, postgresql_where=_WAITING)
