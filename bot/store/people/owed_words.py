"""Words to the bot whose answer is still owed."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Float, Integer
from sqlalchemy.orm import Mapped, mapped_column

from bot.store.base import Base, Json


class OwedWordsRow(Base):
    """What the answer follows from, for as long as it is owed. `heard_at` and `lease_until` are elapsed time in epoch
    seconds, by the database's clock; until then the owner is at it."""

    __tablename__ = "owed_words"

    event_id: Mapped[str] = mapped_column(primary_key=True)
    team_id: Mapped[str]
    body: Mapped[Any] = mapped_column(Json)
    heard_at: Mapped[float] = mapped_column(Float)
    lease_owner: Mapped[str]
    lease_until: Mapped[float] = mapped_column(Float)
    tries: Mapped[int] = mapped_column(Integer, default=1)
