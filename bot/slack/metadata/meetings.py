"""What buttons and forms of meetings carry. One occurrence travels as its `MeetingRef`."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated

from bot.slack.metadata.codec import Ref, carried, decode, one_of, renamed


@carried(renamed(list="scope", page="page"))
@dataclass(frozen=True, slots=True)
class MeetingPage:
    """Which page of which list."""

    scope: Annotated[str, one_of("mine", "all")]
    page: int = 0


@carried()
@dataclass(frozen=True, slots=True)
class PackKey:
    """Which page of the pack of an occurrence."""

    ref: Ref
    page: int = 0


@carried()
@dataclass(frozen=True, slots=True)
class OccurrenceOpened:
    """A form about one occurrence: its token, and the version of the notes that it shows."""

    token: str
    ref: Ref
    version: int = 0

    @property
    def key(self) -> str:
        """What words in it are kept under."""
        return self.ref.key


@carried()
@dataclass(frozen=True, slots=True)
class MeetingOpened:
    """A meeting's own form: its token, which one it changes, and a mark of how that was then, "" for none."""

    token: str
    meeting: str | None = None
    seen: str = ""


@carried()
@dataclass(frozen=True, slots=True)
class MeetingChangeOpened:
    """The form that moves or skips: for which occurrence it was opened, and when that was.

    `told`: the time of which it says what it overlaps with, so that sending it again means it.
    """

    ref: Ref | None = None
    seen: datetime | None = None
    told: datetime | None = None


def decode_meeting(value: str | None) -> str:
    """A meeting by what a button carries: its id, or one of its occurrences."""
    return decode(str, value).partition("|")[0]
