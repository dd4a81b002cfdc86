"""What follows once priorities' check-ins have closed: messages change, asks go out, coordinators get their brief."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from bot.services.asks import close_asks
from bot.services.outbox import plan_briefs, queue_updates
from bot.store.checkins import RoundSubjectRow


async def after_close(session: AsyncSession, subjects: Sequence[RoundSubjectRow], now: datetime) -> None:
    """To be called once `closed_at` is set, by whoever closes a round. A step in the caller's transaction, which needs
    an author: asks are facts."""
    await session.flush()
    await close_asks(session, subjects, now)
    await plan_briefs(session, {subject.round_id for subject in subjects}, now)
    await queue_updates(session, [subject.id for subject in subjects], now)
