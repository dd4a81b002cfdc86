"""What a file takes along beside the record: what was asked, sent, published and noted down, so that a copy goes on
where its original was. Frozen values in the shape of their rows; nothing here is read with the record."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from bot.domain.record.beside import AgendaPoint, Attendance, FromIssue, MeetingNotes


@dataclass(frozen=True, slots=True, kw_only=True)
class RoundStep:
    """Whom a round asked about one priority, or one member, and when. Moments are aware UTC."""

    cadence: str
    day: date  # the local date on which it opened
    slot: datetime  # its wall time in the cadence, also where it was moved from there
    planned_at: datetime
    owner: str  # member id: who was asked
    priority: str | None = None
    member: str | None = None  # instead of a priority
    asked_at: datetime | None = None
    reminder_at: datetime | None = None
    delegate_at: datetime | None = None
    closed_at: datetime | None = None
    asked_again_at: datetime | None = None
    asked_again_by: str | None = None
    stand_in_declined_at: datetime | None = None

    @property
    def name(self) -> str:
        """As messages call it."""
        return step_name(self.cadence, self.day, self.priority, self.member)


def step_name(cadence: str, day: date, priority: str | None, member: str | None = None) -> str:
    """What a round asked about one priority or one member, in one word; ids hold neither "/" nor "@"."""
    return f"{cadence}/{day.isoformat()}/{priority if member is None else f'@{member}'}"


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptAsk:
    """What became of what an answer asked for, with who did it."""

    cadence: str
    round: date
    priority: str
    text: str
    state: str
    made_at: datetime
    asked: str | None = None  # organization or group id
    edited: bool = False  # by a coordinator
    decided_by: str | None = None
    decided_at: datetime | None = None
    receiver: str | None = None
    sent_at: datetime | None = None
    answer: str | None = None  # can_help | not_us | talk
    suggested: str | None = None  # organization or group id
    answered_by: str | None = None
    answered_at: datetime | None = None
    ended_by: str | None = None
    ended_at: datetime | None = None

    @property
    def name(self) -> str:
        """As messages call it."""
        return step_name(self.cadence, self.round, self.priority)


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptDigest:
    """A digest as it was composed and published. `content` is plain data, as the store keeps it."""

    cadence: str
    slot: datetime  # its wall time in the cadence
    due_at: datetime
    composed_at: datetime | None = None
    published_at: datetime | None = None
    content: Mapping[str, Any] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DigestSending:
    """That somebody had a digest sent."""

    cadence: str
    slot: datetime
    what: str  # early | again | extra
    asked_at: datetime
    member: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DigestForward:
    """That somebody passed a digest on by hand."""

    cadence: str
    slot: datetime
    member: str  # for whom it was
    edition: str
    passed_on_at: datetime
    passed_on_by: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DigestSubscription:
    """Whether somebody gets an edition by direct message."""

    member: str
    edition: str
    active: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class DigestNote:
    """What a priority's owner added to its part of one week's digest."""

    priority: str
    week: date  # its Monday
    text: str
    written_at: datetime
    member: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class NoteSeen:
    """That a coordinator has seen what somebody said to the coordinators only, beside an answer."""

    cadence: str
    round: date
    author: str
    reader: str
    seen_at: datetime
    priority: str | None = None
    member: str | None = None  # instead of a priority: for whom it was answered

    @property
    def answer(self) -> str:
        """The answer beside which it stands."""
        return step_name(self.cadence, self.round, self.priority, self.member)


@dataclass(frozen=True, slots=True, kw_only=True)
class FirstContact:
    """When somebody heard of the bot for the first time: it introduces itself once."""

    member: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedThrough:
    """How far a cadence was planned on one zone's clock: nothing before it is planned again."""

    cadence: str
    zone: str
    planned_through: datetime
    prepared_for: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageItem:
    """One thing that a person's message speaks of. What a round or an ask is called follows from their ids."""

    kind: str
    about: str = ""
    due_at: datetime | None = None
    until: datetime | None = None
    urgent: bool = False
    left_out: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """One message that was sent, came to its end otherwise, or is still owed."""

    kind: str
    due_at: datetime
    planned_at: datetime
    state: str
    about: str = ""
    member: str | None = None
    channel: str | None = None  # instead of a member
    digest: str | None = None  # the digest's cadence …
    slot: datetime | None = None  # … and its wall time there
    thread_of: int | None = None  # the place in the file's list, from 1, of the message above it
    part_no: int = 0
    subject: Mapping[str, Any] | None = None
    reason: str | None = None
    waiting: bool = False
    held_back: bool = False
    expires_at: datetime | None = None
    sent_at: datetime | None = None
    told_at: datetime | None = None
    resolved_by: str | None = None
    workspace: str | None = None  # Slack's id of the workspace in which it stands
    channel_id: str | None = None
    ts: str | None = None
    items: tuple[MessageItem, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Along:
    """Everything that goes along, each in the order in which it came to be."""

    asks: tuple[KeptAsk, ...] = ()
    meeting_notes: tuple[MeetingNotes, ...] = ()
    agenda: tuple[AgendaPoint, ...] = ()
    coming: tuple[Attendance, ...] = ()
    issue_decisions: tuple[FromIssue, ...] = ()
    digest_notes: tuple[DigestNote, ...] = ()
    subscriptions: tuple[DigestSubscription, ...] = ()
    notes_seen: tuple[NoteSeen, ...] = ()
    first_contacts: tuple[FirstContact, ...] = ()
    planned: tuple[PlannedThrough, ...] = ()
    round_steps: tuple[RoundStep, ...] = ()
    digests: tuple[KeptDigest, ...] = ()
    sendings: tuple[DigestSending, ...] = ()
    forwards: tuple[DigestForward, ...] = ()
    messages: tuple[Message, ...] = ()
