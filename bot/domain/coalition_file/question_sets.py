"""Question sets of a coalition file, within what a form in Slack can show."""

from __future__ import annotations

from bot.domain.checkins import ASSESSMENT, KNOWN, PRIVATE_NOTE, YES_OR_NO
from bot.domain.coalition_file.kinds import FLAG, ID, choice, many, moment, text, texts, whole
from bot.domain.coalition_file.known import is_given, text_of
from bot.domain.coalition_file.problems import shown, suggest
from bot.domain.coalition_file.section import Section
from bot.domain.coalition_file.shape import EXTRA, Field, Kind, Merging, Shape, always
from bot.domain.record import EarlierQuestions, Question, QuestionSet
from bot.domain.required_if import parse
from bot.domain.vocabularies import READ_IN_DIGEST, AnswerReaders, PerItem, PickerSource, QuestionType

_LABEL = text(300)
_TITLE = text(24)
_VERSION = Kind(lambda section, key: section.whole(key, 1, 9999), 1, "Write a whole number.")
_MOST_OPTIONS = 100
_MOST_QUESTIONS = 40
_SCALE = 100_000
_CHOOSING = (QuestionType.CHOICE, QuestionType.CHOICES)
_NOT_OF_DIGEST = (QuestionType.CHOICES, QuestionType.YES_NO)
_TAKEN = (
    *("cadence", "round", "priority", "by", "on_behalf_of", "answered_at", "no_change", "sets_standing"),
    "question_set",
)


def _check_place(section: Section, question: Question) -> None:
    """An answer stands in its check-in's entry under its question's id, beside who answered when."""
    if section.good("id") and question.id in _TAKEN:
        section.problem("id", f"is {shown(question.id)}, which says something else of each answer. Write another one.")
    if not section.good("type"):
        return
    if question.id == "confidence" and question.type != QuestionType.SCALE:
        section.problem("type", f"is {question.type}, and confidence is a number from 0 to 10. Write scale.")
    elif question.id in (*KNOWN, PRIVATE_NOTE) and question.type in _NOT_OF_DIGEST:
        section.problem("type", f"is {question.type}, and {question.id} has a meaning of its own. Use another id.")


def _check_type(section: Section, question: Question) -> None:
    if not section.good("type"):
        return
    is_choice, is_scale = question.type in _CHOOSING, question.type == QuestionType.SCALE
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
    if section.given("source") and question.type != QuestionType.ITEM_PICKER:
        section.problem("source", f"stands at a question of type {question.type}. Only an item_picker has one.")
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
        can_be = tuple(YES_OR_NO) if about is not None and about.type == QuestionType.YES_NO else ()
        can_be = about.options or can_be if about is not None else can_be
        if about is None:
            section.problem(
                "required_if",
                f"asks about {shown(term.question)}, which is no earlier question of this set. "
                f"{suggest(term.question, earlier)}",
            )
        elif term.value is not None and can_be and term.value not in can_be:
            section.problem(
                "required_if",
                f"compares {shown(term.question)} with {shown(term.value)}, which cannot be chosen there. "
                f"{suggest(term.value, can_be)}",
            )


def _check_readers(section: Section, question_set: QuestionSet) -> None:
    if not section.good("readers") or not section.given("readers"):
        return
    if section.given("per_item"):
        section.problem(
            "readers", "stands at questions for each item, which are read with the item. Leave one of the two out."
        )
    elif question_set.readers not in READ_IN_DIGEST and ASSESSMENT in {one.id for one in question_set.questions}:
        raw = section.known["cadence"].items()
        feeding = [id for id, one in raw if is_given(one, "feeds") and text_of(one, "question_set") == question_set.id]
        if feeding:
            section.problem(
                "readers",
                f"is {question_set.readers}, and how a priority stands is read in the digest that "
                f"{shown(feeding[0])} feeds. Write steering or everybody.",
            )


def _check_set(section: Section, question_set: QuestionSet) -> None:
    _check_questions(section, question_set, is_apart=section.data.get("per_item") is None)
    _check_readers(section, question_set)
    known: set[int] = set()
    for each, earlier in zip(section.entries("earlier"), question_set.earlier, strict=True):
        if each.good("version") and (earlier.version >= question_set.version or earlier.version in known):
            each.problem(
                "version", f"is {earlier.version}. Write one below the set's {question_set.version}, each only once."
            )
        known.add(earlier.version)
    if section.is_sound:
        section.known.question_sets.setdefault(question_set.id, question_set)


def _check_earlier(section: Section, earlier: EarlierQuestions) -> None:
    _check_questions(section, earlier, is_apart=True)


def _check_questions(section: Section, asked: QuestionSet | EarlierQuestions, *, is_apart: bool) -> None:
    """The questions of a set, or of an earlier version of one; `is_apart` from what they are asked about."""
    if not section.given("questions"):
        section.problem("questions", "is missing. Write at least one question.")
    sections = section.entries("questions")
    if section.good("questions") and not 1 <= len(sections) <= _MOST_QUESTIONS:
        section.problem("questions", f"has {len(sections)} entries. Write 1 to {_MOST_QUESTIONS} of them.")
    found: dict[str, Question] = {}
    for each, question in zip(sections, asked.questions, strict=True):
        if each.good("id") and question.id in found:
            each.problem("id", f"is {shown(question.id)} a second time in this set. Give each question its own id.")
        if is_apart:
            _check_place(each, question)
        _check_type(each, question)
        _check_condition(each, question, found)
        found.setdefault(question.id, question)


_QUESTION = Shape(
    Question,
    "question",
    Field("id", ID),
    Field("type", choice(QuestionType)),
    Field("source", choice(PickerSource)),
    Field("label", _LABEL),
    Field("label_without_outcome", _LABEL),
    Field("options", texts(75)),
    Field("min", whole(-_SCALE, _SCALE)),
    Field("max", whole(-_SCALE, _SCALE)),
    Field("max_length", whole(1, 3000)),
    # That it may stay empty says something unless it depends.
    Field("required", FLAG, always=lambda question: not question.required_if),
    Field("required_if", text(500)),
)

_EARLIER = Shape(
    EarlierQuestions,
    "earlier version of questions",
    Field("version", _VERSION),
    Field("until", moment()),
    Field("title", _TITLE),
    Field("allow_no_change", FLAG),
    Field("anonymous", FLAG),
    Field("readers", choice(AnswerReaders), usual_unsaid=True),
    EXTRA,
    Field("questions", many(_QUESTION), always=always),
    checks=(_check_earlier,),
    identify=lambda one: str(one.version),
)

QUESTION_SET = Shape(
    QuestionSet,
    "question set",
    Field("id", ID),
    Field("title", _TITLE),
    Field("minutes", whole(0, 600)),
    Field("allow_no_change", FLAG),
    Field("anonymous", FLAG),
    Field("per_item", choice(PerItem)),
    Field("readers", choice(AnswerReaders), usual_unsaid=True),
    # What was asked before is told by what lives; a file that changes the questions makes a new version itself.
    Field("version", _VERSION, usual_unsaid=True, merging=Merging.AS_LIVE),
    EXTRA,
    Field("questions", many(_QUESTION), always=always),
    Field("earlier", many(_EARLIER), merging=Merging.AS_LIVE),
    checks=(_check_set,),
)
