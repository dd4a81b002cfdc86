"""What comes to somebody, on screen: words in a golden file, and what Slack takes of much."""

from __future__ import annotations

from bot.domain.digests import Copy, Edition
from bot.slack import limits
from bot.slack.blocks.what_comes import MOST_COPIES, WHAT_COMES_TITLE, what_comes_message
from bot.slack.message import Message, View
from tests.slack.blocks.checkins.test_rounds import settings
from tests.slack.blocks.digests.test_reading import overview
from tests.slack.readable import check_golden
from tests.slack.refusals import problems
from tests.slack.screens import script


def test_every_screen_is_that_of_the_golden_file() -> None:
    scenes: dict[str, Message | View] = {
        "as messages": what_comes_message(settings(), overview()),
        "by e-mail, some of it stopped": what_comes_message(
            settings(by_mail=True, no_messages_about=("actions", "answers")), overview()
        ).view(WHAT_COMES_TITLE),
        "without a digest to choose": what_comes_message(settings(by_mail=True), overview(copies=())),
    }
    check_golden("what-comes.txt", script(scenes))


def test_many_digests_fit() -> None:
    copies = tuple(
        Copy(edition=Edition("priority", f"p{number}", "A <name> & more " * 20), is_subscribed=True)
        for number in range(100)
    )
    view = what_comes_message(settings(by_mail=True), overview(copies=copies)).view(WHAT_COMES_TITLE)
    assert len(view.blocks) <= limits.VIEW_BLOCKS
    assert f"{MOST_COPIES} of 100" in str(view.blocks)
    assert problems(view) == []
