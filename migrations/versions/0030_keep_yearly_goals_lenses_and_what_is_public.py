"""Keep yearly goals, lenses of priorities, what the coalition shows to everybody, and how funding sources go together.

What a file said of these before stood beside the fields that rules read, and moves into its column. What it called
`public` does not: that was no word to publish anything.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0030"
down_revision = "0029"
branch_labels = None
depends_on = None

# One of before doesn't show meanwhile whether a source is braided or blended; all else goes on.
oldest_program = "0029"

_LENSES = ("talent", "innovation", "placemaking", "infrastructure", "other")
_MARKED = ("priorities", "outcomes", "metrics")


def upgrade() -> None:
    for table in _MARKED:
        op.add_column(table, sa.Column("public", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.add_column("coalitions", sa.Column("north_star_yearly_goals", sa.Text(), nullable=True))
    op.add_column("coalitions", sa.Column("north_star_public", sa.Boolean(), nullable=True))
    op.add_column("priorities", sa.Column("lens", sa.Text(), nullable=True))
    op.add_column("funding_sources", sa.Column("arrangement", sa.Text(), nullable=True))
    op.add_column("funding_sources", sa.Column("restricted", sa.Boolean(), nullable=True))
    op.add_column("funding_sources", sa.Column("decision_expected", sa.Date(), nullable=True))
    for table, extra, ways in _MOVED:
        _move(table, extra, ways)


def downgrade() -> None:
    for table, extra, ways in _MOVED:
        _move_back(table, extra, ways)
    for column in ("decision_expected", "restricted", "arrangement"):
        op.drop_column("funding_sources", column)
    op.drop_column("priorities", "lens")
    for column in ("north_star_public", "north_star_yearly_goals"):
        op.drop_column("coalitions", column)
    for table in _MARKED:
        op.drop_column(table, "public")


def _word(*words: str) -> Callable[[Any], Any]:
    return lambda value: value if value in words else None


def _flag(value: Any) -> bool | None:
    return value if isinstance(value, bool) else None


def _day(value: Any) -> date | None:
    try:
        return date.fromisoformat(value["$date"])
    except (TypeError, KeyError, ValueError):
        return None


def _goals(value: Any) -> str | None:
    """A list of values and dates, each year's once, as the column keeps it."""
    found: dict[int, Any] = {}
    for one in value if isinstance(value, list) else ():
        on = _day(one.get("date")) if isinstance(one, Mapping) else None
        number = _number(one.get("value")) if on is not None else None
        if on is None or number is None or on.year in found or one.keys() != {"value", "date"}:
            return None
        found[on.year] = {"value": {"$number": number}, "on": one["date"], "extra": {}}
    return json.dumps(list(found.values()), ensure_ascii=False, separators=(",", ":")) if found else None


def _number(value: Any) -> str | None:
    tagged = value.get("$number") if isinstance(value, Mapping) else value
    if isinstance(tagged, bool) or not isinstance(tagged, str | int):
        return None
    try:
        return str(Decimal(tagged))
    except InvalidOperation:
        return None


def _plain_goals(kept: str) -> list[dict[str, Any]]:
    return [{"value": one["value"], "date": one["on"]} for one in json.loads(kept)]


# For each column: its kind, what is kept of the file's value (None: it stays where it is), and the way back.
_Way = tuple[Any, Callable[[Any], Any], Callable[[Any], Any]]
_MOVED: tuple[tuple[str, str, dict[tuple[str, str], _Way]], ...] = (
    (
        "funding_sources",
        "extra",
        {
            ("arrangement", "arrangement"): (sa.Text(), _word("braided", "blended"), str),
            ("restricted", "restricted"): (sa.Boolean(), _flag, bool),
            ("decision_expected", "decision_expected"): (sa.Date(), _day, lambda on: {"$date": on.isoformat()}),
        },
    ),
    ("priorities", "extra", {("lens", "lens"): (sa.Text(), _word(*_LENSES), str)}),
    (
        "coalitions",
        "north_star_extra",
        {("north_star_yearly_goals", "yearly_goals"): (sa.Text(), _goals, _plain_goals)},
    ),
)


def _table(name: str, extra: str, ways: Mapping[tuple[str, str], _Way]) -> Any:
    return sa.table(
        name,
        sa.column("id", sa.Integer()),
        sa.column(extra, sa.Text()),
        *(sa.column(column, kind) for (column, _key), (kind, _to, _back) in ways.items()),
    )


def _move(name: str, extra: str, ways: Mapping[tuple[str, str], _Way]) -> None:
    table, connection = _table(name, extra, ways), op.get_bind()
    for row in connection.execute(sa.select(table.c.id, table.c[extra])).all():
        said = json.loads(row[1] or "{}")
        moved = {
            column: kept
            for (column, key), (_kind, to, _back) in ways.items()
            if key in said and (kept := to(said[key])) is not None
        }
        if moved:
            gone = {key for column, key in ways if column in moved}
            left = {key: value for key, value in said.items() if key not in gone}
            connection.execute(table.update().where(table.c.id == row.id).values({**moved, extra: _text(left)}))


def _move_back(name: str, extra: str, ways: Mapping[tuple[str, str], _Way]) -> None:
    table, connection = _table(name, extra, ways), op.get_bind()
    for row in connection.execute(sa.select(table)).mappings().all():
        said = {key: back(row[column]) for (column, key), (_kind, _to, back) in ways.items() if row[column] is not None}
        if said:
            before = json.loads(row[extra] or "{}")
            connection.execute(table.update().where(table.c.id == row["id"]).values({extra: _text({**before, **said})}))


def _text(value: Mapping[str, Any]) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
