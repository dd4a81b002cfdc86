"""The coalition as known at one moment. Values and rules, pure."""

from __future__ import annotations

from bot.domain.record.along import (
    Along,
    DigestForward,
    DigestNote,
    DigestSending,
    DigestSubscription,
    FirstContact,
    KeptAsk,
    KeptDigest,
    Message,
    MessageItem,
    NoteSeen,
    PlannedThrough,
    RoundStep,
    step_name,
)
from bot.domain.record.audiences import groups_asked
from bot.domain.record.beside import AgendaPoint, Attendance, FromIssue, MeetingNotes
from bot.domain.record.directory import Directory
from bot.domain.record.growing import (
    GROUPED_BY,
    action_parts,
    answers_about,
    asks_about,
    current_actions,
    every_metric,
    find_action,
    find_actions,
    find_answer,
    find_member_answer,
    headline_metric,
    member_answers_to,
    metric_at,
    open_actions,
    priority_in_round,
    priority_of,
    restricted_actions,
    without_actions,
)
from bot.domain.record.hanging import ENDS, Hanging, Hung, Named, Noun, find_ending, hanging_on, noun_words, outlasts
from bot.domain.record.holdings import Held, Holdings, holdings_of
from bot.domain.record.presence import EndOf, goes_on, lasting, present_on, with_reachable_quorum
from bot.domain.record.record import (
    NOTHING_EXTRA,
    ActionItem,
    ActionMove,
    Allocation,
    Ask,
    Away,
    Cadence,
    Coalition,
    DatedValue,
    Decision,
    DecisionAnswer,
    EarlierQuestions,
    FundingReport,
    FundingSource,
    Group,
    Issue,
    Member,
    MemberAnswer,
    Metric,
    Move,
    Need,
    NorthStar,
    Organization,
    Outcome,
    Priority,
    PublishedDigest,
    PulseResult,
    PulseTold,
    Question,
    QuestionSet,
    Reading,
    Record,
    Response,
    Role,
    Round,
    Series,
    by_name,
    in_common,
    is_day_of_year,
    put_in,
)
from bot.domain.record.sections import Part, Section, grouped, once, part_of, parts_of
from bot.domain.record.statuses import ActionStanding, DecisionStanding
