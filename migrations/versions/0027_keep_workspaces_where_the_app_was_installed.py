"""Keep the workspaces where the app was installed, with their tokens, sealed."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None
oldest_program = "0026"


def upgrade() -> None:
    op.create_table(
        "installations",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("team_id", sa.Text(), nullable=False),
        sa.Column("enterprise_id", sa.Text()),
        sa.Column("name", sa.Text()),
        sa.Column("app_id", sa.Text(), nullable=False),
        sa.Column("bot_user_id", sa.Text()),
        sa.Column("scopes", sa.Text(), nullable=False),
        sa.Column("token", sa.Text()),
        sa.Column("refresh_token", sa.Text()),
        sa.Column("expires_at", sa.Float()),
        sa.Column("refreshing_until", sa.Float()),
        sa.Column("installed_by", sa.Text()),
        sa.Column("installed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended", sa.Text()),
        sa.Column("ended_at", sa.DateTime(timezone=True)),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_installations")),
        sa.UniqueConstraint("team_id", name=op.f("uq_installations_team_id")),
    )


def downgrade() -> None:
    op.drop_table("installations")
