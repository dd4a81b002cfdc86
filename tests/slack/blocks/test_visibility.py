"""Who sees an item, as people see it: the form, what became of it, and the line on a card."""

from __future__ import annotations

import pytest

from bot.domain.numbered import Sight, SightForm
from bot.domain.typed import Known
from bot.slack.blocks.visibility import TITLE, VISIBILITY_FORM, sight_message
from bot.slack.message import Message, View
from tests.slack.readable import check_golden
from tests.slack.refusals import problems
from tests.slack.screens import LONG, script

KEEPERS = (
    Known("everybody", "As usual: whoever reads the priority"),
    Known("wg-talent", "Only the Talent Working Group"),
    Known("coordinators", "Only the coordinators"),
)
READERS = ("the Talent Working Group", "the coordinators", "those who have to do with it")
SCENES: dict[str, Message | View] = {
    "form": VISIBILITY_FORM.view(
        SightForm(id="A-101", title="Hire two instructors", visibility="wg-talent", keepers=KEEPERS)
    ),
    "form, too much": VISIBILITY_FORM.view(
        SightForm(
            id="A-101", title=LONG, visibility="g0", keepers=tuple(Known(f"g{n}", LONG[:200]) for n in range(120))
        )
    ),
    "kept to a group": sight_message(Sight(id="A-101", title="Hire two instructors", readers=READERS)).view(TITLE),
    "for everybody again": sight_message(Sight(id="A-101", title="Hire two instructors", readers=())),
    "so already": sight_message(Sight(id="I-1", title=LONG, readers=READERS, already=True)),
}


def test_what_people_see() -> None:
    check_golden("visibility.txt", script(SCENES))


@pytest.mark.parametrize("name", SCENES)
def test_slack_accepts_it(name: str) -> None:
    assert problems(SCENES[name]) == []
