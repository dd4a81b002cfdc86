"""Keep who gets copies of digests, what owners add to them, who had one sent, and which previews are planned."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def _table(name: str, *columns: sa.Column[Any], refers: dict[str, str], unique: tuple[str, ...]) -> None:
    """A table of one coalition, each of whose references stays inside it."""
    op.create_table(
        name,
        *columns,
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("coalition_id", sa.Integer(), nullable=False),
        *(
            sa.ForeignKeyConstraint(
                ["coalition_id", column],
                [f"{table}.coalition_id", f"{table}.id"],
                name=op.f(f"fk_{name}_coalition_id_{column}"),
            )
            for column, table in refers.items()
        ),
        sa.ForeignKeyConstraint(["coalition_id"], ["coalitions.id"], name=op.f(f"fk_{name}_coalition_id")),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{name}")),
        sa.UniqueConstraint(*unique, name=op.f(f"uq_{name}_{'_'.join(unique)}")),
    )
    op.create_index(op.f(f"ix_{name}_coalition_id"), name, ["coalition_id"], unique=False)


def upgrade() -> None:
    _table(
        "digest_sendings",
        sa.Column("digest_id", sa.Integer(), nullable=False),
        sa.Column("member_id", sa.Integer(), nullable=True),
        sa.Column("token", sa.Text(), nullable=False),
        sa.Column("what", sa.Text(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        refers={"digest_id": "digests", "member_id": "members"},
        unique=("coalition_id", "token"),
    )
    _table(
        "digest_subscriptions",
        sa.Column("member_id", sa.Integer(), nullable=False),
        sa.Column("edition", sa.Text(), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        refers={"member_id": "members"},
        unique=("coalition_id", "member_id", "edition"),
    )
    _table(
        "digest_notes",
        sa.Column("priority_id", sa.Integer(), nullable=False),
        sa.Column("week", sa.Date(), nullable=False),
        sa.Column("member_id", sa.Integer(), nullable=True),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=False),
        refers={"priority_id": "priorities", "member_id": "members"},
        unique=("coalition_id", "priority_id", "week"),
    )
    op.add_column("schedules", sa.Column("prepared_for", sa.DateTime(timezone=True), nullable=True))


def downgrade() -> None:
    op.drop_column("schedules", "prepared_for")
    for name in ("digest_notes", "digest_subscriptions", "digest_sendings"):
        op.drop_table(name)
