"""What the pictures over a check-in's rounds show: how often each choice was made, round by round, and that in words.

Pure; how they are drawn is in `bot/charts`.

Counts stand on one another instead of a mean: with few answers a mean hides that half said 2 and half said 9. What a
round was answered stands in the words of its own questions, whatever they became later.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from statistics import median

from bot.domain.checkins.answers_in_words import PRIVATE_NOTE, Names, answer_words, label_of
from bot.domain.checkins.own_answers import COUNTED, answers_of_round, choices_in, choices_of, has_closed
from bot.domain.checkins.pulses import results_of
from bot.domain.checkins.versions import questions_asked
from bot.domain.people import is_pulse
from bot.domain.record import Cadence, Question, Record, member_answers_to
from bot.domain.required_if import is_answered
from bot.domain.vocabularies import QuestionType
from bot.domain.wording import day, in_figures, locale_mark, one_line, plural

MOST_ROUNDS = 8
MOST_CHOICES = 12  # more than these can't be told apart
_DRAWING = 1


@dataclass(frozen=True, slots=True)
class RoundColumn:
    """One round: how many made each of the picture's choices, and how many answered the question."""

    on: date
    counts: tuple[int, ...]
    answered: int


@dataclass(frozen=True, slots=True)
class RoundsChart:
    """One question over a check-in's rounds, the oldest first. `is_scale`: its choices are numbers in their order."""

    label: str
    choices: tuple[str, ...]
    columns: tuple[RoundColumn, ...]
    today: date
    is_scale: bool

    @property
    def title(self) -> str:
        """What stands above the picture."""
        return f"{self.label.rstrip(':')} By round"

    @property
    def key(self) -> str:
        """The same for the same picture, and for no other one."""
        drawn = (_DRAWING, self.choices, self.columns, self.is_scale, self.today.year, *locale_mark())
        return hashlib.sha256(repr(drawn).encode()).hexdigest()[:32]

    @property
    def alt(self) -> str:
        """The picture in words."""
        said = [f"{day(one.on, self.today)}: {self._counts(one)}" for one in self.columns]
        return f"Columns by round of answers to “{self.label}” {'. '.join(said)}."

    def _counts(self, column: RoundColumn) -> str:
        pairs = zip(self.choices, column.counts, strict=True)
        counted = ", ".join(f"{words} ({count})" for words, count in pairs if count)
        middle = f", median {in_figures(_median(self.choices, column.counts))}" if self.is_scale else ""
        return f"{plural(column.answered, 'answer')}: {counted}{middle}"


@dataclass(frozen=True, slots=True)
class RoundPictures:
    """The pictures of a check-in; none before its second round. `rounds`: how many were counted."""

    id: str
    name: str
    charts: tuple[RoundsChart, ...]
    rounds: int


@dataclass(frozen=True, slots=True)
class _Counted:
    """A question in one round: how often each choice was made, by its words, in the order of the choices."""

    question: str
    label: str
    on: date
    counts: dict[str, int]
    answered: int
    is_scale: bool


def pictures_of(
    record: Record, cadence: Cadence, now: datetime, today: date, reads: Callable[[date], bool]
) -> RoundPictures:
    """The pictures of a check-in that asks people for themselves, of rounds that have closed and of which somebody
    `reads` the answers. Of an anonymous one it is what is kept of a round: counts of five answers and more."""
    found = list(
        _of_results(record, cadence) if is_pulse(record, cadence) else _of_answers(record, cadence, now, reads)
    )
    by_question: dict[str, list[_Counted]] = {}
    for one in sorted(found, key=lambda each: each.on):
        by_question.setdefault(one.question, []).append(one)
    charts = [_chart(some[-MOST_ROUNDS:], today) for some in by_question.values() if len(some) > 1]
    return RoundPictures(
        id=cadence.id,
        name=cadence.name,
        charts=tuple(one for one in charts if len(one.choices) <= MOST_CHOICES),
        rounds=len({one.on for one in found}),
    )


def is_counted(question: Question) -> bool:
    """Whether a question's answers are counted, and so have a picture."""
    return question.type in COUNTED and question.id != PRIVATE_NOTE


def _of_answers(record: Record, cadence: Cadence, now: datetime, reads: Callable[[date], bool]) -> Iterable[_Counted]:
    names = Names.of(record)
    for on in sorted({one.round for one in member_answers_to(record, cadence.id)}):
        questions = questions_asked(record, cadence.id, on, None)
        if questions is None or not reads(on) or not has_closed(record, cadence.id, on, now):
            continue
        answers = answers_of_round(record, cadence.id, on)
        for question in filter(is_counted, questions.questions):
            given = [one.answers[question.id] for one in answers if is_answered(one.answers.get(question.id))]
            if not given:
                continue
            words = _words_of(question, names, on)
            counts = {words(choice): 0 for choice in choices_of(question)}
            for choice in (choice for answer in given for choice in choices_in(question, answer)):
                counts[words(choice)] = counts.get(words(choice), 0) + 1
            is_scale = question.type == QuestionType.SCALE
            yield _Counted(question.id, label_of(question), on, counts, len(given), is_scale)


def _words_of(question: Question, names: Names, on: date) -> Callable[[str], str]:
    if question.type == QuestionType.SCALE:
        return str
    return lambda choice: one_line(answer_words(question, choice, names, on))


def _of_results(record: Record, cadence: Cadence) -> Iterable[_Counted]:
    for result in results_of(record, cadence.id):
        for told in result.told:
            if told.counts:
                words = [one.partition(" of ")[0] if _is_of_most(one) else one for one in told.choices]
                counts = dict(zip(words, told.counts, strict=True))
                yield _Counted(
                    told.question, told.label, result.round, counts, told.answered, all(map(_is_number, words))
                )


def _is_of_most(words: str) -> bool:
    """Whether words are a number on a scale: "7 of 10"."""
    number, of, most = words.partition(" of ")
    return bool(of) and _is_number(number) and _is_number(most)


def _is_number(words: str) -> bool:
    return words.isascii() and words.removeprefix("-").isdigit()


def _chart(some: Sequence[_Counted], today: date) -> RoundsChart:
    """A question over its rounds. The newest round's choices come first, then what was a choice only before."""
    is_scale = all(one.is_scale for one in some)
    made = {words for one in some for words, count in one.counts.items() if count}
    order = [words for words in dict.fromkeys(words for one in reversed(some) for words in one.counts) if words in made]
    if is_scale:
        order.sort(key=int)
    return RoundsChart(
        label=some[-1].label,
        choices=tuple(order),
        columns=tuple(
            RoundColumn(one.on, tuple(one.counts.get(words, 0) for words in order), one.answered) for one in some
        ),
        today=today,
        is_scale=is_scale,
    )


def _median(choices: Sequence[str], counts: Sequence[int]) -> Decimal:
    values = [int(words) for words, count in zip(choices, counts, strict=True) for _ in range(count)]
    return Decimal(str(median(values)))
