"""Which version of its questions a round asks: the one with which it opened, whatever is edited meanwhile. Pure.

Who reads the answers belongs to a version too: nobody reads afterwards what was said to others.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime

from bot.domain.record import (
    EarlierQuestions,
    Part,
    QuestionSet,
    Record,
    Round,
    by_name,
    in_common,
    once,
    part_of,
    priority_in_round,
)

_SetAndVersion = tuple[str, int | None]


def at_version(questions: QuestionSet, version: int | None) -> QuestionSet:
    """A question set as it was in a version; as it is where that isn't known."""
    found = next((one for one in questions.earlier if one.version == version), None)
    return questions if found is None else as_it_was(questions, found)


def as_it_was(questions: QuestionSet, earlier: EarlierQuestions) -> QuestionSet:
    """A question set with what an earlier version of it asked."""
    return replace(questions, **by_name(earlier, "until", "extra"))


def as_asked_on(questions: QuestionSet, day: date) -> QuestionSet:
    """As it was asked on a day, for answers that no round is known of."""
    found = min((one for one in questions.earlier if one.until.date() > day), key=_version_of, default=None)
    return questions if found is None else as_it_was(questions, found)


def _version_of(one: EarlierQuestions) -> int:
    return one.version


def set_of_cadence(record: Record, cadence: str) -> QuestionSet | None:
    """The questions that a check-in asks now; None where it has none."""
    asked = next((one.question_set for one in record.cadences if one.id == cadence), None)
    return find_set(record, asked)


def find_set(record: Record, key: str | None) -> QuestionSet | None:
    """The question set with this id, as it is now."""
    return next((one for one in record.question_sets if one.id == key), None)


def questions_asked(record: Record, cadence: str, day: date, priority: str | None) -> QuestionSet | None:
    """The questions with which a check-in's round of a day opened, about a priority or, with None, about people
    themselves; None where it has none."""
    asked = once(_asked_in, part_of(record.rounds, priority_in_round, priority)).get((cadence, day))
    if asked is not None:
        questions = find_set(record, asked[0])
        return None if questions is None else at_version(questions, asked[1])
    questions = set_of_cadence(record, cadence)
    return None if questions is None else as_asked_on(questions, day)


def _asked_in(rounds: Part[Round]) -> Mapping[tuple[str, date], _SetAndVersion]:
    """What each of the rounds asks, where it is known."""
    return {
        (one.cadence, one.day): (one.question_set, one.questions_version)
        for one in rounds
        if one.question_set is not None
    }


def edited(before: QuestionSet, after: QuestionSet, now: datetime, *, is_asked: bool) -> QuestionSet:
    """What an edit makes of a question set: a new version, where the last one was asked and the next asks otherwise.

    `is_asked`: a round asks that last one, or an answer was given to it.
    """
    last = in_common(EarlierQuestions, before, "until", "extra")
    kept = replace(after, version=before.version, earlier=before.earlier)
    if not is_asked or all(getattr(kept, name) == value for name, value in last.items()):
        return kept
    return replace(kept, version=before.version + 1, earlier=(*before.earlier, EarlierQuestions(until=now, **last)))
