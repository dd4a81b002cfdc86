"""The second opinion refuses what Slack refuses: it would be worth nothing if it took everything."""

from __future__ import annotations

import pytest

from bot.slack.blocks import kit
from bot.slack.message import Message, View
from tests.slack.second_opinion import ask
from tests.tables import on_each

LONG = "x" * 3001


@on_each(
    "surface",
    [
        Message(text="too long", blocks=(kit.section(LONG),)),
        Message(text="too many", blocks=(kit.divider(),) * 51),
        Message(text="too many buttons", blocks=(kit.actions(*[kit.button(f"{n}", f"a{n}") for n in range(26)]),)),
        Message(text="unknown", blocks=(kit.section("x") | {"colour": "red"},)),
        Message(text="no such block", blocks=({"type": "banner", "text": "x"},)),
        View(title="A title that is far too long for Slack", close="Close", blocks=(kit.section("x"),)),
        View(
            title="Input without submit",
            blocks=(kit.input_block("Q", kit.element("plain_text_input", "a", max_length=9), "q"),),
        ),
        View(blocks=(kit.divider(),) * 101),
    ],
)
def test_what_slack_refuses_is_refused(surface: Message | View) -> None:
    with pytest.raises(AssertionError, match="slackblocks refuses it"):
        ask(surface)
