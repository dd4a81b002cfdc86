"""Rounds that are open by a rule that was changed since: the only ones of what they are about until they close. Steps
for services."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import func, select

from bot.domain.record import Cadence
from bot.domain.rhythm import is_slot
from bot.services.access import OnRecord
from bot.store.checkins import RoundRow, RoundSubjectRow
from bot.store.people import MemberRow
from bot.store.priorities import PriorityRow
from bot.store.rhythm import CadenceRow


async def open_by_earlier_rules(tx: OnRecord) -> Mapping[tuple[str, str], datetime]:
    """Until when each of them is open, by check-in and topic (the id of a priority or member)."""
    topic = func.coalesce(PriorityRow.key, MemberRow.key)
    rows = await tx.session.execute(
        select(CadenceRow.key, topic, RoundRow.slot, RoundSubjectRow.closes_at)
        .join(RoundRow, RoundRow.id == RoundSubjectRow.round_id)
        .join(CadenceRow, CadenceRow.id == RoundRow.cadence_id)
        .outerjoin(PriorityRow, PriorityRow.id == RoundSubjectRow.priority_id)
        .outerjoin(MemberRow, MemberRow.id == RoundSubjectRow.member_id)
        .where(tx.owns(RoundSubjectRow), RoundSubjectRow.closed_at.is_(None), RoundSubjectRow.closes_at > tx.now)
    )
    cadences = {one.id: one for one in tx.record.cadences}
    return {
        (cadence, topic): closes_at
        for cadence, topic, slot, closes_at in rows
        if busy_until(cadences[cadence], slot, closes_at) is not None
    }


def busy_until(cadence: Cadence, slot: datetime, closes_at: datetime) -> datetime | None:
    """Until when an open round keeps others from opening; None where it is one of the check-in's own by its rule."""
    return None if is_slot(cadence, slot) else closes_at
