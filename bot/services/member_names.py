"""Members by their rows and by their Slack accounts. Steps for services."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.services.actors import Actor
from bot.store.members import MemberRow
from bot.store.slack_accounts import SlackAccountRow


async def members_mentioned(session: AsyncSession, actor: Actor, text: str) -> dict[str, str]:
    """Members' ids by account, where a text mentions any: Slack writes a mention as an account, and only then does it
    matter whose that is."""
    if "<@" not in text:
        return {}
    found = await session.execute(
        select(SlackAccountRow.user_id, MemberRow.key)
        .join(MemberRow, MemberRow.id == SlackAccountRow.member_id)
        .where(SlackAccountRow.coalition_id == actor.coalition_id)
    )
    return {row.user_id: row.key for row in found}
