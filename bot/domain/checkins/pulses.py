"""What a round of an anonymous check-in comes to: counts and mixed words, from five answers up. Pure.

Questions are counted one by one, so that no two answers of one person stand together any more, and nothing is counted
by organization, group or role.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from random import Random
from typing import Any

from bot.domain.checkins.answers_in_words import PRIVATE_NOTE, Names, answer_words, label_of
from bot.domain.checkins.answers_table import harmless
from bot.domain.checkins.own_answers import choices_in, choices_of
from bot.domain.checkins.questions import as_number, entered_text
from bot.domain.record import Cadence, PulseResult, PulseTold, Question, QuestionSet, Record
from bot.domain.required_if import is_answered
from bot.domain.vocabularies import QuestionType

FEWEST = 5
"""From how many answers up anything is told of a round, and the counts of a question."""
MOST_DID = 600  # characters of what was done


def result_of(
    record: Record,
    cadence: Cadence,
    questions: QuestionSet,
    day: date,
    answers: Sequence[Mapping[str, Any]],
    *,
    asked: int,
    chance: Random,
) -> PulseResult:
    """What the `answers` to a round of that day come to, each by question id; words are mixed by `chance`."""
    told: list[PulseTold] = []
    if len(answers) >= FEWEST:
        for question in questions.questions:
            given = [one[question.id] for one in answers if is_answered(one.get(question.id))]
            if question.id != PRIVATE_NOTE and given:
                told.append(_told(record, question, given, day, chance))
    return PulseResult(
        cadence=cadence.id,
        round=day,
        title=questions.title,
        asked=max(asked, len(answers)),
        answered=len(answers),
        told=tuple(told),
    )


def _told(record: Record, question: Question, given: list[Any], day: date, chance: Random) -> PulseTold:
    label, names = label_of(question), Names.of(record)
    told = PulseTold(question=question.id, label=label, answered=len(given))
    if question.type == QuestionType.TEXT:
        words = [(entered_text(one) or "").strip() for one in given]
        chance.shuffle(words)
        return PulseTold(question=question.id, label=label, answered=len(given), words=tuple(words))
    if len(given) < FEWEST:
        return told
    chosen = Counter(choice for one in given for choice in choices_in(question, one))
    order = dict.fromkeys((*choices_of(question), *sorted(chosen, key=_by_size)))
    return PulseTold(
        question=question.id,
        label=label,
        answered=len(given),
        choices=tuple(answer_words(question, choice, names, day) for choice in order),
        counts=tuple(chosen[choice] for choice in order),
    )


def _by_size(choice: str) -> tuple[object, ...]:
    number = as_number(choice)
    return (1, choice) if number is None else (0, number)


def results_of(record: Record, cadence: str) -> tuple[PulseResult, ...]:
    """What came of a check-in's rounds, the newest first."""
    found = [one for one in record.pulses if one.cadence == cadence]
    return tuple(sorted(found, key=lambda one: one.round, reverse=True))


def find_result(record: Record, cadence: str, day: date) -> PulseResult | None:
    """What came of one round; None where nothing is known of it."""
    return next((one for one in record.pulses if (one.cadence, one.round) == (cadence, day)), None)


def table_of_results(results: Iterable[PulseResult]) -> tuple[tuple[str, ...], ...]:
    """The counts of rounds as a table; what people wrote is not in it."""
    rows = [("Round", "Asked", "Took part", "Question", "Answered", "Choice", "Count")]
    for result in results:
        head = (result.round.isoformat(), str(result.asked), str(result.answered))
        if not result.told:
            rows.append((*head, "", "", "", ""))
        for told in result.told:
            counted = list(zip(told.choices, map(str, told.counts), strict=True)) or [("", "")]
            rows += [(*head, told.label, str(told.answered), choice, count) for choice, count in counted]
    return tuple(tuple(harmless(cell) for cell in row) for row in rows)
