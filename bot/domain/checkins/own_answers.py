"""What people answered for themselves in a round, or was said about priorities, as its readers read it: one by one, and
counted. Pure.

Who reads it is decided by `rights`. A note to the coordinators is in none of these.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from bot.domain.checkins.answers_in_words import KNOWN, PRIVATE_NOTE, Names, Said, answer_words, label_of, said
from bot.domain.checkins.questions import YES_OR_NO, chosen_in, entered_text
from bot.domain.checkins.stocktakes import questions_told
from bot.domain.checkins.versions import questions_asked
from bot.domain.people import whose_word
from bot.domain.record import (
    Cadence,
    MemberAnswer,
    Priority,
    PulseResult,
    Question,
    Record,
    Round,
    answers_about,
    find_answer,
    member_answers_to,
    part_of,
    priority_in_round,
)
from bot.domain.required_if import is_answered
from bot.domain.rhythm import Seen, to_local
from bot.domain.vocabularies import QuestionType
from bot.domain.wording import one_line

PAGE = 5  # answers
COUNTED = frozenset({QuestionType.CHOICE, QuestionType.CHOICES, QuestionType.YES_NO, QuestionType.SCALE})


@dataclass(frozen=True, slots=True)
class Quote:
    """What one member said to a question."""

    name: str
    organization: str
    words: str
    is_text: bool


@dataclass(frozen=True, slots=True)
class Told:
    """One question of a round: how often each choice was made, in the order of the choices, or what each one said (or
    all of them, in an anonymous one)."""

    label: str
    counts: tuple[tuple[str, int], ...] = ()
    quotes: tuple[Quote, ...] = ()
    words: tuple[str, ...] = ()  # of nobody by name, mixed
    too_few: int | None = None  # how many answered it, where that is too few to tell how


@dataclass(frozen=True, slots=True, kw_only=True)
class RoundSummary:
    """A round of a check-in that asks people for themselves, once it has closed; of an anonymous one nothing is told
    where few have answered. `on` is the day on which it opened."""

    cadence: str
    name: str
    title: str  # of its questions
    on: date
    today: date
    answered: int
    asked: int
    told: tuple[Told, ...]
    is_anonymous: bool = False
    did: str | None = None  # what was done about it
    whose_word: str | None = None  # where a group was asked how its priority stands: whose word on it counts
    may_say: bool = False  # whether its reader may write what was done

    @property
    def is_settled(self) -> bool:
        """Nothing is to be done about it, and it is worth a message all the same."""
        return False

    @property
    def minutes(self) -> int:
        """It takes no answer."""
        return 0


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerLine:
    """What was said for one member, and by whom where that was somebody else."""

    name: str
    organization: str
    by_name: str | None
    at: datetime | None
    is_no_change: bool
    said: tuple[Said, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswersPage(Seen):
    """A page of the answers in the newest round of a check-in; without a round there is no day (`on`)."""

    id: str
    name: str
    on: date | None
    answered: int
    asked: int | None  # None where its reader is not to know who has not answered
    readers: tuple[str, ...]  # beside the coordinators
    lines: tuple[AnswerLine, ...]
    page: int
    pages: int
    whose_word: str | None = None  # where a group is asked how its priority stands: whose word on it counts
    about: str = ""  # what else than people themselves the answers are about, in words
    has_table: bool = False  # whether any round was answered, so that there is a table of them
    is_counted: bool = False  # whether pictures over the rounds may be had


def summary_about(cadence: str, day: date) -> str:
    """What a round's summary is about, as its messages carry it: the same in each copy of a database."""
    return f"{cadence} {day.isoformat()}"


def read_summary_about(about: str) -> tuple[str, date]:
    """The check-in and the day of its round."""
    cadence, _, day = about.rpartition(" ")
    return cadence, date.fromisoformat(day)


def newest_own_round(record: Record, cadence: str, now: datetime) -> date | None:
    """The day of the newest round in which people were asked for themselves; None before the first one."""
    return max((one.day for one in _own_rounds(record, cadence) if one.opens_at <= now), default=None)


