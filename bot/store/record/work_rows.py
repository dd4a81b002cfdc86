"""The rows of actions, issues and decisions, written from their values."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from bot.domain import record as values
from bot.store.actions import ActionItemRow
from bot.store.decisions import DecisionRow
from bot.store.issues import IssueRow
from bot.store.metrics import MetricRow
from bot.store.organizations import GroupRow, OrganizationRow
from bot.store.people import MemberRow
from bot.store.priorities import PriorityRow
from bot.store.record.writer import Writer


def moves_to_json(moves: Iterable[values.ActionMove]) -> list[dict[str, Any]] | None:
    """An action's moves as they are kept; None where it has none, as most actions."""
    return [
        {
            "before": one.before,
            "to": one.to,
            "on": one.on,
            "reason": one.reason,
            "answer": one.answer,
            "extra": dict(one.extra),
        }
        for one in moves
    ] or None


def moves_from_json(kept: Iterable[Mapping[str, Any]] | None) -> tuple[values.ActionMove, ...]:
    """The same, read back."""
    return tuple(values.ActionMove(**one) for one in kept or ())


async def write_actions(writer: Writer, items: Iterable[values.ActionItem]) -> None:
    """Actions; members, priorities and metrics must be there."""
    for item in items:
        await writer.put(
            ActionItemRow,
            item.id,
            {
                "title": item.title,
                "owner_id": writer.id_of(MemberRow, item.owner),
                "due": item.due,
                "created": item.created,
                "status": item.status,
                "priority_id": writer.id_of(PriorityRow, item.priority),
                "organization_id": writer.id_of(OrganizationRow, item.organization),
                "deliverable": item.deliverable,
                "metric_id": writer.id_of(MetricRow, item.metric),
                "completed": item.completed,
                "blocked_reason": item.blocked_reason,
                "waiting_on_id": writer.id_of(OrganizationRow, item.waiting_on),
                "accepted": item.accepted,
                "source": item.source,
                "note": item.note,
                "moves": moves_to_json(item.moves),
                "extra": dict(item.extra),
            },
        )
    await writer.session.flush()


async def write_issues(writer: Writer, items: Iterable[values.Issue]) -> None:
    """Issues; members, priorities and groups must be there."""
    for item in items:
        await writer.put(
            IssueRow,
            item.id,
            {
                "title": item.title,
                "raised_by_id": writer.id_of(MemberRow, item.raised_by),
                "owner_id": writer.id_of(MemberRow, item.owner),
                "raised": item.raised,
                "status": item.status,
                "priority_id": writer.id_of(PriorityRow, item.priority),
                "escalated_to_id": writer.id_of(GroupRow, item.escalated_to),
                "escalated": item.escalated,
                "resolved": item.resolved,
                "impact": item.impact,
                "note": item.note,
                "extra": dict(item.extra),
            },
        )
    await writer.session.flush()


async def write_decisions(writer: Writer, items: Iterable[values.Decision]) -> None:
    """Decisions; groups, members and priorities must be there."""
    for item in items:
        await writer.put(
            DecisionRow,
            item.id,
            {
                "title": item.title,
                "decider_id": writer.id_of(GroupRow, item.decider),
                "status": item.status,
                "accountable_id": writer.id_of(MemberRow, item.accountable),
                "priority_id": writer.id_of(PriorityRow, item.priority),
                "needed_by": item.needed_by,
                "options": list(item.options),
                "recommended": item.recommended,
                "recommendation_for": item.recommendation_for,
                "decided_on": item.decided_on,
                "outcome": item.outcome,
                "delegated": item.delegated,
                "why": item.why,
                "note": item.note,
                "extra": dict(item.extra),
            },
        )
    await writer.session.flush()
