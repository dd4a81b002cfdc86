"""Recoveries: from when to when a database didn't know what was sent. Rows, and which deliveries they put in doubt."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ColumnElement, Integer, and_, exists, func, or_
from sqlalchemy.orm import Mapped, mapped_column

from bot.store.base import Base, InCoalition
from bot.store.outbox.deliveries import DeliveryRow


class RecoveryRow(Base, InCoalition):
    """A database was brought back that ends at `since`, which was noticed at `noticed_at`. `why` is one of
    `domain.sending.Why`. Digests are in doubt until `reaches_until`: one may have been moved to an earlier day."""

    __tablename__ = "recoveries"

    why: Mapped[str]
    since: Mapped[datetime]
    noticed_at: Mapped[datetime]
    reaches_until: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    found: Mapped[int] = mapped_column(Integer, default=0)
    held: Mapped[int] = mapped_column(Integer, default=0)


def in_doubt(of: type[DeliveryRow] = DeliveryRow) -> ColumnElement[bool]:
    """Whether a message may have been sent since without this database knowing: it was planned then already, or was
    due by the time that this was noticed; and it was not looked for since."""
    covers = or_(
        of.planned_at <= RecoveryRow.noticed_at,
        of.due_at <= RecoveryRow.noticed_at,
        and_(of.digest_id.is_not(None), of.due_at <= RecoveryRow.reaches_until),
    )
    return exists().where(
        RecoveryRow.coalition_id == of.coalition_id, RecoveryRow.id > func.coalesce(of.looked_for, 0), covers
    )
