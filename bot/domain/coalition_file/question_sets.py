"""Question sets of a coalition file, within what a form in Slack can show."""

from __future__ import annotations

from typing import Any

from bot.domain.coalition_file.known import Known
from bot.domain.coalition_file.plain import entry
from bot.domain.coalition_file.problems import shown, suggest
from bot.domain.coalition_file.section import Section
from bot.domain.record import Question, QuestionSet
from bot.domain.required_if import parse
from bot.domain.vocabularies import PerItem, PickerSource, QuestionType

_TITLE_LENGTH = 24
_LABEL_LENGTH = 300
_OPTION_LENGTH = 75
_MOST_OPTIONS = 100
_MOST_QUESTIONS = 40
_LONGEST_ANSWER = 3000
_SCALE = 100_000
_TAKEN = ("cadence", "round", "priority", "by", "on_behalf_of", "answered_at", "no_change", "sets_standing")


def read_question_sets(top: Section, known: Known) -> tuple[QuestionSet, ...]:
    """All question sets; those without a problem are put into `known.question_sets` as well."""
    found = []
    for section in top.entries("question_sets"):
        before = section.found
        question_set = QuestionSet(
            id=section.id(),
            title=section.need_text("title", _TITLE_LENGTH),
            minutes=section.whole("minutes", 0, 600) or 0,
            allow_no_change=section.flag("allow_no_change"),
            anonymous=section.flag("anonymous"),
            per_item=section.choice("per_item", PerItem),
            questions=_read_questions(section),
            extra=section.extra(),
        )
        if section.found == before:
            known.question_sets.setdefault(question_set.id, question_set)
        found.append(question_set)
    return tuple(found)


def _read_questions(question_set: Section) -> tuple[Question, ...]:
    if not question_set.given("questions"):
        question_set.problem("questions", "is missing. Write at least one question.")
    sections = question_set.entries("questions")
    if question_set.good("questions") and not 1 <= len(sections) <= _MOST_QUESTIONS:
        question_set.problem("questions", f"has {len(sections)} entries. Write 1 to {_MOST_QUESTIONS} of them.")
    found: dict[str, Question] = {}
    questions = []
    for section in sections:
        question = Question(
            id=section.id(),
            type=section.need_choice("type", QuestionType),
            label=section.need_text("label", _LABEL_LENGTH),
            label_without_outcome=section.text("label_without_outcome", _LABEL_LENGTH),
            options=section.texts("options", _OPTION_LENGTH),
            min=section.whole("min", -_SCALE, _SCALE),
            max=section.whole("max", -_SCALE, _SCALE),
            max_length=section.whole("max_length", 1, _LONGEST_ANSWER),
            required=section.flag("required"),
            required_if=section.text("required_if", 500),
            source=section.choice("source", PickerSource),
            extra=section.extra(),
        )
        if section.good("id") and question.id in found:
            section.problem("id", f"is {shown(question.id)} a second time in this set. Give each question its own id.")
        if question_set.data.get("per_item") is None:
            _check_place(section, question)
        _check_type(section, question)
        _check_condition(section, question, found)
        found.setdefault(question.id, question)
        questions.append(question)
    return tuple(questions)


def _check_place(section: Section, question: Question) -> None:
    """An answer stands in its check-in's entry under its question's id, beside who answered when."""
    if section.good("id") and question.id in _TAKEN:
        section.problem("id", f"is {shown(question.id)}, which says something else of each answer. Write another one.")
    if section.good("type") and question.id == "confidence" and question.type != QuestionType.SCALE:
        section.problem("type", f"is {question.type}, and confidence is a number from 0 to 10. Write scale.")


def _check_type(section: Section, question: Question) -> None:
    if not section.good("type"):
        return
    is_choice, is_scale = question.type == QuestionType.CHOICE, question.type == QuestionType.SCALE
    if is_choice and not section.given("options"):
        section.problem("options", "is missing, and a choice offers some. Write a list of them.")
    if is_choice and section.good("options") and not 1 <= len(question.options) <= _MOST_OPTIONS:
        section.problem("options", f"has {len(question.options)} entries. Write 1 to {_MOST_OPTIONS} of them.")
    if section.given("options") and not is_choice:
        section.problem("options", f"stands at a question of type {question.type}. Only a choice has options.")
    for key in ("min", "max"):
        if is_scale and not section.given(key):
            section.problem(key, "is missing, and a scale goes from one whole number to another. Write it.")
    if section.good("min", "max") and question.min is not None and question.max is not None:
        if question.min >= question.max:
            section.problem("max", f"is {question.max}, and min is {question.min}. Write a max above the min.")
        elif is_scale and question.max - question.min >= _MOST_OPTIONS:
            section.problem("max", f"makes more than {_MOST_OPTIONS} steps. Lower it.")
    if section.given("max_length") and question.type != QuestionType.TEXT:
        section.problem("max_length", f"stands at a question of type {question.type}. Only a text has a length.")
    if question.type == QuestionType.ITEM_PICKER and not section.given("source"):
        section.problem("source", "is missing, and an item_picker offers something. Write organizations, for example.")


def _check_condition(section: Section, question: Question, earlier: dict[str, Question]) -> None:
    """`required_if` can be read, looks back only, and compares a choice with what can be chosen."""
    if not section.good("required_if") or question.required_if is None:
        return
    try:
        condition = parse(question.required_if)
    except ValueError as error:
        section.problem("required_if", f"cannot be read. {error}")
        return
    for term in condition.terms:
        about = earlier.get(term.question)
        if about is None:
            section.problem(
                "required_if",
                f"asks about {shown(term.question)}, which is no earlier question of this set. "
                f"{suggest(term.question, earlier)}",
            )
        elif term.value is not None and about.options and term.value not in about.options:
            section.problem(
                "required_if",
                f"compares {shown(term.question)} with {shown(term.value)}, which cannot be chosen there. "
                f"{suggest(term.value, about.options)}",
            )


def write_question_set(question_set: QuestionSet) -> dict[str, Any]:
    fields = {
        "id": question_set.id,
        "title": question_set.title,
        "minutes": question_set.minutes,
        "allow_no_change": question_set.allow_no_change or None,
        "anonymous": question_set.anonymous or None,
        "per_item": question_set.per_item,
    }
    questions = [_write_question(question) for question in question_set.questions]
    return entry(fields, question_set.extra) | {"questions": questions}


def _write_question(question: Question) -> dict[str, Any]:
    fields = {
        "id": question.id,
        "type": question.type,
        "source": question.source,
        "label": question.label,
        "label_without_outcome": question.label_without_outcome,
        "options": question.options,
        "min": question.min,
        "max": question.max,
        "max_length": question.max_length,
        "required": None if question.required_if and not question.required else question.required,
        "required_if": question.required_if,
    }
    return entry(fields, question.extra)
