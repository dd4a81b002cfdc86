"""Keep the days on which organizations are closed every year.

A program of before goes on, and takes these days for open ones.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0040"
down_revision = "0039"
branch_labels = None
depends_on = None
oldest_program = "0039"


def upgrade() -> None:
    op.add_column("organizations", sa.Column("closed_yearly", sa.Text(), nullable=True))


def downgrade() -> None:
    op.drop_column("organizations", "closed_yearly")
