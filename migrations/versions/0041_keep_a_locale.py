"""Keep in which locale a coalition's figures and dates are written.

Files may have said it before, when no rule read it. There it moves from what was kept beside the fields. An older
program writes everything as in the United States.
"""

from __future__ import annotations

import json

import sqlalchemy as sa
from alembic import op
from babel import Locale, UnknownLocaleError

revision = "0041"
down_revision = "0040"
branch_labels = None
depends_on = None
oldest_program = "0040"

_USUAL = "en-US"
_COALITIONS = sa.table("coalitions", sa.column("id"), sa.column("locale"), sa.column("extra"))


def upgrade() -> None:
    op.add_column("coalitions", sa.Column("locale", sa.Text(), nullable=False, server_default=_USUAL))
    connection = op.get_bind()
    for row in connection.execute(sa.select(_COALITIONS.c.id, _COALITIONS.c.extra)).all():
        extra = json.loads(row.extra or "{}")
        known = _known(extra.get("locale"))
        if known is not None:
            _write(row.id, known, {name: one for name, one in extra.items() if name != "locale"})


def _known(said: object) -> str | None:
    try:
        return str(Locale.parse(str(said).replace("_", "-"), sep="-")).replace("_", "-") if said else None
    except (UnknownLocaleError, ValueError):
        # What is none stays where it was, and the coalition writes as before.
        return None


def _write(coalition: int, locale: str, extra: object) -> None:
    kept = json.dumps(extra, ensure_ascii=False, separators=(",", ":"))
    op.execute(_COALITIONS.update().where(_COALITIONS.c.id == coalition).values(locale=locale, extra=kept))


def downgrade() -> None:
    """Every coalition writes as in the United States again; what its file said stays beside its fields."""
    connection = op.get_bind()
    for row in connection.execute(sa.select(_COALITIONS)).all():
        if row.locale != _USUAL:
            _write(row.id, row.locale, json.loads(row.extra or "{}") | {"locale": row.locale})
    op.drop_column("coalitions", "locale")
