"""What became of one attempt to send something, whatever it was sent by: Slack, or a mail server. Pure.

A refusal is certain. Where nobody can say whether something arrived, it is never sent again by itself.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Sent:
    """It is there: in Slack, under this timestamp."""

    channel_id: str
    ts: str


@dataclass(frozen=True, slots=True)
class Mailed:
    """The mail server has taken it; where it is from then on nobody can say."""


@dataclass(frozen=True, slots=True)
class Ambiguous:
    """It may be there."""

    reason: str


@dataclass(frozen=True, slots=True)
class Later:
    """It certainly isn't there, and is to wait so many elapsed seconds."""

    seconds: float
    reason: str


@dataclass(frozen=True, slots=True)
class Rejected:
    """It certainly isn't there, and will not be taken as it is. `code` is that of whoever refused it.

    `mendable`: somebody can change that it is refused, and the reason says how.
    """

    code: str
    reason: str
    mendable: bool = False


@dataclass(frozen=True, slots=True)
class NotTried:
    """When its turn came, the caller might not send it any more."""


Outcome = Sent | Mailed | Ambiguous | Later | Rejected
# Asked right before it is sent: whether this process still may.
MayPost = Callable[[], Awaitable[bool]]
