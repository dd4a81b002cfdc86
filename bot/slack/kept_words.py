"""Forms that keep what stands in them until it is sent: how they report it, say what is not kept, and show it again.

Slack tells nothing of what was typed when a form is closed, but all of it with each press in it. So long texts report
on Enter. Which forms keep anything, and under which name, stands in the table; a check-in keeps its words by question
instead (`bot/services/checkin_words.py`).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from bot.errors import UserError
from bot.slack.blocks import kit
from bot.slack.identifiers import Action, Submission
from bot.slack.meeting_metadata import decode_form
from bot.slack.message import Block, View

Entered = Mapping[str, Mapping[str, Mapping[str, Any]]]
NOTICE = "If you close this, it is kept for a week, except words typed last. Enter in their field keeps those too."
AGAIN = "What you wrote before is filled in. It isn't sent yet."
# Where an element keeps what was entered, and where it is shown from the beginning.
_INITIAL = {
    "value": "initial_value",
    "selected_option": "initial_option",
    "selected_options": "initial_options",
    "selected_date": "initial_date",
}


def _of_meeting(metadata: str) -> str:
    return decode_form(metadata)[1].key


# Each form that keeps its words, with what tells one such form from another by its private_metadata.
_KEPT: Mapping[Submission, Callable[[str], str]] = {
    Submission.NOTE: lambda _metadata: "",
    Submission.LETTER: lambda metadata: metadata,
    Submission.MEETING_NOTES: _of_meeting,
}
# What is sent in these is not done with before a second form is sent.
SENT_BY: Mapping[Submission, Submission] = {Submission.MEETING_NOTES: Submission.MEETING_NOTES_POST}


def name_of_form(callback_id: str, metadata: str) -> str | None:
    """Under which name a form's words are kept; None for a form that keeps none."""
    first = next((one for one, last in SENT_BY.items() if last == callback_id), None) or callback_id
    named = next((named for one, named in _KEPT.items() if one == first), None)
    if named is None:
        return None
    try:
        return f"{first}:{named(metadata)}"
    except UserError:
        return None


def is_sent_in_full(callback_id: str) -> bool:
    """Whether sending this form ends what is kept; else sending keeps it."""
    return not any(one == callback_id for one in SENT_BY)


def keeping(view: View) -> View:
    """A form whose long texts report on Enter, and that says what is not kept."""
    return replace(view, blocks=(*(_reporting(block) for block in view.blocks), kit.context(NOTICE)))


def with_kept(view: View, entered: Entered) -> View:
    """A form with what its reader had entered in it and not sent."""
    # A form for new words that comes with some (they were typed elsewhere just now) is not overwritten by older ones.
    is_new = view.callback_id in (Submission.NOTE, Submission.LETTER)
    filled = tuple(
        block if is_new and (block.get("element") or {}).get("initial_value") else with_entered(block, entered)
        for block in view.blocks
    )
    if filled == view.blocks:
        return view
    # Who reads it stands first.
    return replace(view, blocks=(filled[0], kit.context(AGAIN), *filled[1:]))


def with_entered(block: Block, entered: Entered) -> Block:
    """A field that shows what was entered in it."""
    element = block.get("element") or {}
    found = (entered.get(block.get("block_id") or "") or {}).get(element.get("action_id") or "") or {}
    initial = {shown: found.get(name) for name, shown in _INITIAL.items() if name in found}
    if not initial:
        return block
    rest = {name: value for name, value in element.items() if name not in initial}
    return {**block, "element": rest | {name: value for name, value in initial.items() if value}}


def _reporting(block: Block) -> Block:
    element = block.get("element") or {}
    if block.get("type") != "input" or not element.get("multiline"):
        return block
    on_enter = {"trigger_actions_on": ["on_enter_pressed"]}
    field = {**element, "action_id": Action.KEEP_WORDS, "dispatch_action_config": on_enter}
    return {**block, "element": field, "dispatch_action": True}
