"""What a person's Home and menu say, as frozen values: what they owe, and what needs a coordinator's hand.

Which part of Home comes first for whom is in the blocks of `home`.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime

from bot.domain.actions import ActionCard
from bot.domain.asks import AskCard
from bot.domain.checkins import PromptItem
from bot.domain.coalition import Task
from bot.domain.decisions import DecisionCard
from bot.domain.digests import PriorityPart, ToForward, TwoDigests
from bot.domain.funding import ReportLine
from bot.domain.issues import IssueCard
from bot.domain.meetings import MeetingLine
from bot.domain.metrics import FigureRow
from bot.domain.people import LinkRequest, OutsideSlack, PrivateNote
from bot.domain.plan import Plan
from bot.domain.sending import HeldNotice, Undelivered
from bot.domain.series import SeriesNews


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnPriority:
    """A priority that a person gives updates on. `readers` are those who read them, in words."""

    name: str
    readers: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Me:
    name: str
    organization: str
    zone: str
    zone_known: bool
    stand_in: str | None
    stands_in_for: tuple[str, ...]  # names
    priorities: tuple[OwnPriority, ...]
    covered: tuple[OwnPriority, ...]  # priorities of those they stand in for
    own_checkins: tuple[OwnPriority, ...] = ()  # what asks them for themselves, by the name of its questions
    private_readers: tuple[str, ...]
    action_readers: tuple[str, ...]  # who reads their open actions, in words; empty where they have none
    coalition_name: str
    now: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class RoundState:
    """The newest round of check-ins, open or closed. `closes_at` is its last close."""

    asked: int
    answered: int
    without: tuple[str, ...]  # names of priorities without an update yet
    closes_at: datetime | None = None
    is_closed: bool = False
    cadence: str = ""  # the check-in's id


@dataclass(frozen=True, slots=True, kw_only=True)
class WeekCounts:
    """What waits in the week beside check-ins, as counts."""

    decisions: int = 0  # that wait for an answer
    first_by: date | None = None  # the earliest of their dates
    overdue: int = 0  # actions, in …
    organizations: int = 0
    not_reported: int = 0  # figures that are due or have none, of …
    figures: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Coordination:
    """What only coordinators see. `state` is draft, live, paused or ended."""

    state: str
    live_at: datetime | None
    paused_at: datetime | None = None
    ended: date | None = None  # the coalition's last day
    may_configure: bool
    round: RoundState | None
    held: tuple[HeldNotice, ...]
    outside_slack: tuple[OutsideSlack, ...]
    link_requests: tuple[LinkRequest, ...] = ()  # accounts that nobody knows
    asks: tuple[AskCard, ...] = ()  # that wait for a look before they go out
    notes: tuple[PrivateNote, ...] = ()  # to the coordinators, that this one has not seen
    counts: WeekCounts = field(default_factory=WeekCounts)
    tasks: tuple[Task, ...] = ()  # what a coalition consists of, done or not
    in_setup: bool = False  # its steps were begun and not ended
    close: TwoDigests | None = None  # digests, one of which may be left out
    to_forward: ToForward | None = None  # where somebody has to pass digests on by hand
    series: tuple[tuple[str, str], ...] = ()  # figures whose series can't be read, by name, each with why
    undelivered: Undelivered | None = None  # what did not arrive; None where only the menu is shown


@dataclass(frozen=True, slots=True, kw_only=True)
class LatestDigest:
    """The digest that was published last, in one sentence."""

    id: int
    published_at: datetime
    sentence: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Overview:
    """What is beyond a person's own duties: shown in Home only."""

    priorities: tuple[PriorityPart, ...] = ()  # those that this person owns
    standings: tuple[PriorityPart, ...] = ()  # every priority, off track first, for those who read the roll-up
    opens: frozenset[str] = frozenset()  # ids of those priorities whose card this person may read
    issues: tuple[IssueCard, ...] = ()  # open ones that this person owns
    meetings: tuple[MeetingLine, ...] = ()  # the next of each that this person goes to
    digest: LatestDigest | None = None
    plan: Plan | None = None  # its head: north star and goals, for those who read the roll-up
    may_propose: bool = False
    may_raise: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class HomePage:
    """One person's Home. `next_opens_at` is when they are asked next; None while the rhythm is not running."""

    name: str
    zone: str
    now: datetime
    coalition_name: str
    open_checkins: tuple[PromptItem, ...]
    next_opens_at: datetime | None
    coordination: Coordination | None
    due_figures: tuple[FigureRow, ...] = ()  # those that this person is steward of
    proposed: tuple[SeriesNews, ...] = ()  # values that series have, for this steward to decide
    due_reports: tuple[ReportLine, ...] = ()  # to funders, that this person writes
    may_record: bool = False  # a figure, of any metric
    actions: tuple[ActionCard, ...] = ()  # the person's own open ones
    may_add_actions: bool = False
    reads_priorities: bool = False
    reads_funding: bool = False
    reads_digests: bool = False
    decisions: tuple[DecisionCard, ...] = ()  # that wait for this person's voice
    to_end: tuple[DecisionCard, ...] = ()  # that this person brings to an end: to record, or past their day
    asks: tuple[AskCard, ...] = ()  # that wait for this person's answer
    own_asks: tuple[AskCard, ...] = ()  # that this person asked for, and that are not over
    ended: date | None = None  # the last day of a coalition that has ended
    overview: Overview | None = None  # None where only the menu is shown
