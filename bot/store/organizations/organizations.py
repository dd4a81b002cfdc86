"""Organizations, their contacts and closed days; groups and who sits in them."""

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
    closed_yearly: Mapped[Any | None] = mapped_column(Json)  # days of every year, as "12-25"
    ended: Mapped[date | None]
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


class GroupRow(InCoalition, Audited):
    __tablename__ = "groups"
    __table_args__ = (
        *keyed(),
        refers("members", "chair_id"),
        refers("members", "cochair_id"),
        refers("priorities", "priority_id", use_alter=True),
    )

    key: Mapped[str]
    name: Mapped[str]
    kind: Mapped[str]
    chair_id: Mapped[int | None]
    cochair_id: Mapped[int | None]
    priority_id: Mapped[int | None]
    channel: Mapped[str | None]
    decision_rule: Mapped[str]
    quorum: Mapped[int | None] = mapped_column(Integer)
    voices: Mapped[str | None]
    ended: Mapped[date | None]
    extra: Mapped[Any] = mapped_column(Json, default=dict)


class GroupMemberRow(InCoalition, Audited):
    __tablename__ = "group_members"
    __table_args__ = (
        UniqueConstraint("group_id", "member_id"),
        refers("groups", "group_id"),
        refers("members", "member_id"),
    )

    group_id: Mapped[int]
    member_id: Mapped[int]
    position: Mapped[int] = mapped_column(Integer)
