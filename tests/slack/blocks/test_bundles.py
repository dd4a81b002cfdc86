"""The first line of a message of several things: it counts what was done, and thanks only for that."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from bot.domain.actions import ListedAction
from bot.domain.checkins import PromptItem, Prompts
from bot.domain.metrics import FigureAsk
from bot.domain.outbox import Item
from bot.slack.blocks.bundles import note_message
from bot.slack.message import Message, View
from bot.slack.rendering import ITEM_RENDERERS, prompts_message
from tests import builders
from tests.slack.blocks.actions.test_bundles import DONE, TERM_SHEET, bundle, own, request, update
from tests.slack.readable import check_golden
from tests.slack.screens import BY_LUIS, MONDAY, answer, item, prompts, script
from tests.tables import on_each


def first_line(value: Prompts) -> str:
    """The text of the first block."""
    return str(prompts_message(value).blocks[0]["text"]["text"])


def closed(**fields: Any) -> tuple[Item, PromptItem]:
    """A check-in whose round closed; nobody answered unless `fields` say so."""
    return update(**({"state": "closed", "owner": "grant", "owner_name": "Grant Okafor"} | fields))


def figure(state: str) -> tuple[Item, FigureAsk]:
    metric = builders.metric("firms", name="Firms helped", unit="firms")
    return Item.FIGURE, FigureAsk(metric=metric, state=state, today=MONDAY.date(), last=None)


GONE = ListedAction(card=DONE, undo=12)


@on_each(
    ("items", "line"),
    [
        # Nobody answered, so there is nothing to give thanks for.
        ((closed(), closed(subject_id=9)), "*Update: Supplier and small-firm growth*"),
        ((closed(), figure("closed")), "*Update: Supplier and small-firm growth*"),
        ((closed(), own(GONE)), "Thank you. Nothing is left to do here. <"),
        ((closed(), request("withdrawn")), "*Update: Supplier and small-firm growth*"),
        # What merely closed is not done.
        ((closed(), own(TERM_SHEET)), "Good morning, Grant. One thing, about 2 minutes."),
        ((closed(), own(TERM_SHEET, GONE)), "1 of 2 done, about 2 minutes left."),
        # Without an estimate nothing is said to be left.
        ((figure("recorded"), figure("open")), "1 of 2 done."),
        ((figure("recorded"), own(GONE)), "All done, thank you."),
    ],
)
def test_only_what_was_done_counts(items: tuple[tuple[Item, Any], ...], line: str) -> None:
    assert line in first_line(bundle(*items))
    assert "done left" not in first_line(bundle(*items))


def test_whoever_was_answered_for_is_not_thanked() -> None:
    by_luis = replace(item(), state="answered", answer=BY_LUIS)
    other = replace(by_luis, subject_id=8)
    assert "thank you" not in prompts_message(prompts(by_luis, other)).text
    both = prompts(by_luis, replace(other, answer=answer()))
    assert first_line(both).startswith("Thank you. Nothing is left to do here.")


def test_a_stand_in_is_not_thanked_for_what_the_owner_said() -> None:
    asked = replace(item(kind="delegate"), state="answered", answer=answer())
    to_luis = {"receiver": "luis", "receiver_name": "Luis Ferrer"}
    assert "thank you" not in prompts_message(prompts(asked, replace(asked, subject_id=8), **to_luis)).text


def test_a_note_in_a_channel_says_what_waits_and_nothing_of_standing_in() -> None:
    stands_in = (Item.DELEGATE, update()[1])

    def note(*items: tuple[Item, Any]) -> Message:
        found = note_message(bundle(*items), ITEM_RENDERERS)
        assert found is not None
        return found

    notes: dict[str, Message | View] = {
        "a check-in": note(update()),
        "a check-in and actions": note(update(), own(TERM_SHEET), stands_in),
    }
    check_golden("notes-in-channels.txt", script(notes))
    for left in (stands_in, closed()):
        assert note_message(bundle(left), ITEM_RENDERERS) is None
