"""The digest, composed from what was known about a coalition at a moment. Pure: a record in, a value out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from typing import TypeVar
from zoneinfo import ZoneInfo

from bot.domain import actions as action_items
from bot.domain import asks, decisions, funding, issues
from bot.domain import checkins as standing
from bot.domain import metrics as metric_status
from bot.domain.checkins import StandingRoles
from bot.domain.decisions import DecisionLine
from bot.domain.digests import changes as digest_changes
from bot.domain.digests import figures as digest_figures
from bot.domain.digests.parts import (
    ASSESSMENT_ORDER,
    AskLine,
    Digest,
    Farewell,
    MeetingLine,
    OutcomeLine,
    PriorityPart,
    Promise,
    SaidAndDone,
)
from bot.domain.issues import IssueLine
from bot.domain.known import in_coalition_time, known_at
from bot.domain.metrics import Figure, Forecast, MetricLine, Restated
from bot.domain.record import (
    ActionItem,
    Ask,
    Directory,
    Metric,
    Outcome,
    Part,
    Priority,
    Reading,
    Record,
    Response,
    current_actions,
    headline_metric,
    in_common,
    metric_at,
    once,
)
from bot.domain.rhythm import occurrences_between, to_utc
from bot.domain.rights import channel_in_words, readers_of_roll_up, seen_by_everybody
from bot.domain.vocabularies import HELD_TOGETHER, ActionStatus, DecisionStatus, MetricStatus

WEEK = timedelta(days=7)

Hung = TypeVar("Hung", ActionItem, DecisionLine, IssueLine)


def compose(record: Record, moment: datetime) -> Digest:
    """Compose the digest of a coalition at a moment, of what everybody may see; the rest is as `compose_seen` says."""
    return compose_seen(seen_by_everybody(record), moment)


def compose_seen(record: Record, moment: datetime) -> Digest:
    """Compose the digest of all that is in a record at a moment; a moment without an offset is coalition time.

    For one reader's own page, and never for what is posted: some of it may be for them only.
    Facts of the record that are dated later are left out, so the same moment gives the same digest ever after.
    Linear in the record. Raises `RuleError` for a cadence or a zone that an import would refuse.
    """
    moment = in_coalition_time(record, moment)
    today = moment.date()
    known = known_at(record, moment)
    directory = Directory.of(known)
    told = standing.histories(known.responses, StandingRoles(known))
    current = current_actions(known, today - WEEK)
    needed_decisions = decisions.needed(known, directory)
    parts = _priority_parts(known, moment, directory, told, needed_decisions)
    latest = {one.id: told[one.id][-1] if told.get(one.id) else None for one in known.priorities}
    star = known.coalition.north_star
    north_star = _metric(star.metric, True, today, directory) if star and star.metric else None
    subjects = digest_changes.Subjects(
        north_star=north_star,
        priorities=parts,
        issues=known.issues,
        decisions=known.decisions,
        directory=directory,
        actions=current,
    )
    last = max(known.published, key=lambda one: one.published_at, default=None)
    compared_with = in_coalition_time(record, last.published_at) if last else None
    by_file = [metric for part in parts for metric in part.metrics]
    year, week, _ = today.isocalendar()
    return Digest(
        coalition=known.coalition.id,
        coalition_name=known.coalition.name,
        short_name=known.coalition.short_name,
        currency=known.coalition.currency,
        timezone=known.coalition.timezone,
        moment=moment,
        today=today,
        week=f"{year}-W{week:02}",
        compared_with=compared_with,
        north_star_statement=star.statement if star else None,
        north_star=north_star,
        decisions_needed=needed_decisions,
        asks=tuple(_ask_line(ask, directory) for ask in asks.open_asks(known, latest)),
        asks_told=tuple(
            _ask_line(ask, directory, since=last.published_at) for ask in asks.told_asks(known, last.published_at)
        )
        if last
        else (),
        promises=tuple(
            part.promise for part in parts if part.promise and part.promise.is_recent and part.promise.came_true
        ),
        decisions_made=decisions.made(known.decisions, today, directory),
        issues_escalated=issues.escalated(known.issues, directory),
        changed=digest_changes.changes(subjects, digest_changes.state_of(last.content), compared_with.date())
        if last and compared_with
        else (),
        priorities=tuple(sorted(parts, key=lambda part: _rank(part.standing.assessment))),
        coalition_actions=action_items.summarize(
            (action for action in current if action.priority is None), today, directory
        ),
        coalition_funding=funding.summarize(funding.to_groups(known.funding_sources, directory), None),
        silent_owners=tuple(
            dict.fromkeys(part.owner for part in parts if part.standing.silent_rounds >= standing.SILENT_FROM)
        ),
        metrics_without_reading=tuple(metric.id for metric in by_file if metric.status == MetricStatus.NO_DATA),
        stale_metrics=tuple(metric.id for metric in by_file if metric.status == MetricStatus.STALE),
        waits=action_items.waits(current, directory),
        upcoming_meetings=_upcoming_meetings(known, moment),
        sources=tuple(funding.describe(source, directory) for source in known.funding_sources),
        state=digest_changes.state(subjects),
        recorded=digest_figures.recorded(
            subjects.metrics(),
            digest_changes.state_of(last.content) if last else None,
            compared_with.date() if compared_with else _first_day(known),
        ),
        readers=readers_of_roll_up(known),
        said_and_done=_said_and_done(known, compared_with or moment - WEEK),
        farewell=_farewell(known, parts, today),
        moved_actions=digest_changes.moved_actions(subjects, digest_changes.state_of(last.content)) if last else (),
    )


def _farewell(known: Record, parts: Sequence[PriorityPart], today: date) -> Farewell | None:
    """What was reached in all, on the coalition's last day and later."""
    last_day = known.coalition.ended
    if last_day is None or today < last_day:
        return None
    outcomes = [one for priority in known.priorities for one in priority.outcomes]
    aimed = [one for part in parts for one in part.metrics if one.target is not None]
    held = [one for one in aimed if one.direction == "maintain" and one.status == MetricStatus.ON_TRACK]
    return Farewell(
        last_day=last_day,
        outcomes=sum(one.completed is not None for one in outcomes),
        outcomes_of=len(outcomes),
        targets=sum(one.status == MetricStatus.MET for one in aimed) + len(held),
        targets_of=len(aimed),
        actions=sum(one.status == ActionStatus.DONE for one in known.actions),
        decisions=sum(one.status == DecisionStatus.DECIDED for one in known.decisions),
    )


