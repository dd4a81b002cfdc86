"""How far the setup of a workspace is, and what it has entered so far."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Integer
from sqlalchemy.orm import Mapped, mapped_column

from bot.store.base import Base, Json


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
