"""Members, their roles and absences."""

from __future__ import annotations

from datetime import date, datetime, time
from typing import Any, ClassVar

from sqlalchemy import UniqueConstraint, false
from sqlalchemy.orm import Mapped, mapped_column

from bot.store.base import Audited, InCoalition, Json, keyed, refers


class MemberRow(InCoalition, Audited):
    __tablename__ = "members"
    __table_args__ = (
        *keyed(),
        refers("organizations", "organization_id"),
        refers("members", "delegate_id"),
    )
    personal: ClassVar[frozenset[str]] = frozenset({"name", "email", "title", "mail_refused"})

    key: Mapped[str]
    name: Mapped[str]
    email: Mapped[str | None]
    organization_id: Mapped[int]
    title: Mapped[str | None]
    timezone: Mapped[str | None]
    access: Mapped[str]
    delegate_id: Mapped[int | None]
    ask_at: Mapped[time | None]  # the hour at which this person wants to be asked, on their own clock
    no_messages_about: Mapped[Any | None] = mapped_column(Json)  # kinds of messages; None where all are wanted
    invitations: Mapped[bool] = mapped_column(default=False, server_default=false())
    first_contact_at: Mapped[datetime | None]
    mail_refused: Mapped[str | None]  # the mark of an address from which mail came back for good
    links_from: Mapped[datetime | None]  # links to answer pages that were made before are no good any more
    ended: Mapped[date | None]  # the last day on which they take part
    extra: Mapped[Any] = mapped_column(Json, default=dict)


class RoleRow(InCoalition, Audited):
    """A role in the whole coalition (both scopes empty), for one priority or for one group."""

    __tablename__ = "roles"
    __table_args__ = (
        refers("members", "member_id"),
        refers("priorities", "priority_id"),
        refers("groups", "group_id"),
    )

    member_id: Mapped[int]
    role: Mapped[str]
    priority_id: Mapped[int | None]
    group_id: Mapped[int | None]
    extra: Mapped[Any] = mapped_column(Json, default=dict)


class AwayRow(InCoalition, Audited):
    __tablename__ = "away"
    __table_args__ = (UniqueConstraint("member_id", "start", "end"), refers("members", "member_id"))

    member_id: Mapped[int]
    start: Mapped[date]
    end: Mapped[date]
    extra: Mapped[Any] = mapped_column(Json, default=dict)
