"""Canvases in priorities' channels that the bot made, or tried to make."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Float, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from bot.store.base import Base, InCoalition, Json, refers


class CanvasRow(Base, InCoalition):
    """One for each priority and channel. No part of the record: what stands on it is told by that.

    `canvas_id` is set by the answer to the bot's own call only, or where there is no doubt that it made it. `written`
    is a hash of what stands there. `seen` are the canvases that the channel had before one was made. `not_before` and
    `lease_until` are epoch seconds of elapsed time, by the database.
    """

    __tablename__ = "canvases"
    __table_args__ = (
        UniqueConstraint("coalition_id", "priority_id", "channel_id"),
        refers("priorities", "priority_id"),
    )

    priority_id: Mapped[int]
    team_id: Mapped[str]
    channel_id: Mapped[str]
    canvas_id: Mapped[str | None]
    state: Mapped[str]
    code: Mapped[str | None]  # why it is not standing, as Slack says it
    title: Mapped[str | None]
    written: Mapped[str | None]
    written_at: Mapped[datetime | None]
    changed_at: Mapped[datetime]  # of the state
    beside: Mapped[bool] = mapped_column(default=False)  # a coordinator wants it beside a canvas of other people's
    seen: Mapped[Any] = mapped_column(Json, default=list)
    tries: Mapped[int] = mapped_column(default=0)
    not_before: Mapped[float | None] = mapped_column(Float)
    lease_until: Mapped[float | None] = mapped_column(Float)
