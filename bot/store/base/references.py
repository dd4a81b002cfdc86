"""Composite foreign keys: a row can point only at a row of its own coalition."""

from __future__ import annotations

from sqlalchemy import ForeignKeyConstraint, UniqueConstraint
from sqlalchemy.schema import SchemaItem


def refers(table: str, column: str, *, use_alter: bool = False) -> ForeignKeyConstraint:
    """(coalition_id, column) → table(coalition_id, id)."""
    return ForeignKeyConstraint(["coalition_id", column], [f"{table}.coalition_id", f"{table}.id"], use_alter=use_alter)


def target() -> UniqueConstraint:
    """What a composite foreign key of another table needs here."""
    return UniqueConstraint("coalition_id", "id")


def keyed() -> tuple[SchemaItem, ...]:
    """For a noun with a file id (`key`), unique in its coalition."""
    return (target(), UniqueConstraint("coalition_id", "key"))
