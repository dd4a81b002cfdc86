"""Check-in rounds, prompts and responses."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, Index, Integer, UniqueConstraint, and_
from sqlalchemy.orm import Mapped, mapped_column

from bot.store.base import Audited, Base, InCoalition, Json, LocalDateTime, refers, target


class RoundRow(Base, InCoalition):
    __tablename__ = "rounds"
    __table_args__ = (target(), UniqueConstraint("cadence_id", "slot"), refers("cadences", "cadence_id"))

    cadence_id: Mapped[int]
    slot: Mapped[datetime] = mapped_column(LocalDateTime)
    day: Mapped[date]  # the local date on which it opens, moved or not
    planned_at: Mapped[datetime]
    sets_standing: Mapped[bool | None]  # whether its answers say how priorities stand; empty: as its check-in does now
    # What it asks, and in which version; empty: what its check-in asks now.
    question_set_id: Mapped[int | None] = mapped_column(Integer)
    questions_version: Mapped[int | None] = mapped_column(Integer)


class RoundSubjectRow(Base, InCoalition):
    """One priority in one round, on its owner's clock, with who was asked about it; or one member, on their own.

    `took_part` is empty but in anonymous rounds. There it says whether this person has answered, as far as that is
    written down yet; once the round has closed for everybody it says no of all of them.

    `owner_id` is who owned the priority then, or the member. `asked_at` is the moment the first ask arrived; empty
    means nobody was asked.
    """

    __tablename__ = "round_subjects"
    __table_args__ = (
        target(),
        UniqueConstraint("round_id", "priority_id"),
        UniqueConstraint("round_id", "member_id"),
        CheckConstraint("(priority_id IS NULL) <> (member_id IS NULL)", name="one_subject"),
        Index("ix_round_subjects_coalition_id_closes_at", "coalition_id", "closes_at"),
        refers("rounds", "round_id"),
        refers("priorities", "priority_id"),
        refers("members", "member_id"),
        refers("members", "owner_id"),
        refers("prompts", "prompt_id"),
    )

    round_id: Mapped[int]
    priority_id: Mapped[int | None]
    member_id: Mapped[int | None]
    owner_id: Mapped[int]
    prompt_id: Mapped[int | None]  # as `PromptRow`
    opens_at: Mapped[datetime]
    reminder_at: Mapped[datetime | None]
    delegate_at: Mapped[datetime | None]
    closes_at: Mapped[datetime]
    asked_at: Mapped[datetime | None]
    closed_at: Mapped[datetime | None]
    asked_again_at: Mapped[datetime | None]  # by a coordinator, beside the round's own reminder
    asked_again_by_id: Mapped[int | None] = mapped_column(Integer)
    stand_in_declined_at: Mapped[datetime | None]  # not this time; they may still answer
    took_part: Mapped[bool | None]
    extra: Mapped[Any] = mapped_column(Json, default=dict, server_default="{}")

    def is_over_at(self, now: datetime) -> bool:
        """Whether it takes no answers any more."""
        return self.closed_at is not None or self.closes_at <= now


# Those that are open, among all of years.
_OPEN = RoundSubjectRow.closed_at.is_(None)
Index("ix_round_subjects_open", RoundSubjectRow.closes_at, sqlite_where=_OPEN, postgresql_where=_OPEN)


class PromptRow(Base, InCoalition):
    """One person asked in one round. Nothing writes or reads it any more: programs of the version before still do."""

    __tablename__ = "prompts"
    __table_args__ = (
        target(),
        UniqueConstraint("round_id", "receiver_id"),
        refers("rounds", "round_id"),
        refers("members", "receiver_id"),
    )

    round_id: Mapped[int]
    receiver_id: Mapped[int]


class ResponseRow(InCoalition, Audited):
    __tablename__ = "responses"
    __table_args__ = (
        target(),
        UniqueConstraint("cadence_id", "round", "priority_id"),
        Index("ix_responses_coalition_id_round", "coalition_id", "round"),
        refers("cadences", "cadence_id"),
        refers("priorities", "priority_id"),
        refers("members", "by_id"),
        refers("members", "on_behalf_of_id"),
    )

    cadence_id: Mapped[int]
    round: Mapped[date]
    priority_id: Mapped[int]
    by_id: Mapped[int]
    on_behalf_of_id: Mapped[int | None]
    assessment: Mapped[str | None]
    confidence: Mapped[int | None] = mapped_column(Integer)
    moved: Mapped[str | None]
    blocker: Mapped[str | None]
    ask: Mapped[str | None]
    ask_from: Mapped[str | None]
    next: Mapped[str | None]
    came_true: Mapped[str | None]
    no_change: Mapped[bool]
    answered_at: Mapped[datetime | None]
    edited_at: Mapped[datetime | None]
    sets_standing: Mapped[bool | None]  # that of its round
    extra: Mapped[Any] = mapped_column(Json, default=dict)


class MemberAnswerRow(InCoalition, Audited):
    """What was said for a member in a round that asks people for themselves."""

    __tablename__ = "member_answers"
    __table_args__ = (
        target(),
        UniqueConstraint("cadence_id", "round", "member_id"),
        refers("cadences", "cadence_id"),
        refers("members", "member_id"),
        refers("members", "by_id"),
    )

    cadence_id: Mapped[int]
    round: Mapped[date]
    member_id: Mapped[int]
    by_id: Mapped[int]
    answers: Mapped[Any] = mapped_column(Json)
    no_change: Mapped[bool]
    answered_at: Mapped[datetime | None]
    edited_at: Mapped[datetime | None]
    extra: Mapped[Any] = mapped_column(Json, default=dict)


class SubmissionRow(Base, InCoalition):
    """A form that was stored, with the reply it got: the same form sent again gets the same reply."""

    __tablename__ = "submissions"
    __table_args__ = (UniqueConstraint("key"),)

    key: Mapped[str]
    values_hash: Mapped[str]
    reply: Mapped[Any] = mapped_column(Json)
    created_at: Mapped[datetime]


# Which response is the one about a round's subject, for a join of the three.
ANSWERS_SUBJECT = and_(
    ResponseRow.cadence_id == RoundRow.cadence_id,
    ResponseRow.round == RoundRow.day,
    ResponseRow.priority_id == RoundSubjectRow.priority_id,
)
# The same of a member's own answer.
ANSWERS_MEMBER = and_(
    MemberAnswerRow.cadence_id == RoundRow.cadence_id,
    MemberAnswerRow.round == RoundRow.day,
    MemberAnswerRow.member_id == RoundSubjectRow.member_id,
)
# Whether a round's subject has an answer, where both were joined; in an anonymous round, whether its person took part.
IS_UNANSWERED = and_(ResponseRow.id.is_(None), MemberAnswerRow.id.is_(None), RoundSubjectRow.took_part.is_not(True))


class DraftRow(Base, InCoalition):
    """What somebody had typed in a form that was not sent."""

    __tablename__ = "drafts"
    __table_args__ = (
        UniqueConstraint("member_id", "subject"),
        refers("members", "member_id"),
    )

    member_id: Mapped[int]
    subject: Mapped[str]
    values: Mapped[Any] = mapped_column(Json)
    saved_at: Mapped[datetime]
