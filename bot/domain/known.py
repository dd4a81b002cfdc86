"""What was known at a moment: a record without the facts that are dated later. No rule is applied to them here."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import TypeVar
from zoneinfo import ZoneInfo

from bot.domain.record import (
    ActionItem,
    Decision,
    Issue,
    MemberAnswer,
    Metric,
    Outcome,
    Part,
    Priority,
    PulseResult,
    Record,
    Response,
    Round,
    Section,
    metric_at,
    once,
    present_on,
)
from bot.domain.rhythm import to_utc
from bot.domain.vocabularies import ActionStatus, Assessment, DecisionStatus, IssueStatus

Dated = TypeVar("Dated", Response, MemberAnswer, ActionItem, Round)

_LONG_AGO = datetime.min.replace(tzinfo=UTC)


def in_coalition_time(record: Record, moment: datetime) -> datetime:
    """Return the moment on the coalition's clock; a moment without an offset is coalition time."""
    zone = record.coalition.timezone
    aware = to_utc(moment, zone) if moment.tzinfo is None else moment
    return aware.astimezone(ZoneInfo(zone))


def known_at(record: Record, moment: datetime) -> Record:
    """Return the record as it was known at a moment. Where nothing in a part of it is later, that part is itself.

    Days count on the coalition's clock, today included. What carries a moment of its own (an answer, a
    round, a published digest) counts from that moment. What carries no date holds from the beginning.
    """
    moment = in_coalition_time(record, moment)
    today = moment.date()
    record = present_on(record, today)
    north_star = record.coalition.north_star
    if north_star is not None and north_star.metric is not None:
        north_star = replace(north_star, metric=_metric_at(north_star.metric, today))
    return replace(
        record,
        coalition=replace(record.coalition, north_star=north_star),
        priorities=tuple(_priority_at(priority, today) for priority in record.priorities),
        responses=_only(
            record.responses,
            lambda part: _is_past(once(_newest_answer, part), moment, today),
            lambda one: one if _is_given(one, moment, today) else None,
        ),
        member_answers=_only(
            record.member_answers,
            lambda part: _is_past(once(_newest_answer, part), moment, today),
            lambda one: one if _is_given(one, moment, today) else None,
        ),
        pulses=tuple(_pulse_at(one, moment) for one in record.pulses if one.round <= today),
        actions=_only(
            record.actions,
            lambda part: once(_newest_day, part) <= today,
            lambda one: _action_at(one, today) if one.created <= today else None,
        ),
        issues=tuple(_issue_at(one, today) for one in record.issues if one.raised <= today),
        decisions=tuple(_decision_at(decision, moment) for decision in record.decisions),
        rounds=_only(
            record.rounds,
            lambda part: once(_newest_opening, part) <= moment,
            lambda one: one if one.opens_at <= moment else None,
        ),
        # The digest published at this very moment is the one being composed: it is compared with the one before,
        # so that asking for that moment again gives the same bytes.
        published=tuple(one for one in record.published if one.published_at < moment),
    )


def _only(
    items: tuple[Dated, ...], is_past: Callable[[Part[Dated]], bool], as_known: Callable[[Dated], Dated | None]
) -> tuple[Dated, ...]:
    """The items as they were known; those of parts in which nothing is later are not looked at one by one."""
    if isinstance(items, Section):
        return items.only(is_past, as_known)
    return tuple(known for one in items if (known := as_known(one)) is not None)


def _pulse_at(result: PulseResult, moment: datetime) -> PulseResult:
    is_said = result.did_at is None or result.did_at <= moment
    return result if is_said else replace(result, did=None, did_at=None)


def _newest_answer(answers: Part[Response] | Part[MemberAnswer]) -> tuple[datetime, date]:
    """When the newest answer was given, and the newest round of those that say no moment."""
    moments = (one.answered_at for one in answers if one.answered_at is not None)
    days = (one.round for one in answers if one.answered_at is None)
    return max(moments, default=_LONG_AGO), max(days, default=date.min)


def _is_past(newest: tuple[datetime, date], moment: datetime, today: date) -> bool:
    return newest[0] <= moment and newest[1] <= today


def _newest_day(actions: Part[ActionItem]) -> date:
    """The newest day on which anything is said to have happened to them."""
    return max(
        day
        for one in actions
        for day in (one.created, one.completed, *(move.on for move in one.moves))
        if day is not None
    )


def _newest_opening(rounds: Part[Round]) -> datetime:
    return max(one.opens_at for one in rounds)


def _is_given(response: Response | MemberAnswer, moment: datetime, today: date) -> bool:
    """An imported response counts from its round, a live one from when it was given.

    The owner's clock may be a day ahead of the coalition's, so a live response is not measured by its round.
    """
    if response.answered_at is not None:
        return response.answered_at <= moment
    return response.round <= today


def _priority_at(priority: Priority, today: date) -> Priority:
    set_later = priority.assessment_on is not None and priority.assessment_on > today
    return replace(
        priority,
        # What stood before a later assessment is not in the record, so none had been made.
        assessment=Assessment.NOT_STARTED if set_later else priority.assessment,
        assessment_on=None if set_later else priority.assessment_on,
        outcomes=tuple(_outcome_at(outcome, today) for outcome in priority.outcomes),
        metrics=tuple(_metric_at(metric, today) for metric in priority.metrics),
    )


def _outcome_at(outcome: Outcome, today: date) -> Outcome:
    if outcome.completed is not None and outcome.completed > today:
        return replace(outcome, completed=None)
    return outcome


def _metric_at(metric: Metric, today: date) -> Metric:
    metric = metric_at(metric, today)
    return replace(metric, baseline=None) if metric.baseline is not None and metric.baseline.on > today else metric


def _action_at(action: ActionItem, today: date) -> ActionItem:
    if action.completed is not None and action.completed > today:
        action = replace(action, completed=None, status=ActionStatus.IN_PROGRESS)
    if any(one.on is not None and one.on > today for one in action.moves):
        action = replace(action, moves=tuple(one for one in action.moves if one.on is None or one.on <= today))
    return action


def _issue_at(issue: Issue, today: date) -> Issue:
    if issue.escalated is not None and issue.escalated > today:
        status = IssueStatus.OPEN if issue.is_escalated else issue.status
        issue = replace(issue, escalated=None, escalated_to=None, status=status)
    if issue.resolved is not None and issue.resolved > today:
        status = IssueStatus.OPEN if issue.escalated_to is None else IssueStatus.ESCALATED
        issue = replace(issue, resolved=None, status=status)
    return issue


def _decision_at(decision: Decision, moment: datetime) -> Decision:
    today = moment.date()
    if any(one.answered_at > moment for one in decision.answers):
        decision = replace(decision, answers=tuple(one for one in decision.answers if one.answered_at <= moment))
    if decision.decided_on is not None and decision.decided_on > today:
        return replace(decision, status=DecisionStatus.NEEDED, decided_on=None, outcome=None, delegated=False)
    return decision
