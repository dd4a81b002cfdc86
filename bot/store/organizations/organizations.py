"""Organizations, their contacts and closed days."""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy import Integer, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from bot.store.base import Audited, InCoalition, Json, keyed, refers


class OrganizationRow(InCoalition, Audited):
    __tablename__ = "organizations"
    __table_args__ = keyed()

    key: Mapped[str]
    name: Mapped[str]
    sector: Mapped[str]
    ask_via: Mapped[str | None]
    extra: Mapped[Any] = mapped_column(Json, default=dict)


class ContactRow(InCoalition, Audited):
    __tablename__ = "contacts"
    __table_args__ = (
        UniqueConstraint("organization_id", "member_id"),
        refers("organizations", "organization_id"),
        refers("members", "member_id"),
    )

    organization_id: Mapped[int]
    member_id: Mapped[int]
    position: Mapped[int] = mapped_column(Integer)


class ClosedDayRow(InCoalition, Audited):
    __tablename__ = "closed_days"
    __table_args__ = (UniqueConstraint("organization_id", "day"), refers("organizations", "organization_id"))

    organization_id: Mapped[int]
    day: Mapped[date]
