"""What anonymous check-ins were answered: single answers while a round is open, and what came of it after its close.

Nothing in an answer's row leads to a person: neither an id that counts, nor a moment. Who has taken part stands at the
round's subject, apart and without a moment too, and for as long as it keeps somebody from being asked again.
"""

from __future__ import annotations

import secrets
from datetime import date, datetime
from typing import Any, ClassVar

from sqlalchemy import Index, Integer, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from bot.store.base import Audited, Base, InCoalition, Json, OfCoalition, refers, target


def new_key() -> str:
    """A key that tells nothing of when it was made, nor of the keys beside it."""
    return secrets.token_hex(16)


class PulseAnswerRow(Base, OfCoalition):
    """One answer in a round that is open. On SQLite its rows have no number of their own and lie by their keys."""

    __tablename__ = "pulse_answers"
    __table_args__ = (
        refers("rounds", "round_id"),
        Index("ix_pulse_answers_round_id", "round_id"),
        {"sqlite_with_rowid": False},
    )

    random_key: Mapped[str] = mapped_column(primary_key=True, default=new_key)
    round_id: Mapped[int]
    day: Mapped[date]  # of the round
    answers: Mapped[Any] = mapped_column(Json)


class PulseResultRow(InCoalition, Audited):
    """What a round was answered, counted and mixed when it had closed for everybody, and what was done about it."""

    __tablename__ = "pulse_results"
    __table_args__ = (target(), UniqueConstraint("cadence_id", "round"), refers("cadences", "cadence_id"))
    # People's own words are kept in one place.
    personal: ClassVar[frozenset[str]] = frozenset({"told"})

    cadence_id: Mapped[int]
    round: Mapped[date]
    title: Mapped[str]
    asked: Mapped[int] = mapped_column(Integer)
    answered: Mapped[int] = mapped_column(Integer)
    told: Mapped[Any] = mapped_column(Json)
    did: Mapped[str | None]
    did_at: Mapped[datetime | None]
    extra: Mapped[Any] = mapped_column(Json, default=dict)
