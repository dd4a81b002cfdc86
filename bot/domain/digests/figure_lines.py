"""How a figure reads in a digest: as a line of words, and as a row of the same where there is room for a table.

A row says what its line says and nothing besides: whoever gets the words reads the same figures.
"""

from __future__ import annotations

from decimal import Decimal

from bot.domain import wording
from bot.domain.digests.figures import CONFIRMED, RESTATED, figure_of, news_of_metric
from bot.domain.digests.pages import FigureRow, Line, Span, bold, line
from bot.domain.digests.parts import NOT_REPORTED, Digest
from bot.domain.digests.wording import is_new, latest_words, not_reported
from bot.domain.metrics import MetricLine
from bot.domain.vocabularies import MetricStatus


def metric_line(metric: MetricLine, digest: Digest, *, with_status: bool) -> Line:
    """Return a metric as baseline → latest → expected → target, each with its day, and what happened to it."""
    today = digest.today
    if metric.baseline is None or metric.target is None or metric.latest is None:
        return _not_told(metric, digest)
    baseline = f"{wording.entered(metric.baseline.value, metric.unit)} ({wording.day(metric.baseline.on, today)})"
    latest = latest_words(metric, today)
    steps, expected = [baseline, latest], ""
    target = wording.entered(metric.target.value, metric.unit)
    until = wording.day(metric.target.on, today)
    if metric.direction == "maintain":
        steps.append(f"keep at {target} until {until}")
        aim = wording.sentence(steps[-1])
    else:
        if metric.expected is not None:
            expected = wording.computed(metric.expected, metric.unit)
            steps.append(f"expected {expected}")
        aim = f"{target} by {until}"
        steps.append(f"target {aim}")
    words, besides = " → ".join(steps), []
    if metric.status == MetricStatus.STALE:
        besides.append(not_reported(metric, today))
    elif not is_new(metric, digest) and digest.compared_with is not None and not with_status and not metric.restated:
        besides.append("unchanged")
    words = ", ".join([words, *besides])
    says = f"Numbers say {wording.status(metric.status)}" if with_status and metric.status != MetricStatus.STALE else ""
    remarks = _remarks(metric, digest)
    last = "; ".join(one for one in (says, remarks) if one)
    row = FigureRow(
        name=_name(metric),
        baseline=baseline,
        latest=wording.sentence(latest),
        expected=expected,
        target=aim,
        note=_note(*besides, says, remarks),
    )
    return line(_label(metric), f" {words}.{f' {last}.' if last else ''}", row=row)


def short_metric_line(metric: MetricLine, digest: Digest) -> Line:
    """Return a metric beside the headline one in one clause."""
    today = digest.today
    if metric.latest is None or metric.status in NOT_REPORTED:
        return _not_told(metric, digest)
    latest, says = latest_words(metric, today), f"Numbers say {wording.status(metric.status)}"
    aim = wording.entered(metric.target.value, metric.unit) if metric.target else ""
    remarks = _remarks(metric, digest)
    words = f" {latest}{f', target {aim}' if aim else ''}. {says}{f'; {remarks}' if remarks else ''}."
    row = FigureRow(name=_name(metric), latest=wording.sentence(latest), target=aim, note=_note(says, remarks))
    return line(_label(metric), words, row=row)


def _not_told(metric: MetricLine, digest: Digest) -> Line:
    """A metric that says nothing, and why."""
    why, remarks = not_reported(metric, digest.today), _remarks(metric, digest)
    words = f" {why}{f'; {remarks}' if remarks else ''}"
    row = FigureRow(name=_name(metric), latest=wording.sentence(why), note=_note(remarks))
    return line(_label(metric), words, row=row)


def _name(metric: MetricLine) -> str:
    return wording.one_line(metric.name)


def _label(metric: MetricLine) -> Span:
    return bold(f"{_name(metric)}:", may_cut=True)


def _note(*pieces: str) -> str:
    return wording.sentence("; ".join(one for one in pieces if one))


def _remarks(metric: MetricLine, digest: Digest) -> str:
    """What else was recorded: restatements of the last seven days, and figures of earlier periods.

    "Jun 30 restated 104 → 110, Mar 31 recorded: 88".
    """
    today = digest.today
    told = {one.period_end: _from_to(metric, one.old, one.new) for one in metric.restated}
    words = [f"{wording.day(on, today)} restated{values}" for on, values in told.items()]
    for news in news_of_metric(digest, metric):
        figure = figure_of(metric, news)
        if figure is None or news.period_end in told:
            continue
        on = wording.day(news.period_end, today)
        if news.kind == RESTATED:
            words.append(f"{on} restated{_from_to(metric, news.old, figure.value)}")
        elif metric.latest is None or news.period_end != metric.latest.period_end:
            value = "withheld" if figure.value is None else wording.entered(figure.value, metric.unit)
            words.append(f"{on} {'confirmed' if news.kind == CONFIRMED else 'recorded'}: {value}")
    return ", ".join(words)


def _from_to(metric: MetricLine, old: int | Decimal | None, new: Decimal | None) -> str:
    """The two values of a restatement, where both may be shown."""
    if old is None or new is None:
        return ""
    return f" {wording.entered(old, metric.unit)} → {wording.entered(new, metric.unit)}"
