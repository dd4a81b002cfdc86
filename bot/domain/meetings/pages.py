"""What people see of meetings, as frozen values: a line, a list, a card, a plan before it is saved, and what a person's
message says of one. No words.

Moments are aware UTC, wall times naive; `zone` of a meeting is its own, `reader_zone` the reader's.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from bot.domain.meetings.planned import MeetingRef
from bot.domain.meetings.plans import MeetingPlan
from bot.domain.record import Cadence, EndOf
from bot.domain.rhythm import Followed, Seen
from bot.domain.typed import Known

PAGE = 5
MOST_POINT = 300


@dataclass(frozen=True, slots=True, kw_only=True)
class MeetingLine:
    """One occurrence as one reader sees it."""

    ref: MeetingRef
    name: str
    starts_at: datetime
    minutes: int
    zone: str
    moved_from: datetime | None = None  # the wall time of its rule, where it was moved
    is_attendee: bool = False
    answer: str | None = None  # coming | not_coming | substitute
    substitute_name: str | None = None
    stands_in_for: tuple[str, ...] = ()  # names of those who asked the reader to go in their place
    has_begun: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class MeetingList:
    """One page of meetings, by when they begin. `scope` is mine, all, or the words that several were found by."""

    scope: str
    lines: tuple[MeetingLine, ...]
    start: int
    total: int
    page: int
    may_add: bool
    reader_zone: str
    now: datetime


@dataclass(frozen=True, slots=True)
class PointForm:
    """The form of one new point: a token for it, the occurrence that it is for, and the present moment."""

    token: str
    line: MeetingLine
    now: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class MeetingCard:
    """One meeting with its next dates, and what this reader may do. `line` is None once it has ended for good."""

    meeting: Cadence
    rhythm: str
    group_name: str | None
    channel: str | None
    attendees: tuple[str, ...]  # names
    line: MeetingLine | None
    upcoming: tuple[MeetingLine, ...]
    coming: int
    not_coming: int
    agenda_at: datetime | None  # when the next one's agenda is or was posted
    notes_of: MeetingRef | None  # the occurrence whose notes can be written or edited now
    may_manage: bool
    may_write_notes: bool
    reader_zone: str
    now: datetime
    end: EndOf | None = None
    has_pack: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class UnknownMeeting:
    """Words that name no meeting, and the nearest that does."""

    said: str
    nearest: Known | None


@dataclass(frozen=True, slots=True, kw_only=True)
class MeetingClash:
    """Another meeting of the same people at the same time. `names` are who is asked to both."""

    starts_at: datetime
    name: str
    other_starts_at: datetime
    names: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class MeetingChange:
    """What became of an occurrence: answered, moved or skipped. `told` counts those who hear of it."""

    what: str  # coming | not_coming | substitute | moved | skipped | clashes: nothing was moved yet
    line: MeetingLine
    already: bool = False
    told: int = 0
    next_at: datetime | None = None  # after a skip: when the meeting is next
    carried: int = 0  # points that went along to it
    rounds: tuple[Followed, ...] = ()  # after a move: that go along; after a skip: that open all the same
    clashes: tuple[MeetingClash, ...] = ()
    reader_zone: str = "UTC"
    now: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeForm(Seen):
    """The form that moves or skips an occurrence: the next ones to choose from, and who hears of it."""

    what: str  # move | skip
    name: str
    choices: tuple[MeetingLine, ...]
    chosen: MeetingRef | None
    readers: tuple[str, ...]
    local: datetime | None  # of the chosen one, on the meeting's clock
    to: datetime | None = None  # when it is to be, where that was typed or sent before
    clashes: tuple[MeetingClash, ...] = ()  # what it would overlap with then


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanForm:
    """The form of a meeting, filled in. `rhythm` says in words what "keep" would keep."""

    token: str
    plan: MeetingPlan
    audiences: tuple[Known, ...]
    rhythm: str | None
    zones: tuple[str, ...]
    readers: tuple[str, ...]
    notes: tuple[str, ...] = ()  # what of a typed line isn't certain, as sentences
    is_complete: bool = False  # a typed line said its name, its day and its time


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanPreview:
    """Before a meeting is saved: its next dates, and who would receive what."""

    token: str
    plan: MeetingPlan
    rhythm: str
    upcoming: tuple[MeetingLine, ...]
    group_name: str | None
    channel: str | None
    agenda_days: int
    attendees: tuple[str, ...]  # names
    clashes: tuple[MeetingClash, ...]  # what its next dates overlap with
    dropped: tuple[str, ...]  # what a changed rule takes away: moves and skips that no longer fit it, in words
    reader_zone: str
    now: datetime
    has_pack: bool = False


TODAY = "today"  # the reminder of the day
SEAT = "seat"  # asked to go in somebody's place
DECLINED = "declined"  # whoever was asked to go can't
AGENDA = "agenda"  # there is an agenda to read and to add to
PACK = "pack"  # there is a pack to read, and the agenda
MOVED = "moved"
SKIPPED = "skipped"
NEWS = frozenset({AGENDA, PACK, MOVED, SKIPPED})


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
