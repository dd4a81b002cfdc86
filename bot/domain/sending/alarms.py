"""What coordinators are told of at once: messages that may have arrived or were refused, channels that take no posts.

Frozen values, and when an alarm may come. Pure.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.domain.canvases import CanvasLine
from bot.domain.outbox import Kind, Receiver, State, Trouble, Whereabouts, sendable_at
from bot.domain.rhythm import Seen, to_local, to_utc
from bot.domain.sending.recoveries import Recovery

# What goes wrong so soon after an alarm is added to it, instead of being another message.
TOGETHER = timedelta(hours=1)
# The same channel, and the same cause that hits many messages, are told of once a day.
SAME_DAY = timedelta(days=1)
# Over a weekend and closed days a message that is planned takes all that comes up.
REACHES_BACK = timedelta(days=10)

# Deliveries as a screen calls them, by kind; what a person's bundle holds has names of its own.
KIND_WORDS = {
    Kind.PROMPTS: "the check-in message",
    Kind.ROLL_UP: "the weekly digest",
    Kind.BRIEF: "the coordinators' brief",
    Kind.LETTER: "a letter",
    Kind.ACCOUNT_MOVED: "the word that an account was linked",
    Kind.REPLY: "a reply under the weekly digest",
    Kind.CHANNEL_EDITION: "the priority's digest",
    Kind.DIGEST_COPY: "a copy of the digest",
    Kind.DECISION: "a decision's post",
    Kind.DECISION_OUTCOME: "a decision's outcome",
    Kind.ISSUE: "an issue's post",
    Kind.ROUND_SUMMARY: "what a check-in was answered",
    Kind.OWNER_PREVIEW: "the owner's preview",
    Kind.AGENDA: "a meeting's agenda",
    Kind.PACK: "a meeting's pack",
    Kind.NOTES: "a meeting's notes",
    Kind.SIGN_IN: "the link to somebody's own page",
    Kind.INVITATION: "a changed meeting, for the calendar",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class HeldNotice:
    """A message that may or may not have arrived, for a coordinator to decide about."""

    delivery_id: int
    what: str
    to: str
    due_at: datetime
    reason: str
    state: str
    resolved_by: str | None
    zone: str
    may_send_again: bool

    @property
    def is_refused(self) -> bool:
        return self.state == State.FAILED

    @property
    def waits(self) -> bool:
        """Whether a coordinator has something to do about it."""
        return self.is_refused or self.state == State.HELD


@dataclass(frozen=True, slots=True)
class WaitingPost:
    """Something that is to be posted in a channel: what it is, in words, and when it is or was due."""

    what: str
    due_at: datetime
    is_digest: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class CutOff:
    """A channel that takes no posts: why, what waits for it, and without anything what comes there next."""

    channel: str
    trouble: Trouble
    waiting: tuple[WaitingPost, ...] = ()
    following: WaitingPost | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class BackAgain:
    """A channel that takes posts again, with what became of those that had waited."""

    channel: str
    posts: tuple[tuple[str, Whereabouts], ...]  # what it is, and where it is


@dataclass(frozen=True, slots=True, kw_only=True)
class Alarm(Seen):
    """One message to one coordinator about everything that went wrong within an hour, as it is now."""

    held: tuple[HeldNotice, ...]
    cut_off: tuple[CutOff, ...]
    back: tuple[BackAgain, ...]
    clocks: tuple[str, ...] = ()  # machines whose clock is wrong
    clocks_set: tuple[str, ...] = ()  # and whose clock was
    recoveries: tuple[Recovery, ...] = ()  # of the database
    canvases: tuple[CanvasLine, ...] = ()  # of priorities, as they are now


def alarm_at(now: datetime, receiver: Receiver) -> datetime:
    """When a coordinator may be told: at once, else in the next morning that is theirs to be written to."""
    moment = sendable_at(now, receiver, not_before=now, until=None) or now
    local = to_local(moment, receiver.zone)
    if local.date() == to_local(now, receiver.zone).date():
        return moment
    return to_utc(datetime.combine(local.date(), receiver.quiet_to), receiver.zone)
