"""Digests that a coordinator passes on by hand, to readers whom the program can't reach: each in their own edition."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from bot.domain.digests.reading import DigestPost, Edition


@dataclass(frozen=True, slots=True, kw_only=True)
class ByHand:
    """Somebody who would get an edition by e-mail, which isn't set up."""

    member: str  # their key
    name: str
    address: str | None
    edition: Edition


@dataclass(frozen=True, slots=True, kw_only=True)
class ToForward:
    """What waits to be passed on of the digest that went out last; `published_at` is None before the first."""

    readers: tuple[ByHand, ...]
    published_at: datetime | None
    zone: str
    now: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Forwarding:
    """The newest digest as its reader may read it, with the names that stand on the letter."""

    reader: ByHand
    post: DigestPost
    coalition: str
    by: str  # who passes it on, and where an answer reaches them
    by_address: str | None
