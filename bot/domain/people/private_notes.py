"""Notes that somebody wrote for the coordinators only, as frozen values: never part of a digest, or of anybody else's
screen."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime


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
    priority: str
    priority_name: str
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
