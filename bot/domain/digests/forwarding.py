"""Digests that a coordinator passes on by hand, to readers whom the program can't reach: each in their own edition."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from bot.domain.digests.reading import DigestPost, Edition, PassedOn


@dataclass(frozen=True, slots=True)
class ForwardKey:
    """Which digest goes to whom, in which edition. Digest 0 is the newest, "" their first edition: as older buttons
    have it."""

    digest: int
    member: str
    edition: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ByHand:
    """Somebody who would get an edition by e-mail, which isn't set up; `passed_on` once somebody has seen to it."""

    member: str  # their key
    name: str
    address: str | None
    edition: Edition
    passed_on: PassedOn | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ToForward:
    """What waits to be passed on of the digest that went out last; `published_at` is None before the first."""

    readers: tuple[ByHand, ...]
    published_at: datetime | None
    zone: str
    now: datetime
    digest: int = 0

    @property
    def done(self) -> tuple[ByHand, ...]:
        """For whom somebody has seen to it."""
        return tuple(one for one in self.readers if one.passed_on is not None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Forwarding:
    """A digest as its reader may read it, with the names that stand on the letter."""

    key: ForwardKey
    reader: ByHand
    post: DigestPost
    coalition: str
    by: str  # who passes it on, and where an answer reaches them
    by_address: str | None
    zone: str
    now: datetime
