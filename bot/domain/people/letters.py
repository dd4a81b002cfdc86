"""A member's words to another one through the bot, and notes for the coordinators only, as frozen values: never part of
a digest, or of anybody else's screen."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from bot.domain.outbox import Trouble
from bot.errors import UserError

MOST_TEXT = 1000
# On one day of the sender's clock, to the coordinators: each of them gets each of these as a message of its own.
MOST_A_DAY = 10
FIGURES = "figures"  # what a letter is about that asks a steward for figures
_NOTE = "note:"  # … that replies to a note to the coordinators, with the note's id


def replying_to(note_id: int) -> str:
    """What a letter is about that replies to a note."""
    return f"{_NOTE}{note_id}"


def note_replied_to(about: str) -> int | None:
    """The inverse of `replying_to`; None for any other letter."""
    kept = about.removeprefix(_NOTE)
    return int(kept) if about.startswith(_NOTE) and kept.isdigit() else None


def checked_words(text: str) -> str:
    """What is sent of what was written. Raises UserError for nothing, and for more than fits."""
    words = text.strip()
    if not words:
        raise UserError("Write a few words first.", field="text")
    if len(words) > MOST_TEXT:
        raise UserError(f"Shorten this to {MOST_TEXT} characters; it has {len(words)}.", field="text")
    return words


@dataclass(frozen=True, slots=True, kw_only=True)
class NoteReadBack:
    """Words to the coordinators before they go, kept under `token`. `receivers` are names."""

    token: str
    receivers: tuple[str, ...]
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SignIn:
    """What goes to somebody who asked for their own page: it opens until then."""

    coalition_name: str
    zone: str
    now: datetime
    until: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class LetterForm:
    sender_name: str
    receiver: str  # member id
    receiver_name: str
    receiver_organization: str
    reachable: bool  # by a direct message
    trouble: Trouble | None = None  # what keeps anything from them
    may_mend: bool = False  # whether whoever writes can do something about that
    note_id: int | None = None  # of the note to the coordinators that it replies to, and …
    quoted: str | None = None  # … its words


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """A letter as its receiver reads it. `sender_account` is the sender's Slack id, where there is one."""

    sender: str  # member id
    sender_name: str
    sender_organization: str
    sender_account: str | None
    receiver_name: str
    text: str
    about: str
    written_at: datetime
    may_answer: bool  # through the bot
    zone: str
    quoted: str | None = None  # what the receiver had written, where it replies to a note to the coordinators


@dataclass(frozen=True, slots=True)
class NoteReading:
    """That a coordinator has seen it."""

    name: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class PrivateNote:
    """One note as one coordinator reads it."""

    id: int
    text: str
    priority: str | None  # None where it stands beside somebody's own answer, …
    priority_name: str  # … and then the check-in's name
    checkin: str  # its name
    on: date  # of the round
    author: str  # member id
    author_name: str
    for_name: str | None  # whom the author answered for
    written_at: datetime
    seen: tuple[NoteReading, ...]  # the earliest first
    seen_by_reader: bool
    is_own: bool  # the reader wrote it

    @property
    def waits(self) -> bool:
        """Whether this reader has not said that they have seen it."""
        return not (self.seen_by_reader or self.is_own)
