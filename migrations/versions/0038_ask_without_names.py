"""Keep what anonymous check-ins are answered: single answers without a person or a moment, and what came of a round.

An older program asks nobody anonymously, and leaves the new column empty.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0038"
down_revision = "0037"
branch_labels = None
depends_on = None
oldest_program = "0037"


def upgrade() -> None:
    op.create_table(
        "pulse_answers",
        sa.Column("random_key", sa.Text(), nullable=False),
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("answers", sa.Text(), nullable=False),
        sa.Column("coalition_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["coalition_id"], ["coalitions.id"], name=op.f("fk_pulse_answers_coalition_id")),
        sa.ForeignKeyConstraint(
            ["coalition_id", "round_id"],
            ["rounds.coalition_id", "rounds.id"],
            name=op.f("fk_pulse_answers_coalition_id_round_id"),
        ),
        sa.PrimaryKeyConstraint("random_key", name=op.f("pk_pulse_answers")),
        # Without numbers of its own a row tells nothing of which came before it.
        sqlite_with_rowid=False,
    )
    op.create_index(op.f("ix_pulse_answers_coalition_id"), "pulse_answers", ["coalition_id"], unique=False)
    op.create_index("ix_pulse_answers_round_id", "pulse_answers", ["round_id"], unique=False)
    op.create_table(
        "pulse_results",
        sa.Column("cadence_id", sa.Integer(), nullable=False),
        sa.Column("round", sa.Date(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("asked", sa.Integer(), nullable=False),
        sa.Column("answered", sa.Integer(), nullable=False),
        sa.Column("told", sa.Text(), nullable=False),
        sa.Column("did", sa.Text(), nullable=True),
        sa.Column("did_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("extra", sa.Text(), nullable=False),
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("coalition_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["coalition_id"], ["coalitions.id"], name=op.f("fk_pulse_results_coalition_id")),
        sa.ForeignKeyConstraint(
            ["coalition_id", "cadence_id"],
            ["cadences.coalition_id", "cadences.id"],
            name=op.f("fk_pulse_results_coalition_id_cadence_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pulse_results")),
        sa.UniqueConstraint("coalition_id", "id", name=op.f("uq_pulse_results_coalition_id_id")),
        sa.UniqueConstraint("cadence_id", "round", name=op.f("uq_pulse_results_cadence_id_round")),
    )
    op.create_index(op.f("ix_pulse_results_coalition_id"), "pulse_results", ["coalition_id"], unique=False)
    op.add_column("round_subjects", sa.Column("took_part", sa.Boolean(), nullable=True))


def downgrade() -> None:
    """What was answered anonymously goes: there is no place for it."""
    op.drop_column("round_subjects", "took_part")
    op.drop_table("pulse_results")
    op.drop_table("pulse_answers")
