"""Values that series have and the record hasn't: found again, and as their steward reads of them. Steps and readers."""

from __future__ import annotations

from datetime import date

from sqlalchemy import select

from bot.domain.metrics import (
    FigureEntry,
    Proposal,
    current_readings,
    is_withheld,
    propose,
)
from bot.domain.record import Metric
from bot.domain.series import (
    AboutProposal,
    ProposalState,
    RecordedNews,
    SeriesNews,
    TroubleNews,
    note_words,
    proposal_about,
    read_proposal_about,
    read_trouble_about,
    series_name,
)
from bot.errors import UserError
from bot.services.access import Addressee, OnRecord, Transaction
from bot.services.metrics import places_of
from bot.store.metrics import MetricRow
from bot.store.series import SeriesProposalRow, SeriesStateRow

# So many stand in Home.
MOST_IN_HOME = 5


def token_of(row: SeriesProposalRow) -> str:
    """Under which a value is recorded: the same press again finds what it did."""
    return f"series-{row.id}"


async def newest_of_period(tx: Transaction, metric_id: int, period_end: date) -> SeriesProposalRow | None:
    """What was found last for a period."""
    found: SeriesProposalRow | None = await tx.session.scalar(
        select(SeriesProposalRow)
        .where(
            tx.owns(SeriesProposalRow),
            SeriesProposalRow.metric_id == metric_id,
            SeriesProposalRow.period_end == period_end,
        )
        .order_by(SeriesProposalRow.id.desc())
        .limit(1)
    )
    return found


async def find_proposal(tx: Transaction, about: AboutProposal) -> tuple[SeriesProposalRow, bool] | None:
    """The newest row of such a value, and whether nothing was found for its period since; None where there is none."""
    rows = await tx.values(
        select(SeriesProposalRow)
        .join(MetricRow, MetricRow.id == SeriesProposalRow.metric_id)
        .where(
            tx.owns(SeriesProposalRow),
            MetricRow.key == about.metric,
            SeriesProposalRow.period_end == about.period_end,
        )
        .order_by(SeriesProposalRow.id.desc())
    )
    own = next((row for row in rows if row.value == about.value), None)
    return (own, own is rows[0]) if own is not None else None


def proposed(metric: Metric, row: SeriesProposalRow, today: date) -> Proposal:
    """What recording it would change. Raises UserError where it can't be recorded as it is."""
    entry = FigureEntry(
        metric=metric.id,
        value=row.value,
        period_end=row.period_end,
        quality=row.quality,
        note=note_words(row.series, row.vintage, row.seen_on),
    )
    return propose(metric, entry, today)


def news_of(metric: Metric, row: SeriesProposalRow, today: date, *, is_newest: bool) -> SeriesNews:
    """A value as its steward reads of it, with what has become of it."""
    readings = current_readings(metric, today)
    current = next((one for one in readings if one.period_end == row.period_end), None)
    latest = next((one for one in reversed(readings) if one.period_end < row.period_end), None)
    state, needs, start = "open", None, current.period_start if current is not None else None
    # Where only the quality is another, the value stood there already.
    is_same = current is not None and current.value == row.value
    if current is not None and is_same and (row.before != row.value or current.quality == row.quality):
        state = "recorded"
    elif row.state == ProposalState.DECLINED:
        state = "declined"
    elif not is_newest or (current is not None and current.value not in {row.before, row.value}):
        state = "other"
    else:
        try:
            start = proposed(metric, row, today).reading.period_start
        except UserError as error:
            state, needs = "needs", error.message
    return SeriesNews(
        metric=metric,
        about=proposal_about(AboutProposal(metric.id, row.period_end, row.value)),
        state=state,
        series=row.series,
        value=row.value,
        period_start=start,
        period_end=row.period_end,
        quality=row.quality,
        vintage=row.vintage,
        seen_on=row.seen_on,
        today=today,
        current=current,
        current_withheld=current is not None and is_withheld(metric, current),
        latest=latest,
        latest_withheld=latest is not None and is_withheld(metric, latest),
        needs=needs,
        token=token_of(row),
    )


async def read_series_proposed(tx: OnRecord, to: Addressee, about: str) -> SeriesNews | None:
    """A value that was found; nothing where somebody else is the figure's steward, or it is gone."""
    asked = read_proposal_about(about)
    metric = _metric(tx, asked.metric)
    found = await find_proposal(tx, asked)
    if metric is None or metric.steward != to.key or found is None:
        return None
    row, is_newest = found
    return news_of(metric, row, tx.today, is_newest=is_newest)


async def read_series_recorded(tx: OnRecord, to: Addressee, about: str) -> RecordedNews | None:
    """A value that was recorded by itself."""
    news = await read_series_proposed(tx, to, about)
    return RecordedNews(news=news, stands=news.state == "recorded") if news is not None else None


async def read_series_trouble(tx: OnRecord, to: Addressee, about: str) -> TroubleNews | None:
    """What keeps a series from being read; nothing where the figure follows none any more."""
    metric = _metric(tx, read_trouble_about(about))
    if metric is None or metric.series is None or metric.steward != to.key:
        return None
    state = await tx.session.scalar(
        select(SeriesStateRow)
        .join(MetricRow, MetricRow.id == SeriesStateRow.metric_id)
        .where(tx.owns(SeriesStateRow), MetricRow.key == metric.id)
    )
    if state is None:
        return None
    return TroubleNews(
        metric=metric,
        series=series_name(metric.series),
        trouble=state.trouble or "",
        is_over=state.trouble is None,
    )


async def open_proposals(tx: OnRecord, member: str | None) -> tuple[SeriesNews, ...]:
    """The values that wait for this person's word, oldest period first. For Home."""
    own = {one.metric.id: one.metric for one in places_of(tx.record) if one.metric.steward == member}
    own = {key: metric for key, metric in own.items() if metric.series is not None}
    if not own:
        return ()
    rows = await tx.rows(
        select(SeriesProposalRow, MetricRow.key)
        .join(MetricRow, MetricRow.id == SeriesProposalRow.metric_id)
        .where(tx.owns(SeriesProposalRow), MetricRow.key.in_(own))
        .order_by(SeriesProposalRow.id)
    )
    newest = {(key, row.period_end): row for row, key in rows}
    waiting = [
        news
        for (key, _end), row in newest.items()
        if row.state == ProposalState.OPEN and not (news := news_of(own[key], row, tx.today, is_newest=True)).is_settled
    ]
    return tuple(sorted(waiting, key=lambda one: (one.period_end, one.metric.name)))[-MOST_IN_HOME:]


async def series_troubles(tx: OnRecord) -> tuple[tuple[str, str], ...]:
    """The figures whose series can't be read, by name, each with why. For coordinators."""
    followed = {one.metric.id: one.metric for one in places_of(tx.record) if one.metric.series is not None}
    if not followed:
        return ()
    rows = await tx.rows(
        select(SeriesStateRow.trouble, MetricRow.key)
        .join(MetricRow, MetricRow.id == SeriesStateRow.metric_id)
        .where(tx.owns(SeriesStateRow), SeriesStateRow.trouble.is_not(None), MetricRow.key.in_(followed))
        .order_by(MetricRow.id)
    )
    return tuple((followed[row.key].name, row.trouble) for row in rows)


def _metric(tx: OnRecord, key: str) -> Metric | None:
    return next((one.metric for one in places_of(tx.record) if one.metric.id == key), None)
