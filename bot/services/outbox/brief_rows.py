"""The coordinators' briefs on their way: planned when a round has closed, and shown anew. Steps of other services."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import func, select

from bot.domain.briefs import AFTER_CLOSE
from bot.domain.outbox import Kind, State
from bot.domain.record import Record
from bot.domain.rhythm import next_occurrence
from bot.domain.rights import coordinators
from bot.services.access import Transaction
from bot.services.outbox.posts import post
from bot.services.outbox.updates import refresh_posts
from bot.store.checkins import RoundRow, RoundSubjectRow
from bot.store.outbox import DeliveryRow
from bot.store.people import MemberRow
from bot.store.rhythm import CadenceRow


async def plan_briefs(tx: Transaction, round_ids: Collection[int]) -> None:
    """A round on priorities that feeds a digest and has closed for everybody has a brief an hour later, for each
    coordinator.

    Each round has one, however often it is closed; it is of no use once the digest is out.
    """
    rows = await tx.rows(
        select(RoundRow, CadenceRow.key, func.max(RoundSubjectRow.closes_at))
        .join(CadenceRow, CadenceRow.id == RoundRow.cadence_id)
        .join(RoundSubjectRow, RoundSubjectRow.round_id == RoundRow.id)
        .where(RoundRow.id.in_(round_ids), CadenceRow.feeds_id.is_not(None), RoundSubjectRow.member_id.is_(None))
        .group_by(RoundRow.id, CadenceRow.key)
        # Closed for everybody: other people's clocks close the same round at other moments.
        .having(func.count(RoundSubjectRow.id) == func.count(RoundSubjectRow.closed_at))
        .order_by(RoundRow.id)
    )
    for round_row, cadence, closed_at in rows:
        tx = await tx.read()
        staff = [member.id for member in coordinators(tx.record)]
        digest_at = fed_digest_at(tx.record, cadence, closed_at)
        for member_id in await tx.session.scalars(
            select(MemberRow.id)
            .where(MemberRow.coalition_id == round_row.coalition_id, MemberRow.key.in_(staff))
            .order_by(MemberRow.id)
        ):
            row = await post(
                tx,
                Kind.BRIEF,
                str(round_row.id),
                member_id=member_id,
                due_at=closed_at + AFTER_CLOSE,
                until=digest_at,
                known_as=f"{cadence} {round_row.slot.isoformat()}",
            )
            if row.state == State.PLANNED:
                # Of a round that was opened again before its brief went out.
                row.due_at = max(row.due_at, closed_at + AFTER_CLOSE)


async def refresh_briefs(tx: Transaction) -> None:
    """The newest brief of a coalition shows what somebody has just decided."""
    about = await tx.session.scalar(
        select(DeliveryRow.about)
        .where(tx.owns(DeliveryRow), DeliveryRow.kind == Kind.BRIEF)
        .order_by(DeliveryRow.id.desc())
        .limit(1)
    )
    if about is not None:
        await refresh_posts(tx, Kind.BRIEF, about)


def fed_digest_at(record: Record, cadence: str, closed_at: datetime) -> datetime | None:
    """When the digest goes out that this cadence feeds, after a close."""
    feeding = next(item for item in record.everything.cadences if item.id == cadence)
    fed = next((item for item in record.cadences if item.id == feeding.feeds), None)
    following = next_occurrence(fed, closed_at) if fed is not None else None
    return following[1] if following is not None else None
