"""Who has which Slack account, and where a workspace leads. Queries; what an account may do is not decided here."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import ColumnElement, Row, Select, select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.store.people.members import MemberRow
from bot.store.people.slack_accounts import SlackAccountRow, WorkspaceRow


async def coalition_of_team(session: AsyncSession, team_id: str) -> int | None:
    """The coalition that lives in this workspace."""
    found: int | None = await session.scalar(select(WorkspaceRow.coalition_id).where(WorkspaceRow.team_id == team_id))
    return found


async def team_of(session: AsyncSession, coalition_id: int) -> str | None:
    """The workspace in which this coalition lives; None where it lives in none yet."""
    found: str | None = await session.scalar(
        select(WorkspaceRow.team_id).where(WorkspaceRow.coalition_id == coalition_id).order_by(WorkspaceRow.id).limit(1)
    )
    return found


async def linked_accounts(session: AsyncSession, coalition_id: int) -> Sequence[Row[str, str, str, bool]]:
    """Every account that is a member's, as (user_id, team_id, key, deactivated)."""
    found = await session.execute(
        select(SlackAccountRow.user_id, SlackAccountRow.team_id, MemberRow.key, SlackAccountRow.deactivated)
        .join(MemberRow, MemberRow.id == SlackAccountRow.member_id)
        .outerjoin(WorkspaceRow, WorkspaceRow.coalition_id == SlackAccountRow.coalition_id)
        .where(SlackAccountRow.coalition_id == coalition_id)
        # Two workspaces may have one id: where only that is known, the coalition's own workspace is meant.
        .order_by(SlackAccountRow.team_id.is_not_distinct_from(WorkspaceRow.team_id), SlackAccountRow.id)
    )
    return found.all()


async def keys_by_account(session: AsyncSession, coalition_id: int) -> dict[str, str]:
    """Slack user id → member."""
    return {row.user_id: row.key for row in await linked_accounts(session, coalition_id)}


async def accounts_by_member(session: AsyncSession, coalition_id: int) -> dict[str, SlackAccountRow]:
    """Member → the account that is theirs."""
    found = await session.execute(
        select(MemberRow.key, SlackAccountRow)
        .join(MemberRow, MemberRow.id == SlackAccountRow.member_id)
        .where(SlackAccountRow.coalition_id == coalition_id)
        .order_by(SlackAccountRow.id)
    )
    return {row.key: row.SlackAccountRow for row in found}


async def member_of_account(
    session: AsyncSession, coalition_id: int, user_id: str, team_id: str | None = None
) -> str | None:
    """The member who has this account; `team_id` is its own workspace, where that is known."""
    if team_id is None:
        return (await keys_by_account(session, coalition_id)).get(user_id)
    found: str | None = await session.scalar(
        select(MemberRow.key)
        .join(SlackAccountRow, SlackAccountRow.member_id == MemberRow.id)
        .where(
            SlackAccountRow.coalition_id == coalition_id,
            SlackAccountRow.user_id == user_id,
            SlackAccountRow.team_id == team_id,
        )
    )
    return found


async def members_with_accounts(
    session: AsyncSession, which: ColumnElement[bool]
) -> Sequence[Row[MemberRow, SlackAccountRow | None]]:
    """Members with their accounts, where they have one."""
    return (await session.execute(with_accounts(which))).all()


def with_accounts(*which: ColumnElement[bool]) -> Select[MemberRow, SlackAccountRow | None]:
    """Asks for them."""
    return (
        select(MemberRow, SlackAccountRow)
        .outerjoin(SlackAccountRow, SlackAccountRow.member_id == MemberRow.id)
        .where(*which)
    )
