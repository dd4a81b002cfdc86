"""Keep what each voice says about a decision, why it was proposed, what it changes, and how an issue ended."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

ADDED = {
    "decisions": ("why", "note", "applies", "submission_key"),
    "issues": ("note", "submission_key"),
    "groups": ("voices",),
}


def upgrade() -> None:
    for table, columns in ADDED.items():
        for column in columns:
            op.add_column(table, sa.Column(column, sa.Text(), nullable=True))
    for table in ("decisions", "issues"):
        op.create_index(op.f(f"ix_{table}_submission_key"), table, ["submission_key"], unique=True)
    op.create_table(
        "decision_responses",
        sa.Column("decision_id", sa.Integer(), nullable=False),
        sa.Column("voice", sa.Text(), nullable=False),
        sa.Column("organization_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("on_behalf_of_id", sa.Integer(), nullable=True),
        sa.Column("choice", sa.Text(), nullable=False),
        sa.Column("option", sa.Text(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("coalition_id", sa.Integer(), nullable=False),
        *(
            sa.ForeignKeyConstraint(
                ["coalition_id", column],
                [f"{table}.coalition_id", f"{table}.id"],
                name=op.f(f"fk_decision_responses_coalition_id_{column}"),
            )
            for column, table in (
                ("decision_id", "decisions"),
                ("organization_id", "organizations"),
                ("person_id", "members"),
                ("by_id", "members"),
                ("on_behalf_of_id", "members"),
            )
        ),
        sa.ForeignKeyConstraint(["coalition_id"], ["coalitions.id"], name=op.f("fk_decision_responses_coalition_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_decision_responses")),
        sa.UniqueConstraint("decision_id", "voice", name=op.f("uq_decision_responses_decision_id_voice")),
    )
    op.create_index(op.f("ix_decision_responses_coalition_id"), "decision_responses", ["coalition_id"], unique=False)
    op.create_table(
        "issue_decisions",
        sa.Column("issue_id", sa.Integer(), nullable=False),
        sa.Column("decision_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("coalition_id", sa.Integer(), nullable=False),
        *(
            sa.ForeignKeyConstraint(
                ["coalition_id", column],
                [f"{table}.coalition_id", f"{table}.id"],
                name=op.f(f"fk_issue_decisions_coalition_id_{column}"),
            )
            for column, table in (("issue_id", "issues"), ("decision_id", "decisions"))
        ),
        sa.ForeignKeyConstraint(["coalition_id"], ["coalitions.id"], name=op.f("fk_issue_decisions_coalition_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_issue_decisions")),
        sa.UniqueConstraint("decision_id", name=op.f("uq_issue_decisions_decision_id")),
    )
    op.create_index(op.f("ix_issue_decisions_coalition_id"), "issue_decisions", ["coalition_id"], unique=False)


def downgrade() -> None:
    op.drop_table("issue_decisions")
    op.drop_table("decision_responses")
    for table in ("decisions", "issues"):
        op.drop_index(op.f(f"ix_{table}_submission_key"), table)
    for table, columns in ADDED.items():
        for column in reversed(columns):
            op.drop_column(table, column)
