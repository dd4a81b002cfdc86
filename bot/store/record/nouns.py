"""How each noun of the record is kept. What follows from names and types is not said here (see `mapping`)."""

from __future__ import annotations

from collections import defaultdict
from typing import Any, Final, get_args, get_type_hints

from bot.domain import record as values
from bot.domain.vocabularies import Audience
from bot.store.actions import ActionItemRow
from bot.store.asks import AskRow
from bot.store.base import Base
from bot.store.checkins import MemberAnswerRow, PulseResultRow, ResponseRow, RoundSubjectRow
from bot.store.coalition import CoalitionRow
from bot.store.decisions import DecisionResponseRow, DecisionRow, IssueDecisionRow
from bot.store.digests import DigestForwardRow, DigestNoteRow, DigestRow, DigestSendingRow, DigestSubscriptionRow
from bot.store.funding import AllocationRow, FundingSourceRow
from bot.store.issues import IssueRow
from bot.store.meetings import AgendaPointRow, AttendanceRow, MeetingNotesRow
from bot.store.metrics import MetricRow, MilestoneRow, ReadingRow
from bot.store.organizations import GroupRow, OrganizationRow
from bot.store.outbox import DeliveryItemRow, DeliveryRow
from bot.store.people import AwayRow, MemberRow, RoleRow
from bot.store.priorities import OutcomeRow, PriorityRow
from bot.store.record.keeping import Extra, Keyed, Made, OneOf, Points, Same, Through, Under, Within
from bot.store.record.looking_up import Row, View
from bot.store.record.mapping import Mapped, Part, table_of
from bot.store.rhythm import CadenceRow, EarlierQuestionsRow, MoveRow, QuestionSetRow, ScheduleRow

_COALITION = table_of(CoalitionRow)
_SCOPE: Final = OneOf((("priority_id", "priorities"), ("group_id", "groups")), words=("coalition",))


def _star(view: View, _row: Row) -> Any:
    """The metric that stands under no priority."""
    return next(iter(view.made_under("metrics", None)), None)


def _voice(view: View, row: Row) -> Any:
    return view.key("members", row["person_id"]) or view.key("organizations", row["organization_id"])


def _was_asked(_view: View, row: Row) -> bool:
    return row["asked_at"] is not None


def _row_id(_view: View, row: Row) -> Any:
    return row["id"]


