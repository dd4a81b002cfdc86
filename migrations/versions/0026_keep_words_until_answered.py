"""Keep words to the bot until they are answered, so that they outlive the process that heard them."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None

# One of before keeps nothing there and loses what it heard when it ends, as it always did.
oldest_program = "0025"


def upgrade() -> None:
    op.create_table(
        "owed_words",
        sa.Column("event_id", sa.Text(), nullable=False),
        sa.Column("team_id", sa.Text(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("heard_at", sa.Float(), nullable=False),
        sa.Column("lease_owner", sa.Text(), nullable=False),
        sa.Column("lease_until", sa.Float(), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("event_id", name=op.f("pk_owed_words")),
    )


def downgrade() -> None:
    op.drop_table("owed_words")
