"""What an answer to a check-in says: made of what was typed into its form, and in its own words, each question of its
set beside its answer. Pure.

The weekly questions have words of their own on each screen (`prompts.Answer`); here is whatever else a set asks. A note
to the coordinators is never among it: `coordinator_notes` shows that to whom it is for.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any

from bot.domain.checkins.pickers import name_of_picked
from bot.domain.checkins.questions import NO, YES, as_day, chosen_in, to_keep
from bot.domain.checkins.standing_roles import StandingRoles
from bot.domain.checkins.versions import questions_asked
from bot.domain.record import (
    MemberAnswer,
    Question,
    QuestionSet,
    Record,
    Response,
    answers_about,
    find_answer,
    find_member_answer,
    member_answers_to,
)
from bot.domain.required_if import is_answered
from bot.domain.vocabularies import AnswerReaders, PickerSource, QuestionType
from bot.domain.wording import day, in_figures, one_line, status

# Answers with a place of their own in every response; whatever else a question set asks is kept beside them.
ReadsAnswers = Callable[[AnswerReaders], bool]
"""Whether somebody reads answers that are for these readers."""
Leaves = Callable[[QuestionSet], bool]
"""Whether a question set is left out."""
KNOWN = ("assessment", "confidence", "moved", "blocker", "ask", "ask_from", "next", "came_true")
PRIVATE_NOTE = "for_coordinator"


@dataclass(frozen=True, slots=True)
class Said:
    """One question and its answer. `is_text`: somebody's own words rather than a choice, a number or a day."""

    label: str
    words: str
    is_text: bool

    @property
    def plain(self) -> str:
        """Both as one sentence part, for texts without markup."""
        return f"{self.label} {f'“{self.words}”' if self.is_text else self.words}"


@dataclass(frozen=True, slots=True)
class SetAnswer:
    """What a check-in's own questions were answered about a priority."""

    checkin: str  # its name
    on: date  # of its round
    by_name: str
    said: tuple[Said, ...]


@dataclass(frozen=True, slots=True)
class Names:
    """What ids in answers stand for."""

    record: Record

    @classmethod
    def of(cls, record: Record) -> Names:
        """The names of a coalition."""
        return cls(record)

    def member(self, key: str) -> str:
        """Somebody's name."""
        return name_of_picked(self.record, PickerSource.MEMBERS, key)

    def picked(self, source: str | None, key: str) -> str:
        """What was picked from a source."""
        return one_line(name_of_picked(self.record, source, key))


def said_in(questions: QuestionSet | None, response: Response, names: Names, today: date) -> tuple[Said, ...]:
    """What was answered, in the order of the questions, without the weekly ones where the answer says how its priority
    stands: those have their own places. `response.sets_standing` must be known."""
    answers = dict(response.extra)
    if not response.sets_standing:
        answers |= {name: getattr(response, name) for name in KNOWN}
    return said(questions, answers, names, today)


def said_about(record: Record, cadence: str, round_day: date, priority: str, today: date) -> tuple[Said, ...]:
    """The same of the answer about a priority in a check-in's round of that day; nothing where there is none."""
    found = find_answer(record, cadence, round_day, priority)
    if found is None:
        return ()
    questions = questions_asked(record, cadence, round_day, priority)
    return said_in(questions, StandingRoles(record).resolved(found), Names.of(record), today)


def said_for(record: Record, cadence: str, round_day: date, member: str, today: date) -> tuple[Said, ...]:
    """What was said for a member in a check-in's round of that day; nothing where there is no answer."""
    found = find_member_answer(record, cadence, round_day, member)
    if found is None:
        return ()
    return said(questions_asked(record, cadence, round_day, None), found.answers, Names.of(record), today)


def earlier_answers(record: Record, cadence: str, member: str, day: date) -> list[MemberAnswer]:
    """What was said for a member in the rounds of a check-in before `day`, oldest first."""
    answers = (one for one in member_answers_to(record, cadence) if one.member == member and one.round < day)
    return sorted(answers, key=lambda one: one.round)


def update_on(name: str, *, is_own: bool) -> str:
    """What a round asks for, in words: an update on a priority, or somebody's own answer to its questions."""
    return f"{'answer to' if is_own else 'update on'} {name}"


