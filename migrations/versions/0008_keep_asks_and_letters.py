"""Keep what became of asks, and what members wrote to each other through the bot."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "asks",
        sa.Column("response_id", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("asked", sa.Text(), nullable=True),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("edited", sa.Boolean(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decided_by_id", sa.Integer(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("receiver_id", sa.Integer(), nullable=True),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answer", sa.Text(), nullable=True),
        sa.Column("suggested", sa.Text(), nullable=True),
        sa.Column("answered_by_id", sa.Integer(), nullable=True),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("coalition_id", sa.Integer(), nullable=False),
        _refers("asks", "responses", "response_id"),
        _refers("asks", "members", "receiver_id"),
        _refers("asks", "members", "decided_by_id"),
        _refers("asks", "members", "answered_by_id"),
        sa.ForeignKeyConstraint(["coalition_id"], ["coalitions.id"], name=op.f("fk_asks_coalition_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_asks")),
        sa.UniqueConstraint("coalition_id", "id", name=op.f("uq_asks_coalition_id_id")),
        sa.UniqueConstraint("response_id", name=op.f("uq_asks_response_id")),
    )
    op.create_index(op.f("ix_asks_coalition_id"), "asks", ["coalition_id"], unique=False)
    op.create_table(
        "letters",
        sa.Column("submission_key", sa.Text(), nullable=False),
        sa.Column("sender_id", sa.Integer(), nullable=False),
        sa.Column("receiver_id", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("about", sa.Text(), nullable=False),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("coalition_id", sa.Integer(), nullable=False),
        _refers("letters", "members", "sender_id"),
        _refers("letters", "members", "receiver_id"),
        sa.ForeignKeyConstraint(["coalition_id"], ["coalitions.id"], name=op.f("fk_letters_coalition_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_letters")),
        sa.UniqueConstraint("coalition_id", "id", name=op.f("uq_letters_coalition_id_id")),
        sa.UniqueConstraint("submission_key", "receiver_id", name=op.f("uq_letters_submission_key_receiver_id")),
    )
    op.create_index(op.f("ix_letters_coalition_id"), "letters", ["coalition_id"], unique=False)


def _refers(table: str, other: str, column: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["coalition_id", column],
        [f"{other}.coalition_id", f"{other}.id"],
        name=op.f(f"fk_{table}_coalition_id_{column}"),
    )


def downgrade() -> None:
    op.drop_table("letters")
    op.drop_table("asks")
