"""Deliveries: their kinds and states, when one may be sent, when it is too late, and which travel together. Pure."""

from __future__ import annotations

import hashlib
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from typing import Protocol, runtime_checkable

from bot.domain.rhythm import to_local, to_utc

# Prompts to one person that fall due within this span are one message, sent at the latest one's time.
BUNDLE_SPAN = timedelta(minutes=30)
# A digest that goes out later than this says so.
LATE_AFTER = timedelta(minutes=5)
LAST_CALL = time(19, 30)
SATURDAY = 5
MOST_CLOSED_DAYS = 366


class Kind(StrEnum):
    """What a delivery is, which decides its content and its renderer."""

    PROMPTS = "prompts"
    ROLL_UP = "digest_roll_up"
    REPLY = "digest_reply"
    CHANNEL_EDITION = "digest_channel"
    DIGEST_COPY = "digest_copy"
    OWNER_PREVIEW = "owner_preview"
    AGENDA = "agenda"
    PACK = "pack"
    NOTES = "notes"
    HELD_NOTICE = "held_notice"
    BRIEF = "brief"
    LETTER = "letter"
    ACCOUNT_MOVED = "account_moved"
    DECISION = "decision"
    DECISION_OUTCOME = "decision_outcome"
    ISSUE = "issue"
    ROUND_SUMMARY = "round_summary"
    SIGN_IN = "sign_in"
    INVITATION = "invitation"


class Item(StrEnum):
    """One thing in a bundle, in the order in which a message shows them. Each has a reader and a renderer."""

    ASK = "ask"
    REMINDER = "reminder"
    DELEGATE = "delegate"
    HELP_WANTED = "help_wanted"
    ASK_NEWS = "ask_news"
    ACTION_REQUEST = "action_request"
    ACTION_ANSWER = "action_answer"
    ACTION_LIST = "action_list"
    ACTION_DUE = "action_due"
    ACTION_MOVED = "action_moved"
    REPORT_DUE = "report_due"
    MONEY_ENDS = "money_ends"
    TARGET_PASSED = "target_passed"
    COALITION_ENDS = "coalition_ends"
    FIGURE = "figure"
    SERIES_PROPOSED = "series_proposed"
    SERIES_RECORDED = "series_recorded"
    SERIES_TROUBLE = "series_trouble"
    STANDS_IN = "stands_in"
    ROLES = "roles"
    ACCOUNT_GONE = "account_gone"
    HANDED_OVER = "handed_over"
    LINK_REQUEST = "link_request"
    DECISION = "decision"
    DECISION_DUE = "decision_due"
    DECISION_READY = "decision_ready"
    DECISION_PASSED = "decision_passed"
    AGAIN = "again"
    MEETING = "meeting"
    MEETING_NEWS = "meeting_news"
    ROUND_SUMMARY = "round_summary"


# Items about a round: what they are about is the round's subject, and they follow whoever may answer for it.
CHECKINS = frozenset({Item.ASK, Item.REMINDER, Item.DELEGATE, Item.AGAIN})
# Items that only tell something: nothing is left to do about them once they were read.
NEWS: frozenset[Item] = frozenset(
    {
        Item.MONEY_ENDS,
        Item.COALITION_ENDS,
        Item.ACCOUNT_GONE,
        Item.ACTION_ANSWER,
        Item.ASK_NEWS,
        Item.HANDED_OVER,
        Item.MEETING_NEWS,
        Item.ROLES,
        Item.SERIES_RECORDED,
        Item.SERIES_TROUBLE,
        Item.STANDS_IN,
        Item.ROUND_SUMMARY,
    }
)


def thing_of(item: Item) -> str:
    """What an item speaks of besides what it is about: a message says once that a check-in, or a decision, waits for
    somebody's answer, whether it asks or reminds."""
    if item in CHECKINS:
        return "check-in"
    return Item.DECISION if item is Item.DECISION_DUE else item


