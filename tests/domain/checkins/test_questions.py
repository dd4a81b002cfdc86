"""What may be answered to a question of each type, and how it is kept."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from bot.domain.checkins import check_values, entered_text
from bot.domain.checkins.questions import to_keep
from bot.domain.record import Question, QuestionSet
from tests.tables import on_each

QUESTIONS = {
    one.id: one
    for one in (
        Question(id="one", type="choice", label="One?", options=("a", "b")),
        Question(id="some", type="choices", label="Some?", options=("a", "b", "c d")),
        Question(id="sure", type="yes_no", label="Sure?"),
        Question(id="step", type="scale", label="Step?", min=-1, max=5),
        Question(id="count", type="number", label="Count?", min=0, max=100),
        Question(id="day", type="date", label="Day?"),
        Question(id="who", type="item_picker", label="Who?", source="members"),
        Question(id="words", type="text", label="Words?", max_length=5),
        Question(id="more", type="text", label="More?"),
    )
}


def mistakes(**given: str | None) -> dict[str, str]:
    asked = QuestionSet(id="set", title="Set", questions=tuple(QUESTIONS[name] for name in given))
    return check_values(asked, given, lambda _question, key: key == "ana")


@on_each(
    ("question", "text"),
    [
        ("one", "b"),
        ("some", "a\nc d"),
        ("sure", "no"),
        ("step", "-1"),
        ("step", "5"),
        ("count", "48.5"),
        ("count", "100"),
        ("day", "2026-12-11"),
        ("who", "ana"),
        ("words", "12345"),
        ("more", "x" * 3000),
        ("more", ""),
    ],
)
def test_what_fits_is_taken(question: str, text: str) -> None:
    assert mistakes(**{question: text}) == {}


@on_each(
    ("question", "text", "sentence"),
    [
        ("one", "c", "Choose one of the answers."),
        ("some", "a\ngone", "One of these can't be chosen anymore. Choose again."),
        ("sure", "maybe", "Choose Yes or No."),
        ("step", "6", "Choose a number from -1 to 5."),
        ("step", "2.5", "Choose a number from -1 to 5."),
        ("count", "many", "Enter a number, such as 12 or 48.5."),
        ("count", "1e9", "Enter a number, such as 12 or 48.5."),
        ("count", "-1", "Enter 0 or more."),
        ("count", "100.5", "Enter 100 or less."),
        ("day", "2026-02-30", "There is no such day. Choose another one."),
        ("who", "bob", "I can't find this one anymore. Choose another one."),
        ("words", "123456", "Shorten this to 5 characters; it has 6."),
        ("more", "x" * 3001, "Shorten this to 3000 characters; it has 3001."),
    ],
)
def test_what_is_wrong_is_said_under_the_field(question: str, text: str, sentence: str) -> None:
    assert mistakes(**{question: text}) == {question: sentence}


@on_each(
    ("question", "sentence"),
    [
        ("one", "Choose an answer."),
        ("some", "Choose at least one."),
        ("sure", "Choose Yes or No."),
        ("step", "Choose an answer."),
        ("count", "Enter a number."),
        ("day", "Choose a day."),
        ("who", "Choose an answer."),
        ("words", "Add one sentence."),
    ],
)
def test_what_is_missing_is_said_under_the_field(question: str, sentence: str) -> None:
    asked = QuestionSet(id="set", title="Set", questions=(replace(QUESTIONS[question], required=True),))
    assert check_values(asked, {question: " "}, lambda *_: True) == {question: sentence}


@on_each(
    ("condition", "given", "needed"),
    [
        ("some == b", {"some": "a\nb"}, True),
        ("some == b", {"some": "a"}, False),
        ("some != b", {"some": "a"}, True),
        ("some", {}, False),
        ("sure == yes", {"sure": "yes"}, True),
        ("sure == yes", {"sure": "no"}, False),
        ("count == 48.5", {"count": "48.50"}, True),
        ("step == 3 or one == a", {"step": "3"}, True),
        ("day == 2026-12-11", {"day": "2026-12-11"}, True),
        ("who", {"who": "ana"}, True),
    ],
)
def test_a_condition_asks_about_every_type(condition: str, given: dict[str, str], needed: bool) -> None:
    last = Question(id="why", type="text", label="Why?", required_if=condition)
    asked = QuestionSet(id="set", title="Set", questions=(*QUESTIONS.values(), last))
    found = check_values(asked, given, lambda *_: True)
    assert ("why" in found) is needed


@on_each(
    ("kept", "text"),
    [
        (["a", "b"], "a\nb"),
        (("a",), "a"),
        (True, "yes"),
        (False, "no"),
        (Decimal("48.50"), "48.50"),
        (7, "7"),
        (None, None),
    ],
)
def test_what_was_kept_comes_back_into_the_form(kept: object, text: str | None) -> None:
    assert entered_text(kept) == text


def test_several_choices_are_kept_as_a_list() -> None:
    assert to_keep(QUESTIONS["some"], "a\nc d") == ["a", "c d"]
    assert to_keep(QUESTIONS["count"], "48.5") == "48.5"
