"""Priorities on screen: a card, a list, what became of a change, and a name that is not known. Forms are elsewhere."""

from __future__ import annotations

from bot.domain.digests import priority_line
from bot.domain.funding import Money
from bot.domain.priorities import PriorityCard, PriorityList, PrioritySaved
from bot.domain.typed import Known
from bot.domain.wording import plural, with_article
from bot.slack.blocks import kit
from bot.slack.blocks.checkins import notes_blocks, notes_text
from bot.slack.blocks.digests import marked_up, page_message
from bot.slack.blocks.last_days import end_buttons
from bot.slack.identifiers import Action
from bot.slack.limits import MESSAGE_TEXT
from bot.slack.message import Message
from bot.slack.metadata import MoneyKey, encode
from bot.slack.moments import Clock
from bot.slack.mrkdwn import bold, cut, escape, fitted, own, unmark

TITLE = "Priority"
MOST_ROWS = 20


def card_message(card: PriorityCard) -> Message:
    """One priority with all that hangs on it, in the digest's words."""
    message = page_message(card.page)
    if card.is_summary:
        return message
    key, name = card.part.id, card.part.name
    ways = [
        kit.button("Figures", Action.FIGURES_OF, value=key, about=name),
        kit.button("Actions", Action.GO_ACTIONS, value=f"action list {key}", about=name),
        _decision_way(card),
    ]
    buttons = [kit.button("Outcomes", Action.PRIORITY_OUTCOMES, value=key, about=name)]
    buttons.append(kit.button("Asks", Action.PRIORITY_ASKS, value=key, about=name))
    buttons.append(kit.button("History", Action.PRIORITY_HISTORY, value=key, about=name))
    buttons.append(kit.button("Funding", Action.FUNDING_CARD, value=encode(MoneyKey(Money.PRIORITY, key)), about=name))
    if card.may_add_action:
        buttons.append(kit.button("Add action", Action.NEW_ACTION))
    if card.may_edit:
        buttons.append(kit.button("Edit", Action.PRIORITY_EDIT, value=key, about=name))
    buttons += end_buttons(card.end, name)
    notes = notes_blocks(card.notes, Clock(card.digest.timezone, card.digest.moment))
    text = "\n".join([message.text, *([escape(notes_text(card.notes))] if notes else [])])
    return Message(
        text=cut(text, MESSAGE_TEXT), blocks=(*message.blocks, *notes, kit.actions(*ways), kit.actions(*buttons))
    )


def _decision_way(card: PriorityCard) -> kit.Element:
    """The one decision that waits, or the list of all that were ever proposed on this priority."""
    key, name, waiting = card.part.id, card.part.name, card.part.decisions_needed
    if len(waiting) == 1:
        [one] = waiting
        return kit.button(f"Decision {one.id}", Action.OPEN_DECISION, value=one.id, label=f"Open: {one.id}")
    return kit.button("Decisions", Action.GO_WAITING, value=f"decision log {key}", about=name)


def list_message(found: PriorityList) -> Message:
    """Somebody's priorities, or all that they may read, off track first."""
    today = found.digest.today
    add = [kit.button("The plan", Action.PLAN, label="The whole plan")]
    add += [kit.button("Add priority", Action.PRIORITY_EDIT)] if found.may_add else []
    everything = kit.button(f"Show all {found.readable}", Action.PRIORITIES_ALL)
    if not found.parts:
        words = "You have no priority of your own." if found.readable else "There are no priorities for you to read."
        buttons = [*([everything] if found.readable and not found.is_everything else []), *add]
        return Message(text=words, blocks=(kit.section(words), *kit.row(*buttons)))
    count = plural(len(found.parts), "priority", "priorities")
    title = f"{count} to read" if found.is_everything else "Your priority" if len(found.parts) == 1 else f"Your {count}"
    lines = [priority_line(part, today) for part in found.parts[:MOST_ROWS]]
    rows = [
        kit.line(cut(marked_up(one), 2900), "Open", Action.PRIORITY_CARD, value=part.id, about=part.name)
        for one, part in zip(lines, found.parts, strict=False)
    ]
    blocks = [kit.section(bold(title)), *rows]
    if len(found.parts) > MOST_ROWS:
        blocks.append(kit.context(f"{MOST_ROWS} of {len(found.parts)} · type “priority” and a name for the others"))
    buttons = [*([everything] if found.readable > len(found.parts) else []), *add]
    blocks += kit.row(*buttons)
    text = "\n".join([title, *(one.plain for one in lines)])
    return Message(text=cut(escape(text), MESSAGE_TEXT), blocks=tuple(blocks))


def saved_message(saved: PrioritySaved) -> Message:
    """What became of a form of a priority or of an outcome."""
    said = {
        "added": "Added.",
        "changed": "Changed.",
        "reached": "Reached. The next digest says so.",
        "nothing": "Nothing is different, so nothing was changed.",
    }.get(saved.what, "")
    if saved.what == "proposed":
        whom = with_article(saved.decider_name or "deciding group")
        said = f"Proposed as {saved.decision}. It counts once {whom} has decided for it."
    lines = [bold(saved.name), own(said), *(f"• {own(cut(line, 400))}" for line in saved.lines)]
    text = fitted(lines)
    key = saved.priority.id
    buttons = kit.actions(
        kit.button("Open priority", Action.PRIORITY_CARD, value=key, label=f"Open: {saved.priority.name}"),
        kit.button("Outcomes", Action.PRIORITY_OUTCOMES, value=key),
    )
    return Message.of(cut(unmark(text), 2000), kit.section(text), buttons)


def unknown_priority_message(words: str, suggestion: Known | None, count: int) -> Message:
    """No priority, or more than one, is called that; `words` are plain. [Yes] shows the one that was meant."""
    buttons = [kit.button(f"Show all {count}", Action.PRIORITIES_ALL)]
    if suggestion is not None:
        label = f"Yes: {suggestion.name}"
        buttons.insert(0, kit.button("Yes", Action.PRIORITY_CARD, value=suggestion.id, label=label))
    return Message.of(words, kit.section(escape(words)), kit.actions(*buttons))
