"""Priorities and their intermediate outcomes."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import false
from sqlalchemy.orm import Mapped, mapped_column

from bot.domain.vocabularies import CanvasUse
from bot.store.base import Audited, InCoalition, Json, keyed, refers


class PriorityRow(InCoalition, Audited):
    __tablename__ = "priorities"
    __table_args__ = (*keyed(), refers("members", "owner_id"), refers("groups", "working_group_id"))

    key: Mapped[str]
    name: Mapped[str]
    owner_id: Mapped[int]
    goal: Mapped[str | None]
    lens: Mapped[str | None]
    working_group_id: Mapped[int | None]
    channel: Mapped[str | None]
    assessment: Mapped[str]
    assessment_on: Mapped[date | None]
    # The headline is named by its file id: a foreign key would make metrics and priorities point at each other.
    headline_metric: Mapped[str | None]
    need_amount: Mapped[Decimal | None]
    need_through: Mapped[date | None]
    need_basis: Mapped[str | None]
    need_extra: Mapped[Any] = mapped_column(Json, default=dict)
    public: Mapped[bool] = mapped_column(default=False, server_default=false())
    canvas: Mapped[str] = mapped_column(default=CanvasUse.USUAL, server_default=CanvasUse.USUAL)
    ended: Mapped[date | None]
    extra: Mapped[Any] = mapped_column(Json, default=dict)


class OutcomeRow(InCoalition, Audited):
    __tablename__ = "outcomes"
    __table_args__ = (*keyed(), refers("priorities", "priority_id"))

    key: Mapped[str]
    priority_id: Mapped[int]
    name: Mapped[str]
    due: Mapped[date]
    completed: Mapped[date | None]
    public: Mapped[bool] = mapped_column(default=False, server_default=false())
    ended: Mapped[date | None]
    extra: Mapped[Any] = mapped_column(Json, default=dict)
