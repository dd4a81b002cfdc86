"""The app as it was installed in a workspace, with the tokens that Slack gave for it. No rules here."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from bot.domain.people import Workspace


class Ended(StrEnum):
    """Why an installation is none any more."""

    UNINSTALLED = "uninstalled"  # the app was removed from the workspace
    REVOKED = "revoked"  # its token was taken back, the app may still be there
    EXPIRED = "expired"  # Slack gave no newer token for it


@dataclass(frozen=True, slots=True, kw_only=True)
class Tokens:
    """`refresh` and `expires_at` (epoch seconds) only where Slack rotates tokens. Their words are in no log."""

    bot: str = field(repr=False)
    refresh: str | None = field(default=None, repr=False)
    expires_at: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Installation:
    """One workspace's. `version` is another one whenever its tokens are."""

    workspace: Workspace
    app_id: str
    scopes: frozenset[str]
    tokens: Tokens
    installed_by: str | None  # a Slack user id
    version: int = 0

    @property
    def team_id(self) -> str:
        return self.workspace.team_id


@dataclass(frozen=True, slots=True, kw_only=True)
class InstallationState:
    """What is told of an installation. `coalition` is the key of the one that lives there; `waiting` counts messages
    that are due there and can't go."""

    team_id: str
    name: str
    coalition: str | None
    installed_at: datetime
    ended: Ended | None
    ended_at: datetime | None
    is_readable: bool
    waiting: int = 0
