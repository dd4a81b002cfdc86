"""The block constructors give what the table of limits allows, whatever is put in."""

from __future__ import annotations

from datetime import date

import pytest

from bot.domain.typed import Known
from bot.slack.blocks import kit
from bot.slack.forms import (
    Account,
    Channel,
    Choice,
    Day,
    Field,
    File,
    Find,
    FindSeveral,
    Hour,
    Number,
    Text,
    Ticks,
    fixed,
)
from bot.slack.identifiers import Search
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
        ),
    )
    assert problems(Message("text", blocks)) == []
    assert blocks[5]["slack_file"] == {"id": "F1"}


def test_a_form_of_every_field_has_no_problem() -> None:
    options = [kit.option("One", "1"), kit.option("Two", "2")]
    fields: list[Field[object]] = [
        Text("a", LONG, 300, multiline=True, placeholder=LONG, hint=LONG, shows=fixed("a"), dispatch=True),
        Number("b", LONG, shows=fixed("1.5"), optional=True),
        Choice("c", LONG, options, radio=True, shows=fixed("2")),
        Ticks("d", LONG, options, shows=fixed(["1", "2"])),
        Choice("e", LONG, options, shows=fixed("1")),
        Ticks("f", LONG, options, placeholder="Some", shows=fixed(["1"])),
        Find("g", LONG, Search.MEMBER, shows=fixed(Known("1", "One"))),
        FindSeveral("h", LONG, Search.MEMBER, shows=fixed([Known("1", "One")])),
        Account("i", LONG),
        Channel("j", LONG, shows=fixed("C1")),
        Day("k", LONG, shows=fixed(date(2026, 11, 24))),
        Hour("l", LONG),
        File("m", LONG, ("yaml",)),
    ]
    blocks = tuple(field.block(None, None) for field in fields)
    assert problems(View(blocks, title="New action item", submit="Add")) == []
    assert blocks[0]["dispatch_action"] is True
    assert blocks[1]["optional"] is True
    assert blocks[10]["element"]["initial_date"] == "2026-11-24"


def test_markup_is_not_turned_into_mentions() -> None:
    assert kit.section("@here")["text"]["verbatim"] is True


def test_what_is_hard_to_undo_is_confirmed() -> None:
    with pytest.raises(ValueError, match="confirmed"):
        kit.button("Delete", "a", danger=True)
