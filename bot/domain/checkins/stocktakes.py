"""The stocktake of a priority: what its owner says of the curve of its headline metric, and what follows from that.

A set of questions is a stocktake where it asks for a `forecast` as a number. It says how a priority stands to nobody.
What an answer means depends on the day that it was given: which metric was the headline, which day the forecast is
for, which decision was proposed because of it. That is kept beside the answers, so that nothing later changes it. Pure.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any

from bot.domain.checkins.answers_in_words import Names, ReadsAnswers, Said, said_in
from bot.domain.checkins.questions import as_day, as_number
from bot.domain.checkins.standing_roles import StandingRoles
from bot.domain.checkins.versions import questions_asked
from bot.domain.metrics import CameTrue, Forecast, came_true, forecast_words, shown_figures
from bot.domain.people import asks_for_standing, is_about_priorities
from bot.domain.record import (
    Metric,
    Part,
    Priority,
    QuestionSet,
    Record,
    Response,
    answers_about,
    headline_metric,
    once,
)
from bot.domain.vocabularies import READ_IN_DIGEST, QuestionType
from bot.domain.wording import one_line

FORECAST, FORECAST_ON, STORY, DECISION = "forecast", "forecast_on", "story", "decision"
# Kept beside the answers: the metric that the forecast is of, the day that it is for, the decision that was proposed.
FORECAST_OF, FORECAST_FOR, DECISION_ID = "forecast_of", "forecast_for", "decision_id"
BESIDE = (FORECAST_OF, FORECAST_FOR, DECISION_ID)


@dataclass(frozen=True, slots=True, kw_only=True)
class Stocktake:
    """What an owner said of a priority's curve in one round. `came` is what became of the forecast by today."""

    priority: str
    checkin: str  # its name
    on: date  # of its round
    by_name: str
    said: tuple[Said, ...]  # in the order of the questions
    story: str | None = None
    decision_id: str | None = None
    metric: str | None = None  # the name of the one that the forecast is of
    unit: str = ""
    forecast: Forecast | None = None
    came: CameTrue | None = None
    is_withheld: bool = False  # the metric's newest figure is, and so is the forecast


def is_stocktake(questions: QuestionSet | None) -> bool:
    """Whether a set of questions takes stock of a priority; one that asks how it stands is another thing."""
    if questions is None or questions.anonymous or questions.per_item is not None or asks_for_standing(questions):
        return False
    return any(one.id == FORECAST and one.type == QuestionType.NUMBER for one in questions.questions)


def asks_for_stocktakes(record: Record) -> bool:
    """Whether a check-in asks priorities' owners for one, paused or not."""
    sets = {one.id for one in record.question_sets if is_stocktake(one)}
    return any(one.question_set in sets and is_about_priorities(record, one) for one in record.cadences)


def kept_beside(priority: Priority, answers: Mapping[str, Any], before: Mapping[str, Any]) -> dict[str, str]:
    """What is kept beside the answers of a stocktake of a priority: which metric the forecast is of and for which day.

    An edit keeps what was so when the first answer was given, of which `before` tells.
    """
    found = {name: str(before[name]) for name in (FORECAST_OF, DECISION_ID) if before.get(name)}
    metric = _metric_of(priority, found.get(FORECAST_OF))
    if metric is None:
        return found
    on = _day(answers.get(FORECAST_ON)) or (metric.target.on if metric.target is not None else None)
    return {**found, FORECAST_OF: metric.id} | ({FORECAST_FOR: on.isoformat()} if on is not None else {})


def stocktakes_of(record: Record, priority: Priority, today: date, reads: ReadsAnswers) -> tuple[Stocktake, ...]:
    """The stocktakes of a priority up to a day, newest first: of those whose answers somebody `reads`."""
    names, roles, called = (
        Names.of(record),
        StandingRoles(record),
        {one.id: one.name for one in record.everything.cadences},
    )
    found = []
    for response in _given(record, priority, today):
        questions = questions_asked(record, response.cadence, response.round, priority.id)
        if questions is None or not is_stocktake(questions) or not reads(questions.readers):
            continue
        metric = _metric_of(priority, response.extra.get(FORECAST_OF))
        forecast = _forecast(response, metric)
        figures = shown_figures(metric, today) if metric is not None else ()
        found.append(
            Stocktake(
                priority=priority.id,
                checkin=called.get(response.cadence, ""),
                on=response.round,
                by_name=names.member(response.by),
                said=said_in(
                    _without_forecast(questions) if forecast is not None else questions,
                    roles.resolved(response),
                    names,
                    today,
                ),
                story=one_line(str(response.extra.get(STORY) or "")) or None,
                decision_id=response.extra.get(DECISION_ID),
                metric=metric.name if metric is not None else None,
                unit=metric.unit if metric is not None else "",
                forecast=forecast,
                came=came_true(figures, forecast) if forecast is not None else None,
                is_withheld=bool(figures) and figures[-1][1] is None,
            )
        )
    return tuple(found)


