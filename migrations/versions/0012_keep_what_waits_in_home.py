"""Keep what a member wants no messages about."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("members", sa.Column("no_messages_about", sa.Text(), nullable=True))


def downgrade() -> None:
    op.drop_column("members", "no_messages_about")
