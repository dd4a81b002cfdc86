"""The record of a coalition: as it is now, or as it was known at a moment, by undoing the audit trail."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.domain import record as values
from bot.domain.wording import write_in
from bot.store.audit import AuditEntryRow, ChangeRow
from bot.store.record.looking_up import Row, Rows
from bot.store.record.parts import WITH_HISTORY
from bot.store.record.reading import read_loose
from bot.store.record.snapshots import read_present
from bot.store.record.tree import Tree, replace_rows
from bot.store.tables import AUDITED


async def read_record(session: AsyncSession, coalition_id: int, moment: datetime | None = None) -> values.Record:
    """The coalition as known at `moment` (None: now). It costs what has changed since somebody read it last, and for a
    moment what was changed since then.

    From then on this task writes figures and dates as the coalition does by now.
    """
    tree = await read_present(session, coalition_id)
    write_in(tree.record.coalition.locale)
    if moment is None:
        return tree.record
    changes = _without_later_rounds(tree, moment)
    await _undo(session, coalition_id, moment, tree, changes)
    loose = tree.loose
    if any(one.published_at >= moment for one in loose.published):
        loose = await read_loose(session, coalition_id, moment)
    if not changes and loose is tree.loose:
        return tree.record
    return replace_rows(tree, changes, loose).record


async def read_rows(session: AsyncSession, coalition_id: int, table: str) -> Rows:
    """The rows of one of the present record's tables by id, for what its values don't tell: whose id is whose."""
    return (await read_present(session, coalition_id)).rows[table]


async def _undo(
    session: AsyncSession, coalition_id: int, moment: datetime, tree: Tree, changes: dict[str, dict[int, Row | None]]
) -> None:
    """Puts back the rows as they were. What the first import brought holds from the beginning, so it is never
    undone."""
    first_change = next(iter(tree.rows["coalitions"].values()))["first_change_id"] or 0
    later = select(ChangeRow.id).where(
        ChangeRow.coalition_id == coalition_id, ChangeRow.at > moment, ChangeRow.id > first_change
    )
    entries = await session.execute(
        select(AuditEntryRow.table_name, AuditEntryRow.row_id, AuditEntryRow.operation, AuditEntryRow.old)
        .where(AuditEntryRow.coalition_id == coalition_id, AuditEntryRow.change_id.in_(later))
        .order_by(AuditEntryRow.id.desc())
    )
    for table_name, row_id, operation, old in entries:
        if table_name not in WITH_HISTORY:
            continue
        changed = changes.setdefault(table_name, {})
        row = changed[row_id] if row_id in changed else tree.rows[table_name].get(row_id)
        if operation == "insert":
            changed[row_id] = None
        elif operation == "delete":
            changed[row_id] = old
        elif row is not None:
            # Personal values are kept nowhere but in the row itself, so the present one stands for the past.
            personal = AUDITED[table_name].personal
            changed[row_id] = row | {name: value for name, value in old.items() if name not in personal}


def _without_later_rounds(tree: Tree, moment: datetime) -> dict[str, dict[int, Row | None]]:
    """Rounds have no history; their own moments say what was known of them."""
    changed: dict[int, Row | None] = {}
    for row_id, row in tree.rows["round_subjects"].items():
        if row["opens_at"] > moment:
            changed[row_id] = None
        elif row["asked_at"] is not None and row["asked_at"] > moment:
            changed[row_id] = {**row, "asked_at": None}
    return {"round_subjects": changed} if changed else {}
