"""The closed vocabularies of a coalition: the words that a field may hold, and nothing else about them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from enum import StrEnum
from functools import cache
from types import MappingProxyType
from typing import TypeVar

W = TypeVar("W", bound=StrEnum)


class CoalitionState(StrEnum):
    """Whether anything is sent; not in the file."""

    DRAFT = "draft"
    LIVE = "live"
    PAUSED = "paused"
    ENDED = "ended"  # its last day is over


class MessageKind(StrEnum):
    """As the coalition file names them."""

    ACTIONS = "actions"
    FIGURES = "figures"
    DECISIONS = "decisions"
    MEETINGS = "meetings"
    ANSWERS = "answers"


class Sector(StrEnum):
    PUBLIC = "public"
    PRIVATE = "private"
    NONPROFIT = "nonprofit"
    PHILANTHROPIC = "philanthropic"


class Horizon(StrEnum):
    SHORT = "short"
    MEDIUM = "medium"
    LONG = "long"


class Direction(StrEnum):
    INCREASE = "increase"
    DECREASE = "decrease"
    MAINTAIN = "maintain"


class Aggregation(StrEnum):
    POINT_IN_TIME = "point_in_time"
    PERIOD_TOTAL = "period_total"
    CUMULATIVE = "cumulative"


class Level(StrEnum):
    CORE = "core"
    CONTRIBUTING = "contributing"


class Provider(StrEnum):
    """Who publishes a series of figures, or in which form."""

    CSV = "csv"
    FRED = "fred"
    BLS = "bls"
    CENSUS = "census"


class SeriesLooks(StrEnum):
    """How often a series is looked at for a new figure."""

    WEEKLY = "weekly"
    WHEN_DUE = "when_due"  # daily from the day on which the next figure is expected
    DAILY = "daily"
    MONTHLY = "monthly"


class MeasureType(StrEnum):
    HOW_MUCH = "how_much"
    HOW_WELL = "how_well"
    BETTER_OFF = "better_off"


class Frequency(StrEnum):
    WEEKLY = "weekly"
    MONTHLY = "monthly"
    QUARTERLY = "quarterly"
    SEMIANNUAL = "semiannual"
    ANNUAL = "annual"


class Quality(StrEnum):
    """How settled a reading is; the file calls it the reading's `status`."""

    PROVISIONAL = "provisional"
    FINAL = "final"


class Assessment(StrEnum):
    """A person's judgement of a priority."""

    ON_TRACK = "on_track"
    AT_RISK = "at_risk"
    OFF_TRACK = "off_track"
    NOT_STARTED = "not_started"
    PAUSED = "paused"
    COMPLETE = "complete"


class Lens(StrEnum):
    """What a priority is about, seen from the report's strategies."""

    TALENT = "talent"
    INNOVATION = "innovation"
    PLACEMAKING = "placemaking"
    INFRASTRUCTURE = "infrastructure"
    OTHER = "other"


class CanvasUse(StrEnum):
    """Whether the bot keeps a canvas up in a priority's channel."""

    USUAL = "usual"
    """Unless people of other workspaces are in the channel."""
    ALWAYS = "always"
    NEVER = "never"


AT_REST = (Assessment.PAUSED, Assessment.COMPLETE)
"""Nobody is asked about a priority that stands so."""


class MetricStatus(StrEnum):
    """Computed from readings, never stored."""

    ON_TRACK = "on_track"
    AT_RISK = "at_risk"
    OFF_TRACK = "off_track"
    MET = "met"
    NO_DATA = "no_data"
    STALE = "stale"


class ActionStatus(StrEnum):
    NOT_STARTED = "not_started"
    IN_PROGRESS = "in_progress"
    BLOCKED = "blocked"
    DONE = "done"
    CANCELLED = "cancelled"


class MoveAnswer(StrEnum):
    RENEWED = "renewed"
    HELP_ASKED = "help_asked"


