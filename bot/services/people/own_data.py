"""Everything that is kept about one person, for themselves: each row of every table that names them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any

from sqlalchemy import Table, or_, select

from bot.domain.people import OwnExport
from bot.errors import UserError
from bot.services.access import Actor, ByActor, Service
from bot.store.audit import AuditEntryRow, ChangeRow
from bot.store.tables import METADATA

# What the program keeps for its own work, and what is the same as something that is listed anyway.
_LEFT_OUT = frozenset({"record_changes", "submissions", "delivery_items", "prompts"})
_INTERNAL = frozenset({"id", "coalition_id", "submission_key", "extra"})
# Of the coalition's own things, which name somebody: what it is and what their part in it is. More of it, such as
# amounts, is read where rights are asked for.
_OF_THINGS = frozenset({"key", "name", "title", "status", "due", "created", "completed", "raised", "resolved"})
# Of a message: when it came and how, not how it was sent.
_OF_DELIVERIES = frozenset({"kind", "due_at", "sent_at", "state", "reason", "member_id"})


class OwnData(Service):
    """Use cases around what is kept about oneself."""

    async def export(self, actor: Actor) -> OwnExport:
        """Everything that names this person, as plain data by table, with how often they changed what.

        Others' notes about them are nobody's: there is no place for such.
        """
        async with self.looking(actor, "owndata.export") as tx:
            if actor.member_id is None:
                raise UserError("This is for members: it holds what is kept about whoever asks.")
            names = await _names(tx)
            found: dict[str, Any] = {}
            for table in METADATA.sorted_tables:
                rows = await _rows_about(tx, table, actor.member_id, names)
                if rows:
                    found[table.name] = rows
            found["changes"] = await _changes(tx, actor.member_id)
            return OwnExport(member=str(actor.key), data=found)


async def _rows_about(
    tx: ByActor, table: Table, member_id: int, names: Mapping[str, Mapping[int, str]]
) -> list[dict[str, Any]]:
    """The rows of a table that point at this member, oldest first."""
    points = {
        column: constraint.referred_table.name
        for constraint in table.foreign_key_constraints
        for column in constraint.column_keys
        if column != "coalition_id"
    }
    at_members = [table.c[column] == member_id for column, target in points.items() if target == "members"]
    if table.name == "members":
        at_members = [table.c.id == member_id]
    if table.name in _LEFT_OUT or not at_members:
        return []
    rows = await tx.session.execute(
        select(table).where(table.c.coalition_id == tx.coalition_id, or_(*at_members)).order_by(table.c.id)
    )
    shown = frozenset(table.c.keys()) - _INTERNAL
    with_extra = "extra" in table.c
    if table.name == "deliveries":
        shown = _OF_DELIVERIES
    elif "key" in table.c and table.name != "members":
        shown, with_extra = _OF_THINGS | {name for name, target in points.items() if target == "members"}, False
    return [
        {
            name.removesuffix("_id") if name in points else name: names.get(points[name], {}).get(value, value)
            if name in points
            else _plain(value)
            for name, value in row.items()
            if name in shown and value is not None
        }
        | ({"extra": _plain(row["extra"])} if with_extra and row["extra"] else {})
        for row in rows.mappings()
    ]


async def _names(tx: ByActor) -> Mapping[str, Mapping[int, str]]:
    """The file ids of everything that has one, by table and row."""
    found: dict[str, dict[int, str]] = {}
    for table in METADATA.sorted_tables:
        if "key" in table.c and "coalition_id" in table.c and "id" in table.c:
            keyed = select(table.c.id, table.c.key).where(table.c.coalition_id == tx.coalition_id)
            found[table.name] = {row.id: row.key for row in await tx.session.execute(keyed)}
    return found


async def _changes(tx: ByActor, member_id: int) -> list[dict[str, Any]]:
    """When they changed something and of what, without the values: those stand where they are now."""
    rows = await tx.rows(
        select(ChangeRow.at, ChangeRow.path, AuditEntryRow.table_name, AuditEntryRow.operation)
        .join(AuditEntryRow, AuditEntryRow.change_id == ChangeRow.id)
        .where(tx.owns(ChangeRow), ChangeRow.actor_id == member_id)
        .order_by(ChangeRow.id)
    )
    counted = Counter((row.at, row.path, row.table_name, row.operation) for row in rows)
    return [
        {"at": _plain(at), "path": path, "what": table, "did": operation, "rows": count}
        for (at, path, table, operation), count in counted.items()
    ]


def _plain(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {str(key): _plain(one) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(one) for one in value]
    if isinstance(value, date | datetime | time):
        return value.isoformat()
    return str(value) if isinstance(value, Decimal) else value
