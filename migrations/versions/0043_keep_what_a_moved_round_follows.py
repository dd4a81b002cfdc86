"""Keep along with which meeting a round was moved.

An older program leaves it as it is, and moves no round along.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0043"
down_revision = "0042"
branch_labels = None
depends_on = None
oldest_program = "0040"


def upgrade() -> None:
    op.add_column("moves", sa.Column("follows", sa.DateTime(), nullable=True))


def downgrade() -> None:
    op.drop_column("moves", "follows")
