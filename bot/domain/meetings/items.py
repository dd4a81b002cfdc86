"""What a person's message says of a meeting, as frozen values, and how deliveries name it. No words."""

from __future__ import annotations

from dataclasses import dataclass

from bot.domain.meetings.pages import MeetingLine
from bot.domain.meetings.planned import MeetingRef

TODAY = "today"  # the reminder of the day
SEAT = "seat"  # asked to go in somebody's place
DECLINED = "declined"  # whoever was asked to go can't
AGENDA = "agenda"  # there is an agenda to read and to add to
MOVED = "moved"
SKIPPED = "skipped"
NEWS = frozenset({AGENDA, MOVED, SKIPPED})


@dataclass(frozen=True, slots=True, kw_only=True)
class MeetingItem:
    """One thing about one occurrence. `person` is whose place it is (seat), or who can't go (declined).

    `channel` is where the agenda stands; None where this reader has no such channel, and reads it from the message.
    """

    what: str
    line: MeetingLine
    person: str | None = None
    channel: str | None = None
    is_settled: bool = False
    minutes: int = 0

    @property
    def has_lapsed(self) -> bool:
        """It began without this reader's word, or there is nobody to send any more."""
        return self.is_settled and self.line.answer is None


def about_of(ref: MeetingRef, what: str, member: str | None = None) -> str:
    """How a delivery names it; with a member where it is theirs alone, so that their message alone is shown anew."""
    return "|".join([ref.key, what, *([member] if member is not None else [])])


def read_about(about: str) -> tuple[MeetingRef, str] | None:
    """The inverse of `about_of`; None for anything else."""
    parts = about.split("|")
    ref = MeetingRef.read("|".join(parts[:2])) if len(parts) in {3, 4} else None
    return (ref, parts[2]) if ref is not None else None
