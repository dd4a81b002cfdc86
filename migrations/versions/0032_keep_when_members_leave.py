"""Keep the last day of members who leave. A program of before goes on, and takes them for members until it is
replaced."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0032"
down_revision = "0031"
branch_labels = None
depends_on = None
oldest_program = "0031"


def upgrade() -> None:
    op.add_column("members", sa.Column("ended", sa.Date(), nullable=True))


def downgrade() -> None:
    op.drop_column("members", "ended")
