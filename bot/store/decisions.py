"""Decisions, the answers of those who decide, and which issue led to which decision."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from bot.store.base import Audited, InCoalition, Json, keyed, refers


class DecisionRow(InCoalition, Audited):
    __tablename__ = "decisions"
    __table_args__ = (
        *keyed(),
        Index("ix_decisions_submission_key", "submission_key", unique=True),
        refers("groups", "decider_id"),
        refers("members", "accountable_id"),
        refers("priorities", "priority_id"),
    )

    key: Mapped[str]
    title: Mapped[str]
    decider_id: Mapped[int]
    status: Mapped[str]
    accountable_id: Mapped[int | None]
    priority_id: Mapped[int | None]
    needed_by: Mapped[date | None]
    options: Mapped[Any] = mapped_column(Json, default=list)
    recommended: Mapped[str | None]
    recommendation_for: Mapped[str | None]
    decided_on: Mapped[date | None]
    outcome: Mapped[str | None]
    delegated: Mapped[bool]
    why: Mapped[str | None]
    note: Mapped[str | None]
    visibility: Mapped[str] = mapped_column(server_default="everybody")  # or coordinators, or a group's id
    applies: Mapped[Any] = mapped_column(Json, nullable=True)
    submission_key: Mapped[str | None]
    extra: Mapped[Any] = mapped_column(Json, default=dict)


class DecisionResponseRow(InCoalition, Audited):
    """What one voice says about a decision: an organization's, or a person's where each of them has one.

    `voice` tells the voices of one decision apart: there is one row for each.
    """

    __tablename__ = "decision_responses"
    __table_args__ = (
        UniqueConstraint("decision_id", "voice"),
        refers("decisions", "decision_id"),
        refers("organizations", "organization_id"),
        refers("members", "person_id"),
        refers("members", "by_id"),
        refers("members", "on_behalf_of_id"),
    )

    decision_id: Mapped[int]
    voice: Mapped[str]
    organization_id: Mapped[int]
    person_id: Mapped[int | None]
    by_id: Mapped[int]
    on_behalf_of_id: Mapped[int | None]
    choice: Mapped[str]
    option: Mapped[str | None]
    reason: Mapped[str | None]
    answered_at: Mapped[datetime]


class IssueDecisionRow(InCoalition, Audited):
    """A decision that was proposed because of an issue."""

    __tablename__ = "issue_decisions"
    __table_args__ = (
        UniqueConstraint("decision_id"),
        refers("issues", "issue_id"),
        refers("decisions", "decision_id"),
    )

    issue_id: Mapped[int]
    decision_id: Mapped[int]
