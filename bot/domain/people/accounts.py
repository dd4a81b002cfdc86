"""People, channels and the workspace as Slack shows them. No rules here."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class AccountId:
    """A user's id in that user's own workspace. `team_id` is None for the coalition's own one, or where Slack doesn't
    tell it."""

    user_id: str
    team_id: str | None = None

    def __str__(self) -> str:
        return self.user_id if self.team_id is None else f"{self.team_id}:{self.user_id}"

    @classmethod
    def read(cls, text: str) -> AccountId:
        """The inverse of `str`."""
        team_id, _, user_id = text.rpartition(":")
        return cls(user_id, team_id or None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Workspace:
    """The workspace that the token belongs to, as `auth.test` tells it."""

    team_id: str
    name: str | None
    enterprise_id: str | None
    bot_user_id: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class SeenAccount:
    """A person's account as Slack shows it. Connected people come without e-mail and perhaps without a zone."""

    team_id: str
    user_id: str
    name: str
    email: str | None
    timezone: str | None
    deactivated: bool
    is_guest: bool = False
    is_external: bool = False
    is_single_channel: bool = False  # a guest who sees one channel only
    is_admin: bool = False  # owns or administers the workspace
    title: str | None = None

    @property
    def access(self) -> str:
        """How this person takes part, in the file's words."""
        if self.is_external:
            return "slack_connect"
        if self.is_guest:
            return "single_channel_guest" if self.is_single_channel else "multi_channel_guest"
        return "member"


@dataclass(frozen=True, slots=True, kw_only=True)
class SeenChannel:
    """A channel that the bot is in, or was: an archived one takes no posts."""

    channel_id: str
    name: str
    is_private: bool
    is_external: bool
    is_archived: bool = False
