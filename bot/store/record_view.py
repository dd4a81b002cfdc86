"""The record of a coalition: as it is now, or as it was known at a moment, by undoing the audit trail."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.domain import record as values
from bot.store.audit import AuditEntryRow, ChangeRow
from bot.store.record_reading import read_all, read_loose
from bot.store.record_tree import grow
from bot.store.record_values import Rows
from bot.store.snapshots import read_present
from bot.store.tables import AUDITED


async def read_record(session: AsyncSession, coalition_id: int, moment: datetime | None = None) -> values.Record:
    """The coalition as known at `moment`, in a constant number of statements, or now, by what has changed."""
    if moment is None:
        return (await read_present(session, coalition_id)).record
    found = await read_all(session, coalition_id)
    await _rewind(session, coalition_id, moment, found)
    _leave_out_later_rounds(found, moment)
    return grow(found, await read_loose(session, coalition_id, moment)).record


async def _rewind(session: AsyncSession, coalition_id: int, moment: datetime, found: dict[str, Rows]) -> None:
    """Undoes what was changed since. What the first import brought holds from the beginning, so it is never undone."""
    first_change = next(iter(found["coalitions"].values()))["first_change_id"] or 0
    entries = await session.execute(
        select(AuditEntryRow.table_name, AuditEntryRow.row_id, AuditEntryRow.operation, AuditEntryRow.old)
        .join(ChangeRow, ChangeRow.id == AuditEntryRow.change_id)
        .where(AuditEntryRow.coalition_id == coalition_id, ChangeRow.at > moment, ChangeRow.id > first_change)
        .order_by(AuditEntryRow.id.desc())
    )
    restored: set[str] = set()
    for table_name, row_id, operation, old in entries:
        rows = found.get(table_name)
        if rows is None:
            continue
        if operation == "insert":
            rows.pop(row_id, None)
        elif operation == "delete":
            rows[row_id] = old
            restored.add(table_name)
        elif row_id in rows:
            # Personal values are kept nowhere but in the row itself, so the present one stands for the past.
            personal = AUDITED[table_name].personal
            rows[row_id].update({name: value for name, value in old.items() if name not in personal})
    for table_name in restored:
        found[table_name] = dict(sorted(found[table_name].items()))


def _leave_out_later_rounds(found: dict[str, Rows], moment: datetime) -> None:
    """Rounds have no history; their own moments say what was known of them."""
    subjects = {row_id: row for row_id, row in found["round_subjects"].items() if row["opens_at"] <= moment}
    for row in subjects.values():
        if row["asked_at"] is not None and row["asked_at"] > moment:
            row["asked_at"] = None
    found["round_subjects"] = subjects
