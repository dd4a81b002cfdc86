"""Rows of decisions and of the answers to them. Steps for services, in their transaction."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.domain.decisions import NewDecision, Seat
from bot.domain.outbox import Kind
from bot.services.access import Actor
from bot.services.actions import id_of
from bot.services.decisions.proposals import id_of_group
from bot.services.decisions.views import DECISION
from bot.services.outbox import refresh_posts
from bot.store.decisions import DecisionResponseRow, DecisionRow, IssueDecisionRow
from bot.store.issues import IssueRow
from bot.store.organizations import OrganizationRow
from bot.store.people import MemberRow
from bot.store.priorities import PriorityRow


async def locked_decision(session: AsyncSession, actor: Actor, key: str) -> DecisionRow:
    """The decision's row, held until the end of the transaction. Raises UserError for one that is not known here."""
    return await DECISION.locked(session, actor, DecisionRow, key)


async def decision_row(session: AsyncSession, submission: str) -> DecisionRow | None:
    """What a form that was sent before has made."""
    found: DecisionRow | None = await session.scalar(
        select(DecisionRow).where(DecisionRow.submission_key == submission)
    )
    return found


async def has_answers(session: AsyncSession, row: DecisionRow) -> bool:
    """Whether somebody has answered."""
    found = await session.scalar(
        select(DecisionResponseRow.id).where(DecisionResponseRow.decision_id == row.id).limit(1)
    )
    return found is not None


async def fill_row(session: AsyncSession, actor: Actor, row: DecisionRow, new: NewDecision) -> None:
    """What was proposed; whoever proposes is accountable for it."""
    row.title = new.title
    row.decider_id = await id_of_group(session, actor.coalition_id, new.decider)
    row.accountable_id = actor.member_id
    row.priority_id = await id_of(session, actor, PriorityRow, new.priority)
    row.needed_by = new.needed_by
    row.options = list(new.options)
    row.recommended = new.recommended
    row.recommendation_for = "deciders" if new.recommended else None
    row.why = new.why


async def link_issue(session: AsyncSession, coalition_id: int, issue: str, row: DecisionRow, now: datetime) -> None:
    """Keeps which issue led to a decision, and lets the issue's posts say so. Unknown issues are left out."""
    issue_id = await session.scalar(
        select(IssueRow.id).where(IssueRow.coalition_id == coalition_id, IssueRow.key == issue)
    )
    if issue_id is None:
        return
    session.add(IssueDecisionRow(coalition_id=coalition_id, issue_id=issue_id, decision_id=row.id))
    await session.flush()
    await refresh_posts(session, coalition_id, Kind.ISSUE, issue, now)


async def set_answer(
    session: AsyncSession,
    actor: Actor,
    row: DecisionRow,
    seat: Seat,
    *,
    on_behalf_of: str | None,
    choice: str,
    option: str | None,
    reason: str | None,
    now: datetime,
) -> None:
    """What a voice says, in place of what it said before."""
    assert actor.member_id is not None
    behalf_id = await id_of(session, actor, MemberRow, on_behalf_of)
    known = await session.scalar(
        select(DecisionResponseRow).where(
            DecisionResponseRow.decision_id == row.id, DecisionResponseRow.voice == seat.voice
        )
    )
    if known is None:
        known = DecisionResponseRow(
            coalition_id=actor.coalition_id,
            decision_id=row.id,
            voice=seat.voice,
            organization_id=await id_of(session, actor, OrganizationRow, seat.organization),
            person_id=await id_of(session, actor, MemberRow, seat.voice) if seat.voice != seat.organization else None,
        )
    known.by_id = actor.member_id
    known.on_behalf_of_id = behalf_id
    known.choice = choice
    known.option = option
    known.reason = reason
    known.answered_at = now
    session.add(known)
    await session.flush()