class VoiceSaid(StrEnum):
    """What a voice says about a decision."""

    OPTION = "option"
    ABSTAIN = "abstain"
    OBJECT = "object"
    TALK = "talk"


class IssueStatus(StrEnum):
    OPEN = "open"
    ESCALATED = "escalated"
    RESOLVED = "resolved"
    PARKED = "parked"


class DecisionStatus(StrEnum):
    NEEDED = "needed"
    DECIDED = "decided"
    DEFERRED = "deferred"
    WITHDRAWN = "withdrawn"


class DecisionRule(StrEnum):
    CONSENSUS = "consensus"
    MAJORITY = "majority"
    CONSENSUS_THEN_TWO_THIRDS = "consensus_then_two_thirds"
    CHAIR = "chair"


class Voices(StrEnum):
    """Who has one voice in a group's decisions."""

    ORGANIZATION = "organization"
    PERSON = "person"


class RecommendationFor(StrEnum):
    """Who may see what is recommended; none given means everyone who sees the decision."""

    DECIDERS = "deciders"
    EVERYONE = "everyone"


class CapitalType(StrEnum):
    PUBLIC = "public"
    COMMERCIAL = "commercial"
    PHILANTHROPIC = "philanthropic"
    OTHER = "other"


class FundingStatus(StrEnum):
    PROSPECT = "prospect"
    APPLIED = "applied"
    AWARDED = "awarded"
    ACTIVE = "active"
    CLOSED = "closed"
    DECLINED = "declined"


# What nothing more comes of.
ENDED_FUNDING = frozenset({FundingStatus.CLOSED, FundingStatus.DECLINED})


class Arrangement(StrEnum):
    """How a source goes with others: braided ones keep their own ledger and rules, blended ones form a pool."""

    BRAIDED = "braided"
    BLENDED = "blended"


class Access(StrEnum):
    """How a member reaches the workspace."""

    MEMBER = "member"
    MULTI_CHANNEL_GUEST = "multi_channel_guest"
    SINGLE_CHANNEL_GUEST = "single_channel_guest"
    SLACK_CONNECT = "slack_connect"
    EMAIL_ONLY = "email_only"


class AskState(StrEnum):
    """It waits for a coordinator, who may hold it to talk first; whoever asked ends it as one of the last three."""

    WAITING = "waiting"
    HELD = "held"
    SENT = "sent"
    ANSWERED = "answered"
    CAME_THROUGH = "came_through"
    FELL_THROUGH = "fell_through"
    WITHDRAWN = "withdrawn"


class AskVia(StrEnum):
    COORDINATOR = "coordinator"


class GroupKind(StrEnum):
    STEERING_COMMITTEE = "steering_committee"
    BACKBONE = "backbone"
    WORKING_GROUP = "working_group"
    FUNDERS = "funders"


class Role(StrEnum):
    """The roles with rights of their own; further `steering_…` roles count as steering."""

    BACKBONE_LEAD = "backbone_lead"
    ADMIN = "admin"
    BACKBONE_STAFF = "backbone_staff"
    DATA_LEAD = "data_lead"
    STEERING_CHAIR = "steering_chair"
    STEERING_MEMBER = "steering_member"
    STEERING_DELEGATE = "steering_delegate"
    PRIORITY_OWNER = "priority_owner"
    WORKING_GROUP_COCHAIR = "working_group_cochair"
    FUNDER = "funder"
    OBSERVER = "observer"


class CadenceKind(StrEnum):
    CHECKIN = "checkin"
    DIGEST = "digest"
    REMINDER = "reminder"
    MEETING = "meeting"
    STOCKTAKE = "stocktake"


# What people come together for: it begins at one moment for everybody, whatever their own clocks say.
HELD_TOGETHER = frozenset({CadenceKind.MEETING, CadenceKind.STOCKTAKE})


class TimeBasis(StrEnum):
    COALITION = "coalition"
    MEMBER_LOCAL = "member_local"


