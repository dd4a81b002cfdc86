"""Find the messages that speak of a round's subject without reading all that were ever sent."""

from __future__ import annotations

from alembic import op

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None

INDEX = "ix_delivery_items_coalition_id_round_subject_id"


def upgrade() -> None:
    op.create_index(INDEX, "delivery_items", ["coalition_id", "round_subject_id"])


def downgrade() -> None:
    op.drop_index(INDEX, table_name="delivery_items")
