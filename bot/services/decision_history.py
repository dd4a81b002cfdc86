"""What happened to a decision, from the audit trail. Who said what in it is not part of it. Steps for services."""

from __future__ import annotations

from datetime import date

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.domain.asking import zone_of_member
from bot.domain.history import Describe, ItemHistory, Names, RowChange, entries_of, field_lines, page_of
from bot.domain.record import Decision
from bot.services.actors import Actor
from bot.services.decision_views import DecisionsView
from bot.services.history import read_changes, read_names
from bot.store.decisions import DecisionRow

# What is for the deciders' form only, or has no words of its own.
_LEFT_OUT = ("recommended", "recommendation_for", "applies", "key")
_MAY_HOLD_AMOUNTS = ("title", "outcome", "note", "why", "options")


async def history_of(
    session: AsyncSession, actor: Actor, view: DecisionsView, decision: Decision, page: int
) -> ItemHistory:
    """A page of a decision's changes, in as many words as this reader may see."""
    sees_title = view.may_see_title(decision)
    row_id = await session.scalar(
        select(DecisionRow.id).where(DecisionRow.coalition_id == actor.coalition_id, DecisionRow.key == decision.id)
    )
    changes = await read_changes(session, actor.coalition_id, DecisionRow.__tablename__, row_id or 0)
    names = await read_names(session, actor.coalition_id)
    entries = entries_of(changes, names, _lines(names, view.today, sees_title=sees_title))
    zone = zone_of_member(view.record, actor.key) if actor.key is not None else view.record.coalition.timezone
    title = f"Decision {decision.id}{f': {decision.title}' if sees_title else ''}"
    return page_of(decision.id, title, entries, page, zone=zone, now=view.now)


def _lines(names: Names, today: date, *, sees_title: bool) -> Describe:
    without = (*_LEFT_OUT, *(() if sees_title else _MAY_HOLD_AMOUNTS))

    def describe(change: RowChange) -> list[str]:
        if change.operation == "insert":
            return ["Decided" if change.new.get("status") == "decided" else "Proposed"]
        return field_lines(change, names, today, without=without)

    return describe
