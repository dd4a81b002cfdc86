"""Find what happened to one row without reading all that ever happened."""

from __future__ import annotations

from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None

INDEX = "ix_audit_entries_coalition_id_table_name_row_id"


def upgrade() -> None:
    op.create_index(INDEX, "audit_entries", ["coalition_id", "table_name", "row_id"])


def downgrade() -> None:
    op.drop_index(INDEX, table_name="audit_entries")