def _said_and_done(known: Record, since: datetime) -> tuple[SaidAndDone, ...]:
    """What was done in answer to pulses, of which it was written since then, the oldest round first."""
    names = {one.id: one.name for one in known.cadences}
    told = [one for one in known.pulses if one.did is not None and one.did_at is not None and one.did_at > since]
    told.sort(key=lambda one: one.round)
    return tuple(SaidAndDone(names[one.cadence], one.round, one.did or "") for one in told)


def _first_day(known: Record) -> date | None:
    """The day from which what people record is news in the first digest: that of the file's import."""
    return in_coalition_time(known, known.first_imported_at).date() if known.first_imported_at else None


def _rank(assessment: str) -> int:
    return ASSESSMENT_ORDER.index(assessment) if assessment in ASSESSMENT_ORDER else len(ASSESSMENT_ORDER)


def _priority_parts(
    known: Record,
    moment: datetime,
    directory: Directory,
    told: Mapping[str, Sequence[Response]],
    needed_decisions: Sequence[DecisionLine],
) -> tuple[PriorityPart, ...]:
    """Every priority in file order, each with what hangs on it; the record is gone through once for all of them."""
    today = moment.date()
    silent = standing.count_silent_rounds(known, moment, directory, told)
    actions = _by_priority(current_actions(known, today - WEEK))
    shares = funding.by_target(known.funding_sources)
    needed = _by_priority(needed_decisions)
    escalated = _by_priority(issues.escalated(known.issues, directory))
    sent = _ask_of(known)
    found = []
    for priority in known.priorities:
        history = told.get(priority.id, [])
        latest = history[-1] if history else None
        stands = standing.standing(priority, history, today, silent[priority.id])
        headline = headline_metric(priority)
        forecast = standing.newest_forecast(known, priority, headline, today) if headline is not None else None
        metrics = tuple(
            _metric(metric, metric is headline, today, directory, forecast if metric is headline else None)
            for metric in priority.metrics
        )
        status = next((metric.status for metric in metrics if metric.headline), None)
        outcomes = tuple(_outcome(outcome, priority, today) for outcome in priority.outcomes)
        found.append(
            PriorityPart(
                channel_words=channel_in_words(known, priority.channel) if priority.channel else None,
                owner_name=directory.name(priority.owner),
                standing=stands,
                confidence=standing.confidence(history),
                disagrees=standing.disagrees(stands.assessment, status),
                metrics=metrics,
                moved=latest.moved if latest and not stands.silent_rounds else None,
                blocker=latest.blocker if latest else None,
                ask=_ask(latest, sent, directory),
                promise=_promise(history, priority, today, stands.silent_rounds),
                outcomes=outcomes,
                next_outcome=min(
                    (outcome for outcome in outcomes if outcome.completed is None),
                    key=lambda outcome: outcome.due,
                    default=None,
                ),
                actions=action_items.summarize(actions.get(priority.id, []), today, directory),
                escalated_issue=issues.oldest(escalated.get(priority.id, [])),
                decisions_needed=tuple(needed.get(priority.id, [])),
                funding=funding.summarize(shares.get(priority.id, []), priority.need),
                **in_common(PriorityPart, priority, "metrics", "outcomes"),
            )
        )
    return tuple(found)


