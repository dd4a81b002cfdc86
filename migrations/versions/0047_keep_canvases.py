"""Keep which canvases the bot made in priorities' channels, and which priorities are to have one.

An older program makes and changes none.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0047"
down_revision = "0046"
branch_labels = None
depends_on = None
oldest_program = "0040"


def upgrade() -> None:
    op.add_column("priorities", sa.Column("canvas", sa.Text(), nullable=False, server_default="usual"))
    op.create_table(
        "canvases",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("coalition_id", sa.Integer(), nullable=False),
        sa.Column("priority_id", sa.Integer(), nullable=False),
        sa.Column("team_id", sa.Text(), nullable=False),
        sa.Column("channel_id", sa.Text(), nullable=False),
        sa.Column("canvas_id", sa.Text(), nullable=True),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("code", sa.Text(), nullable=True),
        sa.Column("title", sa.Text(), nullable=True),
        sa.Column("written", sa.Text(), nullable=True),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("beside", sa.Boolean(), nullable=False),
        sa.Column("seen", sa.Text(), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("not_before", sa.Float(), nullable=True),
        sa.Column("lease_until", sa.Float(), nullable=True),
        sa.ForeignKeyConstraint(
            ["coalition_id", "priority_id"],
            ["priorities.coalition_id", "priorities.id"],
            name=op.f("fk_canvases_coalition_id_priority_id"),
        ),
        sa.ForeignKeyConstraint(["coalition_id"], ["coalitions.id"], name=op.f("fk_canvases_coalition_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_canvases")),
        sa.UniqueConstraint(
            "coalition_id", "priority_id", "channel_id", name=op.f("uq_canvases_coalition_id_priority_id_channel_id")
        ),
    )
    op.create_index(op.f("ix_canvases_coalition_id"), "canvases", ["coalition_id"])


def downgrade() -> None:
    op.drop_index(op.f("ix_canvases_coalition_id"), table_name="canvases")
    op.drop_table("canvases")
    op.drop_column("priorities", "canvas")
