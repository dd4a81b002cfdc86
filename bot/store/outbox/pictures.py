"""Pictures that were uploaded: the same one is uploaded once."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Mapped, mapped_column

from bot.store.base import Base


class PictureRow(Base):
    """A picture's file. It belongs to the workspace that it was uploaded to; `key` stands for what it shows."""

    __tablename__ = "pictures"

    team_id: Mapped[str] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(primary_key=True)
    file_id: Mapped[str]
    kept_at: Mapped[datetime]
