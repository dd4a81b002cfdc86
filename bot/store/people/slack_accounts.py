"""Workspaces, the people's Slack accounts and the channels the bot knows."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import UniqueConstraint, false
from sqlalchemy.orm import Mapped, mapped_column

from bot.store.base import Audited, Base, InCoalition, refers


class WorkspaceRow(Base, InCoalition):
    """The workspace in which a coalition lives; one workspace, one coalition."""

    __tablename__ = "workspaces"
    __table_args__ = (UniqueConstraint("team_id"),)

    team_id: Mapped[str]
    enterprise_id: Mapped[str | None]
    name: Mapped[str | None]
    bot_user_id: Mapped[str | None]


class SlackAccountRow(InCoalition, Audited):
    """One Slack account, linked to a member or (member_id empty) only seen."""

    __tablename__ = "slack_accounts"
    __table_args__ = (
        UniqueConstraint("coalition_id", "team_id", "user_id"),
        UniqueConstraint("coalition_id", "member_id"),
        refers("members", "member_id"),
    )

    team_id: Mapped[str]
    user_id: Mapped[str]
    member_id: Mapped[int | None]
    timezone: Mapped[str | None]
    dm_channel_id: Mapped[str | None]
    deactivated: Mapped[bool] = mapped_column(default=False)
    dm_refusal: Mapped[str | None]  # Slack's code where it took no direct message
    dm_refused_at: Mapped[datetime | None]
    noted_at: Mapped[datetime | None]  # when a note in a channel told them that something waits
    linked_by: Mapped[str | None]  # email | coordinator | command
    linked_at: Mapped[datetime | None]


class SlackChannelRow(Base, InCoalition):
    """A channel by the name the coalition uses for it, with what Slack last said about it."""

    __tablename__ = "slack_channels"
    __table_args__ = (UniqueConstraint("coalition_id", "name"),)

    name: Mapped[str]
    channel_id: Mapped[str | None]
    is_member: Mapped[bool] = mapped_column(default=False)
    is_private: Mapped[bool] = mapped_column(default=False)
    is_external: Mapped[bool] = mapped_column(default=False)
    is_archived: Mapped[bool] = mapped_column(default=False, server_default=false())
    checked_at: Mapped[datetime | None]


class SettingRow(Base):
    """What the program itself remembers, such as its heartbeat. Not about any coalition."""

    __tablename__ = "settings"

    name: Mapped[str] = mapped_column(primary_key=True)
    value: Mapped[str]


class InboxEventRow(Base):
    """Events that Slack has told us, by its id: a repeated one is answered but not done again."""

    __tablename__ = "inbox_events"

    event_id: Mapped[str] = mapped_column(primary_key=True)
    received_at: Mapped[datetime]