# In an order in which everything that a value holds is made before it.
NOUNS: Final[tuple[Mapped[Any], ...]] = (
    Mapped(values.Reading, ReadingRow, owner="metric_id", aside=("submission_key",)),
    Mapped(
        values.Metric,
        MetricRow,
        owner="priority_id",
        milestones=Under("milestones", Mapped(values.DatedValue, MilestoneRow, owner="metric_id")),
        readings=Keyed("readings", is_apart=True),
    ),
    Mapped(
        values.Coalition,
        CoalitionRow,
        aside=(
            *("schema_version", "as_of", "file_extra", "first_imported_at", "first_change_id"),
            *("state", "live_at", "paused_at", "last_digest_at", "quiet_from", "quiet_to"),
        ),
        north_star=Within(
            Part(
                values.NorthStar,
                _COALITION,
                "north_star_",
                metric=Made(_star),
                public=Same("north_star_public", instead_of_none=False),
            ),
            marker="north_star_statement",
        ),
    ),
    Mapped(
        values.Organization,
        OrganizationRow,
        contacts=Under("contacts", Points("member_id", "members"), is_numbered=True),
        closed_days=Under("closed_days", Same("day")),
    ),
    Mapped(
        values.Member,
        MemberRow,
        aside=("first_contact_at", "links_from", "mail_refused"),
        roles=Under("roles", Mapped(values.Role, RoleRow, owner="member_id", scope=_SCOPE)),
        away=Under("away", Mapped(values.Away, AwayRow, owner="member_id")),
    ),
    Mapped(
        values.Group,
        GroupRow,
        voices=Same("voices", instead_of_none="organization"),
        members=Under("group_members", Points("member_id", "members"), is_numbered=True),
    ),
    Mapped(values.Outcome, OutcomeRow, owner="priority_id"),
    Mapped(values.Priority, PriorityRow, outcomes=Keyed("outcomes"), metrics=Keyed("metrics")),
    Mapped(
        values.Cadence,
        CadenceRow,
        audience=OneOf(
            (("audience_group_id", "groups"),), words=tuple(one.value for one in Audience), word_column="audience"
        ),
        attendees=Under(
            "cadence_attendees", Points("member_id", "members"), only=(("purpose", "attendees"),), is_numbered=True
        ),
        email=Under(
            "cadence_attendees", Points("member_id", "members"), only=(("purpose", "email"),), is_numbered=True
        ),
        moves=Under("moves", Mapped(values.Move, MoveRow, owner="cadence_id"), by=("original",)),
    ),
    Mapped(
        values.QuestionSet,
        QuestionSetRow,
        earlier=Under(
            "earlier_questions",
            Mapped(values.EarlierQuestions, EarlierQuestionsRow, owner="question_set_id"),
            by=("version",),
        ),
    ),
    Mapped(
        values.Response,
        ResponseRow,
        identity=("cadence", "round", "priority"),
    ),
    Mapped(
        values.MemberAnswer,
        MemberAnswerRow,
        identity=("cadence", "round", "member"),
    ),
    Mapped(values.PulseResult, PulseResultRow, identity=("cadence", "round")),
    Mapped(
        values.Ask,
        AskRow,
        aside=(
            *("response_id", "edited", "made_at", "decided_by_id", "decided_at", "receiver_id"),
            *("answered_by_id", "ended_by_id"),
        ),
        row_id=Made(_row_id),
        cadence=Through("responses", "response_id", Points("cadence_id", "cadences")),
        round=Through("responses", "response_id", Same("round")),
        priority=Through("responses", "response_id", Points("priority_id", "priorities")),
    ),
    Mapped(values.ActionItem, ActionItemRow, aside=("submission_key",)),
    Mapped(values.Issue, IssueRow, aside=("submission_key",)),
    Mapped(
        values.Decision,
        DecisionRow,
        aside=("applies", "submission_key"),
        answers=Under(
            "decision_responses",
            Mapped(
                values.DecisionAnswer,
                DecisionResponseRow,
                owner="decision_id",
                aside=("voice", "person_id", "organization_id"),
                voice=Made(_voice),
            ),
            is_apart=True,
        ),
    ),
    Mapped(
        values.FundingSource,
        FundingSourceRow,
        report=Within(
            Part(values.FundingReport, table_of(FundingSourceRow), "report_"), marker="has_report", is_flag=True
        ),
        allocations=Under(
            "allocations",
            Mapped(values.Allocation, AllocationRow, owner="funding_source_id", aside=("position",), to=_SCOPE),
            is_numbered=True,
            by=("priority_id", "group_id"),
        ),
    ),
    Mapped(
        values.Round,
        RoundSubjectRow,
        aside=(
            *("round_id", "owner_id", "prompt_id", "reminder_at", "delegate_at", "asked_at", "closed_at"),
            *("asked_again_at", "asked_again_by_id", "stand_in_declined_at", "took_part"),
        ),
        cadence=Through("rounds", "round_id", Points("cadence_id", "cadences")),
        day=Through("rounds", "round_id", Same("day")),
        sets_standing=Through("rounds", "round_id", Same("sets_standing")),
        question_set=Through("rounds", "round_id", Points("question_set_id", "question_sets")),
        questions_version=Through("rounds", "round_id", Same("questions_version")),
        asked=Made(_was_asked),
    ),
)
# Beside the record: what belongs to one occurrence of a meeting, and which issue led to which decision.
BESIDE: Final[tuple[Mapped[Any], ...]] = (
    Mapped(values.MeetingNotes, MeetingNotesRow),
    Mapped(
        values.AgendaPoint,
        AgendaPointRow,
        aside=("notes_id", "submission_key"),
        parked_at=Through("meeting_notes", "notes_id", Same("slot")),
    ),
    Mapped(values.Attendance, AttendanceRow, identity=("cadence", "slot", "member")),
    Mapped(values.FromIssue, IssueDecisionRow, identity=("decision",)),
)


def _said_apart(_view: View, _row: Row) -> Any:
    return None


def _all_but(row: type[Base], *named: str) -> tuple[str, ...]:
    """The columns of a row of which a value says only these."""
    return tuple(set(table_of(row).columns.keys()) - {"id", "coalition_id", *named})


