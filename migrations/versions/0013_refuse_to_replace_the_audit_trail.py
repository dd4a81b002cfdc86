"""Refuse to replace what stands in the audit trail.

SQLite's INSERT OR REPLACE takes the row away that is in its place, and fires triggers for that only on a connection
with `recursive_triggers`, which is each connection's own choice.
"""

from __future__ import annotations

from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

APPEND_ONLY = ("changes", "audit_entries")


def upgrade() -> None:
    if op.get_bind().dialect.name != "sqlite":
        return  # There an insert that would overwrite is an update, which is refused already.
    for table in APPEND_ONLY:
        # An id that is still to be given is -1 here, so what somebody put there by hand must not stop the trail.
        op.execute(
            f"CREATE TRIGGER {table}_refuse_replace BEFORE INSERT ON {table} "
            f"WHEN EXISTS (SELECT 1 FROM {table} WHERE id = NEW.id AND id > 0) "
            "BEGIN SELECT RAISE(ABORT, 'the audit trail is append-only'); END"
        )


def downgrade() -> None:
    if op.get_bind().dialect.name != "sqlite":
        return
    for table in APPEND_ONLY:
        op.execute(f"DROP TRIGGER {table}_refuse_replace")
