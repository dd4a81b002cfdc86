"""An item's history on screen: who, when, for whom, old and new, by which path; newest first, a page at a time."""

from __future__ import annotations

from bot.domain.histories import MOST_ENTRIES, HistoryEntry, ItemHistory
from bot.domain.wording import part_of
from bot.slack.blocks import kit
from bot.slack.identifiers import Action
from bot.slack.message import Block, Message, View
from bot.slack.metadata import ItemPage, encode
from bot.slack.moments import Clock
from bot.slack.mrkdwn import bold, cut, fitted, own, unmark

TITLE = "History"
MOST_LINE = 220
MOST_ENTRY = 1500


def history_view(history: ItemHistory, turn: Action) -> View:
    """A page of a history as a modal; `turn` is the button that shows another page of this noun's."""
    return View(title=TITLE, close="Close", blocks=history_blocks(history, turn))


def history_message(history: ItemHistory, turn: Action) -> Message:
    """The same as a message."""
    blocks = history_blocks(history, turn)
    texts = [block["text"]["text"] for block in blocks if "text" in block]
    return Message.of(cut(unmark("\n".join(texts)), 2500), *blocks)


def history_blocks(history: ItemHistory, turn: Action) -> tuple[Block, ...]:
    """The blocks of both."""
    reader = Clock(history.zone, history.now)
    blocks = [kit.section(bold(history.name))]
    if not history.entries:
        blocks.append(kit.section("Nothing has been changed yet."))
    blocks += [kit.section(entry_words(entry, reader)) for entry in history.entries]
    if history.total > MOST_ENTRIES:
        first = history.page * MOST_ENTRIES + 1
        blocks.append(kit.context(f"{part_of(first - 1, len(history.entries), history.total)}, newest first"))
        buttons = []
        if history.page:
            buttons.append(kit.button("Newer", turn, value=encode(ItemPage(history.id, history.page - 1))))
        if history.has_more:
            buttons.append(kit.button("Older", turn, value=encode(ItemPage(history.id, history.page + 1))))
        # Two buttons of one action in one block need a block each.
        blocks += [kit.actions(one) for one in buttons]
    return tuple(blocks)


def entry_words(entry: HistoryEntry, reader: Clock) -> str:
    """One transaction's changes."""
    lines = [f"• {own(cut(line, MOST_LINE))}" for line in entry.lines]
    return fitted([f"{own(reader.dated(entry.at))} · {own(entry.author)}", *lines], MOST_ENTRY)
