"""Ask for organizations in a setup: what came behind that step is one step later."""

from __future__ import annotations

from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # The rhythm was step 4; whoever was there is asked for the organizations first.
    op.execute("UPDATE setups SET step = 6 WHERE step = 5")


def downgrade() -> None:
    op.execute("UPDATE setups SET step = 4 WHERE step = 5")
    op.execute("UPDATE setups SET step = 5 WHERE step = 6")