def _by_priority(items: Iterable[Hung]) -> dict[str | None, list[Hung]]:
    found: dict[str | None, list[Hung]] = {}
    for item in items:
        found.setdefault(item.priority, []).append(item)
    return found


def _metric(
    metric: Metric, headline: bool, today: date, directory: Directory, forecast: Forecast | None = None
) -> MetricLine:
    now = metric_status.standing(metric, today)
    return MetricLine(
        headline=headline,
        latest=_figure(metric, now.latest) if now.latest else None,
        steward_name=directory.name(metric.steward),
        restated=tuple(
            Restated(period_end=one.period_end, old=one.before, new=one.after, restated_on=one.recorded_on)
            for one in metric_status.restatements(metric, today)
            if today - WEEK <= one.recorded_on
        ),
        figures=once(_figures, metric_at(metric, today)),
        forecast=None if now.withheld else forecast,
        **in_common(MetricLine, metric),
        **in_common(MetricLine, now, "latest"),
    )


def _figures(metric: Metric) -> tuple[Figure, ...]:
    """Every figure that is told of a metric in which nothing is later than today."""
    counts = Counter(reading.period_end for reading in metric_status.known_readings(metric, date.max))
    return Part(
        replace(_figure(metric, reading), count=counts[reading.period_end])
        for reading in metric_status.current_readings(metric, date.max)
    )


def _figure(metric: Metric, reading: Reading) -> Figure:
    return Figure(
        value=None if metric_status.is_withheld(metric, reading) else reading.value,
        reported_on=reading.recorded_on,
        **in_common(Figure, reading, "value"),
    )


def _outcome(outcome: Outcome, priority: Priority, today: date) -> OutcomeLine:
    is_overdue = outcome.completed is None and outcome.due < today
    return OutcomeLine(
        priority=priority.id,
        priority_name=priority.name,
        days_overdue=(today - outcome.due).days if is_overdue else 0,
        **in_common(OutcomeLine, outcome),
    )


def _ask_of(known: Record) -> Callable[[Response], Ask | None]:
    """What a response asked for, as it was sent; None too where whoever was asked has ended."""
    sent = asks.sent_asks(known)

    def of(response: Response) -> Ask | None:
        ask = sent(response)
        return ask if ask is None or ask.asked is None or asks.name_of(known, ask.asked) is not None else None

    return of


def _ask(latest: Response | None, sent: Callable[[Response], Ask | None], directory: Directory) -> AskLine | None:
    ask = sent(latest) if latest is not None else None
    return _ask_line(ask, directory) if ask is not None else None


def _ask_line(ask: Ask, directory: Directory, since: datetime | None = None) -> AskLine:
    return AskLine(
        priority_name=directory.priority_name(ask.priority) or ask.priority,
        organization=ask.asked,
        organization_name=directory.name(ask.asked) if ask.asked else None,
        asked_on=asks.asked_on(ask, directory.timezone),
        suggested_name=directory.name(ask.suggested) if ask.suggested else None,
        is_answer_new=since is not None and ask.answered_at is not None and ask.answered_at > since,
        outcome=ask.state if ask.state in asks.OUTCOMES else None,
        **in_common(AskLine, ask),
    )


def _promise(history: Sequence[Response], priority: Priority, today: date, silent_rounds: int) -> Promise | None:
    before, latest = history[-2:] if len(history) > 1 else (None, None)
    if before is None or latest is None or not before.next:
        return None
    return Promise(
        priority=priority.id,
        priority_name=priority.name,
        text=before.next,
        promised_on=before.round,
        came_true=latest.came_true,
        answered_on=latest.round,
        is_recent=not silent_rounds and today - WEEK < latest.round,
    )


def _upcoming_meetings(known: Record, moment: datetime) -> tuple[MeetingLine, ...]:
    """Meetings and stocktakes from the moment (included) to the end of the seventh day after today."""
    timezone = known.coalition.timezone
    end = to_utc(datetime.combine(moment.date() + timedelta(days=8), time.min), timezone)
    instant = timedelta(microseconds=1)
    found = []
    for cadence in known.cadences:
        if cadence.kind not in HELD_TOGETHER:
            continue
        for occurrence, starts_at in occurrences_between(cadence, moment - instant, end - instant):
            original = to_utc(occurrence.slot, cadence.timezone) if occurrence.moved else None
            found.append(
                MeetingLine(
                    cadence=cadence.id,
                    starts_at=starts_at.astimezone(ZoneInfo(timezone)),
                    moved_from=original.astimezone(ZoneInfo(timezone)) if original else None,
                    **in_common(MeetingLine, cadence),
                )
            )
    return tuple(sorted(found, key=lambda meeting: meeting.starts_at))
