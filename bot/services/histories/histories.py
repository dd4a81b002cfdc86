"""What happened to actions, issues and decisions, from the audit trail, for whoever may see their card."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from functools import partial

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
from bot.domain.people import zone_of_member
from bot.services.access import Actor, Service, UseCase
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
        async with self.reading(actor) as tx:
            view = await read_view(tx)
            action = view.one(typed)
            name = f"Action {action.id}: {action.title}"
            return await _page(tx, ActionItemRow, action.id, name, action_lines, page)

    async def issue(self, actor: Actor, typed: str, page: int = 0) -> ItemHistory:
        """Where it was taken, and how it ended."""
        async with self.reading(actor) as tx:
            view = await read_issues(tx, actor)
            issue = view.one(typed)
            name = f"Issue {issue.id}: {issue.title}"
            return await _page(tx, IssueRow, issue.id, name, issue_lines, page)

    async def decision(self, actor: Actor, typed: str, page: int = 0) -> ItemHistory:
        """How it was changed and ended; without its own words for those who do not see its title."""
        async with self.reading(actor) as tx:
            view = await read_decisions(tx, actor)
            decision = view.one(typed)
            sees_title = view.may_see_title(decision)
            name = f"Decision {decision.id}{f': {decision.title}' if sees_title else ''}"
            lines = partial(decision_lines, sees_title=sees_title)
            return await _page(tx, DecisionRow, decision.id, name, lines, page)


async def _page(
    tx: UseCase,
    table: type[ActionItemRow] | type[IssueRow] | type[DecisionRow],
    key: str,
    name: str,
    lines: _Lines,
    page: int,
) -> ItemHistory:
    changes = await read_changes(tx, table, key)
    names = await read_names(tx)
    today = tx.today
    entries = entries_of(changes, names, lambda change: lines(change, names, today))
    zone = zone_of_member(tx.record, tx.actor.key)
    return page_of(key, name, entries, page, zone=zone, now=tx.now)
