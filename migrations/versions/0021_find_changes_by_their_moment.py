"""Find the changes since a moment without reading all that ever was."""

from __future__ import annotations

from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("ix_changes_coalition_id_at", "changes", ["coalition_id", "at"])
    op.create_index("ix_audit_entries_change_id", "audit_entries", ["change_id"])


def downgrade() -> None:
    op.drop_index("ix_audit_entries_change_id", table_name="audit_entries")
    op.drop_index("ix_changes_coalition_id_at", table_name="changes")
