"""Column types, naming and the mixins that every table shares. No tables and no queries here."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, date, datetime, time
from decimal import Decimal
from fractions import Fraction
from typing import Any, ClassVar

from sqlalchemy import DateTime, Dialect, ForeignKey, Integer, MetaData, Text, TypeDecorator
from sqlalchemy.orm import DeclarativeBase, Mapped, declared_attr, mapped_column

# Under this name a transaction notes that somebody has to send something once it is committed.
SOMETHING_TO_SEND = "something to send"
# As a session's note that this program sends mail.
HAS_MAIL = "has mail"

NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}


class UtcDateTime(TypeDecorator[datetime]):
    """An aware moment. SQLite keeps no zone, so it is normalized to UTC on the way in and marked on the way out."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"{value!r} has no zone; moments are stored in UTC")
        value = value.astimezone(UTC)
        return value.replace(tzinfo=None) if dialect.name == "sqlite" else value

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class LocalDateTime(TypeDecorator[datetime]):
    """A wall time without a zone, as a cadence's slots are."""

    impl = DateTime(timezone=False)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is not None and value.tzinfo is not None:
            raise ValueError(f"{value!r} has a zone; wall times have none")
        return value


class Exact(TypeDecorator[Decimal]):
    """A decimal kept digit for digit: SQLite would make a float of a number, so it is text in both databases."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: Decimal | None, dialect: Dialect) -> str | None:
        return None if value is None else str(value)

    def process_result_value(self, value: str | None, dialect: Dialect) -> Decimal | None:
        return None if value is None else Decimal(value)


def to_json(value: Any) -> Any:
    """Plain JSON for what the store keeps: exact numbers, dates and moments are tagged so that they come back."""
    if isinstance(value, Decimal):
        return {"$number": str(value)}
    if isinstance(value, Fraction):
        return {"$fraction": str(value)}
    if isinstance(value, datetime):
        return {"$moment": value.isoformat()}
    if isinstance(value, date):
        return {"$date": value.isoformat()}
    if isinstance(value, time):
        return {"$time": value.isoformat()}
    if isinstance(value, Mapping):
        return {str(key): to_json(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [to_json(item) for item in value]
    return value


def _revived(value: dict[str, Any]) -> Any:
    """What a tag stands for; any other object as it is."""
    if len(value) != 1:
        return value
    tag, inner = next(iter(value.items()))
    if tag == "$number":
        return Decimal(inner)
    if tag == "$fraction":
        return Fraction(inner)
    if tag == "$moment":
        return datetime.fromisoformat(inner)
    if tag == "$date":
        return date.fromisoformat(inner)
    if tag == "$time":
        return time.fromisoformat(inner)
    return value


_reviving = json.JSONDecoder(object_hook=_revived)


def from_json(text: str) -> Any:
    """The inverse of `to_json`, from its text; sequences come back as lists."""
    # Every read of the record takes hundreds of these, and most hold no tag.
    return _reviving.decode(text) if '{"$' in text else json.loads(text)


class Json(TypeDecorator[Any]):
    """Structured data as text, read whole and never searched by its inside."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: Any, dialect: Dialect) -> str | None:
        return None if value is None else json.dumps(to_json(value), ensure_ascii=False, separators=(",", ":"))

    def process_result_value(self, value: str | None, dialect: Dialect) -> Any:
        if value == "{}":
            # Most fields that no rule reads are empty, and there is one in nearly every row.
            return {}
        return None if value is None else from_json(value)


class Base(DeclarativeBase):
    metadata = MetaData(naming_convention=NAMING)
    type_annotation_map: ClassVar[dict[Any, Any]] = {datetime: UtcDateTime, Decimal: Exact, str: Text}


class OfCoalition:
    """A row of one coalition."""

    @declared_attr
    def coalition_id(cls) -> Mapped[int]:
        return mapped_column(ForeignKey("coalitions.id"), index=True)


class InCoalition(OfCoalition):
    """The same with a surrogate key."""

    id: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=True)


class Audited(Base):
    """Every insert, update and delete of such a row is recorded in the audit trail.

    Values of `personal` columns are left out of it, so that erasing a person leaves no copy behind.
    """

    __abstract__ = True
    personal: ClassVar[frozenset[str]] = frozenset()
    id: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=True)
