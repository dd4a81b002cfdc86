"""The coalition as known at one moment: frozen values in the shape of the coalition file, plus what happened live.

A checked file becomes a `Record`, the store gives one back for any moment, and rules, digest and export read it.
No I/O and no rules here. Text is as people wrote it; numbers are exact decimals; `extra` keeps fields that no rule
reads so that an export gives them back. Lists stand in file order.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from datetime import date, datetime, time
from decimal import Decimal
from types import MappingProxyType
from typing import Any, TypeVar

from bot.domain.record.along import Along
from bot.domain.record.sections import Keeps
from bot.domain.record.statuses import ActionStanding, DecisionStanding, IssueStanding
from bot.domain.vocabularies import (
    AT_REST,
    Access,
    ActionStatus,
    AnswerReaders,
    Arrangement,
    AskState,
    Assessment,
    CanvasUse,
    DecisionStatus,
    FundingStatus,
    GroupKind,
    IssueStatus,
    Lens,
    SummaryPlace,
    Visibility,
)

Thing = TypeVar("Thing", bound="Organization | Group | Member")

NOTHING_EXTRA: Mapping[str, Any] = MappingProxyType({})


def by_name(value: Any, *without: str) -> dict[str, Any]:
    """A value's fields by name, for making a richer value of the same thing."""
    return {one.name: getattr(value, one.name) for one in fields(value) if one.name not in without}


def in_common(kind: Any, value: Any, *without: str) -> dict[str, Any]:
    """The fields of a value that a class has too, to make one of that class from; the caller adds the rest."""
    names = (one.name for one in fields(kind) if one.name not in without)
    return {name: getattr(value, name) for name in names if hasattr(value, name)}


def is_day_of_year(text: str) -> bool:
    """Whether a text is a day of every year, as "12-25"; Feb 29 is one, where a year has it."""
    try:
        return f"{datetime.strptime(f'2024-{text}', '%Y-%m-%d'):%m-%d}" == text  # noqa: DTZ007 only a day
    except ValueError:
        return False


