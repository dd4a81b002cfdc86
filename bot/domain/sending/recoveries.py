"""A database that was brought back, so that it doesn't know what was sent last: why, and what became of it. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

# How long coordinators see in Home what came of it.
TOLD_FOR = timedelta(days=2)


class Why(StrEnum):
    """`restored` from a backup by command; `older` than when the bot ran on it last; `away`: nothing ran for a while,
    so that it may be a copy, but need not."""

    RESTORED = "restored"
    OLDER = "older"
    AWAY = "away"


@dataclass(frozen=True, slots=True, kw_only=True)
class Recovery:
    """From when on nothing was known, until when; how many messages Slack turned out to have, and how many wait for a
    coordinator's word."""

    why: Why
    since: datetime
    noticed_at: datetime
    ended_at: datetime | None
    found: int = 0
    held: int = 0

    @property
    def is_news(self) -> bool:
        """Whether it is worth a coordinator's time once it is over: mostly a bot that was away had just been off."""
        return self.why is not Why.AWAY or bool(self.found or self.held)
