"""What a coalition is called and how it writes figures and dates: its form, and what came of it."""

from __future__ import annotations

from bot.domain.coalition import CoalitionForm
from bot.slack.blocks.coalition import COALITION_FORM, edited_message
from bot.slack.message import Message, View
from tests.slack.readable import check_golden
from tests.slack.screens import LONG, script

BEND = CoalitionForm(
    name="Limestone Bend Partnership",
    short_name="The Bend",
    locale="de-DE",
    written="1.234,5 · 1.235 $ · 23. Nov. 2026",
)


def test_words() -> None:
    scenes: dict[str, Message | View] = {
        "the form": COALITION_FORM.view(BEND),
        "saved, in a modal": edited_message(BEND).view(COALITION_FORM.title),
        "saved, without a short name": edited_message(
            CoalitionForm(
                name="Bend *&* <Co>", short_name=None, locale="en-US", written="1,234.5 · $1,235 · Nov 23, 2026"
            )
        ),
    }
    check_golden("coalition-particulars.txt", script(scenes))
    full = CoalitionForm(name=LONG[:80], short_name=LONG[:80], locale="uz-Cyrl-UZ", written=LONG[:80])
    script({"long": edited_message(full), "long form": COALITION_FORM.view(full)})
