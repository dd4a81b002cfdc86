"""Keep the last day of members who leave. A program of before goes on, and takes them for members until it is
replaced."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0030"
down_revision = "0029"
branch_labels = None
depends_on = None
oldest_program = "0029"


def upgrade() -> None:
    op.add_column("members", sa.Column("ended", sa.Date(), nullable=True))


def downgrade() -> None:
    op.drop_column("members", "ended")
