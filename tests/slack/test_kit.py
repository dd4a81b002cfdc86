"""The block constructors give what the table of limits allows, whatever is put in."""

from __future__ import annotations

from datetime import date

import pytest

from bot.slack.blocks import kit
from bot.slack.message import Message, View
from tests.slack.refusals import problems

LONG = "word " * 1000


def test_a_message_of_every_block_has_no_problem() -> None:
    options = [kit.option("One", "1"), kit.option(LONG, "2", description=LONG)]
    sure = kit.confirm(LONG, LONG, "Yes", "No", danger=True)
    blocks = (
        kit.header(LONG),
        kit.section("*a*", fields=["b", "c"], accessory=kit.button("Go", "go", value="1"), block_id="s"),
        kit.section(fields=["b"]),
        kit.context("a", "b"),
        kit.divider(),
        kit.image(LONG, slack_file="F1", title=LONG),
        kit.actions(
            kit.button(LONG, "a", primary=True, label=LONG),
            kit.button("Delete", "b", danger=True, confirm=sure),
            kit.button("Read", "c", about=LONG),
            kit.static_select("d", options, initial=options[0], placeholder=LONG),
            kit.overflow("e", options),
            kit.users_select("f", initial="U1"),
            kit.datepicker("g", initial=date(2026, 11, 24)),
        ),
    )
    assert problems(Message("text", blocks)) == []
    assert blocks[6]["elements"][6]["initial_date"] == "2026-11-24"
    assert blocks[5]["slack_file"] == {"id": "F1"}


def test_a_form_of_every_field_has_no_problem() -> None:
    options = [kit.option("One", "1"), kit.option("Two", "2")]
    fields = [
        kit.plain_text_input("x", max_length=300, initial="a", placeholder=LONG, multiline=True),
        kit.number_input("x", decimals=True, initial="1.5"),
        kit.radio_buttons("x", options, initial=options[1]),
        kit.checkboxes("x", options, initial=options),
        kit.static_select("x", options, initial=options[0]),
        kit.multi_static_select("x", options, initial=options),
        kit.external_select("x", initial=options[0], placeholder="Type a name"),
        kit.multi_external_select("x", initial=options),
        kit.users_select("x", placeholder="Who"),
        kit.datepicker("x"),
    ]
    blocks = tuple(
        kit.input_block(LONG, field, f"b{number}", hint=LONG, optional=bool(number), dispatch=not number)
        for number, field in enumerate(fields)
    )
    assert problems(View(blocks, title="New action item", submit="Add")) == []
    assert blocks[0]["dispatch_action"] is True
    assert blocks[1]["optional"] is True


def test_markup_is_not_turned_into_mentions() -> None:
    assert kit.section("@here")["text"]["verbatim"] is True


def test_what_is_hard_to_undo_is_confirmed() -> None:
    with pytest.raises(ValueError, match="confirmed"):
        kit.button("Delete", "a", danger=True)
