"""Keep how far a workspace's setup is, so that it can be left and taken up again."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "setups",
        sa.Column("team_id", sa.Text(), nullable=False),
        sa.Column("coalition_id", sa.Integer(), nullable=True),
        sa.Column("user_id", sa.Text(), nullable=False),
        sa.Column("step", sa.Integer(), nullable=False),
        sa.Column("values", sa.Text(), nullable=False),
        sa.Column("saved_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["coalition_id"], ["coalitions.id"], name="fk_setups_coalition_id"),
        sa.PrimaryKeyConstraint("team_id", name="pk_setups"),
    )


def downgrade() -> None:
    op.drop_table("setups")