def put_in(things: tuple[Thing, ...], changed: Thing) -> tuple[Thing, ...]:
    """These things with one of them in the place of the one of its id, or at the end."""
    others = tuple(changed if one.id == changed.id else one for one in things)
    return others if changed in others else (*others, changed)


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """Something of which a file may say more than any rule reads, such as an answer's `for_coordinator`: in `extra`."""

    extra: Mapping[str, Any] = field(default_factory=lambda: NOTHING_EXTRA, hash=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading(Kept):
    """One figure of a metric, in the metric's unit. What is withheld or unknown is no reading at all, never None."""

    period_end: date
    value: Decimal
    quality: str = "final"  # provisional | final; the file calls it `status`
    period_start: date | None = None
    recorded_on: date | None = None
    reporters: int | None = None
    note: str | None = None
    breakdown: tuple[Mapping[str, Any], ...] = ()

    @property
    def counts_from(self) -> date:
        """The first day on which it exists."""
        return self.recorded_on or self.period_end


@dataclass(frozen=True, slots=True, kw_only=True)
class DatedValue(Kept):
    """A baseline, target or milestone: a value (metric's unit) on a date."""

    value: Decimal
    on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Series(Kept):
    """Where somebody else publishes a metric's figures, and what is to happen with a new one."""

    provider: str  # csv | fred | bls | census
    address: str  # of a CSV file; for the others the series by its id, or the Census dataset with its query
    period_column: str | None = None  # of a CSV file
    value_column: str | None = None  # of a CSV file, or the Census variable
    looks: str = "weekly"  # weekly | when_due | daily | monthly
    record_by_itself: bool = False  # without it the steward is asked


@dataclass(frozen=True, slots=True, kw_only=True)
class Metric(Keeps):
    id: str
    name: str
    unit: str
    direction: str  # increase | decrease | maintain
    aggregation: str  # point_in_time | period_total | cumulative
    level: str  # core | contributing
    horizon: str  # short | medium | long
    steward: str  # member id
    frequency: str | None = None  # None means quarterly
    definition: str | None = None
    source: str | None = None
    series: Series | None = None
    expected_lag_days: int | None = None
    tolerance: Decimal | None = None
    confidential_below_n: int | None = None
    baseline: DatedValue | None = None
    target: DatedValue | None = None
    milestones: tuple[DatedValue, ...] = ()
    readings: tuple[Reading, ...] = ()  # the file calls them `observations`
    public: bool = False  # whether the coalition shows it on its public page
    ended: date | None = None  # the last day on which it is asked for and told of
    extra: Mapping[str, Any] = field(default_factory=lambda: NOTHING_EXTRA, hash=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class NorthStar(Kept):
    statement: str
    metric: Metric | None = None
    yearly_goals: tuple[DatedValue, ...] = ()  # what its figure is to be, one a year, by day
    public: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Coalition(Kept):
    id: str
    name: str
    timezone: str
    short_name: str | None = None
    currency: str = "USD"
    locale: str = "en-US"  # a language tag: how figures and dates are written
    north_star: NorthStar | None = None
    ended: date | None = None  # the last day on which anything is asked or sent

    def is_over(self, day: date) -> bool:
        """Whether its last day lies before a day."""
        return self.ended is not None and self.ended < day


@dataclass(frozen=True, slots=True, kw_only=True)
class Organization(Kept):
    id: str
    name: str
    sector: str
    contacts: tuple[str, ...] = ()  # member ids, first one first
    ask_via: str | None = None  # "coordinator" or None
    closed_days: tuple[date, ...] = ()
    closed_yearly: tuple[str, ...] = ()  # days of every year, as "12-25"
    ended: date | None = None  # the last day on which it takes part

    def is_closed(self, day: date) -> bool:
        return day in self.closed_days or f"{day:%m-%d}" in self.closed_yearly


@dataclass(frozen=True, slots=True, kw_only=True)
class Role(Kept):
    role: str
    scope: str  # "coalition", a priority id or a group id


@dataclass(frozen=True, slots=True, kw_only=True)
class Away(Kept):
    start: date  # both included; the file calls them `from` and `to`
    end: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Member(Kept):
    id: str
    name: str
    organization: str
    access: str = "member"
    email: str | None = None
    title: str | None = None
    timezone: str | None = None  # None: the coalition's, until known
    delegate: str | None = None
    ask_at: time | None = None  # wall time on the member's own clock; None: when a round opens
    no_messages_about: tuple[str, ...] = ()  # MessageKind: what waits in Home instead
    invitations: bool = False  # moved and skipped meetings come by mail too, for their calendar
    ended: date | None = None  # the last day on which they take part; None while no such day is known
    roles: tuple[Role, ...] = ()
    away: tuple[Away, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Group(Kept):
    id: str
    name: str
    kind: str  # steering_committee | backbone | working_group | funders
    members: tuple[str, ...] = ()
    chair: str | None = None
    cochair: str | None = None
    priority: str | None = None
    channel: str | None = None  # name without "#"
    decision_rule: str = "consensus"
    quorum: int | None = None
    voices: str = "organization"  # organization | person: who has one voice in a decision
    ended: date | None = None  # the last day on which it meets and decides

    @property
    def steers(self) -> bool:
        """Whether it is the coalition's steering committee."""
        return self.kind == GroupKind.STEERING_COMMITTEE

    @property
    def reads_everything(self) -> bool:
        """Whether the items of every priority are for it: steering, and those who run the coalition."""
        return self.steers or self.kind == GroupKind.BACKBONE


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome(Kept):
    """An intermediate outcome of a priority."""

    id: str
    name: str
    due: date
    completed: date | None = None
    public: bool = False
    ended: date | None = None  # the last day on which it is aimed at


@dataclass(frozen=True, slots=True, kw_only=True)
class Need(Kept):
    amount: Decimal
    through: date | None = None
    basis: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Priority(Kept):
    id: str
    name: str
    owner: str  # member id
    goal: str | None = None
    lens: Lens | None = None
    working_group: str | None = None
    channel: str | None = None
    assessment: Assessment = Assessment.NOT_STARTED
    assessment_on: date | None = None
    headline_metric: str | None = None
    need: Need | None = None
    outcomes: tuple[Outcome, ...] = ()  # the file calls them `intermediate_outcomes`
    metrics: tuple[Metric, ...] = ()
    public: bool = False
    canvas: CanvasUse = CanvasUse.USUAL  # whether its channel has one that the bot keeps up
    ended: date | None = None  # the last day on which it is worked on

    @property
    def rests(self) -> bool:
        """Whether nobody is asked about it: it is paused, or complete."""
        return self.assessment in AT_REST


@dataclass(frozen=True, slots=True, kw_only=True)
class Move(Kept):
    """One occurrence moved: local wall times of the cadence; hours None mean the cadence's own."""

    original: datetime  # naive local; the file calls it `from`
    to: datetime  # naive local
    closes_after_hours: int | None = None
    reminder_after_hours: int | None = None
    delegate_after_hours: int | None = None
    follows: datetime | None = None  # naive local: where the meeting was moved that this round leads to


@dataclass(frozen=True, slots=True, kw_only=True)
class Cadence(Kept):
    id: str
    kind: str  # checkin | digest | reminder | meeting | stocktake
    name: str
    timezone: str
    dtstart: datetime  # naive local wall time
    rrule: str
    time_basis: str = "coalition"  # coalition | member_local
    audience: str | None = None
    group: str | None = None
    attendees: tuple[str, ...] = ()
    duration_minutes: int | None = None
    closes_after_hours: int = 51
    reminder_after_hours: int = 24
    delegate_after_hours: int = 29
    feeds: str | None = None  # the digest cadence that a check-in round feeds
    question_set: str | None = None
    summary: SummaryPlace | None = None  # of a check-in that asks people for themselves; None: nowhere
    channels: tuple[str, ...] = ()
    email: tuple[str, ...] = ()  # member ids
    owner_preview_at: time | None = None
    prework_days_before: int | None = None
    exdates: tuple[datetime, ...] = ()
    paused_at: datetime | None = None  # aware UTC; nothing is planned while it is set
    ended: date | None = None  # the last day, on its own clock, on which it comes round
    moves: tuple[Move, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Question(Kept):
    id: str
    type: str  # choice | choices | yes_no | scale | text | number | date | item_picker | action_list
    label: str
    label_without_outcome: str | None = None
    options: tuple[str, ...] = ()
    min: int | None = None
    max: int | None = None
    max_length: int | None = None
    required: bool = False
    required_if: str | None = None
    source: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class EarlierQuestions(Kept):
    """What a version of a question set asked, for the rounds that opened with it."""

    version: int
    until: datetime  # aware UTC; rounds that opened from then on ask the next one
    title: str
    allow_no_change: bool = False
    anonymous: bool = False
    readers: AnswerReaders = AnswerReaders.STEERING
    questions: tuple[Question, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class QuestionSet(Kept):
    id: str
    title: str
    minutes: int = 0
    allow_no_change: bool = False
    anonymous: bool = False
    per_item: str | None = None  # action | metric
    readers: AnswerReaders = AnswerReaders.STEERING
    questions: tuple[Question, ...] = ()
    version: int = 1
    earlier: tuple[EarlierQuestions, ...] = ()  # oldest first


@dataclass(frozen=True, slots=True, kw_only=True)
class Response(Kept):
    """What was said about one priority in one round. `round` is the local date on which the round opened."""

    cadence: str
    round: date
    priority: str
    by: str
    on_behalf_of: str | None = None
    assessment: str | None = None  # an option of its question
    confidence: int | None = None
    moved: str | None = None
    blocker: str | None = None
    ask: str | None = None
    ask_from: str | None = None  # organization or group id
    next: str | None = None
    came_true: str | None = None  # yes | in_part | not_yet
    no_change: bool = False
    answered_at: datetime | None = None  # aware UTC; None for an imported one, which counts from its round
    # Whether it says how the priority stands, by what its check-in did when the round opened; None: as it does now.
    sets_standing: bool | None = field(default=None, compare=False)
    edited_at: datetime | None = field(default=None, compare=False)  # when it was sent once more


@dataclass(frozen=True, slots=True, kw_only=True)
class MemberAnswer(Kept):
    """What was said for one member in one round of a check-in that asks people for themselves.

    Where it was said by somebody else than the member, it was on their behalf.
    """

    cadence: str
    round: date  # the local date on which it opened
    member: str
    by: str
    answers: Mapping[str, Any]  # by question id, as they were typed or chosen
    no_change: bool = False
    answered_at: datetime | None = None  # aware UTC
    edited_at: datetime | None = field(default=None, compare=False)  # when it was sent once more


@dataclass(frozen=True, slots=True, kw_only=True)
class PulseTold(Kept):
    """What a round of an anonymous check-in was answered to one question: how often each choice was made, in the order
    of `choices`, or the words of all, mixed. Neither where fewer than five answered it."""

    question: str  # its id
    label: str
    answered: int
    choices: tuple[str, ...] = ()  # in words
    counts: tuple[int, ...] = ()
    words: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class PulseResult(Kept):
    """What came of a round of an anonymous check-in once it had closed for everybody, and what was done about it. Of
    single answers nothing is left."""

    cadence: str
    round: date  # the local date on which it opened
    title: str  # of its questions
    asked: int
    answered: int
    told: tuple[PulseTold, ...] = ()  # question by question; nothing where fewer than five answered
    did: str | None = None  # "you said, we did"
    did_at: datetime | None = None  # aware UTC; when that was written first


@dataclass(frozen=True, slots=True, kw_only=True)
class Ask:
    """What became of what a response asked for, from its round's close on. Moments are aware UTC."""

    cadence: str
    round: date
    priority: str
    text: str  # as it was sent, or would be
    asked: str | None  # organization or group id
    state: AskState
    answer: str | None = None  # can_help | not_us | talk
    suggested: str | None = None  # organization or group id: "not us; try …"
    row_id: int | None = None  # what its buttons carry; None for an imported one
    sent_at: datetime | None = None  # when it was let go out; None for an imported one
    answered_at: datetime | None = None
    ended_at: datetime | None = None  # when its asker said what came of it, or took it back


@dataclass(frozen=True, slots=True, kw_only=True)
class ActionMove(Kept):
    """One change of an action's date. Nothing more is known of moves that an earlier version only counted."""

    before: date | None = None
    to: date | None = None
    on: date | None = None  # when it was moved
    reason: str | None = None
    answer: str | None = None  # what was said when this move asked: renewed | help_asked


@dataclass(frozen=True, slots=True, kw_only=True)
class ActionItem(ActionStanding, Kept):
    id: str
    title: str
    owner: str
    due: date
    created: date
    status: ActionStatus = ActionStatus.NOT_STARTED
    priority: str | None = None
    organization: str | None = None
    deliverable: str | None = None
    metric: str | None = None
    completed: date | None = None
    blocked_reason: str | None = None
    waiting_on: str | None = None
    accepted: bool = True  # False while another organization has not said yes
    source: str | None = None  # where it came from: a meeting's id, a message's address or a word
    note: str | None = None
    moves: tuple[ActionMove, ...] = ()  # each change of its date, oldest first
    visibility: str = Visibility.EVERYBODY  # who sees it: one of its words, or a group's id


@dataclass(frozen=True, slots=True, kw_only=True)
class Issue(IssueStanding, Kept):
    id: str
    title: str
    raised_by: str
    owner: str
    raised: date
    status: IssueStatus = IssueStatus.OPEN
    priority: str | None = None
    escalated_to: str | None = None
    escalated: date | None = None
    resolved: date | None = None
    impact: str | None = None
    note: str | None = None  # how it was resolved, or why it is parked
    visibility: str = Visibility.EVERYBODY  # who sees it: one of its words, or a group's id


@dataclass(frozen=True, slots=True, kw_only=True)
class DecisionAnswer:
    """What one voice says about a decision, and who said it for whom."""

    voice: str  # organization id, or member id where each person has a voice
    by: str
    choice: str  # option | abstain | object | talk
    answered_at: datetime  # aware UTC
    on_behalf_of: str | None = None
    option: str | None = None
    reason: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision(DecisionStanding, Kept):
    id: str
    title: str
    decider: str  # group id
    status: DecisionStatus = DecisionStatus.NEEDED
    accountable: str | None = None
    priority: str | None = None
    needed_by: date | None = None
    options: tuple[str, ...] = ()
    recommended: str | None = None
    recommendation_for: str | None = None
    decided_on: date | None = None
    outcome: str | None = None
    delegated: bool = False
    why: str | None = None
    note: str | None = None  # from where it was recorded, or why it was put off or taken back
    visibility: str = Visibility.EVERYBODY  # who sees it: one of its words, or a group's id
    answers: tuple[DecisionAnswer, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Allocation(Kept):
    to: str  # priority id or group id
    amount: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class FundingReport(Kept):
    frequency: str | None = None
    next_due: date | None = None
    owner: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class FundingSource(Kept):
    id: str
    name: str
    funder: str
    capital_type: str
    status: FundingStatus
    amount: Decimal
    organization: str | None = None
    arrangement: Arrangement | None = None
    restricted: bool | None = None  # whether its funder says what it is for; None: not known
    match_required: Decimal | None = None
    match_secured: Decimal | None = None
    period_start: date | None = None
    period_end: date | None = None
    decision_expected: date | None = None  # when its funder is to say yes or no
    report: FundingReport | None = None
    allocations: tuple[Allocation, ...] = ()
    ended: date | None = None  # the last day on which it is counted


@dataclass(frozen=True, slots=True, kw_only=True)
class Round(Kept):
    """One run of a check-in for one priority or for one member, as it really happened (or, for imported weeks, as the
    rhythm says).

    `day` is the local date on which it opened; moments are aware UTC. `asked` is False where nobody was asked.
    """

    cadence: str
    day: date
    opens_at: datetime
    closes_at: datetime
    priority: str | None = None
    member: str | None = None  # instead of a priority
    asked: bool = True
    sets_standing: bool | None = field(default=None, compare=False)  # as in a response
    # Which questions it opened with; None: those that its check-in asks now.
    question_set: str | None = field(default=None, compare=False)
    questions_version: int | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class PublishedDigest:
    """What the last published leadership digest said, as data (the JSON of product part 6)."""

    published_at: datetime  # aware UTC
    content: Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Record(Kept):
    """Everything that was known about a coalition at a moment."""

    schema_version: int
    coalition: Coalition
    as_of: date | None = None  # the file's own day
    public_channels: frozenset[str] = frozenset()  # names of channels that everybody in the workspace may read
    has_mail: bool = False  # whether this program sends mail
    first_imported_at: datetime | None = None  # aware UTC; rounds up to then count as asked
    organizations: tuple[Organization, ...] = ()
    members: tuple[Member, ...] = ()
    groups: tuple[Group, ...] = ()
    priorities: tuple[Priority, ...] = ()
    cadences: tuple[Cadence, ...] = ()
    question_sets: tuple[QuestionSet, ...] = ()
    responses: tuple[Response, ...] = ()  # the file calls them `checkins`
    member_answers: tuple[MemberAnswer, ...] = ()
    pulses: tuple[PulseResult, ...] = ()
    asks: tuple[Ask, ...] = ()  # of live rounds only
    actions: tuple[ActionItem, ...] = ()
    issues: tuple[Issue, ...] = ()
    decisions: tuple[Decision, ...] = ()
    funding_sources: tuple[FundingSource, ...] = ()
    rounds: tuple[Round, ...] = ()  # live rounds only
    published: tuple[PublishedDigest, ...] = ()
    # Where something ended and is left out here: the record with it, for names and for the past.
    whole: Record | None = field(default=None, compare=False, repr=False)
    # Of a file only: what it takes along beside the record.
    along: Along | None = field(default=None, repr=False)

    @property
    def everything(self) -> Record:
        """The record with what has ended by now: for what people said and did, and for names."""
        return self.whole if self.whole is not None else self

    @property
    def present(self) -> tuple[Member, ...]:
        """The members who take part and are not about to leave: whom one may choose, ask or count. Those who left stay
        among `members`, for what they said and did."""
        return tuple(member for member in self.members if member.ended is None)

    def reaches(self, member: Member) -> bool:
        """Whether a message could reach this member by the path that their access allows."""
        return self.has_mail or member.access != Access.EMAIL_ONLY

    @property
    def steering(self) -> Group | None:
        """The group that steers; the first one where there are several, None where there is none."""
        return next((group for group in self.groups if group.steers), None)
