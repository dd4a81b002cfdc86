"""Keep whether a round's answers say how priorities stand, as its check-in did when it opened."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    for table in ("rounds", "responses"):
        op.add_column(table, sa.Column("sets_standing", sa.Boolean(), nullable=True))


def downgrade() -> None:
    for table in ("responses", "rounds"):
        op.drop_column(table, "sets_standing")
