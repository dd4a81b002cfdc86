"""Which deliveries are meant, as conditions that several queries share. What they are asked for is the caller's."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from sqlalchemy import BindParameter, ColumnElement, Select, and_, select

from bot.domain.outbox import Kind, State
from bot.store.outbox.deliveries import DeliveryItemRow, DeliveryRow

A_DAY = timedelta(days=1)


def posts_of(coalition_id: int, kind: str) -> ColumnElement[bool]:
    """Messages of one kind; what changes them afterwards is none."""
    return and_(DeliveryRow.coalition_id == coalition_id, DeliveryRow.kind == kind, DeliveryRow.operation == "post")


def bundles_to(member_id: int | BindParameter[Any] | None) -> ColumnElement[bool]:
    """Somebody's messages with prompts, in any state."""
    return and_(DeliveryRow.member_id == member_id, _is_bundle())


def planned_to(member_id: int | BindParameter[Any] | None) -> ColumnElement[bool]:
    """Those of them that are still to go."""
    return and_(DeliveryRow.member_id == member_id, is_planned_bundle())


def is_planned_bundle() -> ColumnElement[bool]:
    """Whether it is such a message, anybody's."""
    return _is_bundle() & (DeliveryRow.state == State.PLANNED)


def _is_bundle() -> ColumnElement[bool]:
    return and_(DeliveryRow.kind == Kind.PROMPTS, DeliveryRow.operation == "post")


def planned_between(
    member_id: BindParameter[Any], begin: BindParameter[Any], end: BindParameter[Any]
) -> ColumnElement[bool]:
    """Those of them that go between two moments at a time of their own: nothing holds them back."""
    is_near = and_(DeliveryRow.due_at > begin, DeliveryRow.due_at < end)
    return planned_to(member_id) & DeliveryRow.held_back.is_(False) & is_near


def select_items(*columns: Any) -> Select[Any]:
    """What is asked of items, each with the delivery that it travels in."""
    return select(*columns).join(DeliveryRow, DeliveryRow.id == DeliveryItemRow.delivery_id)