_CADENCE: Final = Points("cadence_id", "cadences")
_PRIORITY: Final = Points("priority_id", "priorities")
# What goes along in a file, row by row: read and written by nothing else.
ALONG: Final[tuple[Mapped[Any], ...]] = (
    Mapped(
        values.KeptAsk,
        AskRow,
        aside=("response_id",),
        cadence=Through("responses", "response_id", _CADENCE),
        round=Through("responses", "response_id", Same("round")),
        priority=Through("responses", "response_id", _PRIORITY),
        ended_by=Points("ended_by_id", "members"),
    ),
    Mapped(
        values.RoundStep,
        RoundSubjectRow,
        # Who took part in an anonymous round is in no file.
        aside=("round_id", "prompt_id", "opens_at", "closes_at", "took_part", "extra"),
        cadence=Through("rounds", "round_id", _CADENCE),
        day=Through("rounds", "round_id", Same("day")),
        slot=Through("rounds", "round_id", Same("slot")),
        planned_at=Through("rounds", "round_id", Same("planned_at")),
        asked_again_by=Points("asked_again_by_id", "members"),
    ),
    Mapped(values.KeptDigest, DigestRow, content=Same("content")),
    Mapped(
        values.DigestSending,
        DigestSendingRow,
        aside=("digest_id", "token"),
        cadence=Through("digests", "digest_id", _CADENCE),
        slot=Through("digests", "digest_id", Same("slot")),
    ),
    Mapped(
        values.DigestForward,
        DigestForwardRow,
        aside=("digest_id",),
        cadence=Through("digests", "digest_id", _CADENCE),
        slot=Through("digests", "digest_id", Same("slot")),
        passed_on_by=Points("passed_on_by_id", "members"),
    ),
    Mapped(values.DigestSubscription, DigestSubscriptionRow),
    Mapped(values.DigestNote, DigestNoteRow),
    Mapped(
        values.FirstContact,
        MemberRow,
        aside=_all_but(MemberRow, "key", "first_contact_at"),
        member=Same("key"),
        at=Same("first_contact_at"),
    ),
    Mapped(values.PlannedThrough, ScheduleRow, aside=("next_slot", "next_run_at")),
    Mapped(values.MessageItem, DeliveryItemRow, aside=("delivery_id", "round_subject_id", "position")),
    Mapped(
        values.Message,
        DeliveryRow,
        aside=(
            *("key", "transport", "operation", "parent_id", "digest_id", "version", "attempts", "looks"),
            *("lease_owner", "lease_until", "attempted_at", "attempted_ts", "next_attempt_at", "looked_for"),
        ),
        digest=Through("digests", "digest_id", _CADENCE),
        slot=Through("digests", "digest_id", Same("slot")),
        resolved_by=Points("resolved_by_id", "members"),
        channel=Same("channel"),
        channel_id=Same("channel_id"),
        subject=Same("subject"),
        thread_of=Made(_said_apart),
        workspace=Made(_said_apart),
        items=Made(_said_apart),
    ),
)
MAPPED: Final = {one.table: one for one in NOUNS}
_UNDER: Final = [keep.keep for one in NOUNS for keep in one.keeps.values() if isinstance(keep, Under)]
_BY_VALUE: Final = {one.value: one for one in (*NOUNS, *BESIDE, *ALONG, *_UNDER) if isinstance(one, Mapped)}
# What the record itself keeps in the coalition's row.
OF_RECORD: Final[dict[str, Same | Extra]] = {
    "schema_version": Same("schema_version"),
    "as_of": Same("as_of"),
    "extra": Extra("file_extra"),
}


_BY_TABLE: Final = {one.table: one for one in _BY_VALUE.values() if one not in ALONG}


def mapped(value: object) -> Mapped[Any]:
    """How such a value is kept."""
    return mapping_of(type(value))


def mapping_of(value: type[Any]) -> Mapped[Any]:
    """How values of a kind are kept."""
    return _BY_VALUE[value]


def value_of(row: Base) -> Any:
    """The value of a row that points at no other one, without what stands under it."""
    how = _BY_TABLE[row.__tablename__]
    return how.read(_NOTHING_ELSE, {name: getattr(row, name) for name in ("id", *how.columns)})


_NOTHING_ELSE: Final = View(defaultdict(dict), defaultdict(dict), defaultdict(dict))


def rows_of(table: str) -> type[Base]:
    """The class of a table's rows."""
    return _ROWS[table]


_ROWS: Final = {one.class_.__tablename__: one.class_ for one in Base.registry.mappers}
# The record's sections by the table whose rows they are.
SECTIONS: Final = {
    name: _BY_VALUE[get_args(hint)[0]].table
    for name, hint in get_type_hints(values.Record).items()
    if get_args(hint) and get_args(hint)[0] in _BY_VALUE
}
