"""Words about issues to others: the post in the channel of the group that an issue went to. Steps for services."""

from __future__ import annotations

from bot.domain.issues import IssueCard
from bot.domain.outbox import Kind
from bot.domain.record import Issue
from bot.domain.rights import may_be_told_in
from bot.services.access import OnRecord, Transaction, UseCase
from bot.services.issues.views import read_issues
from bot.services.outbox import post, refresh_posts
from bot.store.outbox import DeliveryRow


async def announce(tx: OnRecord, issue: Issue) -> None:
    """Posts an escalated issue where its group talks; earlier posts of it show what is so now."""
    group = next((one for one in tx.record.groups if one.id == issue.escalated_to), None)
    channel = group.channel if issue.is_escalated and group is not None else None
    if channel and may_be_told_in(tx.record, issue, channel):
        await post(tx, Kind.ISSUE, issue.id, channel=channel)
    await refresh_posts(tx, Kind.ISSUE, issue.id)


async def read_post(tx: Transaction, row: DeliveryRow) -> IssueCard | None:
    """An issue as its group's channel sees it."""
    tx = await tx.read()
    issue = next((one for one in tx.record.issues if one.id == row.about), None)
    if issue is None:
        return None
    return (await read_issues(tx, None)).card(issue)


async def home_lines(tx: UseCase) -> tuple[IssueCard, ...]:
    """The open issues that this person owns, for Home; the longest escalated first."""
    view = await read_issues(tx, tx.actor)
    mine = [one for one in tx.record.issues if one.owner == tx.actor.key and one.is_open]
    return tuple(view.card(one) for one in sorted(mine, key=lambda one: one.escalated or one.raised))