class Told(Protocol):
    """What the value of every item tells besides its own words."""

    @property
    def is_settled(self) -> bool:
        """Nothing is left to do about it: no reason to send a message, and in one that was sent it has no buttons."""

    @property
    def minutes(self) -> int:
        """What it takes to answer; 0 where that is not worth a word."""


@runtime_checkable
class Several(Protocol):
    """What the value of an item tells that speaks of several things at once."""

    @property
    def things(self) -> int:
        """Of how many it speaks."""

    @property
    def waiting(self) -> int:
        """How many of them are left to do something about."""


@runtime_checkable
class Passing(Protocol):
    """What the value of an item tells that can settle without having been done."""

    @property
    def has_lapsed(self) -> bool:
        """It is settled and nothing was done about it: its time passed, or it was taken back or passed on."""


def rank(item: Item) -> int:
    """Where in a message an item stands: check-ins first, then the other kinds in their order."""
    return 0 if item in CHECKINS else list(Item).index(item)


class State(StrEnum):
    """`planned` waits, `claimed` is being sent, `ambiguous` may have arrived, `held` waits for a coordinator.

    `missed` came too late and `dropped` was no longer needed; both say why.
    """

    PLANNED = "planned"
    CLAIMED = "claimed"
    SENT = "sent"
    AMBIGUOUS = "ambiguous"
    HELD = "held"
    FAILED = "failed"
    MISSED = "missed"
    DROPPED = "dropped"


class Transport(StrEnum):
    """By what a delivery goes, which is known once it is claimed. A mail is never changed and never looked for."""

    SLACK = "slack"
    MAIL = "mail"


def delivery_key(*parts: object) -> str:
    """A key that is the same whenever the same delivery is planned, and tells a reader of the workspace nothing."""
    text = "\x1f".join("" if part is None else str(part) for part in parts)
    return hashlib.sha256(text.encode()).hexdigest()[:32]


def mark_of_address(address: str) -> str:
    """By which an address is known again that nobody has to read."""
    return hashlib.sha256(address.strip().casefold().encode()).hexdigest()[:32]


def may_travel_together(first: datetime, last: datetime, due: datetime) -> bool:
    """Whether something due at `due` fits into a bundle whose items are due from `first` to `last`."""
    return max(last, due) - min(first, due) <= BUNDLE_SPAN


@dataclass(frozen=True, slots=True)
class Receiver:
    """What decides when somebody may be written to. Quiet hours run on the receiver's own clock."""

    zone: str
    quiet_from: time = time(20, 0)
    quiet_to: time = time(7, 0)
    blocked_days: Collection[date] = ()  # away, or the organization is closed
    blocked_yearly: Collection[str] = ()  # closed on these days of every year, as "12-25"

    def is_blocked(self, day: date) -> bool:
        return day in self.blocked_days or f"{day:%m-%d}" in self.blocked_yearly


def sendable_at(
    due: datetime,
    receiver: Receiver,
    *,
    not_before: datetime,
    until: datetime | None,
    on_weekends: bool = False,
    is_chain: bool = False,
) -> datetime | None:
    """When something due at `due` (UTC) may reach this person; None where no moment is left before `until`.

    In quiet hours it waits for their end, unless it would end inside them: then it goes by 19:30 before, where that is
    not earlier than `not_before`. On a blocked day it waits for the same wall time of the next day that is not. On a
    weekend it goes the working day before, where that is not earlier than `not_before`, else on the next one; so does
    what would be of no use after a blocked day. `on_weekends`: its cadence itself falls there. `is_chain`: it belongs
    to a round that is open, which keeps its time on weekends and is never ahead of it.
    """
    resting = _Resting(receiver, on_weekends=on_weekends or is_chain)
    before = None if is_chain else _before_a_rest(due, receiver, resting)
    if before is not None and (before[0] < not_before):
        before = None
    if before is not None and before[1]:
        return before[0]
    moment = _after_rests(due, receiver, resting, not_before, until)
    if until is None or moment < until:
        return moment
    # The same hour of a later day is too late: its morning may not be.
    morning = to_utc(datetime.combine(to_local(moment, receiver.zone).date(), receiver.quiet_to), receiver.zone)
    if due < morning < until:
        return morning
    return before[0] if before is not None else None