def latest_said(
    record: Record, priority: str, today: date, reads: ReadsAnswers, *, without: Leaves = lambda _: False
) -> tuple[SetAnswer, ...]:
    """What each check-in's own questions were last answered about a priority, in the order of the check-ins: of those
    whose answers somebody `reads`, without the sets that are told elsewhere."""
    roles, names = StandingRoles(record), Names.of(record)
    found = []
    for cadence in record.cadences:
        about = [one for one in answers_about(record, priority) if one.cadence == cadence.id]
        for response in sorted(about, key=lambda one: one.round, reverse=True):
            questions = questions_asked(record, cadence.id, response.round, priority)
            if questions is None or without(questions) or not reads(questions.readers):
                continue
            answers = said_in(questions, roles.resolved(response), names, today)
            if answers:
                by = names.member(response.by)
                found.append(SetAnswer(cadence.name, response.round, by, answers))
                break
    return tuple(found)


def said(questions: QuestionSet | None, answers: Mapping[str, Any], names: Names, today: date) -> tuple[Said, ...]:
    """The same of answers by question id."""
    if questions is None:
        return ()
    found = []
    for question in questions.questions:
        answer = answers.get(question.id)
        if question.id == PRIVATE_NOTE or not is_answered(answer):
            continue
        found.append(Said(label_of(question), answer_words(question, answer, names, today), question.type == "text"))
    return tuple(found)


def label_of(question: Question) -> str:
    """A question as it stands before its answer."""
    label = one_line(question.label_without_outcome or question.label)
    return label if label.endswith(("?", "!", ".", ":")) or not label else f"{label}:"


def answer_words(question: Question, answer: object, names: Names, today: date) -> str:
    """One answer to a question in words."""
    if isinstance(answer, list | tuple):
        return ", ".join(answer_words(question, one, names, today) for one in answer)
    if isinstance(answer, bool):
        return YES if answer else NO
    if isinstance(answer, date):
        return day(answer, today)
    if isinstance(answer, Decimal | int):
        return _of_most(question, in_figures(answer))
    if question.type == QuestionType.CHOICES:
        return ", ".join(status(one_line(one)) for one in chosen_in(str(answer)))
    words = one_line(str(answer))
    if question.type == QuestionType.CHOICE:
        return status(words)
    if question.type == QuestionType.SCALE:
        return _of_most(question, words)
    if question.type == QuestionType.ITEM_PICKER:
        return names.picked(question.source, words)
    if question.type == QuestionType.DATE:
        picked = as_day(words)
        return day(picked, today) if picked is not None else words
    return words


def _of_most(question: Question, words: str) -> str:
    """A step of a scale with the highest one."""
    return f"{words} of {question.max}" if question.type == QuestionType.SCALE and question.max is not None else words


CAME_TRUE = ("yes", "in_part", "not_yet")


def typed_answers(questions: QuestionSet, values: Mapping[str, str | None]) -> Mapping[str, object]:
    """What somebody typed or chose for themselves, by question; nothing for what was left empty."""
    typed = [(one, (values.get(one.id) or "").strip()) for one in questions.questions]
    return {one.id: to_keep(one, words) for one, words in typed if words}


def with_words(answer: Response, questions: QuestionSet, values: Mapping[str, str | None]) -> Response:
    """The answer with what was typed, by question; what has no field of its own stands beside it."""
    typed = {name: value.strip() or None for name, value in values.items() if value is not None}
    kinds = {one.id: one for one in questions.questions}
    confidence, came_true = typed.get("confidence"), typed.get("came_true")
    beside = [one.id for one in questions.questions if one.id not in KNOWN and typed.get(one.id) is not None]
    return replace(
        answer,
        assessment=typed.get("assessment"),
        confidence=int(confidence) if confidence else None,
        moved=typed.get("moved"),
        blocker=typed.get("blocker"),
        ask=typed.get("ask"),
        ask_from=typed.get("ask_from"),
        next=typed.get("next"),
        came_true=came_true if came_true in CAME_TRUE else None,
        extra={name: to_keep(kinds[name], str(typed[name])) for name in beside},
    )


def keeping_note(answer: Response, beside: Mapping[str, object]) -> Response:
    """Somebody else's answer in place of one with this `beside` it: its note to the coordinators stays its author's."""
    if PRIVATE_NOTE not in beside:
        return answer
    return replace(answer, extra={PRIVATE_NOTE: beside[PRIVATE_NOTE], **answer.extra})
