"""Keep in which locale a coalition's figures and dates are written.

An older program writes them as in the United States, which is what stands there.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0041"
down_revision = "0040"
branch_labels = None
depends_on = None
oldest_program = "0040"


def upgrade() -> None:
    op.add_column("coalitions", sa.Column("locale", sa.Text(), nullable=False, server_default="en_US"))


def downgrade() -> None:
    """Every coalition writes as in the United States again."""
    op.drop_column("coalitions", "locale")
