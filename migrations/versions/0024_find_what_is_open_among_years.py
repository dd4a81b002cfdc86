"""Find what is open, recent or asked for among years of rows.

Every statement of a session says which coalition it is about, so an index that is to be used begins with it.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None

INDEXES = (
    ("round_subjects", ("coalition_id", "closes_at")),
    ("responses", ("coalition_id", "round")),
    ("audit_entries", ("coalition_id", "change_id")),
    ("digests", ("coalition_id", "published_at")),
    ("attendances", ("coalition_id", "slot")),
    ("deliveries", ("coalition_id", "parent_id")),
    ("deliveries", ("coalition_id", "state", "due_at")),
)
INSTEAD_OF = (("round_subjects", "closes_at"), ("audit_entries", "change_id"))
OPEN = sa.column("closed_at").is_(None)
WAITING = sa.column("accepted", sa.Boolean()).is_(False)
SOME = (
    ("ix_round_subjects_open", "round_subjects", "closes_at", OPEN),
    ("ix_action_items_waiting", "action_items", "coalition_id", WAITING),
)


def upgrade() -> None:
    for table, columns in INDEXES:
        op.create_index(f"ix_{table}_{'_'.join(columns)}", table, list(columns))
    for name, table, column, where in SOME:
        op.create_index(name, table, [column], sqlite_where=where, postgresql_where=where)
    for table, column in INSTEAD_OF:
        op.drop_index(f"ix_{table}_{column}", table_name=table)


def downgrade() -> None:
    for table, column in INSTEAD_OF:
        op.create_index(f"ix_{table}_{column}", table, [column])
    for name, table, _column, _where in SOME:
        op.drop_index(name, table_name=table)
    for table, columns in INDEXES:
        op.drop_index(f"ix_{table}_{'_'.join(columns)}", table_name=table)
