"""Keep rounds and answers of check-ins that ask people for themselves, beside those on priorities, and where what was
said in a round is told.

An older program can't live with a round of somebody's own: it looks for the priority of each.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0034"
down_revision = "0033"
branch_labels = None
depends_on = None

# SQLite makes a table anew for what is looser in it, and tells little of an index of some rows.
_OPEN = ("ix_round_subjects_open", "round_subjects", ["closes_at"])


def upgrade() -> None:
    op.create_table(
        "member_answers",
        sa.Column("cadence_id", sa.Integer(), nullable=False),
        sa.Column("round", sa.Date(), nullable=False),
        sa.Column("member_id", sa.Integer(), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("answers", sa.Text(), nullable=False),
        sa.Column("no_change", sa.Boolean(), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("edited_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("extra", sa.Text(), nullable=False),
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("coalition_id", sa.Integer(), nullable=False),
        _refers("member_answers", "cadences", "cadence_id"),
        _refers("member_answers", "members", "member_id"),
        _refers("member_answers", "members", "by_id"),
        sa.ForeignKeyConstraint(["coalition_id"], ["coalitions.id"], name=op.f("fk_member_answers_coalition_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_member_answers")),
        sa.UniqueConstraint("coalition_id", "id", name=op.f("uq_member_answers_coalition_id_id")),
        sa.UniqueConstraint(
            "cadence_id", "round", "member_id", name=op.f("uq_member_answers_cadence_id_round_member_id")
        ),
    )
    op.create_index(op.f("ix_member_answers_coalition_id"), "member_answers", ["coalition_id"], unique=False)
    _drop_open()
    with op.batch_alter_table("round_subjects") as table:
        table.add_column(sa.Column("member_id", sa.Integer(), nullable=True))
        table.alter_column("priority_id", existing_type=sa.Integer(), nullable=True)
        table.create_foreign_key(*_points("round_subjects", "members", "member_id"))
        table.create_unique_constraint(op.f("uq_round_subjects_round_id_member_id"), ["round_id", "member_id"])
        table.create_check_constraint(
            op.f("ck_round_subjects_one_subject"), "(priority_id IS NULL) <> (member_id IS NULL)"
        )
    _make_open()
    with op.batch_alter_table("private_notes") as table:
        table.add_column(sa.Column("member_answer_id", sa.Integer(), nullable=True))
        table.alter_column("response_id", existing_type=sa.Integer(), nullable=True)
        table.create_foreign_key(*_points("private_notes", "member_answers", "member_answer_id"))
        table.create_unique_constraint(
            op.f("uq_private_notes_member_answer_id_author_id"), ["member_answer_id", "author_id"]
        )
        table.create_check_constraint(
            op.f("ck_private_notes_one_answer"), "(response_id IS NULL) <> (member_answer_id IS NULL)"
        )
    op.add_column("cadences", sa.Column("summary", sa.Text(), nullable=True))


def downgrade() -> None:
    """What was asked and answered of people themselves goes: there is no place for it."""
    op.drop_column("cadences", "summary")
    own_notes = "SELECT id FROM private_notes WHERE member_answer_id IS NOT NULL"
    op.execute(f"DELETE FROM note_readings WHERE note_id IN ({own_notes})")
    op.execute("DELETE FROM private_notes WHERE member_answer_id IS NOT NULL")
    own_rounds = "SELECT id FROM round_subjects WHERE member_id IS NOT NULL"
    op.execute(f"DELETE FROM delivery_items WHERE round_subject_id IN ({own_rounds})")
    op.execute("DELETE FROM round_subjects WHERE member_id IS NOT NULL")
    with op.batch_alter_table("private_notes") as table:
        table.drop_constraint(op.f("ck_private_notes_one_answer"), type_="check")
        table.drop_constraint(op.f("uq_private_notes_member_answer_id_author_id"), type_="unique")
        table.drop_constraint(op.f("fk_private_notes_coalition_id_member_answer_id"), type_="foreignkey")
        table.alter_column("response_id", existing_type=sa.Integer(), nullable=False)
        table.drop_column("member_answer_id")
    _drop_open()
    with op.batch_alter_table("round_subjects") as table:
        table.drop_constraint(op.f("ck_round_subjects_one_subject"), type_="check")
        table.drop_constraint(op.f("uq_round_subjects_round_id_member_id"), type_="unique")
        table.drop_constraint(op.f("fk_round_subjects_coalition_id_member_id"), type_="foreignkey")
        table.alter_column("priority_id", existing_type=sa.Integer(), nullable=False)
        table.drop_column("member_id")
    _make_open()
    op.drop_table("member_answers")


def _drop_open() -> None:
    op.drop_index(_OPEN[0], table_name=_OPEN[1])


def _make_open() -> None:
    is_open = sa.text("closed_at IS NULL")
    op.create_index(*_OPEN, sqlite_where=is_open, postgresql_where=is_open)


def _points(table: str, other: str, column: str) -> tuple[str, str, list[str], list[str]]:
    return op.f(f"fk_{table}_coalition_id_{column}"), other, ["coalition_id", column], ["coalition_id", "id"]


def _refers(table: str, other: str, column: str) -> sa.ForeignKeyConstraint:
    name, _other, own, theirs = _points(table, other, column)
    return sa.ForeignKeyConstraint(own, [f"{other}.{one}" for one in theirs], name=name)
