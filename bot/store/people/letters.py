"""What one member wrote to another through the bot."""

from __future__ import annotations

from datetime import datetime
from typing import ClassVar

from sqlalchemy import UniqueConstraint
from sqlalchemy.orm import Mapped

from bot.store.base import Audited, InCoalition, refers, target


class LetterRow(InCoalition, Audited):
    """`submission_key` is the form or press that it came from: sent again, it is the same letter."""

    __tablename__ = "letters"
    __table_args__ = (
        target(),
        UniqueConstraint("submission_key", "receiver_id"),
        refers("members", "sender_id"),
        refers("members", "receiver_id"),
    )
    personal: ClassVar[frozenset[str]] = frozenset({"text"})

    submission_key: Mapped[str]
    sender_id: Mapped[int]
    receiver_id: Mapped[int]
    text: Mapped[str]
    about: Mapped[str]  # "" for words alone, "figures" for a request to report them
    written_at: Mapped[datetime]
