"""Rows of decisions and of the answers to them. Steps for services, in their transaction."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.domain.decisions import FromIssue, Seat
from bot.domain.outbox import Kind
from bot.domain.record import DecisionAnswer
from bot.services.access import Actor
from bot.services.outbox import refresh_posts
from bot.store.decisions import DecisionResponseRow, DecisionRow
from bot.store.record import Pointer, Writer


async def decision_row(session: AsyncSession, submission: str) -> DecisionRow | None:
    """What a form that was sent before has made."""
    found: DecisionRow | None = await session.scalar(
        select(DecisionRow).where(DecisionRow.submission_key == submission)
    )
    return found


async def link_issue(session: AsyncSession, coalition_id: int, issue: str, decision: str, now: datetime) -> None:
    """Keeps which issue led to a decision, and lets the issue's posts say so. Unknown issues are left out."""
    try:
        await Writer(session, coalition_id).put_new(FromIssue(issue=issue, decision=decision))
    except KeyError:
        return
    await refresh_posts(session, coalition_id, Kind.ISSUE, issue, now)


async def keep_answer(
    session: AsyncSession,
    actor: Actor,
    row: DecisionRow,
    seat: Seat,
    before: DecisionAnswer | None,
    said: DecisionAnswer,
) -> None:
    """What a voice says, in place of what it said before."""
    writer = Writer(session, actor.coalition_id)
    if before is None:
        is_person = seat.voice != seat.organization
        await writer.put_new(
            said,
            decision_id=row.id,
            voice=seat.voice,
            organization_id=Pointer("organizations", seat.organization),
            person_id=Pointer("members", seat.voice) if is_person else None,
        )
        return
    known = await session.scalar(select(DecisionResponseRow).filter_by(decision_id=row.id, voice=seat.voice))
    await writer.put(said, before, row=known)
