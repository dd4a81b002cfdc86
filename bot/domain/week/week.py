"""The week to come as frozen values: who gets what and when, and who cannot be reached. No rules here."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from bot.domain.outbox import Item, Kind
from bot.domain.people import OutsideSlack


class What(StrEnum):
    """What will happen; how each reads is in `week_wording`."""

    ASK = "ask"
    REMINDER = "reminder"
    DELEGATE = "delegate"
    AGAIN = "again"
    CLOSE = "close"
    ACTIONS = "actions"
    DUE = "due"
    REQUEST = "request"
    REPORT = "report"
    MONEY = "money"  # that comes to its end
    TARGET = "target"  # whose day has passed
    LAST = "last"  # word that the coalition ends
    FIGURES = "figures"  # that are due
    REFRESH = "refresh"  # of figures, in a round
    DECISION = "decision"
    READY = "ready"  # a decision to record
    PASSED = "passed"  # one whose day has gone by
    AGENDA = "agenda"
    PACK = "pack"  # of a meeting, with its agenda
    REMIND = "remind"  # of a meeting
    MEETING = "meeting"  # itself; nothing is sent
    SUMMARY = "summary"  # of what a check-in was answered
    NEWS = "news"
    HELP = "help"
    PREVIEW = "preview"  # to owners, or to whoever stands in for one
    NAMED = "named"  # a preview to somebody whose action the digest names
    BRIEF = "brief"
    DIGEST = "digest"
    COPY = "copy"
    LETTER = "letter"
    HELD = "held"
    POST = "post"


# What is not here is news.
OF_ITEMS: Mapping[Item, What] = {
    Item.ASK: What.ASK,
    Item.REMINDER: What.REMINDER,
    Item.DELEGATE: What.DELEGATE,
    Item.AGAIN: What.AGAIN,
    Item.HELP_WANTED: What.HELP,
    Item.ACTION_REQUEST: What.REQUEST,
    Item.ACTION_LIST: What.ACTIONS,
    Item.ACTION_DUE: What.DUE,
    Item.REPORT_DUE: What.REPORT,
    Item.MONEY_ENDS: What.MONEY,
    Item.TARGET_PASSED: What.TARGET,
    Item.COALITION_ENDS: What.LAST,
    Item.FIGURE: What.FIGURES,
    Item.SERIES_PROPOSED: What.FIGURES,
    Item.DECISION: What.DECISION,
    Item.DECISION_DUE: What.DECISION,
    Item.DECISION_READY: What.READY,
    Item.DECISION_PASSED: What.PASSED,
    Item.MEETING: What.REMIND,
    Item.ROUND_SUMMARY: What.SUMMARY,
}
# What is not here is a post.
OF_KINDS: Mapping[Kind, What] = {
    Kind.ROLL_UP: What.DIGEST,
    Kind.CHANNEL_EDITION: What.DIGEST,
    Kind.DIGEST_COPY: What.COPY,
    Kind.OWNER_PREVIEW: What.PREVIEW,
    Kind.AGENDA: What.AGENDA,
    Kind.PACK: What.PACK,
    Kind.BRIEF: What.BRIEF,
    Kind.LETTER: What.LETTER,
    Kind.HELD_NOTICE: What.HELD,
    Kind.ROUND_SUMMARY: What.SUMMARY,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Along:
    """What comes in the same message to some of those whom an entry names."""

    what: str
    cadence: str
    people: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class WeekEntry:
    """One thing that will happen, a `What`. `at` is UTC; `cadence` names what it comes from or is about.

    `local` is the wall time of those it goes to: the same for people in different zones.
    """

    what: str
    cadence: str
    at: datetime
    local: datetime
    people: tuple[str, ...] = ()  # names, in file order
    channels: tuple[str, ...] = ()
    moved: bool = False
    along: tuple[Along, ...] = ()

    def has(self, what: str) -> tuple[str, ...]:
        """Names of those who get such a thing in this message."""
        if self.what == what:
            return self.people
        return tuple(name for one in self.along if one.what == what for name in one.people)


@dataclass(frozen=True, slots=True, kw_only=True)
class NotSent:
    """Something that would be due to somebody, and why it does not come."""

    what: str
    cadence: str
    name: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class WeekPreview:
    """Seven days from `start`, if nobody answered anything. `minutes` maps a person's name to minutes a week."""

    coalition_name: str
    zone: str
    state: str
    start: datetime
    entries: tuple[WeekEntry, ...]
    minutes: tuple[tuple[str, int], ...]
    outside_slack: tuple[OutsideSlack, ...]
    missing_channels: tuple[str, ...]
    not_sent_yet: tuple[str, ...]  # names of cadences that are stored and listed only
    not_sent: tuple[NotSent, ...] = ()
