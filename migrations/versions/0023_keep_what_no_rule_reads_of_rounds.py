"""Keep the fields of a file's rounds that no rule reads, so that an export gives them back."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("round_subjects", sa.Column("extra", sa.Text(), nullable=False, server_default="{}"))


def downgrade() -> None:
    op.drop_column("round_subjects", "extra")
