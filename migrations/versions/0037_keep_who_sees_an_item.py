"""Keep who sees an action, an issue or a decision: everybody, the coordinators, or a group (its id in files).

An older program would show all of them to everybody.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0037"
down_revision = "0036"
branch_labels = None
depends_on = None

_TABLES = ("action_items", "issues", "decisions")


def upgrade() -> None:
    for table in _TABLES:
        op.add_column(table, sa.Column("visibility", sa.Text(), server_default="everybody", nullable=False))


def downgrade() -> None:
    """What only some could see is seen by everybody who may read its priority."""
    for table in reversed(_TABLES):
        op.drop_column(table, "visibility")
