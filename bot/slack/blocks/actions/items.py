"""Action items on screen: read back, added, changed, asked, as a card, as a list. Forms are in `forms`."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from bot.domain.actions import ActionCard, ActionChange, ActionList, ReadBack, UnknownList, ordinal
from bot.domain.outbox import STUCK
from bot.domain.vocabularies import ActionStatus
from bot.domain.wording import day, near_day, plural, status
from bot.slack.blocks import kit, numbered
from bot.slack.blocks.menu import unknown_message
from bot.slack.blocks.outbox import sent_words
from bot.slack.identifiers import Action
from bot.slack.message import Block, Message, View
from bot.slack.metadata import ActionUndo, encode
from bot.slack.moments import Clock
from bot.slack.mrkdwn import bold, cut, escape, own, unmark
from bot.slack.names import first_name, listed

TITLE = "Action"
_ADD_HINT = "Call the college by Fri"
# People's own words in a list; all of them are on the card.
_MOST_TITLE = 150
_MOST_REASON = 200


def read_back_message(back: ReadBack) -> Message:
    """The action as it would be added."""
    where = f"{own(back.owner_name)} ({own(back.organization_name)}) · {near_day(back.due, back.today)}"
    title = bold(cut(back.title, _MOST_TITLE)) or "*(nothing to do yet)*"
    first = f"{title}\n{where} · {own(back.priority_name or 'The whole coalition')}"
    notes = ["Not added yet."]
    assumed = {"owner": "you as the owner", "due": "this date"}
    if back.assumed:
        notes.append(f"I filled in {listed([assumed[one] for one in back.assumed])}.")
    if back.is_asked:
        name = own(first_name(back.owner_name))
        notes.append(f"{name} is asked first; it counts as {own(back.organization_name)}'s once accepted.")
    add = ("Add", Action.ADD_DRAFT)
    return numbered.read_back_message(back, first, notes, add, Action.CHANGE_DRAFT, _message)


def change_message(change: ActionChange) -> Message:
    """What became of an action, with the way back."""
    buttons = []
    if change.undo is not None:
        buttons.append(kit.button("Undo", Action.ACTION_UNDO, value=encode(ActionUndo(change.card.id, change.undo))))
    if change.what == "kept" and change.card.may_change and change.card.is_open:
        buttons += [_button("New date", Action.ACTION_MOVE, change.card), _cancel(change.card)]
    buttons.append(_button("Open", Action.OPEN_ACTION, change.card))
    asks = third_move_blocks(change.card) if change.what in {"moved", "blocked"} and change.card.is_asked else ()
    return _message([kit.section(_became(change)), kit.actions(*buttons), *asks])


def card_message(card: ActionCard) -> Message:
    """One action with what this reader may do about it."""
    return _message(list(card_blocks(card)))


def card_view(card: ActionCard, done: ActionChange | None = None) -> View:
    """The same as a modal; `done` is what has just become of it."""
    undo = None
    if done is not None and done.undo is not None:
        undo = kit.button("Undo", Action.ACTION_UNDO, value=encode(ActionUndo(card.id, done.undo)))
    became = kit.section(_became(done), accessory=undo) if done is not None else None
    return numbered.card_view(TITLE, card_blocks(card), became)


def card_blocks(card: ActionCard) -> Iterator[Block]:
    if card.may_answer:
        yield from asked_blocks(card, _history(card))
        return
    lines = [
        f"{bold(card.title)} ({own(card.id)})",
        f"{own(card.owner_name)} ({own(card.organization_name)}) · {_due(card)} · {state_of(card, reason=False)}",
        own(card.priority_name or "The whole coalition"),
    ]
    for label, words in (
        ("Shows that it's done", card.deliverable),
        ("In the way", card.reason),
        ("Waits for", card.waiting_on_name),
        ("Moved", card.moved),
        ("Note", card.note),
    ):
        if words:
            lines.append(f"*{label}:* {own(words)}")
    if card.link:
        lines.append(from_message(card.link))
    yield kit.section("\n".join(lines))
    if not card.accepted and card.asked_by_name:
        asked_by = f"{own(card.asked_by_name)} ({own(card.asked_by_organization or '')})"
        asked = f"Asked by {asked_by}; it counts once {own(first_name(card.owner_name))} says yes."
        if card.delivery is not None and card.delivery.where in STUCK:
            asked += f" {sent_words(card.delivery, Clock.of_day('UTC', card.today))}"
        yield kit.context(asked)
    yield from numbered.kept_to(card.kept_to)
    yield kit.actions(*_buttons(card), _history(card))
    if card.is_asked:
        yield from third_move_blocks(card)


def unknown_list_message(found: UnknownList) -> Message:
    """A list that is not known, and which was probably meant."""
    if found.nearest is None:
        return unknown_message(
            found.said,
            None,
            hint="Type an id, words of a title, “mine”, “all”, “overdue”, a priority, a person or an organization.",
        )
    return unknown_message(found.said, found.line, shown=found.nearest)


def action_lines(cards: Sequence[ActionCard], *, names_owner: bool = False) -> list[Block]:
    """Actions as a list, each with its button; those that wait for a yes with theirs."""
    return [_line(card, names_owner) for card in cards]


def add_hint_message() -> Message:
    """Where no form can be opened by itself."""
    words = f"Type “add” and what will be done, such as “add {_ADD_HINT}”, or press Add action for the form."
    return _message([kit.section(words), kit.actions(_add_button(primary=True))])


def _line(card: ActionCard, names_owner: bool) -> Block:
    whose = card.organization_name if names_owner else card.priority_name or "The whole coalition"
    words = f"{bold(cut(card.title, _MOST_TITLE))} ({own(card.id)})\n{own(whose)} · {_due(card)} · {state_of(card)}"
    if card.is_asked:
        words += f"\n{third_move_words(card)}"
    return kit.section(words, accessory=_button("Open", Action.OPEN_ACTION, card))


def due_day(card: ActionCard) -> str:
    """The due date, with its weekday where that is near and can still be kept."""
    return day(card.due, card.today) if card.days_overdue else near_day(card.due, card.today)


def from_message(link: str) -> str:
    """Where the action comes from, for whoever may read that message."""
    return f"From <{escape(link)}|a message in Slack>"


def _due(card: ActionCard) -> str:
    overdue = f", {plural(card.days_overdue, 'day')}" if card.days_overdue else ""
    return f"due {due_day(card)}{overdue}"


def state_of(card: ActionCard, *, reason: bool = True) -> str:
    """Where it is; with what holds it up where that is not said below."""
    if not card.accepted:
        return "waiting for a yes"
    if reason and card.is_open and card.waiting_on_name and card.waiting_on != card.organization:
        return f"waits for {own(card.waiting_on_name)}"
    if reason and card.is_blocked and card.reason:
        return f"blocked: {own(cut(card.reason, _MOST_REASON))}"
    if card.is_done and card.completed is not None:
        return f"done {near_day(card.completed, card.today)}"
    return status(card.status)


def third_move_words(card: ActionCard) -> str:
    """What the third move asks, in plain words."""
    return f"Moved for the {ordinal(card.moves)} time, to {near_day(card.due, card.today)}. Renew, drop or get help?"


def third_move_blocks(card: ActionCard, *, named: bool = False) -> Iterator[Block]:
    """The question of the third move, with its answers. `named`: nothing before it says which action it is."""
    lead = f"{bold(cut(card.title, _MOST_TITLE))} ({own(card.id)})\n" if named else ""
    yield kit.section(f"{lead}{third_move_words(card)}")
    yield kit.actions(
        _button("Renew", Action.ACTION_RENEW, card),
        _cancel(card, "Drop it"),
        _button("Get help", Action.ACTION_HELP, card),
    )


def asks_words(card: ActionCard) -> str:
    """Who asks whom to take it on, plain; nobody does where an account that was deactivated left it behind.

    An organization is asked, or whoever is to have it where its own people ask: it came from elsewhere to them.
    """
    whom = card.organization_name
    if card.asked_by_organization == whom:
        whom = "you" if card.may_answer else card.owner_name
    if card.asked_by_name is None:
        return f"It was left without an owner, and waits for {whom} to take it on"
    return f"{card.asked_by_name} ({card.asked_by_organization}) asks whether {whom} can take this on"


def asked_blocks(card: ActionCard, *more: kit.Element, primary: bool = True) -> Iterator[Block]:
    """What another organization asks. `more`: buttons behind the answers."""
    lines = [f"{bold(card.title)} ({own(card.id)}), by {near_day(card.due, card.today)}", f"{own(asks_words(card))}."]
    if card.deliverable:
        lines.append(f"*Shows that it's done:* {own(card.deliverable)}")
    if card.link:
        lines.append(from_message(card.link))
    yield kit.section("\n".join(lines))
    yield from numbered.kept_to(card.kept_to)
    yield kit.actions(
        _button("I'll do it", Action.ACCEPT_ACTION, card, primary=primary),
        _button("Other date", Action.OFFER_DATE, card),
        _button("Not mine", Action.DECLINE_ACTION, card),
        *more,
    )


def _buttons(card: ActionCard) -> Iterator[kit.Element]:
    """What this reader may do."""
    if not card.may_change:
        return
    if not card.is_open:
        yield _button("Reopen", Action.ACTION_START, card)
        yield numbered.who_sees(card.id, card.title)
        return
    if card.accepted:
        yield _button("Done", Action.ACTION_DONE, card)
        if card.status != ActionStatus.IN_PROGRESS:
            yield _button("In progress", Action.ACTION_START, card)
    yield _button("New date", Action.ACTION_MOVE, card)
    if card.accepted and not card.is_blocked:
        yield _button("Blocked", Action.ACTION_BLOCK, card)
    yield _cancel(card)
    yield numbered.who_sees(card.id, card.title)


def _button(text: str, action: Action, card: ActionCard, *, primary: bool = False) -> kit.Element:
    return numbered.act(text, action, card.id, card.title, primary=primary)


def _history(card: ActionCard) -> kit.Element:
    return _button("History", Action.ACTION_HISTORY, card)


def _cancel(card: ActionCard, words: str = "Cancel action") -> kit.Element:
    confirm = kit.confirm(
        "Cancel this action?", "It goes off every list. Its history is kept.", "Cancel action", "Not now", danger=True
    )
    return kit.button(words, Action.ACTION_CANCEL, value=card.id, danger=True, confirm=confirm)


def _add_button(*, primary: bool = False) -> kit.Element:
    return kit.button("Add action", Action.NEW_ACTION, primary=primary)


def _became(change: ActionChange) -> str:
    """What became of it, in markup."""
    card = change.card
    title, due = bold(card.title), near_day(card.due, card.today)
    asker = own(first_name(change.asker_name)) if change.asker_name else "Whoever asked"
    if change.what == "added":
        words = f"{'Already added' if change.already else 'Added'} as {own(card.id)}."
        if card.accepted:
            return words
        if card.delivery is None or card.delivery.goes_at_once:
            return f"{words} {own(first_name(card.owner_name))} will be asked."
        return f"{words} {sent_words(card.delivery, Clock.of_day(change.zone, card.today))}"
    if change.what == "undone":
        if card.is_cancelled:
            return f"Undone. {own(card.id)} is off every list; its history is kept."
        return f"Undone. {title}: {state_of(card)}, due {due}."
    if change.what == "kept" and change.since is not None:
        changed = Clock.of_day(change.zone, card.today).token(change.since, f"{own(card.id)} has changed since, ")
        return f"{changed}.{' You can move or cancel it.' if card.may_change and card.is_open else ''}"
    if change.what == "accepted":
        return f"Yours, due {due}. {asker} knows."
    if change.what == "offered":
        return f"You offered {due}. {asker} knows."
    if change.what == "declined":
        return f"Handed back. {asker} knows."
    if change.what == "renewed":
        return f"{title} · renewed, due {due}"
    if change.what == "help_asked":
        return f"{title} · the coordinators know that it needs help."
    if change.what == "cancelled":
        return f"{title} · cancelled. It's off every list; its history is kept."
    if change.what == "moved":
        return f"{title} · {'due' if change.already else 'now due'} {due}"
    return f"{title} · {'already ' if change.already else ''}{state_of(card)}"


def _heading(found: ActionList) -> str:
    kind, total = found.query.kind, found.total
    seen = " that you can see" if found.sight else ""
    if kind in {"overdue", "organized"}:
        words = plural(total, "overdue action")
        return f"{words}{f'{seen},' if seen else ''} in {plural(found.organizations, 'organization')}"
    if kind == "blocked":
        return f"{plural(total, 'blocked action')}{seen}"
    words = plural(total, "open action")
    if kind == "all":
        return f"{words}{seen}"
    return f"Your {words}" if kind == "mine" else f"{words}{seen}: {found.name}"


def _nothing(found: ActionList) -> str:
    kind = found.query.kind
    if kind == "mine":
        return "You have no open actions."
    if kind in {"overdue", "organized"}:
        # To somebody who sees a part, that there is none would not be true.
        return "No overdue action that you can see." if found.sight else "No action is overdue."
    if kind in {"all", "blocked"}:
        state = "blocked" if kind == "blocked" else "open"
        return f"No {state} action that you can see." if found.sight else f"No action is {state}."
    return f"No open actions{' that you can see' if found.sight else ''}: {own(found.name or '')}."


def _other_order(found: ActionList) -> Iterator[kit.Element]:
    """What is overdue stands by date or by organization."""
    if found.query.kind in {"overdue", "organized"}:
        is_organized = found.query.kind == "organized"
        other = replace(found.query, kind="overdue" if is_organized else "organized", page=0)
        yield kit.button("By date" if is_organized else "By organization", Action.SORT_ACTIONS, value=encode(other))


def _sight(found: ActionList) -> list[Block]:
    """What this reader sees of such a list, and what the roll-up tells them of the rest."""
    words = [own(found.sight)] if found.sight else []
    if found.elsewhere:
        counts = ", ".join(f"{own(name)} {count}" for name, count in found.elsewhere)
        words.append(f"Overdue elsewhere, as in the digest: {counts}.")
    return [kit.context(" ".join(words))] if words else []


def _message(blocks: list[Block]) -> Message:
    """Blocks with their words as the complete text."""
    texts = [block["text"]["text"] for block in blocks if block["type"] == "section"]
    texts += [part["text"] for block in blocks if block["type"] == "context" for part in block["elements"]]
    return Message.of(" ".join(_sentence(unmark(text)) for text in texts), *blocks)


def _sentence(words: str) -> str:
    joined = words.replace("\n", ". ")
    return joined if joined.endswith((".", "?")) else f"{joined}."


LISTS: numbered.Lists[ActionList] = numbered.Lists(
    heading=_heading,
    nothing=_nothing,
    lines=lambda found: action_lines(found.cards, names_owner=found.query.kind not in {"mine", "organization"}),
    turn=Action.TURN_ACTIONS,
    add=_add_button(),
    sight=_sight,
    more=_other_order,
    worded=_message,
)
list_message = LISTS.message