def forecasts_of(record: Record, priority: Priority, metric: str, today: date) -> tuple[Forecast, ...]:
    """What was forecast of a metric in the stocktakes of its priority that the digest's readers read, newest first."""
    found = []
    for response in _given(record, priority, today):
        of = _metric_of(priority, response.extra.get(FORECAST_OF))
        if of is None or of.id != metric:
            continue
        questions = questions_asked(record, response.cadence, response.round, priority.id)
        if questions is None or not is_stocktake(questions) or questions.readers not in READ_IN_DIGEST:
            continue
        forecast = _forecast(response, of)
        if forecast is not None:
            found.append(forecast)
    return tuple(found)


def newest_forecast(record: Record, priority: Priority, metric: Metric, today: date) -> Forecast | None:
    """The newest of them, where the metric's newest figure is not withheld; None where there is none."""
    return next(iter(forecasts_of(record, priority, metric.id, today)), None)


def forecast_of_stocktake(one: Stocktake, today: date, headline: str | None = None) -> str:
    """Its forecast in words: "Nov 2026 forecast 180 by Dec 31 · came true 176"; "" without one.

    Where the figure is another one than the `headline` (a name) beside which it stands, it is named first.
    """
    if one.forecast is None or one.metric is None:
        return ""
    words = forecast_words(one.forecast, one.came, one.unit, today)
    if one.is_withheld:
        words = "the forecast is withheld, as the newest figure is"
    return words if one.metric == headline else f"{one_line(one.metric)}: {words}"


def questions_told(
    priority: Priority | None, questions: QuestionSet | None, answers: Mapping[str, Any], today: date
) -> QuestionSet | None:
    """The questions whose answers about a priority may be told: without the forecast of a figure that is withheld."""
    if priority is None or questions is None or not is_stocktake(questions):
        return questions
    metric = _metric_of(priority, answers.get(FORECAST_OF))
    figures = shown_figures(metric, today) if metric is not None else ()
    return _without_forecast(questions) if figures and figures[-1][1] is None else questions


def _without_forecast(questions: QuestionSet) -> QuestionSet:
    """The questions without those whose answers are told as the forecast."""
    kept = tuple(one for one in questions.questions if one.id not in {FORECAST, FORECAST_ON})
    return replace(questions, questions=kept)


def _given(record: Record, priority: Priority, today: date) -> list[Response]:
    """The answers with a forecast about a priority up to a day, newest first."""
    given = once(_forecasting, answers_about(record, priority.id))
    return [one for one in given if one.round <= today]


def _forecasting(answers: Part[Response]) -> list[Response]:
    """An owner's own answer goes before a delegate's of the same round, as everywhere."""
    rounds: dict[tuple[str, date], Response] = {}
    for one in answers:
        if FORECAST not in one.extra:
            continue
        earlier = rounds.get((one.cadence, one.round))
        if earlier is None or earlier.on_behalf_of is not None or one.on_behalf_of is None:
            rounds[one.cadence, one.round] = one
    return sorted(rounds.values(), key=lambda one: one.round, reverse=True)


def _metric_of(priority: Priority, key: object) -> Metric | None:
    """The metric with this id, else the headline: a file's answers name none."""
    named = next((one for one in priority.metrics if one.id == key), None)
    if named is not None or key is not None:
        return named
    return headline_metric(priority)


def _forecast(response: Response, metric: Metric | None) -> Forecast | None:
    value = _number(response.extra.get(FORECAST))
    on = _day(response.extra.get(FORECAST_FOR)) or _day(response.extra.get(FORECAST_ON))
    if on is None and metric is not None and metric.target is not None:
        on = metric.target.on
    return Forecast(value, on, response.round) if metric is not None and value is not None and on is not None else None


def _number(answer: object) -> Decimal | None:
    if isinstance(answer, bool) or answer is None:
        return None
    return Decimal(answer) if isinstance(answer, int | Decimal) else as_number(str(answer))


def _day(answer: object) -> date | None:
    if answer is None or isinstance(answer, date):
        return answer
    return as_day(str(answer))
