"""Keep what came of an ask: when its asker said so or took it back, and who did."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("asks", sa.Column("ended_by_id", sa.Integer(), nullable=True))
    op.add_column("asks", sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True))


def downgrade() -> None:
    op.drop_column("asks", "ended_at")
    op.drop_column("asks", "ended_by_id")
