"""Keep where others publish a metric's figures, how looking there went, and what was found.

A file may have had a field of that name before, which no rule read: what is a series moves from what was kept beside
the fields, anything else stays there. An older program leaves series as they are, and looks at none.
"""

from __future__ import annotations

import json

import sqlalchemy as sa
from alembic import op

revision = "0048"
down_revision = "0047"
branch_labels = None
depends_on = None
oldest_program = "0040"

_TEXTS = ("provider", "address", "period_column", "value_column", "looks")
_PROVIDERS = ("csv", "fred", "bls", "census")
_LOOKS = ("weekly", "when_due", "daily", "monthly")
_METRICS = sa.table(
    "metrics",
    *(sa.column(name) for name in ("id", "extra", "series_extra", "series_record_by_itself")),
    *(sa.column(f"series_{name}") for name in _TEXTS),
)


def upgrade() -> None:
    for name in _TEXTS:
        op.add_column("metrics", sa.Column(f"series_{name}", sa.Text(), nullable=True))
    op.add_column("metrics", sa.Column("series_record_by_itself", sa.Boolean(), nullable=True))
    op.add_column("metrics", sa.Column("series_extra", sa.Text(), nullable=False, server_default="{}"))
    _make_tables()
    connection = op.get_bind()
    for row in connection.execute(sa.select(_METRICS.c.id, _METRICS.c.extra)).all():
        extra = json.loads(row.extra or "{}")
        found = extra.get("series")
        if _is_series(found):
            left = {name: one for name, one in extra.items() if name != "series"}
            op.execute(
                _METRICS.update()
                .where(_METRICS.c.id == row.id)
                .values(
                    extra=_json(left),
                    series_extra=_json({name: one for name, one in found.items() if name not in _KNOWN}),
                    series_record_by_itself=found.get("record_by_itself") is True,
                    **{f"series_{name}": found.get(name) for name in _TEXTS if name != "looks"},
                    series_looks=found.get("looks", "weekly"),
                )
            )


_KNOWN = (*_TEXTS, "record_by_itself")


def _is_series(found: object) -> bool:
    if not isinstance(found, dict) or found.get("provider") not in _PROVIDERS:
        return False
    texts = (found.get(name) for name in _TEXTS if name in found)
    is_plain = all(isinstance(one, str) and one for one in texts) and "address" in found
    is_whole = found["provider"] != "csv" or {"period_column", "value_column"} <= found.keys()
    return is_plain and is_whole and found.get("looks", "weekly") in _LOOKS


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def _make_tables() -> None:
    op.create_table(
        "series_states",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("coalition_id", sa.Integer(), nullable=False),
        sa.Column("metric_id", sa.Integer(), nullable=False),
        sa.Column("series", sa.Text(), nullable=False),
        sa.Column("next_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("looked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("outcome", sa.Text(), nullable=True),
        sa.Column("trouble", sa.Text(), nullable=True),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("told", sa.Text(), nullable=True),
        sa.Column("lease_owner", sa.Text(), nullable=True),
        sa.Column("lease_until", sa.Float(), nullable=True),
        sa.ForeignKeyConstraint(["coalition_id"], ["coalitions.id"], name="fk_series_states_coalition_id_coalitions"),
        sa.ForeignKeyConstraint(
            ["coalition_id", "metric_id"],
            ["metrics.coalition_id", "metrics.id"],
            name="fk_series_states_coalition_id_metric_id_metrics",
        ),
        sa.PrimaryKeyConstraint("id", name="pk_series_states"),
        sa.UniqueConstraint("metric_id", name="uq_series_states_metric_id"),
    )
    op.create_index("ix_series_states_coalition_id", "series_states", ["coalition_id"])
    op.create_table(
        "series_proposals",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("coalition_id", sa.Integer(), nullable=False),
        sa.Column("metric_id", sa.Integer(), nullable=False),
        sa.Column("period_end", sa.Date(), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.Column("before", sa.Text(), nullable=True),
        sa.Column("quality", sa.Text(), nullable=False),
        sa.Column("series", sa.Text(), nullable=False),
        sa.Column("vintage", sa.Date(), nullable=True),
        sa.Column("seen_on", sa.Date(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("answered_by_id", sa.Integer(), nullable=True),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["coalition_id"], ["coalitions.id"], name="fk_series_proposals_coalition_id_coalitions"
        ),
        sa.ForeignKeyConstraint(
            ["coalition_id", "metric_id"],
            ["metrics.coalition_id", "metrics.id"],
            name="fk_series_proposals_coalition_id_metric_id_metrics",
        ),
        sa.ForeignKeyConstraint(
            ["coalition_id", "answered_by_id"],
            ["members.coalition_id", "members.id"],
            name="fk_series_proposals_coalition_id_answered_by_id_members",
        ),
        sa.PrimaryKeyConstraint("id", name="pk_series_proposals"),
    )
    op.create_index("ix_series_proposals_coalition_id", "series_proposals", ["coalition_id"])
    op.create_index("ix_series_proposals_metric_id_period_end", "series_proposals", ["metric_id", "period_end"])


def downgrade() -> None:
    """What was a series stays beside the metric's fields."""
    connection = op.get_bind()
    for row in connection.execute(sa.select(_METRICS).where(_METRICS.c.series_provider.is_not(None))).all():
        told = {name: getattr(row, f"series_{name}") for name in _TEXTS}
        series = {name: one for name, one in told.items() if one is not None} | json.loads(row.series_extra or "{}")
        if row.series_record_by_itself:
            series["record_by_itself"] = True
        extra = json.loads(row.extra or "{}") | {"series": series}
        op.execute(_METRICS.update().where(_METRICS.c.id == row.id).values(extra=_json(extra)))
    op.drop_table("series_proposals")
    op.drop_table("series_states")
    op.drop_column("metrics", "series_extra")
    op.drop_column("metrics", "series_record_by_itself")
    for name in reversed(_TEXTS):
        op.drop_column("metrics", f"series_{name}")
