"""All rounds' answers as a table, for whoever reads them: of what people said for themselves, and of what was said on
priorities. Pure.

Who reads them is decided by `rights`. A note to the coordinators is in neither.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from bot.domain.checkins.answers_in_words import KNOWN, PRIVATE_NOTE, Names, label_of
from bot.domain.checkins.own_answers import answers_of_round, rounds_on_priorities
from bot.domain.checkins.questions import chosen_in, entered_text
from bot.domain.checkins.stocktakes import questions_told
from bot.domain.checkins.versions import questions_asked, set_of_cadence
from bot.domain.record import Cadence, Priority, Question, QuestionSet, Record, find_answer, member_answers_to
from bot.domain.required_if import is_answered
from bot.domain.rhythm import to_local
from bot.domain.vocabularies import QuestionType

# A cell that begins with one of these is a formula to a spreadsheet, or may become one.
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
_WITHHELD = "withheld"
_Asked = Mapping[tuple[str, str], Question]
"""Questions by their ids and words."""


@dataclass(frozen=True, slots=True)
class AnswersTable:
    """All rounds' answers: the first row names the columns."""

    id: str
    name: str
    rows: tuple[tuple[str, ...], ...]
    is_counted: bool = False  # counts instead of answers
    about: str = ""  # what else than people themselves the answers are about, in words


def table_of(record: Record, cadence: Cadence, reads: Callable[[date], bool]) -> tuple[tuple[str, ...], ...]:
    """All answers to a check-in in rounds of days that somebody `reads`, the newest first. A column for each of its
    present questions, then one for each that was asked otherwise in those rounds, with the last day of that."""
    names = Names.of(record)
    members = {one.id: one for one in record.members}
    organizations = {one.id: one.name for one in record.everything.organizations}
    answered = {one.round for one in member_answers_to(record, cadence.id)}
    by_day = {
        day: _by_label(questions_asked(record, cadence.id, day, None)) for day in sorted(filter(reads, answered))[::-1]
    }
    columns = _columns(set_of_cadence(record, cadence.id), by_day.items())
    rows = [("Round", "Member", "Organization", "Answered by", "Answered at", "No change", *columns.values())]
    for day, questions in by_day.items():
        for one in answers_of_round(record, cadence.id, day):
            rows.append(
                (
                    day.isoformat(),
                    members[one.member].name,
                    organizations[members[one.member].organization],
                    members[one.by].name,
                    _moment(record, one.edited_at or one.answered_at),
                    "yes" if one.no_change else "",
                    *(_cell(questions.get(asked), one.answers.get(asked[0]), names) for asked in columns),
                )
            )
    return _harmless(rows)


def table_on_priorities(
    record: Record,
    cadence: Cadence,
    reads: Callable[[Priority, date | None], bool],
    now: datetime,
    today: date,
    *,
    closed: bool,
) -> tuple[tuple[str, ...], ...]:
    """All answers about the priorities that somebody `reads` in a round of a day (or, with None, in the next one), the
    newest rounds first, or only of those that have `closed` about all of them. Columns as in `table_of`; a forecast of
    a figure that is withheld says so instead."""
    names = Names.of(record)
    found = [
        (day, priority, answer, questions_asked(record, cadence.id, day, priority.id))
        for day in sorted(rounds_on_priorities(record, cadence.id, now, closed=closed), reverse=True)
        for priority in record.priorities
        if reads(priority, day) and (answer := find_answer(record, cadence.id, day, priority.id)) is not None
    ]
    present = set_of_cadence(record, cadence.id) if any(reads(one, None) for one in record.priorities) else None
    columns = _columns(present, [(day, _by_label(questions)) for day, _priority, _answer, questions in found])
    rows = [("Round", "Priority", "Answered by", "On behalf of", "Answered at", "No change", *columns.values())]
    for day, priority, answer, questions in found:
        answers = {**answer.extra, **{name: getattr(answer, name) for name in KNOWN}}
        asked, told = _by_label(questions), _by_label(questions_told(priority, questions, answers, today))
        rows.append(
            (
                day.isoformat(),
                priority.name,
                names.member(answer.by),
                names.member(answer.on_behalf_of) if answer.on_behalf_of not in {None, answer.by} else "",
                _moment(record, answer.edited_at or answer.answered_at),
                "yes" if answer.no_change else "",
                *(
                    _WITHHELD
                    if key in asked and key not in told and is_answered(answers.get(key[0]))
                    else _cell(told.get(key), answers.get(key[0]), names)
                    for key in columns
                ),
            )
        )
    return _harmless(rows)


def harmless(cell: str) -> str:
    """A cell that no spreadsheet takes for a formula."""
    return f"'{cell}" if cell.startswith(_FORMULA) else cell


def _harmless(rows: Sequence[tuple[str, ...]]) -> tuple[tuple[str, ...], ...]:
    return tuple(tuple(harmless(cell) for cell in row) for row in rows)


def _columns(present: QuestionSet | None, newest_first: Iterable[tuple[date, _Asked]]) -> dict[tuple[str, str], str]:
    """What heads the column of each question: of the present ones their words, of others also the last day of that."""
    columns = {asked: asked[1] for asked in _by_label(present)}
    for day, questions in newest_first:
        columns |= {asked: f"{asked[1]} (until {day})" for asked in questions if asked not in columns}
    return columns


def _by_label(questions: QuestionSet | None) -> dict[tuple[str, str], Question]:
    """The questions of a set by their ids and words, without the one whose answer only coordinators read."""
    asked = questions.questions if questions is not None else ()
    return {(one.id, label_of(one)): one for one in asked if one.id != PRIVATE_NOTE}


def _moment(record: Record, at: datetime | None) -> str:
    return to_local(at, record.coalition.timezone).isoformat(sep=" ", timespec="minutes") if at is not None else ""


def _cell(question: Question | None, answer: object, names: Names) -> str:
    """As it was typed, so that numbers and days stay what they are; what was picked by its name. Nothing where it was
    not asked so."""
    if question is None or not is_answered(answer):
        return ""
    if question.type == QuestionType.ITEM_PICKER:
        return names.picked(question.source, str(answer))
    text = entered_text(answer) or ""
    return "; ".join(chosen_in(text)) if question.type == QuestionType.CHOICES else text
