"""Keep when a cadence was paused, a member's own hour, and who was asked again."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("cadences", sa.Column("paused_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("members", sa.Column("ask_at", sa.Time(), nullable=True))
    op.add_column("round_subjects", sa.Column("asked_again_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("round_subjects", sa.Column("asked_again_by_id", sa.Integer(), nullable=True))


def downgrade() -> None:
    op.drop_column("round_subjects", "asked_again_by_id")
    op.drop_column("round_subjects", "asked_again_at")
    op.drop_column("members", "ask_at")
    op.drop_column("cadences", "paused_at")
