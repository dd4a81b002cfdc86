"""Walk what is due in the order in which it is claimed: PostgreSQL read and sorted all of it for each claim, since the
index ended before the id. (SQLite's has the id at its end anyway.)"""

from __future__ import annotations

from alembic import op

revision = "0029"
down_revision = "0028"
branch_labels = None
depends_on = None
oldest_program = "0028"

COLUMNS = ["coalition_id", "state", "due_at"]


def _name(columns: list[str]) -> str:
    return f"ix_deliveries_{'_'.join(columns)}"


def upgrade() -> None:
    op.create_index(_name([*COLUMNS, "id"]), "deliveries", [*COLUMNS, "id"])
    op.drop_index(_name(COLUMNS), table_name="deliveries")


def downgrade() -> None:
    op.create_index(_name(COLUMNS), "deliveries", COLUMNS)
    op.drop_index(_name([*COLUMNS, "id"]), table_name="deliveries")
