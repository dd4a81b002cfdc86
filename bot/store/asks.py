"""What became of asks: one row for each response that asked for something, made when its round closed."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from bot.store.base import Audited, InCoalition, refers, target


class AskRow(InCoalition, Audited):
    """`waiting` for a coordinator, `held` to talk first, `sent`, `answered`; ended by whoever asked as `came_through`,
    `fell_through` or `withdrawn`."""

    __tablename__ = "asks"
    __table_args__ = (
        target(),
        UniqueConstraint("response_id"),
        refers("responses", "response_id"),
        refers("members", "receiver_id"),
        refers("members", "decided_by_id"),
        refers("members", "answered_by_id"),
    )

    response_id: Mapped[int]
    text: Mapped[str]  # as it was sent, or would be; the response keeps what was said
    asked: Mapped[str | None]  # organization or group id
    state: Mapped[str]
    edited: Mapped[bool] = mapped_column(default=False)  # by a coordinator
    made_at: Mapped[datetime]
    decided_by_id: Mapped[int | None]
    decided_at: Mapped[datetime | None]
    receiver_id: Mapped[int | None]
    sent_at: Mapped[datetime | None]
    answer: Mapped[str | None]  # can_help | not_us | talk
    suggested: Mapped[str | None]  # organization or group id
    answered_by_id: Mapped[int | None]
    answered_at: Mapped[datetime | None]
    ended_by_id: Mapped[int | None]
    ended_at: Mapped[datetime | None]
