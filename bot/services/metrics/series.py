"""What a metric's card says of its series: how looking there went. A step of other services' transactions."""

from __future__ import annotations

from sqlalchemy import select

from bot.domain.record import Metric
from bot.domain.rhythm import to_local
from bot.domain.series import SeriesLine, series_key
from bot.services.access import OnRecord
from bot.store.metrics import MetricRow
from bot.store.series import SeriesProposalRow, SeriesStateRow


async def read_series_line(tx: OnRecord, metric: Metric) -> SeriesLine | None:
    """How looking at a metric's series went; None where it follows none."""
    series = metric.series
    if series is None:
        return None
    of_metric = select(MetricRow.id).where(tx.owns(MetricRow), MetricRow.key == metric.id).scalar_subquery()
    state = await tx.session.scalar(
        select(SeriesStateRow).where(tx.owns(SeriesStateRow), SeriesStateRow.metric_id == of_metric)
    )
    newest = await tx.session.scalar(
        select(SeriesProposalRow)
        .where(tx.owns(SeriesProposalRow), SeriesProposalRow.metric_id == of_metric)
        .order_by(SeriesProposalRow.id.desc())
        .limit(1)
    )
    # Of another series nothing is known yet.
    is_same = state is not None and state.series == series_key(series)
    looked_at = state.looked_at if state is not None and is_same else None
    return SeriesLine(
        series=series,
        looked_on=to_local(looked_at, tx.record.coalition.timezone).date() if looked_at is not None else None,
        outcome=state.outcome if state is not None and is_same else None,
        trouble=state.trouble if state is not None and is_same else None,
        proposed_on=newest.seen_on if newest is not None else None,
        proposed_for=newest.period_end if newest is not None else None,
    )
