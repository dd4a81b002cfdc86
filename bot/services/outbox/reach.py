"""What keeps messages from reaching somebody: no account, or one that takes nothing. Steps for other services."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from sqlalchemy.ext.asyncio import AsyncSession

from bot.domain.outbox import BY_EMAIL_ONLY, DEACTIVATED, NOT_LINKED, Trouble
from bot.store.people import MemberRow, SlackAccountRow, members_with_accounts


def trouble_of(access: str, account: SlackAccountRow | None) -> Trouble | None:
    """Why somebody with this access and account gets no direct message; None where nothing hinders it."""
    if access == "email_only":
        return BY_EMAIL_ONLY
    if account is None:
        return NOT_LINKED
    return DEACTIVATED if account.deactivated else None


async def troubles_of(session: AsyncSession, member_ids: Collection[int]) -> Mapping[int, Trouble]:
    """Those of these members whom nothing reaches, and why; in one statement, and none where there is nobody."""
    if not member_ids:
        return {}
    rows = await members_with_accounts(session, MemberRow.id.in_(member_ids))
    found = {member.id: trouble_of(member.access, account) for member, account in rows}
    return {member_id: trouble for member_id, trouble in found.items() if trouble is not None}
