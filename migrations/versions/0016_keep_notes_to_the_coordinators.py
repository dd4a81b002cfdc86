"""Keep what was said to the coordinators only as notes of their own, and who of them has seen each."""

from __future__ import annotations

import json

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "private_notes",
        sa.Column("response_id", sa.Integer(), nullable=False),
        sa.Column("author_id", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("coalition_id", sa.Integer(), nullable=False),
        _refers("private_notes", "responses", "response_id"),
        _refers("private_notes", "members", "author_id"),
        sa.ForeignKeyConstraint(["coalition_id"], ["coalitions.id"], name=op.f("fk_private_notes_coalition_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_private_notes")),
        sa.UniqueConstraint("coalition_id", "id", name=op.f("uq_private_notes_coalition_id_id")),
        sa.UniqueConstraint("response_id", "author_id", name=op.f("uq_private_notes_response_id_author_id")),
    )
    op.create_index(op.f("ix_private_notes_coalition_id"), "private_notes", ["coalition_id"], unique=False)
    op.create_table(
        "note_readings",
        sa.Column("note_id", sa.Integer(), nullable=False),
        sa.Column("member_id", sa.Integer(), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("coalition_id", sa.Integer(), nullable=False),
        _refers("note_readings", "private_notes", "note_id"),
        _refers("note_readings", "members", "member_id"),
        sa.ForeignKeyConstraint(["coalition_id"], ["coalitions.id"], name=op.f("fk_note_readings_coalition_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_note_readings")),
        sa.UniqueConstraint("note_id", "member_id", name=op.f("uq_note_readings_note_id_member_id")),
    )
    op.create_index(op.f("ix_note_readings_coalition_id"), "note_readings", ["coalition_id"], unique=False)
    _bring_what_was_said()


def _bring_what_was_said() -> None:
    """Notes of answers given in Slack so far, which nobody could read."""
    responses = sa.table(
        "responses",
        *(sa.column(name) for name in ("id", "coalition_id", "by_id", "extra")),
        sa.column("answered_at", sa.DateTime(timezone=True)),
    )
    notes = sa.table(
        "private_notes",
        *(sa.column(name) for name in ("coalition_id", "response_id", "author_id", "text")),
        sa.column("written_at", sa.DateTime(timezone=True)),
    )
    connection = op.get_bind()
    for row in connection.execute(sa.select(responses).where(responses.c.answered_at.is_not(None))).all():
        said = json.loads(row.extra or "{}").get("for_coordinator")
        if isinstance(said, str) and said.strip():
            connection.execute(
                sa.insert(notes).values(
                    coalition_id=row.coalition_id,
                    response_id=row.id,
                    author_id=row.by_id,
                    text=said,
                    written_at=row.answered_at,
                )
            )


def _refers(table: str, other: str, column: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["coalition_id", column],
        [f"{other}.coalition_id", f"{other}.id"],
        name=op.f(f"fk_{table}_coalition_id_{column}"),
    )


def downgrade() -> None:
    op.drop_table("note_readings")
    op.drop_table("private_notes")