class Audience(StrEnum):
    """Whom a cadence speaks to; a group's id may stand in its place."""

    PRIORITY_OWNERS = "priority_owners"
    METRIC_STEWARDS = "metric_stewards"
    ACTION_OWNERS = "action_owners"
    ALL_MEMBERS = "all_members"
    STEERING = "steering"


class Visibility(StrEnum):
    """Who sees an action, an issue or a decision; a group's id may stand in its place."""

    EVERYBODY = "everybody"  # whoever may read the items of its priority
    COORDINATORS = "coordinators"


class SummaryPlace(StrEnum):
    """Where what was answered in a round is told once it closes: in the group's channel, or to each of its readers."""

    CHANNEL = "channel"
    READERS = "readers"


class QuestionType(StrEnum):
    CHOICE = "choice"
    CHOICES = "choices"  # several of them
    YES_NO = "yes_no"
    SCALE = "scale"
    TEXT = "text"
    NUMBER = "number"
    DATE = "date"
    ITEM_PICKER = "item_picker"
    ACTION_LIST = "action_list"


class PickerSource(StrEnum):
    """What an `item_picker` question lets a person choose from."""

    MEMBERS = "members"
    ORGANIZATIONS = "organizations"
    GROUPS = "groups"
    ORGANIZATIONS_AND_GROUPS = "organizations_and_groups"
    PRIORITIES = "priorities"
    METRICS = "metrics"
    ACTIONS = "actions"


class AnswerReaders(StrEnum):
    """Who reads what a question set was answered, from few to many. Coordinators always do."""

    COORDINATORS = "coordinators"
    GROUP = "group"  # of what was asked about
    STEERING = "steering"  # the group, steering and the digest
    EVERYBODY = "everybody"


# Who may read an answer that says how a priority stands: it is in the digest.
READ_IN_DIGEST = frozenset({AnswerReaders.STEERING, AnswerReaders.EVERYBODY})


class PerItem(StrEnum):
    ACTION = "action"
    METRIC = "metric"


class CameTrue(StrEnum):
    YES = "yes"
    IN_PART = "in_part"
    NOT_YET = "not_yet"


COALITION_SCOPE = "coalition"
"""The scope of a role that is not tied to one priority or group."""

FILE_VOCABULARIES: Mapping[str, type[StrEnum]] = MappingProxyType(
    {
        "sector": Sector,
        "horizon": Horizon,
        "direction": Direction,
        "aggregation": Aggregation,
        "metric_level": Level,
        "measure_type": MeasureType,
        "assessment": Assessment,
        "metric_status": MetricStatus,
        "action_status": ActionStatus,
        "issue_status": IssueStatus,
        "decision_status": DecisionStatus,
        "capital_type": CapitalType,
        "funding_status": FundingStatus,
        "arrangement": Arrangement,
        "access": Access,
    }
)
"""The vocabularies that a coalition file repeats under `vocabularies`, in the order in which it is written."""

OTHER_FILE_VOCABULARIES: Mapping[str, type[StrEnum]] = MappingProxyType(
    {"frequency": Frequency, "decision_rule": DecisionRule, "audience": Audience, "lens": Lens}
)
"""Vocabularies that a file may repeat as well, but is not written with."""

_STEERING_ROLE = re.compile(r"steering_[a-z]+(_[a-z]+)*")


@cache
def words(vocabulary: type[StrEnum]) -> tuple[str, ...]:
    """The words of a vocabulary as plain strings, in their usual order."""
    return tuple(str(word.value) for word in vocabulary)


def known_word(vocabulary: type[W], word: str) -> W | str:
    """A word that was kept, as one of a vocabulary, or as it is where an earlier version let another one stand."""
    return vocabulary(word) if word in words(vocabulary) else word


def is_role(word: str) -> bool:
    """Whether a role has rights of its own: a known role, or a steering role under another name."""
    return word in words(Role) or _STEERING_ROLE.fullmatch(word) is not None
