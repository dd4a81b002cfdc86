"""Funding sources and what they allocate."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import Integer
from sqlalchemy.orm import Mapped, mapped_column

from bot.store.base import Audited, InCoalition, Json, keyed, refers


class FundingSourceRow(InCoalition, Audited):
    __tablename__ = "funding_sources"
    __table_args__ = (
        *keyed(),
        refers("organizations", "organization_id"),
        refers("members", "report_owner_id"),
    )

    key: Mapped[str]
    name: Mapped[str]
    funder: Mapped[str]
    capital_type: Mapped[str]
    status: Mapped[str]
    amount: Mapped[Decimal]
    organization_id: Mapped[int | None]
    arrangement: Mapped[str | None]
    restricted: Mapped[bool | None]
    match_required: Mapped[Decimal | None]
    match_secured: Mapped[Decimal | None]
    period_start: Mapped[date | None]
    period_end: Mapped[date | None]
    decision_expected: Mapped[date | None]
    has_report: Mapped[bool]
    report_frequency: Mapped[str | None]
    report_next_due: Mapped[date | None]
    report_owner_id: Mapped[int | None]
    report_extra: Mapped[Any] = mapped_column(Json, default=dict)
    ended: Mapped[date | None]
    extra: Mapped[Any] = mapped_column(Json, default=dict)


class AllocationRow(InCoalition, Audited):
    """Money of a source for one priority or one group."""

    __tablename__ = "allocations"
    __table_args__ = (
        refers("funding_sources", "funding_source_id"),
        refers("priorities", "priority_id"),
        refers("groups", "group_id"),
    )

    funding_source_id: Mapped[int]
    priority_id: Mapped[int | None]
    group_id: Mapped[int | None]
    amount: Mapped[Decimal]
    extra: Mapped[Any] = mapped_column(Json, default=dict)
    position: Mapped[int] = mapped_column(Integer)
