"""A "⋯" menu in place of a row of buttons, where there is room for one element only. What a button does is its own."""

from __future__ import annotations

from bot.slack import limits
from bot.slack.blocks import kit
from bot.slack.identifiers import Action
from bot.slack.metadata import encode_way
from bot.slack.mrkdwn import cut


def more(*buttons: kit.Element) -> kit.Element:
    """One to five buttons as a menu: choosing one does what pressing it would."""
    if any("confirm" in one for one in buttons):
        raise ValueError("what is asked about first stands as a button of its own")
    return kit.overflow(
        Action.MORE,
        [
            kit.option(
                cut(one["text"]["text"], limits.OPTION_TEXT), encode_way(one["action_id"], str(one.get("value") or ""))
            )
            for one in buttons
        ],
    )


def priority_ways(key: str) -> tuple[kit.Element, ...]:
    """Where a priority's line leads: its card, its figures, its actions and its decisions."""
    return (
        kit.button("Open priority", Action.PRIORITY_CARD, value=key),
        kit.button("Figures", Action.FIGURES_OF, value=key),
        kit.button("Actions", Action.GO_ACTIONS, value=f"action list {key}"),
        kit.button("Decisions", Action.GO_WAITING, value=f"decision log {key}"),
    )
