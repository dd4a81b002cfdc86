"""Keep who wants moved and skipped meetings mailed to their calendar.

An older program asks nobody, and mails none.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0049"
down_revision = "0048"
branch_labels = None
depends_on = None
oldest_program = "0040"


def upgrade() -> None:
    op.add_column("members", sa.Column("invitations", sa.Boolean(), nullable=False, server_default=sa.false()))


def downgrade() -> None:
    op.drop_column("members", "invitations")
