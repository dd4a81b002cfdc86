"""A "⋯" menu in place of a row of buttons, where there is room for one element only. What a button does is its own."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator

from bot.slack import limits
from bot.slack.blocks import kit
from bot.slack.identifiers import Action
from bot.slack.message import Block
from bot.slack.metadata import encode_way
from bot.slack.mrkdwn import cut, one_line


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


def ways_menu(ways: Iterable[tuple[str, Action, str]]) -> kit.Element:
    """A menu of one to five names, each with the button that it stands for and what that carries."""
    options = [
        # A name may be nothing that can be seen; its id always is.
        kit.option(name if one_line(name).strip() else value, encode_way(action, value))
        for name, action, value in ways
        if len(encode_way(action, value)) <= limits.OPTION_VALUE
    ]
    return kit.overflow(Action.MORE, options[: limits.OVERFLOW_OPTIONS])


def folded(blocks: Iterable[Block], *, keeps_primary: bool, without: Collection[str] = ()) -> Iterator[Block]:
    """The blocks with their buttons in menus, but for the main one: for a message that has others of its own.

    What is asked about before it acts stays a button. `without` are buttons that the message has elsewhere.
    """
    before: Block | None = None
    for block in blocks:
        if block["type"] != "actions":
            if before is not None:
                yield before
            before = _folded_section(block)
            continue
        kept = [one for one in block["elements"] if keeps_primary and one.get("style") == "primary"]
        kept += [one for one in block["elements"] if one["type"] != "button" or "confirm" in one]
        rest = [one for one in block["elements"] if one not in kept and one["action_id"] not in without]
        if kept:
            if before is not None:
                yield before
            before = {**block, "elements": [*kept, *_menu(rest)]}
        elif not rest:
            continue
        elif before is not None and (menu := _menu_of(before, rest)) is not None:
            before = {**before, "accessory": menu}
        else:
            if before is not None:
                yield before
            before = {**block, "elements": _menu(rest)}
    if before is not None:
        yield before


def _menu_of(section: Block, buttons: list[kit.Element]) -> kit.Element | None:
    """The menu of the section above with these buttons in it, where there is room for them."""
    if section["type"] != "section":
        return None
    menu = section.get("accessory")
    if menu is None:
        return more(*buttons) if len(buttons) <= limits.OVERFLOW_OPTIONS else None
    added = more(*buttons[: limits.OVERFLOW_OPTIONS])
    options = [*menu.get("options", ()), *added["options"]]
    if menu["type"] != "overflow" or len(options) > limits.OVERFLOW_OPTIONS:
        return None
    return kit.overflow(Action.MORE, options)


def _folded_section(block: Block) -> Block:
    accessory = block.get("accessory") or {}
    if accessory.get("type") != "button" or "confirm" in accessory:
        return block
    return {**block, "accessory": more(accessory)}


def _menu(buttons: list[kit.Element]) -> list[kit.Element]:
    return [more(*buttons[: limits.OVERFLOW_OPTIONS])] if buttons else []


def priority_ways(key: str) -> tuple[kit.Element, ...]:
    """Where a priority's line leads: its card, its figures, its actions and its decisions."""
    return (
        kit.button("Open priority", Action.PRIORITY_CARD, value=key),
        kit.button("Figures", Action.FIGURES_OF, value=key),
        kit.button("Actions", Action.GO_ACTIONS, value=f"action list {key}"),
        kit.button("Decisions", Action.GO_WAITING, value=f"decision log {key}"),
    )
