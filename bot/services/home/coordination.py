"""What Home shows to coordinators: what only a person can mend. A step of the caller's transaction."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from bot.domain.home import Coordination
from bot.domain.record import Record
from bot.domain.rights import Right
from bot.services.access import Actor
from bot.services.coalition import open_step
from bot.services.home.rounds import newest_round
from bot.services.people import unreachable_members, waiting_requests
from bot.store.coalition import CoalitionRow


async def read_coordination(
    session: AsyncSession, actor: Actor, record: Record, coalition: CoalitionRow, zone: str, now: datetime
) -> Coordination:
    """The round, held messages, and people without an account."""
    return Coordination(
        state=coalition.state,
        live_at=coalition.live_at,
        may_configure=actor.standing.may(Right.CONFIGURE),
        in_setup=coalition.state == "draft" and await open_step(session, coalition.id) is not None,
        round=await newest_round(session, actor.coalition_id, record, now),
        held=(),
        unreachable=await unreachable_members(session, actor.coalition_id, record),
        link_requests=await waiting_requests(session, actor.coalition_id, record),
    )
