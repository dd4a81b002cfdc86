"""What people see of decisions, as frozen values: a card, a list, a line read back, a form, a change. No words."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from bot.domain.decisions.deciding import TALK, Count
from bot.domain.numbered import NumberedChange, NumberedList, NumberedQuery, NumberedReadBack
from bot.domain.outbox import Whereabouts
from bot.domain.record import DecisionStanding
from bot.domain.typed import Known
from bot.domain.vocabularies import DecisionStatus, Visibility

MOST_TITLE = 150
MOST_WHY = 300
MOST_REASON = 300
MOST_NOTE = 200
MOST_OUTCOME = 150
MOST_OPTIONS = 5  # that a decision made here may have; a file may bring more


@dataclass(frozen=True, slots=True, kw_only=True)
class VoiceLine:
    """What one voice says. `choice` is option, abstain, object or talk; None while it has not answered.

    `written_down`: a coordinator gave it, with what somebody told them.
    """

    voice: str
    voice_name: str
    choice: str | None = None
    option: str | None = None
    reason: str | None = None
    by_name: str | None = None
    is_own: bool = False  # said by the person whose voice it is
    on_behalf_of_name: str | None = None
    written_down: bool = False

    @property
    def has_answered(self) -> bool:
        """Whether it counts as an answer: a wish to talk first is none yet."""
        return self.choice not in {None, TALK}


@dataclass(frozen=True, slots=True, kw_only=True)
class DecisionCard(DecisionStanding):
    """One decision for one reader, or for the deciders' channel.

    `title` is None where the reader may not see another group's: titles may hold amounts. `voices` is empty for
    whoever may not see who said what; `own` are the voices that this reader may use, `others` those that a coordinator
    may answer for, with what somebody told them.
    """

    id: str
    title: str | None
    priority_name: str | None
    decider: str
    decider_name: str
    proposed_by: str | None  # an organization's name
    needed_by: date | None
    status: DecisionStatus
    options: tuple[str, ...]
    why: str | None
    recommended: str | None  # what everyone may see
    recommended_to_deciders: str | None  # shows only in the form that one answers in
    count: Count
    per_person: bool
    chair_name: str | None
    next_meeting: date | None
    voices: tuple[VoiceLine, ...]
    own: tuple[VoiceLine, ...]
    others: tuple[VoiceLine, ...] = ()
    issue: Known | None  # that led to it
    changes_something: bool  # a target or a priority, once it is decided in favor
    decided_on: date | None
    outcome: str | None
    delegated: bool
    note: str | None
    recorded_by_name: str | None
    is_working_group: bool
    may_record: bool
    may_set_aside: bool
    today: date
    may_chase: bool = False  # ask again, move its day, take it to a meeting
    post: Whereabouts | None = None  # where the group's post of it is, as far as that was looked up
    may_mend: bool = False  # whether this reader can do something about a post that doesn't arrive
    has_meeting: bool = False  # the group that decides has one ahead
    kept_to: tuple[str, ...] = ()  # who sees it, where that is not whoever reads its priority

    @property
    def has_passed(self) -> bool:
        """Whether it waits although its day is over."""
        return self.is_needed and self.needed_by is not None and self.needed_by < self.today

    @property
    def waits_for_an_end(self) -> bool:
        """Whether somebody has to go on with it: its day is over, or its rule is met."""
        return self.has_passed or (self.is_needed and self.count.result is not None)

    @property
    def is_settled(self) -> bool:
        """Nothing is left to do for this reader."""
        return not self.is_needed or all(one.has_answered and not one.written_down for one in self.own)

    @property
    def has_lapsed(self) -> bool:
        """It ended without this reader's word."""
        return self.is_settled and all(one.choice is None or one.written_down for one in self.own)

    @property
    def minutes(self) -> int:
        """What it takes to answer."""
        return 2


@dataclass(frozen=True, slots=True, kw_only=True)
class DecisionOutcome:
    """How a decision ended, for a channel that was told it waits: the deciders' own, or one that a digest goes to.

    `in_roll_up`: leadership's digest goes there, which has titles; `amounts`: everybody there may see them.
    """

    card: DecisionCard
    to_deciders: bool
    in_roll_up: bool
    amounts: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class DecisionQuery(NumberedQuery):
    """Which decisions are listed. `kind` is mine, log, status, priority or group; `id` says which of the last three."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DecisionList(NumberedList[DecisionQuery, DecisionCard]):
    """One page of a list. `name` is the priority's or group's; `waiting` how many of all wait for this reader."""

    waiting: int


@dataclass(frozen=True, slots=True, kw_only=True)
class NewDecision:
    """What is proposed. `priority` None is the whole coalition; `issue` is the one that led to it."""

    title: str
    decider: str
    priority: str | None = None
    needed_by: date | None = None
    options: tuple[str, ...] = ()
    recommended: str | None = None
    why: str | None = None
    issue: str | None = None
    visibility: str = Visibility.EVERYBODY


@dataclass(frozen=True, slots=True, kw_only=True)
class DecisionReadBack(NumberedReadBack):
    """A decision as it would be proposed."""

    decider_name: str
    channel: str | None
    needed_by: date | None
    options: tuple[str, ...]
    is_complete: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class DecisionForm:
    """The form of a new decision, filled in as far as it is known."""

    token: str
    title: str
    decider: str
    deciders: tuple[Known, ...]
    next_meeting: date | None  # of the deciding group
    needed_by: date | None
    priority: str | None
    priorities: tuple[Known, ...]
    options: tuple[str, ...]
    why: str
    problems: tuple[str, ...]
    today: date
    keepers: tuple[Known, ...]  # whom it may be kept to
    visibility: str
    issue: str | None = None  # that it is about


@dataclass(frozen=True, slots=True, kw_only=True)
class DecisionChange(NumberedChange[DecisionCard]):
    """What became of a decision. `what` is proposed, answered, recorded, deferred, withdrawn, needed (again), asked
    (again), moved or agenda.

    `voice` is the one that answered; `before` is what it said until then, where somebody else had said it.
    """

    voice: VoiceLine | None = None
    before: VoiceLine | None = None
    asked: tuple[str, ...] = ()  # names of the voices that were asked again, and have it in a moment
    elsewhere: tuple[Whereabouts, ...] = ()  # where the message is of those who don't
