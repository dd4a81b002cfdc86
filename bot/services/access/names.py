"""Members by their rows and by their Slack accounts. Steps for services."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.services.access.transactions import ByActor
from bot.store.people import MemberRow, SlackChannelRow, keys_by_account


async def members_mentioned(tx: ByActor, text: str) -> dict[str, str]:
    """Members' ids by account, where a text mentions any: Slack writes a mention as an account, and only then does it
    matter whose that is."""
    if "<@" not in text:
        return {}
    return await keys_by_account(tx.session, tx.coalition_id)


async def names_of_members(session: AsyncSession, people: Collection[int]) -> dict[int, str]:
    """Members' names by row; asks nothing where there is nobody."""
    if not people:
        return {}
    rows = await session.execute(select(MemberRow.id, MemberRow.name).where(MemberRow.id.in_(people)))
    return {row.id: row.name for row in rows}


async def channel_name(tx: ByActor, channel_id: str | None) -> str | None:
    """The name of a channel that the bot knows."""
    if channel_id is None:
        return None
    found: str | None = await tx.session.scalar(
        select(SlackChannelRow.name).filter_by(coalition_id=tx.coalition_id, channel_id=channel_id)
    )
    return found
