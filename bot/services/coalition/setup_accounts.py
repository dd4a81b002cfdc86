"""Slack's accounts and channels as a setup makes them known to its coalition, before a look at Slack does."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.domain.people import SeenAccount, SeenChannel
from bot.services.people import account_row
from bot.store.base import ids_of
from bot.store.people import MemberRow, SlackAccountRow, SlackChannelRow, keys_by_account


async def link_accounts(
    session: AsyncSession, coalition_id: int, accounts: Mapping[str, SeenAccount], now: datetime
) -> None:
    """Accounts that were chosen by hand belong to their members at once."""
    linked = await keys_by_account(session, coalition_id)
    ids = await ids_of(session, MemberRow, coalition_id)
    for key, account in accounts.items():
        if account.user_id in linked or key in linked.values():
            continue
        row = await account_row(session, coalition_id, account.user_id)
        if row is None:
            row = SlackAccountRow(coalition_id=coalition_id, team_id=account.team_id, user_id=account.user_id)
            session.add(row)
        row.member_id, row.timezone, row.deactivated = ids[key], account.timezone, False
        row.linked_by, row.linked_at = "coordinator", now
    await session.flush()


async def keep_channels(session: AsyncSession, coalition_id: int, seen: Sequence[SeenChannel], now: datetime) -> None:
    """The channels that the bot is in, so that a form can offer and check them."""
    rows = {
        row.name: row
        for row in await session.scalars(select(SlackChannelRow).where(SlackChannelRow.coalition_id == coalition_id))
    }
    for channel in seen:
        row = rows.get(channel.name) or SlackChannelRow(coalition_id=coalition_id, name=channel.name)
        row.channel_id, row.is_member, row.checked_at = channel.channel_id, True, now
        row.is_private, row.is_external = channel.is_private, channel.is_external
        session.add(row)
    await session.flush()
