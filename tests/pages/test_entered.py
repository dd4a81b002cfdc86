"""What a browser sends of a form is read as Slack would say it, and nothing else is taken for it."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.pages import entered_in, pressable, problems_of, shown_with, touched
from bot.slack.blocks import kit
from bot.slack.forms import read_answers, read_choices
from bot.slack.metadata import encode_question
from tests.tables import on_each

OPTIONS = [kit.option("Yes", "yes"), kit.option("No", "no"), kit.option("Perhaps", "perhaps")]


def field(kind: str, name: str = "q", **about: Any) -> dict[str, Any]:
    optional = about.pop("optional", False)
    return kit.input_block("Question", kit.element(kind, "value", **about), encode_question(name), optional=optional)


ONE = ["static_select", "radio_buttons", "external_select"]
SEVERAL = ["checkboxes", "multi_static_select", "multi_external_select"]


@on_each(
    ("kind", "posted", "expected"),
    [
        ("plain_text_input", "two\r\nlines", "two\nlines"),
        ("plain_text_input", "", None),
        ("number_input", "3.5", "3.5"),
        ("datepicker", "2026-12-01", "2026-12-01"),
        ("timepicker", "14:30", "14:30"),
        *[(kind, "no", "no") for kind in ONE],
        *[(kind, "elsewhere", None) for kind in ONE],
    ],
)
def test_a_field_is_read_as_in_slack(kind: str, posted: str, expected: str | None) -> None:
    about: dict[str, Any] = {"options": OPTIONS} if kind in ONE else {}
    assert read_answers(entered_in([field(kind, **about)], {"f0": [posted]})) == {"q": expected}


@pytest.mark.parametrize("kind", SEVERAL)
def test_several_are_read_and_only_what_is_offered(kind: str) -> None:
    blocks = [field(kind, options=OPTIONS)]
    assert read_choices(entered_in(blocks, {"f0": ["yes", "elsewhere", "perhaps"]})) == {"q": ["yes", "perhaps"]}
    assert read_choices(entered_in(blocks, {})) == {"q": []}


@pytest.mark.parametrize("kind", ["external_select", "multi_external_select"])
def test_what_was_chosen_before_may_stay_where_a_search_finds_others(kind: str) -> None:
    initial = {"initial_options": OPTIONS[:1]} if kind in SEVERAL else {"initial_option": OPTIONS[0]}
    blocks = [field(kind, options=OPTIONS[1:], **initial)]
    found = entered_in(blocks, {"f0": ["yes"]})
    assert [*read_choices(found)["q"], read_answers(found)["q"]][0] == "yes"


@pytest.mark.parametrize("kind", ["users_select", "conversations_select"])
def test_what_only_slack_can_offer_stays_as_it_is(kind: str) -> None:
    name = "initial_user" if kind == "users_select" else "initial_conversation"
    assert read_answers(entered_in([field(kind, **{name: "U1"})], {"f0": ["U2"]})) == {"q": "U1"}
    assert "in Slack only" in problems_of([field(kind)], entered_in([field(kind)], {}))[encode_question("q")]


@given(st.text(max_size=40).filter(lambda text: "\r" not in text))
def test_what_is_shown_again_is_what_was_entered(text: str) -> None:
    blocks = [field("plain_text_input", optional=True), field("static_select", "z", options=OPTIONS)]
    values = entered_in(blocks, {"f0": [text], "f1": ["no"]})
    shown = shown_with(blocks, values)
    assert entered_in(shown, {"f0": [shown[0]["element"].get("initial_value", "")], "f1": ["no"]}) == values
    assert problems_of(blocks, values) == {}


@on_each(
    ("kind", "about", "posted", "words"),
    [
        ("plain_text_input", {}, "", "Please fill this in."),
        ("plain_text_input", {"max_length": 3}, "four", "That is 4 characters; at most 3 fit."),
        ("number_input", {"is_decimal_allowed": True}, "a lot", "Enter a number, such as 1250 or 3.5."),
        ("number_input", {"is_decimal_allowed": True}, "1e999999999", "Enter a number"),
        ("number_input", {"is_decimal_allowed": False}, "3.5", "Enter a whole number."),
        ("datepicker", {}, "Dec 1", "Write the day as 2026-12-01."),
        ("timepicker", {}, "25:00", "Write the time as 14:30."),
        ("static_select", {"options": OPTIONS}, "elsewhere", "Choose one."),
        ("checkboxes", {"options": OPTIONS}, "", "Choose at least one."),
    ],
)
def test_what_has_to_be_mended_is_said_at_its_field(kind: str, about: dict[str, Any], posted: str, words: str) -> None:
    blocks = [field(kind, **about)]
    problems = problems_of(blocks, entered_in(blocks, {"f0": [posted]}))
    if posted == "1e999999999":
        assert problems == {}  # a number, which the form's own rules judge
        return
    assert words in problems[encode_question("q")]


def test_only_what_somebody_changed_outlives_a_form_that_changes() -> None:
    blocks = [
        field("plain_text_input", "kept", initial_value="before"),
        field("plain_text_input", "changed", initial_value="before"),
        field("static_select", "chosen", options=OPTIONS, initial_option=OPTIONS[0]),
    ]
    values = entered_in(blocks, {"f0": ["before"], "f1": ["after"], "f2": ["yes"]})
    assert set(touched(blocks, values)) == {encode_question("changed")}


def test_each_thing_that_can_be_pressed_has_its_place() -> None:
    blocks = [
        kit.section("A", accessory=kit.button("Open", "open", value="1")),
        kit.actions(kit.button("Yes", "yes"), kit.overflow("more", OPTIONS[:2])),
        {**field("static_select", options=OPTIONS), "dispatch_action": True},
        kit.context("nothing"),
    ]
    found = [
        (element["action_id"], element.get("selected_option", {}).get("value"))
        for _block_id, element in pressable(blocks)
    ]
    assert found == [("open", None), ("yes", None), ("more", "yes"), ("more", "no"), ("value", None)]
