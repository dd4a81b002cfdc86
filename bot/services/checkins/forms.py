"""A check-in's form: what it asks and shows, and what is wrong with what was entered. Storing it is elsewhere."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta

from bot.domain.asks import asked_on
from bot.domain.checkins import Earlier, FormQuestion, OpenAsk, check_values, may_pick, name_of_picked
from bot.domain.known import in_coalition_time
from bot.domain.metrics import MetricStanding
from bot.domain.metrics import standing as metric_standing
from bot.domain.record import Priority, Question, QuestionSet, Record, Response, asks_about, in_common
from bot.domain.vocabularies import QuestionType
from bot.services.access import ByActor
from bot.services.checkins.prompts import name_of_asked


def headline_of(record: Record, priority: Priority, now: datetime) -> MetricStanding | None:
    """What the numbers say about a priority: its headline metric's, else its first one's."""
    today = in_coalition_time(record, now).date()
    metrics = priority.metrics
    chosen = next((item for item in metrics if item.id == priority.headline_metric), None)
    metric = chosen or next(iter(metrics), None)
    return None if metric is None else metric_standing(metric, today)


def earlier_answer(record: Record, last: Response | None, reader: str | None, day: date) -> Earlier | None:
    """The answer that a form of the round of `day` goes on from, as whoever has the form may be told of it: what a
    stand-in said was not said by the owner, and last week is the calendar week before."""
    if last is None:
        return None
    names = {member.id: member.name for member in record.members}
    return Earlier(
        promise=last.next,
        on=last.round,
        is_last_week=_monday_of(day) - _monday_of(last.round) == timedelta(days=7),
        by=names.get(last.by, last.by) if last.by != reader else None,
        for_name=names.get(last.on_behalf_of, last.on_behalf_of) if last.on_behalf_of is not None else None,
        is_for_reader=last.on_behalf_of is not None and last.on_behalf_of == reader,
    )


def _monday_of(day: date) -> date:
    return day - timedelta(days=day.weekday())


def form_questions(
    record: Record,
    priority: Priority | None,
    asked: QuestionSet,
    last: Response | None,
    initial: Mapping[str, str | None],
) -> list[FormQuestion]:
    """Every question with what it is filled in with: the next outcome, last week's confidence, what is already
    there."""
    outcomes = priority.outcomes if priority is not None else ()
    open_outcomes = sorted((item for item in outcomes if item.completed is None), key=lambda item: item.due)
    outcome = open_outcomes[0] if open_outcomes else None
    confidence = str(last.confidence) if last is not None and last.confidence is not None else None
    questions = []
    for question in asked.questions:
        questions.append(
            FormQuestion(
                outcome_name=outcome.name if outcome is not None else None,
                outcome_due=outcome.due if outcome is not None else None,
                last=confidence if question.id == "confidence" else None,
                initial=initial.get(question.id),
                initial_name=_picked_name(record, question, initial.get(question.id)),
                waiting=_open_asks(record, priority, initial.get("ask"))
                if question.id == "ask" and priority is not None
                else (),
                **in_common(FormQuestion, question),
            )
        )
    return questions


def _picked_name(record: Record, question: Question, picked: str | None) -> str | None:
    if picked is None or question.type != QuestionType.ITEM_PICKER:
        return None
    return name_of_picked(record, question.source, picked)


def _open_asks(record: Record, priority: Priority, written: str | None) -> tuple[OpenAsk, ...]:
    """What this priority has asked for and nobody has answered yet, without what the form already shows."""
    return tuple(
        OpenAsk(ask.text, name_of_asked(record, ask.asked or ""), asked_on(ask, record.coalition.timezone))
        for ask in asks_about(record, priority.id)
        if ask.state == "sent" and ask.text != written
    )


async def mistakes_in(tx: ByActor, questions: QuestionSet, values: Mapping[str, str | None]) -> dict[str, str]:
    """What has to be mended, by question. The coalition is read only where something of it was picked."""
    picking = any(one.type == QuestionType.ITEM_PICKER and values.get(one.id) for one in questions.questions)
    record = (await tx.read()).record if picking else None

    def is_there(question: Question, key: str) -> bool:
        if record is None or question.source is None:
            return True
        return may_pick(record, tx.actor.standing, tx.actor.key, question.source, key)

    return check_values(questions, values, is_there)
