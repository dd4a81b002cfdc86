"""Keep that Slack takes no direct message to somebody, and when a note was left for them in place of one.

An older program tries each message anew, and tells of it as refused.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0044"
down_revision = "0043"
branch_labels = None
depends_on = None
oldest_program = "0040"


def upgrade() -> None:
    op.add_column("slack_accounts", sa.Column("dm_refusal", sa.Text(), nullable=True))
    op.add_column("slack_accounts", sa.Column("dm_refused_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("slack_accounts", sa.Column("noted_at", sa.DateTime(timezone=True), nullable=True))


def downgrade() -> None:
    op.drop_column("slack_accounts", "noted_at")
    op.drop_column("slack_accounts", "dm_refused_at")
    op.drop_column("slack_accounts", "dm_refusal")
