"""Note which rows of the record change, so that what is kept of it in memory can follow.

The triggers that write the log are put after every migration, for all tables of the record that there are then.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from bot.store.record import drop_triggers

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None

TABLE = "record_changes"


def upgrade() -> None:
    op.create_table(
        TABLE,
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("coalition_id", sa.Integer(), nullable=False),
        sa.Column("xid", sa.BigInteger(), nullable=True),
        sa.Column("table_name", sa.Text(), nullable=False),
        sa.Column("row_id", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_record_changes")),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_record_changes_coalition_id_xid", TABLE, ["coalition_id", "xid"])


def downgrade() -> None:
    drop_triggers(op.get_bind())
    op.drop_index("ix_record_changes_coalition_id_xid", table_name=TABLE)
    op.drop_table(TABLE)
