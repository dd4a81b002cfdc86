"""What is kept of a form that was closed, and when it is shown again: pure, on forms as small as can be."""

from __future__ import annotations

from typing import Any

import pytest

from bot.slack.blocks import kit
from bot.slack.forms import reporting
from bot.slack.identifiers import Action, Entry, Submission
from bot.slack.kept_words import AGAIN, NOTICE, Kept, form_name, is_done_with, kept_of, with_kept
from bot.slack.message import View
from bot.slack.metadata import Marked, encode, encode_question

OPTIONS = [kit.option("North", "north"), kit.option("South", "south")]


def form(
    goal: str = "",
    side: str | None = None,
    *,
    key: str | None = "p1",
    sides: tuple[str, ...] = ("north", "south"),
    submission: Submission = Submission.PRIORITY_PLAN,
    chosen_by: str = "side",
) -> View:
    """A form with words and a choice."""
    options = [one for one in OPTIONS if one["value"] in sides]
    initial = next((one for one in options if one["value"] == side), None)
    metadata = encode(Marked(key))
    view = View(
        title="A form",
        callback_id=submission,
        submit="Save",
        metadata=metadata if submission is not Submission.BALLOT else "D-1",
        blocks=(
            kit.context("Read by everyone."),
            kit.input_block(
                "Goal",
                kit.element("plain_text_input", Entry.VALUE, max_length=80, initial_value=goal or None),
                encode_question("goal"),
            ),
            kit.input_block(
                "Side", kit.static_select(Entry.VALUE, options, initial=initial), encode_question(chosen_by)
            ),
        ),
    )
    return reporting(view)


def state(view: View, goal: str | None, side: str | None = None) -> dict[str, dict[str, dict[str, Any]]]:
    """What Slack says of a form in which this stands."""
    _first, words, choice, _notice = view.blocks[-4:]
    option = next((one for one in OPTIONS if one["value"] == side), None)
    return {
        words["block_id"]: {words["element"]["action_id"]: {"type": "plain_text_input", "value": goal}},
        choice["block_id"]: {choice["element"]["action_id"]: {"type": "static_select", "selected_option": option}},
    }


def kept_after(view: View, goal: str | None, side: str | None = None, before: Kept | None = None) -> Kept:
    name = form_name(view.callback_id, view.metadata)
    assert name is not None
    return kept_of(list(view.blocks), state(view, goal, side), before or {}, name)


def opened(view: View, kept: Kept) -> tuple[str, str | None, str]:
    """What a form shows then: its words, its choice, and what it says of both."""
    name = form_name(view.callback_id, view.metadata)
    assert name is not None
    shown = with_kept(view, kept, name)
    elements = [block["element"] for block in shown.blocks if block["type"] == "input"]
    says = "\n".join(block["elements"][0]["text"] for block in shown.blocks if block["type"] == "context")
    return elements[0].get("initial_value", ""), (elements[1].get("initial_option") or {}).get("value"), says


def test_a_form_with_words_reports_on_enter_and_says_so() -> None:
    *_, words, choice, notice = form().blocks
    assert words["dispatch_action"] is True
    assert words["element"]["action_id"] == Action.KEEP_WORDS
    assert words["element"]["dispatch_action_config"] == {"trigger_actions_on": ["on_enter_pressed"]}
    assert choice["element"]["action_id"] == Entry.VALUE
    assert notice["elements"][0]["text"] == NOTICE


def test_what_nobody_touched_is_not_kept() -> None:
    assert kept_after(form("Jobs", "north"), "Jobs", "north") == {}


def test_what_was_changed_comes_back_and_the_rest_is_as_it_is_now() -> None:
    kept = kept_after(form("Jobs", "north"), "Good jobs", "north")
    assert opened(form("Jobs", "south"), kept) == ("Good jobs", "south", f"Read by everyone.\n{AGAIN}\n{NOTICE}")


def test_what_was_emptied_stays_empty() -> None:
    kept = kept_after(form("Jobs"), None)
    assert opened(form("Jobs"), kept)[0] == ""


def test_two_rounds_of_typing_are_one() -> None:
    first = kept_after(form("Jobs", "north"), "Good jobs", "south")
    name = form_name(form().callback_id, form().metadata)
    assert name is not None
    again = with_kept(form("Jobs", "north"), first, name)
    second = kept_after(again, "Better jobs", "south", first)
    assert opened(form("Jobs", "north"), second)[:2] == ("Better jobs", "south")
    assert kept_after(again, "Good jobs", "south", first) == first


def test_what_somebody_else_changed_meanwhile_is_said() -> None:
    kept = kept_after(form("Jobs", "north"), "Good jobs", "south")
    words, side, says = opened(form("Work", "south", sides=("south",)), kept)
    assert (words, side) == ("Good jobs", "south")
    assert "“Goal” was changed meanwhile, to: Work" in says


def test_a_choice_that_is_not_offered_any_more_is_left_out() -> None:
    kept = kept_after(form("Jobs", "north"), "Good jobs", "south")
    assert opened(form("Jobs", "north", sides=("north",)), kept)[:2] == ("Good jobs", None)


def test_a_button_that_chose_something_else_counts() -> None:
    kept = kept_after(form("Jobs", None), "Good jobs", "south")
    assert opened(form("Jobs", "north"), kept)[:2] == ("Good jobs", "north")


def test_something_new_that_comes_with_words_is_not_mixed_with_older_ones() -> None:
    kept = kept_after(form(key=None), "Jobs", "south")
    assert opened(form(key=None), kept)[:2] == ("Jobs", "south")
    assert opened(form("Jobs", key=None), kept)[:2] == ("Jobs", "south")
    assert opened(form("Buses", key=None), kept) == ("Buses", None, f"Read by everyone.\n{NOTICE}")
    with_words = kept_after(form("Buses", key=None), "Buses", "north", kept)
    assert opened(form(key=None), with_words)[:2] == ("Buses", "north")


def test_words_for_one_voice_are_not_shown_for_another() -> None:
    def ballot(voice: str | None) -> View:
        return form("", voice, submission=Submission.BALLOT, chosen_by="voice")

    kept = kept_after(ballot("north"), "The reserve is small.", "north")
    assert opened(ballot("north"), kept)[0] == "The reserve is small."
    assert opened(ballot("south"), kept)[0] == ""
    assert opened(ballot(None), kept)[:2] == ("The reserve is small.", "north")


@pytest.mark.parametrize(
    ("shown_then", "is_done"),
    [("", True), (Submission.FIGURE, False), (Submission.FIGURE_CONFIRM, False), (Submission.NEW_ACTION, True)],
)
def test_a_form_is_done_with_once_nothing_of_it_is_left_to_send(shown_then: str, is_done: bool) -> None:
    assert is_done_with(Submission.FIGURE, shown_then) is is_done
