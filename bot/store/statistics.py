"""What SQLite is told of how rows lie in the tables that grow, so that it picks the same ways on every machine.

It measures nothing by itself, and then takes "of this coalition", which every statement says, for a choice among few:
ways that lead to what is open or recent are passed by for the one to everything of years. PostgreSQL measures itself.
"""

from __future__ import annotations

from typing import Final

from sqlalchemy import Connection, inspect

# What a year adds rows to, whatever a coalition is like.
GROWING: Final = (
    "action_items",
    "asks",
    "attendances",
    "audit_entries",
    "changes",
    "decision_responses",
    "decisions",
    "deliveries",
    "delivery_items",
    "digests",
    "issues",
    "meeting_notes",
    "prompts",
    "readings",
    "responses",
    "round_subjects",
    "rounds",
    "submissions",
)
# Rows of a table that is years old, those of one coalition, of one thing in it, and of one in which few are alike.
_ROWS, _OF_COALITION, _OF_THING, _FEW = 100_000, 50_000, 500, 20
# What most rows have in common: that they are sent, or under nothing.
_ALIKE: Final = {"state": 1_000, "parent_id": 1_000}


def put_statistics(connection: Connection) -> None:
    """Tells SQLite of every index of these tables; its own measuring (`ANALYZE`) would put its own in their place."""
    if connection.dialect.name != "sqlite":
        return
    # The table of it is there once anything was measured.
    connection.exec_driver_sql("ANALYZE alembic_version")
    connection.exec_driver_sql("DELETE FROM sqlite_stat1")
    for table in set(GROWING) & set(inspect(connection).get_table_names()):
        for _, name, is_unique, _, is_of_some in connection.exec_driver_sql(f"PRAGMA index_list({table})").all():
            columns = [row[2] for row in connection.exec_driver_sql(f"PRAGMA index_info({name})")]
            told = [_ALIKE.get(column, _FEW) for column in columns]
            if not is_of_some:
                usual = _OF_THING if len(columns) > 1 else _FEW
                told[0] = _OF_COALITION if columns[0] == "coalition_id" else max(usual, told[0])
            if is_unique:
                told[-1] = 1
            stat = " ".join(map(str, (_FEW if is_of_some else _ROWS, *told)))
            connection.exec_driver_sql(
                "INSERT INTO sqlite_stat1 (tbl, idx, stat) VALUES (?, ?, ?)", (table, name, stat)
            )
