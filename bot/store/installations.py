"""Workspaces in which the app was installed, with their tokens, sealed. What opens them is not here."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Float, Integer, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from bot.store.base import Base


class InstallationRow(Base):
    """One for each workspace, whether a coalition lives there or not, kept after the app was removed.

    `version` rises whenever the tokens change, by which other processes notice. `refreshing_until` is how long, in
    epoch seconds, one process asks Slack for newer ones while the others leave it to it.
    """

    __tablename__ = "installations"
    __table_args__ = (UniqueConstraint("team_id"),)

    id: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=True)
    team_id: Mapped[str]
    enterprise_id: Mapped[str | None]
    name: Mapped[str | None]
    app_id: Mapped[str]
    bot_user_id: Mapped[str | None]
    scopes: Mapped[str]  # with commas in between
    token: Mapped[str | None]  # sealed; None once it is worth nothing
    refresh_token: Mapped[str | None]  # sealed
    expires_at: Mapped[float | None] = mapped_column(Float)
    refreshing_until: Mapped[float | None] = mapped_column(Float)
    installed_by: Mapped[str | None]
    installed_at: Mapped[datetime]
    ended: Mapped[str | None]
    ended_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column(Integer, default=1)
