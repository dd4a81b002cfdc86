"""Keep what belongs to a meeting: who comes, points for its agenda, and its notes."""

from __future__ import annotations

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

TABLES = ("attendances", "meeting_notes", "agenda_points")


def upgrade() -> None:
    _make(
        "attendances",
        sa.Column("cadence_id", sa.Integer(), nullable=False),
        sa.Column("slot", sa.DateTime(), nullable=False),
        sa.Column("member_id", sa.Integer(), nullable=False),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.Column("substitute_id", sa.Integer(), nullable=True),
        refers={"cadence_id": "cadences", "member_id": "members", "substitute_id": "members"},
        unique=[("cadence_id", "slot", "member_id")],
    )
    _make(
        "meeting_notes",
        sa.Column("cadence_id", sa.Integer(), nullable=False),
        sa.Column("slot", sa.DateTime(), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=True),
        sa.Column("present", sa.Text(), nullable=False),
        sa.Column("decided", sa.Text(), nullable=False),
        sa.Column("decisions", sa.Text(), nullable=False),
        sa.Column("actions", sa.Text(), nullable=False),
        sa.Column("parked", sa.Text(), nullable=False),
        sa.Column("posted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("edited_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        refers={"cadence_id": "cadences", "by_id": "members"},
        unique=[("coalition_id", "id"), ("cadence_id", "slot")],
    )
    _make(
        "agenda_points",
        sa.Column("cadence_id", sa.Integer(), nullable=False),
        sa.Column("slot", sa.DateTime(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("about", sa.Text(), nullable=True),
        sa.Column("added_by_id", sa.Integer(), nullable=True),
        sa.Column("notes_id", sa.Integer(), nullable=True),
        sa.Column("withdrawn", sa.Boolean(), nullable=False),
        sa.Column("submission_key", sa.Text(), nullable=True),
        refers={"cadence_id": "cadences", "added_by_id": "members", "notes_id": "meeting_notes"},
        unique=[("submission_key",)],
    )


def _make(table: str, *columns: sa.Column[object], refers: dict[str, str], unique: Sequence[tuple[str, ...]]) -> None:
    """A table of one coalition's rows, whose references stay inside that coalition."""
    op.create_table(
        table,
        *columns,
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("coalition_id", sa.Integer(), nullable=False),
        *(
            sa.ForeignKeyConstraint(
                ["coalition_id", column],
                [f"{target}.coalition_id", f"{target}.id"],
                name=op.f(f"fk_{table}_coalition_id_{column}"),
            )
            for column, target in refers.items()
        ),
        sa.ForeignKeyConstraint(["coalition_id"], ["coalitions.id"], name=op.f(f"fk_{table}_coalition_id")),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
        *(sa.UniqueConstraint(*names, name=op.f(f"uq_{table}_{'_'.join(names)}")) for names in unique),
    )
    op.create_index(op.f(f"ix_{table}_coalition_id"), table, ["coalition_id"], unique=False)


def downgrade() -> None:
    for table in reversed(TABLES):
        op.drop_table(table)
