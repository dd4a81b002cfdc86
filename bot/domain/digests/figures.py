"""Which figures were recorded since the last digest: new ones, restated ones, and those that were confirmed.

Each is one thing to tell, however often it was recorded between two digests. How it reads is in the wording modules.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

from bot.domain.digests.parts import Digest, FigureNews
from bot.domain.metrics import Figure, MetricLine
from bot.domain.record import once
from bot.domain.wording import exact

NEW, RESTATED, CONFIRMED = "new", "restated", "confirmed"

Hung = tuple[str | None, MetricLine]  # a metric, and the id of its priority


def recorded(metrics: Iterator[Hung], before: Mapping[str, Any] | None, since: date | None) -> tuple[FigureNews, ...]:
    """What was recorded since the state `before`, published on the day `since`.

    Without a digest before (None) it is what people recorded since that day, the file's own figures left out. What
    the state knows of a period decides; the day only keeps what was there long before from being told as news, where a
    figure, or its baseline, is new itself.
    """
    found = []
    for priority, metric in metrics:
        known = before["figures"].get(metric.id, {}) if before is not None else {}
        counts = before.get("recorded", {}).get(metric.id, {}) if before is not None else {}
        if known and known == values_of(metric) and (not counts or counts == counts_of(metric)):
            continue
        for figure in metric.figures:
            period = figure.period_end.isoformat()
            kind, old = None, None
            if period not in known:
                kind = NEW if _counts(figure, since, is_first=before is None) else None
            elif not same(known[period], figure.value):
                kind, old = RESTATED, number(known[period])
            elif figure.count > counts.get(period, figure.count):
                kind = CONFIRMED
            if kind is not None:
                found.append(
                    FigureNews(metric=metric.id, priority=priority, period_end=figure.period_end, kind=kind, old=old)
                )
    return tuple(found)


def news_of(digest: Digest) -> tuple[FigureNews, ...]:
    """The figures that a digest tells as news; of one that was stored before they were kept, what it told then."""
    if digest.recorded is not None:
        return digest.recorded
    return tuple(_as_told_before(digest))


def news_of_metric(digest: Digest, metric: MetricLine) -> tuple[FigureNews, ...]:
    """The same of one metric."""
    return tuple(one for one in news_of(digest) if one.metric == metric.id)


def figure_of(metric: MetricLine, news: FigureNews) -> Figure | None:
    """The figure that a piece of news is about."""
    return next((one for one in metric.figures if one.period_end == news.period_end), None)


def values_of(metric: MetricLine) -> Mapping[str, int | Decimal | None]:
    """The figure of each period of a metric, for the state that the next digest is compared with."""
    return once(_values, metric.figures)


def counts_of(metric: MetricLine) -> Mapping[str, int]:
    """How often each period of a metric was recorded, for the same."""
    return once(_counted, metric.figures)


def _values(figures: Sequence[Figure]) -> dict[str, int | Decimal | None]:
    return {figure.period_end.isoformat(): exact(figure.value) for figure in figures}


def _counted(figures: Sequence[Figure]) -> dict[str, int]:
    return {figure.period_end.isoformat(): figure.count for figure in figures}


def same(old: Any, new: Decimal | None) -> bool:
    """Whether a number of a published digest, in whatever form it was read back, equals one of today."""
    if old is None or new is None:
        return old is None and new is None
    if isinstance(old, int | Decimal):
        return old == new
    return Fraction(str(old)) == Fraction(new)


def number(old: Any) -> int | Decimal | None:
    """A number of a published digest as it is told."""
    return None if old is None else exact(Decimal(str(old)))


def _counts(figure: Figure, since: date | None, *, is_first: bool) -> bool:
    if is_first:
        # What has no day of its own came with the file, as did what is older than the file.
        return figure.reported_on is not None and (since is None or figure.reported_on >= since)
    return since is None or (figure.reported_on or figure.period_end) >= since


def _as_told_before(digest: Digest) -> Iterator[FigureNews]:
    """Restatements, and the newest figure of each metric that came on or after the day of the last digest."""
    restated = {(one.subject, one.period_end): one for one in digest.changed if one.kind == "restated"}
    for one in restated.values():
        if one.period_end is not None:
            yield FigureNews(
                metric=one.subject, priority=one.priority, period_end=one.period_end, kind=RESTATED, old=one.old
            )
    if digest.compared_with is None:
        return
    for priority, metric in digest.metrics():
        latest = metric.latest
        if latest is None or (metric.id, latest.period_end) in restated:
            continue
        if (latest.reported_on or latest.period_end) >= digest.compared_with.date():
            yield FigureNews(metric=metric.id, priority=priority, period_end=latest.period_end, kind=NEW, old=None)