@dataclass(frozen=True, slots=True)
class _Resting:
    """The days on which nothing reaches somebody."""

    receiver: Receiver
    on_weekends: bool

    def __contains__(self, day: date) -> bool:
        return self.receiver.is_blocked(day) or self.is_weekend(day)

    def is_weekend(self, day: date) -> bool:
        return not self.on_weekends and day.weekday() >= SATURDAY


def _after_rests(
    due: datetime, receiver: Receiver, resting: _Resting, not_before: datetime, until: datetime | None
) -> datetime:
    """The first open moment at the hour of `due`, or the evening before where it would end in the night."""
    moment = due
    # A year of closed days is a mistake in the data; the bound keeps it from becoming an endless loop.
    for _ in range(MOST_CLOSED_DAYS):
        local = to_local(moment, receiver.zone)
        end = _quiet_end(local, receiver)
        if local.date() in resting:
            following = datetime.combine(local.date() + timedelta(days=1), local.time())
            if end is not None and resting.is_weekend(local.date()):
                # The evening of a Sunday is the night before Monday's morning.
                following = end
            moment = to_utc(following, receiver.zone)
            continue
        if end is None:
            break
        opens = to_utc(end, receiver.zone)
        if until is not None and opens >= until:
            evening = local.date() if local.time() >= receiver.quiet_from else local.date() - timedelta(days=1)
            last_call = to_utc(datetime.combine(evening, LAST_CALL), receiver.zone)
            if last_call >= not_before and evening not in resting:
                return last_call
        moment = opens
    return moment


def _before_a_rest(due: datetime, receiver: Receiver, resting: _Resting) -> tuple[datetime, bool] | None:
    """The hour of `due` on the last day before a rest that it falls into, and whether that rest is a weekend."""
    local = to_local(due, receiver.zone)
    end = _quiet_end(local, receiver)
    falls_on = (end or local).date()
    if falls_on not in resting:
        return None
    day = local.date()
    for _ in range(MOST_CLOSED_DAYS):
        if day not in resting:
            break
        day -= timedelta(days=1)
    hour = local.time()
    if end is not None:
        hour = LAST_CALL if end.date() > local.date() else receiver.quiet_to
    return to_utc(datetime.combine(day, hour), receiver.zone), resting.is_weekend(falls_on)


def _quiet_end(local: datetime, receiver: Receiver) -> datetime | None:
    """When the quiet hours that this wall time falls into end; None outside them."""
    start, end, now = receiver.quiet_from, receiver.quiet_to, local.time()
    if start == end:
        return None
    if start < end:
        return datetime.combine(local.date(), end) if start <= now < end else None
    if now >= start:
        return datetime.combine(local.date() + timedelta(days=1), end)
    return datetime.combine(local.date(), end) if now < end else None


@dataclass(frozen=True, slots=True)
class Late:
    """What the late rules say of something that was not sent in time."""

    send: bool
    reason: str = ""


def late_rule(kind: Kind, item: Item | None, now: datetime, expires_at: datetime | None) -> Late:
    """Check-ins, reminders and requests only while their window is open; a digest always."""
    if expires_at is None or now < expires_at:
        return Late(send=True)
    what = {Item.ASK: "check-in", Item.AGAIN: "check-in", Item.REMINDER: "reminder", Item.DELEGATE: "stand-in request"}
    if kind == Kind.PROMPTS and (item is None or item in what):
        return Late(send=False, reason=f"the {what[item or Item.ASK]} could not be sent before its round closed")
    return Late(send=False, reason="it could not be sent while it was of use")
