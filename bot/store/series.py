"""Series: how looking at what others publish went, and what was found there that is no reading yet."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import Float, Index, Integer, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from bot.store.base import Base, InCoalition, refers


class SeriesStateRow(Base, InCoalition):
    """How the last look at a metric's series went. `series` is which one that was: another one begins anew.

    `next_at` and `looked_at` are calendar moments; `lease_until` is elapsed time by the database's clock. `told` is the
    trouble that people were told of, so that they hear of it once.
    """

    __tablename__ = "series_states"
    __table_args__ = (UniqueConstraint("metric_id"), refers("metrics", "metric_id"))

    metric_id: Mapped[int]
    series: Mapped[str]
    next_at: Mapped[datetime | None]
    looked_at: Mapped[datetime | None]
    outcome: Mapped[str | None]  # a domain.series.Outcome
    trouble: Mapped[str | None]
    failures: Mapped[int] = mapped_column(Integer, default=0)  # in a row
    told: Mapped[str | None]
    lease_owner: Mapped[str | None]
    lease_until: Mapped[float | None] = mapped_column(Float)


class SeriesProposalRow(Base, InCoalition):
    """A value that a series has and the record hasn't."""

    __tablename__ = "series_proposals"
    __table_args__ = (
        Index("ix_series_proposals_metric_id_period_end", "metric_id", "period_end"),
        refers("metrics", "metric_id"),
        refers("members", "answered_by_id"),
    )

    metric_id: Mapped[int]
    period_end: Mapped[date]
    value: Mapped[Decimal]
    before: Mapped[Decimal | None]  # the figure that there was for its period
    quality: Mapped[str]
    series: Mapped[str]  # as readers know it
    vintage: Mapped[date | None]
    seen_on: Mapped[date]
    state: Mapped[str]  # a domain.series.ProposalState
    answered_by_id: Mapped[int | None] = mapped_column(Integer)
    answered_at: Mapped[datetime | None]