def count_asked(record: Record, cadence: str, day: date) -> int:
    """How many people a round asked, or had an answer of: whoever was away, or reached too late, is not counted."""
    answered = {one.member for one in _answers(record, cadence, day)}
    asked = {one.member for one in _own_rounds(record, cadence) if one.day == day and one.asked}
    return len(asked | answered)


def summarize(record: Record, cadence: Cadence, day: date, now: datetime) -> RoundSummary | None:
    """What was answered in a round; None where nobody has answered, or its questions are gone."""
    today = to_local(now, record.coalition.timezone).date()
    result = next((one for one in record.pulses if (one.cadence, one.round) == (cadence.id, day)), None)
    if result is not None:
        return summary_of_result(result, cadence.name, today)
    questions = questions_asked(record, cadence.id, day, None)
    answers = _answers(record, cadence.id, day)
    if questions is None or not answers:
        return None
    return RoundSummary(
        cadence=cadence.id,
        name=cadence.name,
        title=questions.title,
        on=day,
        today=today,
        answered=len(answers),
        asked=count_asked(record, cadence.id, day),
        whose_word=whose_word(record, cadence),
        told=tuple(
            told
            for question in questions.questions
            if question.id != PRIVATE_NOTE and (told := _told(record, question, answers, today)) is not None
        ),
    )


def summary_of_result(result: PulseResult, name: str, today: date) -> RoundSummary | None:
    """The same of an anonymous round, by the name of its check-in."""
    if not result.answered:
        return None
    return RoundSummary(
        cadence=result.cadence,
        name=name,
        title=result.title,
        on=result.round,
        today=today,
        answered=result.answered,
        asked=result.asked,
        told=tuple(
            Told(
                one.label,
                counts=tuple(zip(one.choices, one.counts, strict=True)),
                words=one.words,
                too_few=one.answered if not (one.choices or one.words) else None,
            )
            for one in result.told
        ),
        is_anonymous=True,
        did=result.did,
    )


def answer_lines(record: Record, cadence: Cadence, day: date, today: date) -> tuple[AnswerLine, ...]:
    """Every answer in a round, in the order of the members."""
    questions, names = questions_asked(record, cadence.id, day, None), Names.of(record)
    members = {one.id: one for one in record.members}
    organizations = {one.id: one.name for one in record.everything.organizations}
    return tuple(
        AnswerLine(
            name=members[one.member].name,
            organization=organizations[members[one.member].organization],
            by_name=members[one.by].name if one.by != one.member else None,
            at=one.edited_at or one.answered_at,
            is_no_change=one.no_change,
            said=said(questions, one.answers, names, today),
        )
        for one in _in_order(record, _answers(record, cadence.id, day))
    )


def rounds_on_priorities(record: Record, cadence: str, now: datetime, *, closed: bool) -> set[date]:
    """The days of the rounds of a check-in about priorities that have begun, or of those that have `closed` about all
    of them."""
    rounds = [
        one
        for priority in record.priorities
        for one in _rounds_about(record, priority.id)
        if one.cadence == cadence and one.opens_at <= now
    ]
    still_open = {one.day for one in rounds if closed and one.closes_at > now}
    said_on = (one for priority in record.priorities for one in answers_about(record, priority.id))
    days = {one.day for one in rounds} | {one.round for one in said_on if one.cadence == cadence}
    return days - still_open


def newest_round_on_priorities(record: Record, cadence: str, now: datetime, *, closed: bool) -> date | None:
    """The newest of them; None before the first one."""
    return max(rounds_on_priorities(record, cadence, now, closed=closed), default=None)


def count_asked_about(record: Record, cadence: str, day: date, priorities: Iterable[Priority]) -> int:
    """About how many of these priorities a round asked, or had an answer."""
    return sum(
        find_answer(record, cadence, day, priority.id) is not None
        or any((one.cadence, one.day, one.asked) == (cadence, day, True) for one in _rounds_about(record, priority.id))
        for priority in priorities
    )


