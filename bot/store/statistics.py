"""What SQLite is told of how rows lie in the tables that grow, so that it picks the same ways on every machine.

It measures nothing by itself, and then takes "of this coalition", which every statement says, for a choice among few:
ways that lead to what is open or recent are passed by for the one to everything of years. PostgreSQL measures itself.
"""

from __future__ import annotations

from collections.abc import Iterator
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
    "member_answers",
    "prompts",
    "pulse_results",
    "readings",
    "responses",
    "round_subjects",
    "rounds",
    "series_proposals",
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
    for told in _statistics(connection):
        connection.exec_driver_sql("INSERT INTO sqlite_stat1 (tbl, idx, stat) VALUES (?, ?, ?)", told)


def are_told(connection: Connection) -> bool:
    """Whether SQLite knows all of it: it doesn't where an earlier version told it, or somebody let it measure."""
    if connection.dialect.name != "sqlite":
        return True
    if not connection.exec_driver_sql("SELECT 1 FROM sqlite_master WHERE name = 'sqlite_stat1'").all():
        return False
    known = connection.exec_driver_sql("SELECT tbl, idx, stat FROM sqlite_stat1").all()
    return set(_statistics(connection)) == {tuple(row) for row in known}


def _statistics(connection: Connection) -> Iterator[tuple[str, str, str]]:
    """Table, index, and what is told of it."""
    for table in set(GROWING) & set(inspect(connection).get_table_names()):
        for _, name, is_unique, _, is_of_some in connection.exec_driver_sql(f"PRAGMA index_list({table})").all():
            columns = [row[2] for row in connection.exec_driver_sql(f"PRAGMA index_info({name})")]
            told = [_ALIKE.get(column, _FEW) for column in columns]
            if not is_of_some:
                usual = _OF_THING if len(columns) > 1 else _FEW
                told[0] = _OF_COALITION if columns[0] == "coalition_id" else max(usual, told[0])
            if is_unique:
                told[-1] = 1
            # Years make many rounds and cadences: what isn't asked by one is found elsewhere than by each of them.
            skipped = [] if columns[0] == "coalition_id" else ["noskipscan"]
            yield table, name, " ".join(map(str, (_FEW if is_of_some else _ROWS, *told, *skipped)))
