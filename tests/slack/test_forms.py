"""Reading `state.values` of every kind of element, and putting errors under their fields."""

from __future__ import annotations

from typing import Any

import pytest

from bot.errors import UserError
from bot.slack.forms import input_blocks, place_errors, read_answers
from tests.tables import on_each


@on_each(
    ("element", "entered"),
    [
        ({"type": "plain_text_input", "value": "Words &amp; <more>"}, "Words &amp; <more>"),
        ({"type": "plain_text_input", "value": None}, None),
        ({"type": "plain_text_input", "value": "  "}, None),
        ({"type": "number_input", "value": "12.5"}, "12.5"),
        ({"type": "radio_buttons", "selected_option": {"value": "at_risk", "text": {}}}, "at_risk"),
        ({"type": "static_select", "selected_option": None}, None),
        ({"type": "external_select", "selected_option": {"value": "steering"}}, "steering"),
        ({"type": "datepicker", "selected_date": "2026-12-01"}, "2026-12-01"),
        ({"type": "timepicker", "selected_time": "23:59"}, "23:59"),
        ({"type": "datepicker", "selected_date": None}, None),
        ({"type": "users_select", "selected_user": "U1"}, "U1"),
        ({}, None),
    ],
)
def test_entered(element: dict[str, Any], entered: str | None) -> None:
    assert read_answers({"question:q": {"value": element}}) == {"q": entered}


@on_each(
    "element",
    [
        *(
            {"selected_date": day}
            for day in ("2026-02-30", "2026-13-01", "0001-01-01", "9999-12-31", "20261201", "x", 5)
        ),
        *({"selected_time": clock} for clock in ("24:00", "9:00", "12:60", "noon", "09:00:00", 9)),
    ],
)
def test_what_no_picker_gives_is_a_sentence_at_its_field(element: dict[str, Any]) -> None:
    with pytest.raises(UserError, match=r"There is no such (day|time)\. Choose another one\.") as refused:
        read_answers({"question:q": {"value": element}})
    assert refused.value.field == "q"


def test_blocks_that_are_no_questions_are_left_out() -> None:
    assert read_answers({"other": {"value": {"value": "x"}}}) == {}


def test_errors_stand_under_their_fields() -> None:
    fields = ["question:moved", "question:blocker"]
    assert place_errors({"blocker": "Add one sentence."}, fields) == {"question:blocker": "Add one sentence."}


def test_errors_without_a_field_stand_under_the_first() -> None:
    errors = {"elsewhere": "One.", "moved": "Two."}
    assert place_errors(errors, ["question:moved"]) == {"question:moved": "One. Two."}


def test_fields_of_a_view() -> None:
    blocks = [{"type": "section", "block_id": "a"}, {"type": "input", "block_id": "question:moved"}]
    assert input_blocks(blocks) == ["question:moved"]
