"""Words about issues to others: the post in the channel of the group that an issue went to. Steps for services."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from bot.domain.issues import IssueCard
from bot.domain.outbox import Kind
from bot.domain.record import Issue, Record
from bot.services.access import Actor
from bot.services.issues.views import read_issues
from bot.services.outbox import post, refresh_posts
from bot.store.outbox import DeliveryRow
from bot.store.record import read_record


async def announce(session: AsyncSession, coalition_id: int, record: Record, issue: Issue, now: datetime) -> None:
    """Posts an escalated issue where its group talks; earlier posts of it show what is so now."""
    group = next((one for one in record.groups if one.id == issue.escalated_to), None)
    if issue.is_escalated and group is not None and group.channel:
        await post(session, coalition_id, Kind.ISSUE, issue.id, now, channel=group.channel)
    await refresh_posts(session, coalition_id, Kind.ISSUE, issue.id, now)


async def read_post(session: AsyncSession, row: DeliveryRow, now: datetime) -> IssueCard | None:
    """An issue as its group's channel sees it."""
    record = await read_record(session, row.coalition_id)
    issue = next((one for one in record.issues if one.id == row.about), None)
    if issue is None:
        return None
    return (await read_issues(session, None, row.coalition_id, record, now)).card(issue)


async def home_lines(session: AsyncSession, record: Record, actor: Actor, now: datetime) -> tuple[IssueCard, ...]:
    """The open issues that this person owns, for Home; the longest escalated first."""
    view = await read_issues(session, actor, actor.coalition_id, record, now)
    mine = [one for one in record.issues if one.owner == actor.key and one.is_open]
    return tuple(view.card(one) for one in sorted(mine, key=lambda one: one.escalated or one.raised))
