"""Keep the last day of a coalition, and when the digest of that day was planned.

A program of before goes on, and takes a coalition that has ended for one that is neither live nor a draft: it sends
nothing of it.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0039"
down_revision = "0038"
branch_labels = None
depends_on = None
oldest_program = "0038"


def upgrade() -> None:
    op.add_column("coalitions", sa.Column("ended", sa.Date(), nullable=True))
    op.add_column("coalitions", sa.Column("last_digest_at", sa.DateTime(timezone=True), nullable=True))


def downgrade() -> None:
    op.drop_column("coalitions", "last_digest_at")
    op.drop_column("coalitions", "ended")
