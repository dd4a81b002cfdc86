"""Keep what a question set asked before it was edited, and with which questions a round opened.

The rounds that are there opened with what their check-ins ask now, as far as anybody knows.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0035"
down_revision = "0034"
branch_labels = None
depends_on = None
oldest_program = "0034"

_TABLE = "earlier_questions"
_OF_ROUNDS = ("question_set_id", "questions_version")


def upgrade() -> None:
    op.add_column("question_sets", sa.Column("version", sa.Integer(), server_default="1", nullable=False))
    op.create_table(
        _TABLE,
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("coalition_id", sa.Integer(), nullable=False),
        sa.Column("question_set_id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("allow_no_change", sa.Boolean(), nullable=False),
        sa.Column("anonymous", sa.Boolean(), nullable=False),
        sa.Column("readers", sa.Text(), nullable=False),
        sa.Column("questions", sa.Text(), nullable=False),
        sa.Column("extra", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["coalition_id"], ["coalitions.id"], name=op.f("fk_earlier_questions_coalition_id")),
        sa.ForeignKeyConstraint(
            ["coalition_id", "question_set_id"],
            ["question_sets.coalition_id", "question_sets.id"],
            name=op.f("fk_earlier_questions_coalition_id_question_set_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_earlier_questions")),
        sa.UniqueConstraint("question_set_id", "version", name=op.f("uq_earlier_questions_question_set_id_version")),
    )
    op.create_index(op.f("ix_earlier_questions_coalition_id"), _TABLE, ["coalition_id"])
    for column in _OF_ROUNDS:
        op.add_column("rounds", sa.Column(column, sa.Integer(), nullable=True))
    op.execute(
        "UPDATE rounds SET questions_version = 1, question_set_id = "
        "(SELECT question_set_id FROM cadences WHERE cadences.id = rounds.cadence_id)"
    )


def downgrade() -> None:
    for column in reversed(_OF_ROUNDS):
        op.drop_column("rounds", column)
    op.drop_table(_TABLE)
    op.drop_column("question_sets", "version")
