"""Fields for words that report what stands in them, so that it is kept until the form is sent. Pure."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from bot.errors import UserError
from bot.slack.blocks import kit
from bot.slack.identifiers import Action, Submission
from bot.slack.message import Block, View
from bot.slack.metadata import (
    decode,
)

AGAIN = "What you wrote before is filled in. It isn't sent yet."
NOTICE = "Enter in a text field keeps what stands here for a week, should you close this before sending."


@dataclass(frozen=True, slots=True)
class Keeps:
    """How the words of a form are kept until it is sent.

    - `about`: what the form is about, by its private_metadata; None for something new.
    - `is_new`: it makes something, although one such form is told from another by what it is for.
    - `belongs_to`: the field to whose choice the words belong: they are not shown for another one.
    - `then`: the second form that is sent before this one is done with.
    - `is_saved_by_button`: a button of what it shows first saves it, so that sending it alone ends nothing.
    """

    about: Callable[[str], str | None]
    is_new: bool = False
    belongs_to: str | None = None
    then: Submission | None = None
    is_saved_by_button: bool = False


def about_one(_metadata: str) -> str | None:
    """There is one such form: what it makes has no name yet."""
    return None


def about_whole(metadata: str) -> str | None:
    """By all of its metadata."""
    return metadata


def by(kind: type[Any], *fields: str) -> Callable[[str], str | None]:
    """By these fields of what it carries. The rest tells one opening from another, such as tokens and marks."""

    def name(metadata: str) -> str | None:
        try:
            found = decode(kind, metadata)
        except UserError:
            return None
        values = [getattr(found, one) for one in fields]
        return "|".join("" if one is None else str(one) for one in values) if any(values) else None

    return name


def reporting(view: View) -> View:
    """The form, whose fields for words report on Enter, and that says so."""
    blocks = tuple(_reporting(block) for block in view.blocks)
    return replace(view, blocks=(*blocks, kit.context(NOTICE))) if blocks != view.blocks else view


def _reporting(block: Block) -> Block:
    element = block.get("element") or {}
    if block.get("type") != "input" or element.get("type") != "plain_text_input":
        return block
    on_enter = {"trigger_actions_on": ["on_enter_pressed"]}
    field = {**element, "action_id": Action.KEEP_WORDS, "dispatch_action_config": on_enter}
    return {**block, "element": field, "dispatch_action": True}
