"""Metrics, their milestones and readings. A second reading for a period never replaces the first."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import Integer, UniqueConstraint, false, text
from sqlalchemy.orm import Mapped, mapped_column

from bot.store.base import Audited, InCoalition, Json, keyed, refers, target


class MetricRow(InCoalition, Audited):
    """A metric of a priority; the north star's has none."""

    __tablename__ = "metrics"
    __table_args__ = (*keyed(), refers("priorities", "priority_id"), refers("members", "steward_id"))

    key: Mapped[str]
    priority_id: Mapped[int | None]
    name: Mapped[str]
    unit: Mapped[str]
    direction: Mapped[str]
    aggregation: Mapped[str]
    level: Mapped[str]
    horizon: Mapped[str]
    steward_id: Mapped[int]
    frequency: Mapped[str | None]
    definition: Mapped[str | None]
    source: Mapped[str | None]
    series_provider: Mapped[str | None]
    series_address: Mapped[str | None]
    series_period_column: Mapped[str | None]
    series_value_column: Mapped[str | None]
    series_looks: Mapped[str | None]
    series_record_by_itself: Mapped[bool | None]
    series_extra: Mapped[Any] = mapped_column(Json, default=dict, server_default=text("'{}'"))
    expected_lag_days: Mapped[int | None] = mapped_column(Integer)
    tolerance: Mapped[Decimal | None]
    confidential_below_n: Mapped[int | None] = mapped_column(Integer)
    baseline_value: Mapped[Decimal | None]
    baseline_on: Mapped[date | None]
    baseline_extra: Mapped[Any] = mapped_column(Json, default=dict)
    target_value: Mapped[Decimal | None]
    target_on: Mapped[date | None]
    target_extra: Mapped[Any] = mapped_column(Json, default=dict)
    public: Mapped[bool] = mapped_column(default=False, server_default=false())
    ended: Mapped[date | None]
    extra: Mapped[Any] = mapped_column(Json, default=dict)


class MilestoneRow(InCoalition, Audited):
    __tablename__ = "milestones"
    __table_args__ = (UniqueConstraint("metric_id", "on"), refers("metrics", "metric_id"))

    metric_id: Mapped[int]
    on: Mapped[date]
    value: Mapped[Decimal]
    extra: Mapped[Any] = mapped_column(Json, default=dict)


class ReadingRow(InCoalition, Audited):
    __tablename__ = "readings"
    __table_args__ = (target(), UniqueConstraint("submission_key"), refers("metrics", "metric_id"))

    metric_id: Mapped[int]
    period_start: Mapped[date | None]
    period_end: Mapped[date]
    value: Mapped[Decimal]
    quality: Mapped[str]
    recorded_on: Mapped[date | None]
    reporters: Mapped[int | None] = mapped_column(Integer)
    note: Mapped[str | None]
    breakdown: Mapped[Any] = mapped_column(Json, default=list)
    submission_key: Mapped[str | None]
    extra: Mapped[Any] = mapped_column(Json, default=dict)
