"""Writes the audit trail: whatever a session adds, changes or deletes of an audited row is recorded with it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Update, event, insert, inspect
from sqlalchemy.orm import ORMExecuteState, Session, UOWTransaction

from bot.store.audit.tables import AuditEntryRow, ChangeRow
from bot.store.base import Audited
from bot.store.coalition import CoalitionRow

WITHHELD = "…"


@dataclass(frozen=True, slots=True)
class Author:
    """Who stands behind a transaction. `at` is the calendar's moment; ids are surrogate keys of members."""

    at: datetime
    path: str  # command_line | slack | link | schedule | series | import
    member_id: int | None = None
    on_behalf_of_id: int | None = None
    coalition_id: int | None = None  # that it keeps to; None for the program's own work on all of them


def _columns(row: Audited) -> dict[str, Any]:
    return {attribute.key: getattr(row, attribute.key) for attribute in inspect(type(row)).column_attrs}


def _differences(row: Audited) -> tuple[dict[str, Any], dict[str, Any]]:
    old: dict[str, Any] = {}
    new: dict[str, Any] = {}
    for attribute in inspect(row).attrs:
        history = attribute.history
        if history.has_changes():
            before = history.deleted[0] if history.deleted else None
            after = history.added[0] if history.added else None
            if before != after:
                old[attribute.key], new[attribute.key] = before, after
    return old, new


def _without_personal(row: Audited, values: dict[str, Any]) -> dict[str, Any]:
    personal = type(row).personal
    return {name: WITHHELD if name in personal and value is not None else value for name, value in values.items()}


# Put together once: every change writes them.
_CHANGE = insert(ChangeRow).returning(ChangeRow.id)
_ENTRIES = insert(AuditEntryRow)


@event.listens_for(Session, "after_flush")
def _record(session: Session, _context: UOWTransaction) -> None:
    entries: list[tuple[Audited, str, dict[str, Any], dict[str, Any]]] = []
    for row in session.new:
        if isinstance(row, Audited):
            entries.append((row, "insert", {}, _columns(row)))
    for row in session.dirty:
        if isinstance(row, Audited):
            old, new = _differences(row)
            if new:
                entries.append((row, "update", old, new))
    for row in session.deleted:
        if isinstance(row, Audited):
            entries.append((row, "delete", _columns(row), {}))
    if not entries:
        return
    author: Author | None = session.info.get("author")
    if author is None:
        raise RuntimeError("an audited row was changed in a transaction without an author")
    rows = []
    for row, operation, old, new in entries:
        coalition_id = row.id if isinstance(row, CoalitionRow) else row.coalition_id  # type: ignore[attr-defined]
        rows.append(
            {
                "coalition_id": coalition_id,
                "change_id": _change(session, coalition_id, author),
                "table_name": row.__tablename__,
                "row_id": row.id,
                "operation": operation,
                "old": _without_personal(row, old),
                "new": _without_personal(row, new),
            }
        )
    # The session is in the middle of its flush, so the trail is written beside it, on the same connection.
    session.connection().execute(_ENTRIES, rows)


@event.listens_for(Session, "do_orm_execute")
def _refuse_bulk_changes(state: ORMExecuteState) -> None:
    """A statement that changes many rows at once passes the session's rows by, and would leave no trace."""
    changes = state.is_update or state.is_delete or state.is_insert
    if changes and state.bind_mapper is not None:
        _refuse_audited(state.bind_mapper.class_)


def refuse_audited(statement: Update) -> None:
    """The same for a statement that is run without a session. Raises RuntimeError."""
    _refuse_audited(statement.entity_description["type"])


def _refuse_audited(row: type[Any]) -> None:
    if issubclass(row, Audited):
        raise RuntimeError(f"{row.__tablename__} is audited: change its rows one by one")


def record_act(session: Session, coalition_id: int, table: str, row_id: int, new: dict[str, Any]) -> None:
    """Notes an act whose own row is no part of what the trail rebuilds, as a row that was added."""
    author: Author = session.info["author"]
    entry = {
        "coalition_id": coalition_id,
        "change_id": _change(session, coalition_id, author),
        "table_name": table,
        "row_id": row_id,
        "operation": "insert",
        "old": {},
        "new": new,
    }
    session.connection().execute(_ENTRIES, [entry])


def _change(session: Session, coalition_id: int, author: Author) -> int:
    changes: dict[int, int] = session.info.setdefault("changes", {})
    if coalition_id not in changes:
        about = {
            "coalition_id": coalition_id,
            "at": author.at,
            "actor_id": author.member_id,
            "on_behalf_of_id": author.on_behalf_of_id,
            "path": author.path,
        }
        result = session.connection().execute(_CHANGE, about)
        changes[coalition_id] = result.scalar_one()
    return changes[coalition_id]


@event.listens_for(Session, "after_soft_rollback")
def _forget_changes(session: Session, _previous: object) -> None:
    """What was recorded since a savepoint is gone with it, so what follows is recorded anew."""
    session.info.pop("changes", None)


def change_id(session: Session, coalition_id: int) -> int | None:
    """The id under which this transaction's changes of a coalition are recorded, once there are any."""
    changes: dict[int, int] = session.info.get("changes", {})
    return changes.get(coalition_id)


def restore(row: Audited, change: AuditEntryRow) -> None:
    """Puts back into a row what stood in it before a change."""
    for column, value in change.old.items():
        setattr(row, column, value)
