"""Let a bundle speak of more than check-ins, and a delivery name what it is about."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("deliveries", sa.Column("about", sa.Text(), server_default=sa.text("''"), nullable=False))
    op.create_index("ix_deliveries_coalition_id_kind_about", "deliveries", ["coalition_id", "kind", "about"])
    op.add_column("delivery_items", sa.Column("about", sa.Text(), server_default=sa.text("''"), nullable=False))
    op.add_column("delivery_items", sa.Column("due_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("delivery_items", sa.Column("until", sa.DateTime(timezone=True), nullable=True))
    op.add_column("delivery_items", sa.Column("urgent", sa.Boolean(), server_default=sa.false(), nullable=False))
    op.add_column("delivery_items", sa.Column("left_out", sa.Text(), nullable=True))
    # Until now every item was about a round's subject.
    op.execute("UPDATE delivery_items SET about = CAST(round_subject_id AS TEXT) WHERE round_subject_id IS NOT NULL")
    op.create_index(
        "ix_delivery_items_delivery_id_kind_about", "delivery_items", ["delivery_id", "kind", "about"], unique=True
    )
    op.create_index("ix_delivery_items_coalition_id_kind_about", "delivery_items", ["coalition_id", "kind", "about"])


def downgrade() -> None:
    op.drop_index("ix_delivery_items_coalition_id_kind_about", table_name="delivery_items")
    op.drop_index("ix_delivery_items_delivery_id_kind_about", table_name="delivery_items")
    # The former schema knows only items about a round's subject.
    op.execute("DELETE FROM delivery_items WHERE round_subject_id IS NULL")
    for column in ("left_out", "urgent", "until", "due_at", "about"):
        op.drop_column("delivery_items", column)
    op.drop_index("ix_deliveries_coalition_id_kind_about", table_name="deliveries")
    op.drop_column("deliveries", "about")