def lines_on_priorities(
    record: Record, cadence: Cadence, day: date, priorities: Iterable[Priority], today: date
) -> tuple[AnswerLine, ...]:
    """What a round was answered about these priorities, each with all of its questions and its owner's organization."""
    names, members = Names.of(record), {one.id: one for one in record.members}
    organizations = {one.id: one.name for one in record.everything.organizations}
    found = []
    for priority in priorities:
        answer = find_answer(record, cadence.id, day, priority.id)
        if answer is None:
            continue
        answers = {**answer.extra, **{name: getattr(answer, name) for name in KNOWN}}
        found.append(
            AnswerLine(
                name=priority.name,
                organization=organizations[members[priority.owner].organization],
                by_name=names.member(answer.by) if answer.by != priority.owner else None,
                at=answer.edited_at or answer.answered_at,
                is_no_change=answer.no_change,
                said=said(
                    questions_told(priority, questions_asked(record, cadence.id, day, priority.id), answers, today),
                    answers,
                    names,
                    today,
                ),
            )
        )
    return tuple(found)


def _told(record: Record, question: Question, answers: Sequence[MemberAnswer], today: date) -> Told | None:
    given = [(one, one.answers[question.id]) for one in answers if is_answered(one.answers.get(question.id))]
    if not given:
        return None
    names, label = Names.of(record), label_of(question)
    if question.type in COUNTED:
        chosen = Counter(choice for _one, answer in given for choice in choices_in(question, answer))
        order = [*choices_of(question), *sorted(chosen)]
        counts = {choice: chosen[choice] for choice in order if chosen[choice]}
        return Told(
            label,
            counts=tuple((answer_words(question, choice, names, today), count) for choice, count in counts.items()),
        )
    members = {one.id: one for one in record.members}
    organizations = {one.id: one.name for one in record.everything.organizations}
    return Told(
        label,
        quotes=tuple(
            Quote(
                name=one_line(members[one.member].name),
                organization=one_line(organizations[members[one.member].organization]),
                words=answer_words(question, answer, names, today),
                is_text=question.type == QuestionType.TEXT,
            )
            for one, answer in given
        ),
    )


def choices_in(question: Question, answer: object) -> tuple[str, ...]:
    """What was chosen in an answer, each for itself."""
    text = entered_text(answer) or ""
    return chosen_in(text) if question.type == QuestionType.CHOICES else (text,)


def choices_of(question: Question) -> Iterable[str]:
    """What could be chosen, in order."""
    if question.type == QuestionType.SCALE:
        return map(str, range(question.min or 0, (question.max or 10) + 1))
    return YES_OR_NO if question.type == QuestionType.YES_NO else question.options


def _in_order(record: Record, answers: Sequence[MemberAnswer]) -> list[MemberAnswer]:
    place = {one.id: number for number, one in enumerate(record.members)}
    return sorted(answers, key=lambda one: place[one.member])


def _answers(record: Record, cadence: str, day: date) -> list[MemberAnswer]:
    return _in_order(record, [one for one in member_answers_to(record, cadence) if one.round == day])


def answers_of_round(record: Record, cadence: str, day: date) -> list[MemberAnswer]:
    """What people answered for themselves in a round, in the order of the members."""
    return _answers(record, cadence, day)


def has_closed(record: Record, cadence: str, day: date, now: datetime) -> bool:
    """Whether a round has closed for everybody whom it asked; one of which only answers are known has."""
    return all(one.closes_at <= now for one in _own_rounds(record, cadence) if one.day == day)


def _own_rounds(record: Record, cadence: str) -> list[Round]:
    return [one for one in _rounds_about(record, None) if one.cadence == cadence]


def _rounds_about(record: Record, priority: str | None) -> Sequence[Round]:
    return part_of(record.rounds, priority_in_round, priority)
