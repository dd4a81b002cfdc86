"""To whom a mail goes, in whose name, and where an answer to it goes. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """Somebody with an address."""

    name: str
    address: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Envelope:
    """What stands on a mail beside its words. `coordinators` have an address and hear what is answered; the first of
    them is named."""

    key: str  # the delivery's
    to: Person
    member_id: int
    coalition: str
    sent_at: datetime  # aware
    coordinators: tuple[Person, ...]
    link: str | None = None  # where this reader answers
    edition: str | None = None  # of the digest, where it is one, which its reader may refuse
    stop: str | None = None  # where that, or this kind of message, is refused with one press
    stop_words: str = ""  # what that stops
    choices: str | None = None  # where this reader sees all that comes to them, and stops what they may
