"""What happened to actions, issues and decisions, from the audit trail, for whoever may see their card."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from functools import partial

from sqlalchemy.ext.asyncio import AsyncSession

from bot.domain.histories import (
    ItemHistory,
    Names,
    RowChange,
    action_lines,
    decision_lines,
    entries_of,
    issue_lines,
    page_of,
)
from bot.domain.known import in_coalition_time
from bot.domain.people import zone_of_member
from bot.domain.record import Record
from bot.services.access import Actor, Service
from bot.services.actions import read_view
from bot.services.decisions import read_decisions
from bot.services.issues import read_issues
from bot.services.trail import read_changes, read_names
from bot.store.actions import ActionItemRow
from bot.store.decisions import DecisionRow
from bot.store.issues import IssueRow

_Lines = Callable[[RowChange, Names, date], list[str]]


class Histories(Service):
    """A page of one thing's history, by its id or by words of its title. Each raises as the thing's card does."""

    async def action(self, actor: Actor, typed: str, page: int = 0) -> ItemHistory:
        """Who asked whom, each yes, move, block and end, with their reasons."""
        async with self.reading(actor) as (session, record, now):
            view = await read_view(session, actor, record, now)
            action = view.one(typed)
            name = f"Action {action.id}: {action.title}"
            return await _page(session, actor, record, ActionItemRow, action.id, name, action_lines, page, now)

    async def issue(self, actor: Actor, typed: str, page: int = 0) -> ItemHistory:
        """Where it was taken, and how it ended."""
        async with self.reading(actor) as (session, record, now):
            view = await read_issues(session, actor, actor.coalition_id, record, now)
            issue = view.one(typed)
            name = f"Issue {issue.id}: {issue.title}"
            return await _page(session, actor, record, IssueRow, issue.id, name, issue_lines, page, now)

    async def decision(self, actor: Actor, typed: str, page: int = 0) -> ItemHistory:
        """How it was changed and ended; without its own words for those who do not see its title."""
        async with self.reading(actor) as (session, record, now):
            view = await read_decisions(session, actor, actor.coalition_id, record, now)
            decision = view.one(typed)
            sees_title = view.may_see_title(decision)
            name = f"Decision {decision.id}{f': {decision.title}' if sees_title else ''}"
            lines = partial(decision_lines, sees_title=sees_title)
            return await _page(session, actor, record, DecisionRow, decision.id, name, lines, page, now)


async def _page(
    session: AsyncSession,
    actor: Actor,
    record: Record,
    table: type[ActionItemRow] | type[IssueRow] | type[DecisionRow],
    key: str,
    name: str,
    lines: _Lines,
    page: int,
    now: datetime,
) -> ItemHistory:
    changes = await read_changes(session, actor.coalition_id, table, key)
    names = await read_names(session, actor.coalition_id)
    today = in_coalition_time(record, now).date()
    entries = entries_of(changes, names, lambda change: lines(change, names, today))
    zone = zone_of_member(record, actor.key)
    return page_of(key, name, entries, page, zone=zone, now=now)
