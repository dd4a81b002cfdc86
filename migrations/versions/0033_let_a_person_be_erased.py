"""Let a person be erased: the one rewrite of the audit trail that its triggers allow.

They let an update of an entry's words through while an erasing is under way, which no other transaction can see: its
row gets its end before the commit. Ids, what an entry is about, and the changes themselves stay as they are.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0033"
down_revision = "0032"
branch_labels = None
depends_on = None
oldest_program = "0032"

_KEPT = ("id", "coalition_id", "change_id", "table_name", "row_id", "operation")
_REFUSE = "the audit trail is append-only"


def upgrade() -> None:
    op.create_table(
        "erasures",
        sa.Column("member_id", sa.Integer(), nullable=False),
        sa.Column("began_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("coalition_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["coalition_id", "member_id"],
            ["members.coalition_id", "members.id"],
            name=op.f("fk_erasures_coalition_id_member_id"),
        ),
        sa.ForeignKeyConstraint(["coalition_id"], ["coalitions.id"], name=op.f("fk_erasures_coalition_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_erasures")),
    )
    op.create_index(op.f("ix_erasures_coalition_id"), "erasures", ["coalition_id"], unique=False)
    if op.get_bind().dialect.name == "sqlite":
        op.execute("DROP TRIGGER audit_entries_refuse_update")
        same = " AND ".join(f"NEW.{column} = OLD.{column}" for column in _KEPT)
        op.execute(
            "CREATE TRIGGER audit_entries_refuse_update BEFORE UPDATE ON audit_entries WHEN NOT ("
            "EXISTS (SELECT 1 FROM erasures WHERE coalition_id = OLD.coalition_id AND ended_at IS NULL) "
            f"AND {same}) BEGIN SELECT RAISE(ABORT, '{_REFUSE}'); END"
        )
        return
    op.execute("DROP TRIGGER audit_entries_refuse_change ON audit_entries")
    op.execute(
        "CREATE TRIGGER audit_entries_refuse_change BEFORE DELETE OR TRUNCATE ON audit_entries "
        "FOR EACH STATEMENT EXECUTE FUNCTION refuse_audit_change()"
    )
    same = ", ".join(f"NEW.{column}" for column in _KEPT)
    was = ", ".join(f"OLD.{column}" for column in _KEPT)
    op.execute(
        "CREATE FUNCTION refuse_audit_rewrite() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        "IF EXISTS (SELECT 1 FROM erasures WHERE coalition_id = OLD.coalition_id AND ended_at IS NULL) "
        f"AND ({same}) IS NOT DISTINCT FROM ({was}) THEN RETURN NEW; END IF; "
        f"RAISE EXCEPTION '{_REFUSE}'; END $$"
    )
    op.execute(
        "CREATE TRIGGER audit_entries_refuse_rewrite BEFORE UPDATE ON audit_entries "
        "FOR EACH ROW EXECUTE FUNCTION refuse_audit_rewrite()"
    )


def downgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        op.execute("DROP TRIGGER audit_entries_refuse_update")
        op.execute(
            "CREATE TRIGGER audit_entries_refuse_update BEFORE UPDATE ON audit_entries "
            f"BEGIN SELECT RAISE(ABORT, '{_REFUSE}'); END"
        )
    else:
        op.execute("DROP TRIGGER audit_entries_refuse_rewrite ON audit_entries")
        op.execute("DROP FUNCTION refuse_audit_rewrite()")
        op.execute("DROP TRIGGER audit_entries_refuse_change ON audit_entries")
        op.execute(
            "CREATE TRIGGER audit_entries_refuse_change BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_entries "
            "FOR EACH STATEMENT EXECUTE FUNCTION refuse_audit_change()"
        )
    op.drop_table("erasures")
