"""Keep the last day of organizations, groups, priorities, outcomes, metrics, cadences and funding sources.

A program of before goes on, and takes what ended for what goes on until it is replaced. What a file said under this
word before stays beside: no rule read it, and nothing was handed over for it.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0036"
down_revision = "0035"
branch_labels = None
depends_on = None
oldest_program = "0035"

_TABLES = ("organizations", "groups", "priorities", "outcomes", "metrics", "cadences", "funding_sources")


def upgrade() -> None:
    for table in _TABLES:
        op.add_column(table, sa.Column("ended", sa.Date(), nullable=True))


def downgrade() -> None:
    for table in _TABLES:
        op.drop_column(table, "ended")
