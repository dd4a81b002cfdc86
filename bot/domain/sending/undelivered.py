"""What did not arrive, by whom it was for and why: the coordinators' list. Frozen values; how it reads is elsewhere."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.domain.outbox import Item, Trouble, Whereabouts
from bot.domain.rhythm import Seen
from bot.domain.sending.alarms import CutOff, HeldNotice
from bot.domain.sending.recoveries import Recovery

# What came too late, or was refused, longer ago is history.
LOOKS_BACK = timedelta(days=14)
PAGE = 6  # receivers

# What a person's message held, in words.
ITEM_WORDS = {
    Item.ASK: "the check-in",
    Item.REMINDER: "the reminder",
    Item.DELEGATE: "the request to stand in",
    Item.AGAIN: "one more ask",
    Item.HELP_WANTED: "an ask",
    Item.ASK_NEWS: "what became of an ask",
    Item.ACTION_REQUEST: "an action to take on",
    Item.ACTION_ANSWER: "the answer about an action",
    Item.ACTION_LIST: "the list of actions",
    Item.ACTION_DUE: "actions that are due",
    Item.ACTION_MOVED: "an action that moved once more",
    Item.REPORT_DUE: "a report that is due",
    Item.MONEY_ENDS: "money that comes to its end",
    Item.TARGET_PASSED: "a target whose day has passed",
    Item.COALITION_ENDS: "word that the coalition ends",
    Item.FIGURE: "figures that are due",
    Item.SERIES_PROPOSED: "a figure that a series has",
    Item.SERIES_RECORDED: "a figure that was recorded from its series",
    Item.SERIES_TROUBLE: "trouble with a series",
    Item.STANDS_IN: "for whom they stand in",
    Item.ROLES: "what their role is now",
    Item.ACCOUNT_GONE: "an account that is gone",
    Item.HANDED_OVER: "what they take over",
    Item.LINK_REQUEST: "somebody who asks to be linked",
    Item.DECISION: "a decision to answer",
    Item.DECISION_DUE: "a decision that is due",
    Item.DECISION_READY: "a decision to record",
    Item.DECISION_PASSED: "a decision whose day has passed",
    Item.MEETING: "a meeting's reminder",
    Item.MEETING_NEWS: "news of a meeting",
    Item.ROUND_SUMMARY: "what a check-in was answered",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class UndeliveredLine:
    """One message that did not arrive: what it is, and where it is. `notice` lets a coordinator decide about it."""

    what: str
    whereabouts: Whereabouts
    notice: HeldNotice | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Receiver:
    """A person or a "#channel" for whom something did not arrive; the earliest of it first.

    `trouble` keeps everything from getting there, `cut_off` says more of a channel; without both each line has its own.
    """

    name: str
    member: str | None
    organization: str | None
    lines: tuple[UndeliveredLine, ...]
    trouble: Trouble | None = None
    may_be_linked: bool = False  # a coordinator can pick an account
    cut_off: CutOff | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Undelivered(Seen):
    """The list: channels first, then people in file order."""

    receivers: tuple[Receiver, ...]
    since: datetime
    clocks: tuple[str, ...] = ()  # machines whose clock is wrong
    recovery: Recovery | None = None  # of the database, where it was brought back lately

    @property
    def count(self) -> int:
        """How many messages."""
        return sum(len(one.lines) for one in self.receivers)

    @property
    def cut_off(self) -> tuple[CutOff, ...]:
        """The channels that take no posts."""
        return tuple(one.cut_off for one in self.receivers if one.cut_off is not None)

    @property
    def notices(self) -> tuple[HeldNotice, ...]:
        """The messages that a coordinator decides about."""
        return tuple(line.notice for one in self.receivers for line in one.lines if line.notice is not None)

    @property
    def names(self) -> tuple[str, ...]:
        """For whom, with those of a channel."""
        return tuple(one.name for one in self.receivers if one.lines)
