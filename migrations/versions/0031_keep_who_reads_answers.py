"""Keep who reads what a question set was answered; until now all of them were read as those on priorities are.

A file may have said it in this word already, which no rule read: then it holds from now on, where it names fewer. More
of them it does not name: that was no word to show anything to everybody.
"""

from __future__ import annotations

import json

import sqlalchemy as sa
from alembic import op

revision = "0031"
down_revision = "0030"
branch_labels = None
depends_on = None
oldest_program = "0030"

_SETS = sa.table(
    "question_sets",
    sa.column("id", sa.Integer()),
    sa.column("per_item", sa.Text()),
    sa.column("readers", sa.Text()),
    sa.column("extra", sa.Text()),
)
_USUAL = "steering"
_FEWER = ("coordinators", "group")


def upgrade() -> None:
    op.add_column("question_sets", sa.Column("readers", sa.Text(), server_default=_USUAL, nullable=False))
    connection = op.get_bind()
    for row in connection.execute(sa.select(_SETS).where(_SETS.c.per_item.is_(None))).all():
        extra = json.loads(row.extra)
        if extra.get("readers") in _FEWER:
            readers = extra.pop("readers")
            kept = json.dumps(extra, ensure_ascii=False, separators=(",", ":"))
            connection.execute(_SETS.update().where(_SETS.c.id == row.id).values(readers=readers, extra=kept))


def downgrade() -> None:
    connection = op.get_bind()
    for row in connection.execute(sa.select(_SETS).where(_SETS.c.readers != _USUAL)).all():
        extra = json.loads(row.extra) | {"readers": row.readers}
        kept = json.dumps(extra, ensure_ascii=False, separators=(",", ":"))
        connection.execute(_SETS.update().where(_SETS.c.id == row.id).values(extra=kept))
    op.drop_column("question_sets", "readers")
