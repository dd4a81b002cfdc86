"""Keep that a stand-in said no to one round."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("round_subjects", sa.Column("stand_in_declined_at", sa.DateTime(timezone=True), nullable=True))


def downgrade() -> None:
    op.drop_column("round_subjects", "stand_in_declined_at")
