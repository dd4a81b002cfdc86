"""Reads one item's history from the audit trail. A step for services, which ask first who may see the item."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import or_, select

from bot.domain.histories import Names, RowChange
from bot.domain.record import in_common
from bot.services.access import Transaction
from bot.store.audit import AuditEntryRow, ChangeRow
from bot.store.base import Audited, id_of
from bot.store.metrics import MetricRow
from bot.store.organizations import GroupRow, OrganizationRow
from bot.store.people import MemberRow
from bot.store.priorities import PriorityRow
from bot.store.rhythm import CadenceRow, QuestionSetRow
from bot.store.tables import AUDITED, METADATA

_NAMED: dict[str, type[Any]] = {
    "members": MemberRow,
    "groups": GroupRow,
    "organizations": OrganizationRow,
    "priorities": PriorityRow,
    "metrics": MetricRow,
    "cadences": CadenceRow,
    "question_sets": QuestionSetRow,
}
# Which table the surrogate keys in a column are of, as the tables say it themselves. A column's name has one meaning.
POINTS_AT = {
    column: constraint.elements[0].target_fullname.partition(".")[0]
    for name in AUDITED
    for constraint in METADATA.tables[name].foreign_key_constraints
    for column in constraint.column_keys
    if column != "coalition_id"
}


async def read_names(tx: Transaction) -> Names:
    """What the trail's surrogate keys stand for today: it names nobody itself."""
    found: dict[str, dict[int, str]] = {}
    for table, row in _NAMED.items():
        name = row.title if row is QuestionSetRow else row.name
        rows = await tx.session.execute(select(row.id, name).where(row.coalition_id == tx.coalition_id))
        found[table] = {one[0]: one[1] for one in rows.all()}
    groups = await tx.session.execute(select(GroupRow.key, GroupRow.name).where(tx.owns(GroupRow)))
    return Names(found, POINTS_AT, {row[0]: row[1] for row in groups})


async def read_changes(
    tx: Transaction,
    kind: type[Audited],
    key: str,
    below: Mapping[str, str] | None = None,
    deeper: Mapping[str, tuple[str, str]] | None = None,
) -> list[RowChange]:
    """Every change of what has this file id, oldest first, and of the rows below it: `below` says by which column each
    table's rows point at it, `deeper` by which column a table's rows point at those of which table below. Rows that are
    gone are found too, since the trail keeps what they pointed at."""
    table, row_id = kind.__tablename__, await id_of(tx.session, kind, tx.coalition_id, key)
    owners, under = below or {}, deeper or {}
    wanted = [*owners, *under]
    is_item = (AuditEntryRow.table_name == table) & (AuditEntryRow.row_id == row_id)
    query = (
        select(AuditEntryRow, ChangeRow)
        .join(ChangeRow, ChangeRow.id == AuditEntryRow.change_id)
        .where(tx.owns(AuditEntryRow), or_(is_item, AuditEntryRow.table_name.in_(wanted)) if wanted else is_item)
        .order_by(AuditEntryRow.id)
    )
    found = []
    known: set[tuple[str, int]] = set()
    for entry, change in await tx.rows(query):
        if entry.table_name != table:
            place = (entry.table_name, entry.row_id)
            if entry.table_name in owners:
                column = owners[entry.table_name]
                points_here = row_id in (entry.new.get(column), entry.old.get(column))
            else:
                column, parent = under[entry.table_name]
                points_here = (parent, entry.new.get(column, entry.old.get(column))) in known
            if points_here:
                known.add(place)
            if place not in known:
                continue
        found.append(row_change(entry, change))
    return found


def row_change(entry: AuditEntryRow, change: ChangeRow) -> RowChange:
    """An entry of the trail as a frozen value."""
    return RowChange(
        change=change.id,
        table=entry.table_name,
        **in_common(RowChange, change),
        **in_common(RowChange, entry),
    )
