"""Deliveries: every message that is owed to somebody, from the plan to Slack's own timestamp."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Float, Index, Integer, UniqueConstraint, event, false, inspect, text
from sqlalchemy.orm import Mapped, Mapper, mapped_column, object_session

from bot.store.base import SOMETHING_TO_SEND, Base, InCoalition, Json, refers, target


class DeliveryRow(Base, InCoalition):
    """`due_at` and `expires_at` are calendar moments; `lease_until`, `attempted_at` and `next_attempt_at` are elapsed
    time in epoch seconds, by the database's clock (`elapsed_now`): no calendar and no other machine's clock ends a
    lease."""

    __tablename__ = "deliveries"
    __table_args__ = (
        target(),
        UniqueConstraint("key"),
        Index("ix_deliveries_state_due_at", "state", "due_at"),
        Index("ix_deliveries_coalition_id_kind_about", "coalition_id", "kind", "about"),
        Index("ix_deliveries_coalition_id_parent_id", "coalition_id", "parent_id"),
        Index("ix_deliveries_coalition_id_state_due_at_id", "coalition_id", "state", "due_at", "id"),
        refers("members", "member_id"),
        refers("deliveries", "parent_id"),
        refers("digests", "digest_id"),
    )

    key: Mapped[str]
    kind: Mapped[str]
    about: Mapped[str] = mapped_column(
        default="", server_default=text("''")
    )  # the thing that it speaks of, within its kind
    transport: Mapped[str] = mapped_column(default="slack")
    operation: Mapped[str] = mapped_column(default="post")  # post | update
    member_id: Mapped[int | None]  # a direct message to this person …
    channel: Mapped[str | None]  # … or a post in the channel of this name
    parent_id: Mapped[int | None]
    part_no: Mapped[int] = mapped_column(Integer, default=0)
    digest_id: Mapped[int | None]
    subject: Mapped[Any] = mapped_column(Json, default=dict)
    state: Mapped[str] = mapped_column(default="planned")
    reason: Mapped[str | None]
    waiting: Mapped[bool] = mapped_column(default=False)  # for something that a person has to do
    held_back: Mapped[bool] = mapped_column(default=False, server_default=false())  # for a day with room, or company
    version: Mapped[int] = mapped_column(Integer, default=0)  # of an update: the newest content asked for
    planned_at: Mapped[datetime]
    due_at: Mapped[datetime]
    expires_at: Mapped[datetime | None]
    sent_at: Mapped[datetime | None]
    told_at: Mapped[datetime | None]  # the coordinators were told that it can't go out, or may have gone
    attempts: Mapped[int] = mapped_column(Integer, default=0)
    looks: Mapped[int] = mapped_column(Integer, default=0)
    lease_owner: Mapped[str | None]
    lease_until: Mapped[float | None] = mapped_column(Float)
    attempted_at: Mapped[float | None] = mapped_column(Float)
    attempted_ts: Mapped[str | None]  # Slack's own clock before the attempt: where a look begins
    next_attempt_at: Mapped[float | None] = mapped_column(Float)
    channel_id: Mapped[str | None]
    ts: Mapped[str | None]
    resolved_by_id: Mapped[int | None] = mapped_column(Integer)
    looked_for: Mapped[int | None] = mapped_column(Integer)  # the newest recovery for which it was, in vain


class DeliveryItemRow(Base, InCoalition):
    """One thing that a person's bundle speaks of: `about` names it within its kind. Check-ins also name their round's
    subject. `left_out` says why it was not in the message."""

    __tablename__ = "delivery_items"
    __table_args__ = (
        UniqueConstraint("delivery_id", "kind", "round_subject_id"),
        Index("ix_delivery_items_delivery_id_kind_about", "delivery_id", "kind", "about", unique=True),
        Index("ix_delivery_items_coalition_id_kind_about", "coalition_id", "kind", "about"),
        Index("ix_delivery_items_coalition_id_round_subject_id", "coalition_id", "round_subject_id"),
        refers("deliveries", "delivery_id"),
        refers("round_subjects", "round_subject_id"),
    )

    delivery_id: Mapped[int]
    kind: Mapped[str]
    about: Mapped[str] = mapped_column(default="", server_default=text("''"))
    round_subject_id: Mapped[int | None]
    position: Mapped[int] = mapped_column(Integer)
    due_at: Mapped[datetime | None]
    until: Mapped[datetime | None]  # from then on it is of no use
    urgent: Mapped[bool] = mapped_column(default=False, server_default=false())
    left_out: Mapped[str | None]


@event.listens_for(DeliveryRow, "after_insert")
def _note_a_new_one(_mapper: Mapper[DeliveryRow], _connection: Connection, row: DeliveryRow) -> None:
    """A new delivery is sent as soon as its transaction is committed, if it is due by then."""
    _note_something_to_send(row)


@event.listens_for(DeliveryRow, "after_update")
def _note_newer_content(_mapper: Mapper[DeliveryRow], _connection: Connection, row: DeliveryRow) -> None:
    """So is an update with newer content; what becomes of a delivery on its way is no reason to send anything."""
    if inspect(row).attrs.version.history.has_changes():
        _note_something_to_send(row)


def _note_something_to_send(row: DeliveryRow) -> None:
    session = object_session(row)
    if session is not None:
        session.info[SOMETHING_TO_SEND] = True
