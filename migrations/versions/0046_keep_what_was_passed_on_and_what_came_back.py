"""Keep who passed a digest on by hand, and to whom; and from which addresses mail came back.

An older program notes none of it: it shows everybody as waiting, and sends there as before.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0046"
down_revision = "0044"
branch_labels = None
depends_on = None
oldest_program = "0040"

_NAME = "digest_forwards"


def upgrade() -> None:
    op.create_table(
        _NAME,
        sa.Column("digest_id", sa.Integer(), nullable=False),
        sa.Column("member_id", sa.Integer(), nullable=False),
        sa.Column("edition", sa.Text(), nullable=False),
        sa.Column("passed_on_by_id", sa.Integer(), nullable=True),
        sa.Column("passed_on_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("coalition_id", sa.Integer(), nullable=False),
        *(
            sa.ForeignKeyConstraint(
                ["coalition_id", column],
                [f"{table}.coalition_id", f"{table}.id"],
                name=op.f(f"fk_{_NAME}_coalition_id_{column}"),
            )
            for column, table in (("digest_id", "digests"), ("member_id", "members"), ("passed_on_by_id", "members"))
        ),
        sa.ForeignKeyConstraint(["coalition_id"], ["coalitions.id"], name=op.f(f"fk_{_NAME}_coalition_id")),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{_NAME}")),
        sa.UniqueConstraint(
            "coalition_id", "digest_id", "member_id", "edition",
            name=op.f(f"uq_{_NAME}_coalition_id_digest_id_member_id_edition"),
        ),
    )  # fmt: skip
    op.create_index(op.f(f"ix_{_NAME}_coalition_id"), _NAME, ["coalition_id"], unique=False)

    op.add_column("members", sa.Column("mail_refused", sa.Text(), nullable=True))


def downgrade() -> None:
    op.drop_column("members", "mail_refused")
    op.drop_table(_NAME)
