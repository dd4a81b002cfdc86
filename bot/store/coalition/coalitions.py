"""Coalitions, one row each with its state, and the setup that made one."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, Integer, UniqueConstraint
from sqlalchemy.ext.hybrid import hybrid_property
from sqlalchemy.orm import Mapped, mapped_column

from bot.domain.vocabularies import CoalitionState
from bot.store.base import Audited, Base, Json


class CoalitionRow(Audited):
    __tablename__ = "coalitions"
    __table_args__ = (UniqueConstraint("key"),)

    id: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=True)
    key: Mapped[str]
    name: Mapped[str]
    short_name: Mapped[str | None]
    timezone: Mapped[str]
    currency: Mapped[str]
    locale: Mapped[str] = mapped_column(default="en-US", server_default="en-US")
    north_star_statement: Mapped[str | None]
    north_star_yearly_goals: Mapped[Any | None] = mapped_column(Json)
    north_star_public: Mapped[bool | None]
    north_star_extra: Mapped[Any] = mapped_column(Json, default=dict)
    schema_version: Mapped[int] = mapped_column(Integer, default=1)
    as_of: Mapped[date | None]
    first_imported_at: Mapped[datetime | None]
    first_change_id: Mapped[int | None] = mapped_column(Integer)
    state: Mapped[str] = mapped_column(default=CoalitionState.DRAFT.value)
    live_at: Mapped[datetime | None]
    paused_at: Mapped[datetime | None]
    ended: Mapped[date | None]
    last_digest_at: Mapped[datetime | None]  # when that of its last day was planned
    quiet_from: Mapped[str] = mapped_column(default="20:00")
    quiet_to: Mapped[str] = mapped_column(default="07:00")
    extra: Mapped[Any] = mapped_column(Json, default=dict)
    file_extra: Mapped[Any] = mapped_column(Json, default=dict)

    # Of one coalition, and in what is asked of the table.
    @hybrid_property
    def is_draft(self) -> bool:
        return self.state == CoalitionState.DRAFT

    @hybrid_property
    def is_live(self) -> bool:
        return self.state == CoalitionState.LIVE

    @hybrid_property
    def is_ended(self) -> bool:
        return self.state == CoalitionState.ENDED

    @hybrid_property
    def is_paused(self) -> bool:
        return self.state == CoalitionState.PAUSED


class SetupRow(Base):
    """One workspace's setup. It begins before there is a coalition, so the workspace is its key.

    `step` is the open one, 1 to 5; 6 means that everything was entered. `values` holds what Slack said about people
    and what was chosen but not applied yet; it is emptied with the last step.
    """

    __tablename__ = "setups"

    team_id: Mapped[str] = mapped_column(primary_key=True)
    coalition_id: Mapped[int | None] = mapped_column(ForeignKey("coalitions.id"))
    user_id: Mapped[str]
    step: Mapped[int] = mapped_column(Integer, default=1)
    values: Mapped[Any] = mapped_column(Json, default=dict)
    saved_at: Mapped[datetime]
