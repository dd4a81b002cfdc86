"""What may be answered to a question of each type, how an answer is kept, and its words. Pure.

A form gives text for each question; of several choices a line each. Kept is the same text, of several choices a list; a
file may bring numbers, dates and true or false as well.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal, InvalidOperation

from bot.domain.record import Question, QuestionSet
from bot.domain.required_if import evaluate
from bot.domain.vocabularies import QuestionType

YES, NO = "yes", "no"
YES_OR_NO = {YES: "Yes", NO: "No"}
LONGEST_ANSWER = 3000
_NUMBER = re.compile(r"-?[0-9]{1,15}(\.[0-9]{1,15})?")
_PICKED = "Choose an answer."
_MISSING: Mapping[str, str] = {
    QuestionType.CHOICE: _PICKED,
    QuestionType.CHOICES: "Choose at least one.",
    QuestionType.SCALE: _PICKED,
    QuestionType.YES_NO: "Choose Yes or No.",
    QuestionType.ITEM_PICKER: _PICKED,
    QuestionType.NUMBER: "Enter a number.",
    QuestionType.DATE: "Choose a day.",
}
IsThere = Callable[[Question, str], bool]
"""Whether the thing with this id may be picked for a question."""


def check_values(questions: QuestionSet, values: Mapping[str, str | None], is_there: IsThere) -> dict[str, str]:
    """What has to be mended before the answer can be stored: question id → sentence. `values` is text by question."""
    errors: dict[str, str] = {}
    given = {name: text for name, value in values.items() if value is not None and (text := value.strip())}
    meant = {one.id: meaning(one, given[one.id]) for one in questions.questions if one.id in given}
    for question in questions.questions:
        needed = question.required or (question.required_if is not None and evaluate(question.required_if, meant))
        if question.id in given:
            problem = _mistake(question, given[question.id], is_there)
        else:
            problem = _missing(question) if needed else None
        if problem is not None:
            errors[question.id] = problem
    if given.get("ask_from") and not given.get("ask") and "ask" not in errors:
        errors["ask"] = "Write what you need, or clear the organization."
    return errors


def _missing(question: Question) -> str:
    if question.id == "blocker":
        return "Add one sentence, or choose On track."
    return _MISSING.get(question.type, "Add one sentence.")


def _mistake(question: Question, text: str, is_there: IsThere) -> str | None:
    """What is wrong with an answer."""
    if question.type == QuestionType.SCALE and not _on_scale(question, text):
        return f"Choose a number from {question.min} to {question.max}."
    if question.type == QuestionType.CHOICE and question.options and text not in question.options:
        return "Choose one of the answers."
    if question.type == QuestionType.CHOICES and not set(chosen_in(text)) <= set(question.options):
        return "One of these can't be chosen anymore. Choose again."
    if question.type == QuestionType.YES_NO and text not in YES_OR_NO:
        return _MISSING[QuestionType.YES_NO]
    if question.type == QuestionType.NUMBER:
        return _number_mistake(question, text)
    if question.type == QuestionType.DATE and as_day(text) is None:
        return "There is no such day. Choose another one."
    if question.type == QuestionType.ITEM_PICKER and not is_there(question, text):
        return "I can't find this one anymore. Choose another one."
    most = question.max_length or LONGEST_ANSWER
    return f"Shorten this to {most} characters; it has {len(text)}." if len(text) > most else None


def _number_mistake(question: Question, text: str) -> str | None:
    number = as_number(text)
    if number is None:
        return "Enter a number, such as 12 or 48.5."
    if question.min is not None and number < question.min:
        return f"Enter {question.min} or more."
    if question.max is not None and number > question.max:
        return f"Enter {question.max} or less."
    return None


def _on_scale(question: Question, text: str) -> bool:
    number = as_number(text)
    if number is None or number != number.to_integral_value():
        return False
    return (question.min or 0) <= number <= (question.max or 0)


def meaning(question: Question, text: str) -> object:
    """An answer as a condition compares it: a number by its value, several choices each for itself."""
    if question.type in {QuestionType.NUMBER, QuestionType.SCALE}:
        number = as_number(text)
        return text if number is None else number
    return chosen_in(text) if question.type == QuestionType.CHOICES else text


def to_keep(question: Question, text: str) -> object:
    """An answer as it is kept."""
    return list(chosen_in(text)) if question.type == QuestionType.CHOICES else text


def entered_text(answer: object) -> str | None:
    """An answer that was kept, as its form takes it."""
    if answer is None:
        return None
    if isinstance(answer, bool):
        return YES if answer else NO
    if isinstance(answer, list | tuple):
        return "\n".join(str(one) for one in answer)
    return format(answer, "f") if isinstance(answer, Decimal) else str(answer)


def chosen_in(text: str) -> tuple[str, ...]:
    """The choices that were made, of the text that a form gives for several."""
    return tuple(line for line in text.splitlines() if line.strip())


def as_number(text: str) -> Decimal | None:
    """The number that was entered, exactly; None where it is none."""
    if not _NUMBER.fullmatch(text):
        return None
    try:
        return Decimal(text)
    except InvalidOperation:
        return None


def as_day(text: str) -> date | None:
    """The day that was picked; None where there is no such day."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
