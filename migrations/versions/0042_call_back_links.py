"""Keep from when on links to somebody's answer pages are good, so that earlier ones can be called back.

An older program makes no links and reads none.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0042"
down_revision = "0041"
branch_labels = None
depends_on = None
oldest_program = "0040"


def upgrade() -> None:
    op.add_column("members", sa.Column("links_from", sa.DateTime(timezone=True), nullable=True))


def downgrade() -> None:
    op.drop_column("members", "links_from")
