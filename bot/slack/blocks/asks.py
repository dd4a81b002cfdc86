"""Asks: to whom they name, to whoever asked, and in a coordinator's hands; the forms to word and to pass on one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bot.domain.asks import MOST_TEXT, SENT, AskCard, AskNews, FirstLook, HelpWanted, PriorityAsks
from bot.domain.outbox import Where
from bot.domain.typed import Known
from bot.domain.vocabularies import AskState
from bot.domain.wording import with_article
from bot.slack.blocks import kit
from bot.slack.blocks.outbox import sent_words
from bot.slack.forms import Find, Form, Keeps, Text, about, about_whole, note
from bot.slack.identifiers import Action, Search, Submission
from bot.slack.message import Block, Message, View
from bot.slack.metadata import encode
from bot.slack.moments import Clock
from bot.slack.mrkdwn import bold, cut, own, quote, unmark
from bot.slack.names import first_name, listed

TITLE = "Ask"
PRIORITY_TITLE = "Asks"
FIRST_LOOK = "first_look"
MOST_LISTED = 15
MOST_LOOKING = 3


@dataclass(frozen=True, slots=True)
class WordedAsk:
    """An ask as a coordinator words it, and whom it goes to."""

    text: str
    asked: str | None


EDIT_ASK_FORM: Form[AskCard, WordedAsk] = Form(
    WordedAsk, Submission.EDIT_ASK, "Edit the ask", "Send",
    note(lambda card: f"Goes out at once; {own(listed(card.askers))} will see what was sent. From "
        f"{own(card.priority_name)}."),
    Text("text", "What is asked?", MOST_TEXT, multiline=True),
    Find("asked", "Who is asked?", Search.PROVIDER,
        shows=lambda card: Known(card.asked, card.asked_name) if card.asked and card.asked_name else None,
        placeholder="Organization or group"),
    carries=lambda card: card.ask_id,
    keeps=Keeps(about_whole),
)  # fmt: skip
TRY_FORM: Form[AskCard, str] = Form(
    str, Submission.TRY_ANOTHER, "Not us; try …", "Send",
    note(lambda card: f"Read by {own(listed([*card.askers, 'the coordinators']))}."),
    about(lambda card: f"{bold(card.priority_name)} asks {own(_asked(card))}:\n{quote(card.text)}"),
    Find("suggested", "Who might help instead?", Search.PROVIDER, shows=lambda _card: None,
        placeholder="Organization or group", hint="Nobody is asked by this; whoever asked you decides.",
        optional=True),
    carries=lambda card: card.ask_id,
)  # fmt: skip


def reader_of(card: AskCard) -> Clock:
    """The clock of whoever the card is for."""
    return Clock(card.zone, card.now)


def help_wanted_item(wanted: HelpWanted, reader: Clock) -> tuple[tuple[Block, ...], str]:
    """What is asked of somebody in their message, with the answers to choose from, or what became of it."""
    return _wanted(wanted.card, reader)


def ask_news_item(news: AskNews, reader: Clock) -> tuple[tuple[Block, ...], str]:
    """What whoever asked hears of it."""
    return _news(news.card, reader)


def _wanted(card: AskCard, reader: Clock) -> tuple[tuple[Block, ...], str]:
    if card.state not in SENT:
        words = f"{bold(card.priority_name)} took back what it asked. Nothing to do."
        return ((kit.section(words),), unmark(words))
    head = f"{bold(card.priority_name)} asks {own(_asked(card))}:"
    said = f"{head}\n{quote(card.text)}"
    if card.state != AskState.SENT:
        outcome = (
            f"{_answer_words(card, reader)} {_know(card)}" if card.state == AskState.ANSWERED else _ended(card, reader)
        )
        return ((kit.section(f"{said}\n{outcome}"), *_follow_up(card)), unmark(f"{head} {quote(card.text)} {outcome}"))
    goes = f"Your answer goes to {own(listed([*map(first_name, card.askers)]))} and to the coordinators."
    if len(card.askers) > 1:
        goes = "Your answer goes to both and to the coordinators."
    return (
        (kit.section(said), kit.context(f"{_from(card, reader)} {goes}"), _answers(card)),
        unmark(f"{head} {quote(card.text)} Can you help?"),
    )


def _news(card: AskCard, reader: Clock) -> tuple[tuple[Block, ...], str]:
    head = f"{bold(f'Ask to {_asked(card)}')}, from {own(card.priority_name)}"
    words = f"{head}: {_state_words(card, reader)}\n{quote(card.text)}"
    if card.edited:
        words += f"\nYou wrote: {quote(card.said)}"
    return ((kit.section(words), *_follow_up(card), *_ends(card)), unmark(words.replace("\n", " ")))


def ask_message(card: AskCard) -> Message:
    """One ask, where somebody looked it up or pressed a button of it."""
    blocks, words = _shown(card)
    return Message.of(words, *blocks)


def ask_view(card: AskCard) -> View:
    """The same as a modal."""
    return View(title=TITLE, close="Close", blocks=_shown(card)[0])


def _shown(card: AskCard) -> tuple[tuple[Block, ...], str]:
    reader = reader_of(card)
    if card.state == AskState.SENT and not card.may_answer:
        asked = f"{own(card.receiver_name or _asked(card))} is asked, or anybody else of {own(_asked(card))}."
        if _is_under_way(card):
            asked = f"{_state_words(card, reader)} Anybody else of {own(_asked(card))} may answer too."
        words = f"{bold(card.priority_name)} asks {own(_asked(card))}:\n{quote(card.text)}\n{asked}"
        return ((kit.section(words), *_ends(card)), unmark(words.replace("\n", " ")))
    if card.state in {AskState.WAITING, AskState.HELD, AskState.WITHDRAWN}:
        return _news(card, reader)
    blocks, words = _wanted(card, reader)
    return (*blocks, *_ends(card)), words


def own_ask_blocks(cards: Sequence[AskCard]) -> list[Block]:
    """What somebody asked for, a line each, with the way to say what came of it."""
    return [
        kit.line(
            f"{_line(card, reader_of(card))}\n{quote(cut(card.text, MOST_TEXT))}",
            "Open",
            Action.OPEN_ASK,
            value=encode(card.ask_id),
            about=f"ask to {_asked(card)}",
        )
        for card in cards
    ]


def priority_asks_view(found: PriorityAsks) -> View:
    """What a priority asks for, and what came of the newest that are over."""
    blocks: list[Block] = [kit.section(bold(found.priority_name))]
    blocks += own_ask_blocks(found.waiting[:MOST_LISTED])
    if len(found.waiting) > MOST_LISTED:
        blocks.append(kit.context(f"{MOST_LISTED} of {len(found.waiting)} · the rest is in the digest"))
    if not found.waiting:
        blocks.append(kit.section("Nothing is asked for at this time. An ask is made in the update."))
    if found.over:
        blocks += [kit.divider(), *own_ask_blocks(found.over)]
    return View(title=PRIORITY_TITLE, close="Close", blocks=tuple(blocks))


def _line(card: AskCard, reader: Clock) -> str:
    waits = card.state == AskState.SENT and not _is_under_way(card)
    at = (card.delivery.at if card.delivery is not None else card.sent_at) if waits else None
    head = f"{bold(f'Ask to {_asked(card)}')}, {_asked_on(card, at, reader)}"
    return f"{head}: {'no answer yet' if waits else _lowered(_state_words(card, reader))}"


def _asked_on(card: AskCard, at: datetime | None, reader: Clock) -> str:
    """Since when it waits for an answer; of one that waits for none, when it was written."""
    return f"asked {reader.day(reader.local(at).date())}" if at is not None else reader.day(card.said_on)


def _is_under_way(card: AskCard) -> bool:
    """Whether it was let out and has not arrived."""
    return card.state == AskState.SENT and card.delivery is not None and card.delivery.where is not Where.ARRIVED


def _lowered(words: str) -> str:
    """A state's sentence behind a colon; one that begins with somebody's name stays as it is."""
    own_words = ("A coordinator", "Held", "Taken", "Sent", "You", "On its way", "Goes", "Waits", "Doesn't", "Not sent")
    is_name = not words.startswith(own_words)
    return words if is_name else f"{words[:1].lower()}{words[1:]}"


def screening_blocks(card: AskCard, *, primary: bool) -> tuple[tuple[Block, ...], str]:
    """An ask in a coordinator's brief: to be let out, worded anew or talked over; then what became of it."""
    reader = reader_of(card)
    head = f"{bold(f'Ask to {_asked(card)}')}, from {own(card.priority_name)}"
    if card.state not in {AskState.WAITING, AskState.HELD}:
        return ((kit.section(f"{head}\n{quote(card.text)}\n{_state_words(card, reader)}"),), "")
    said = f"{head}\n{quote(card.text)}"
    if card.state == AskState.HELD:
        said += f"\n{_state_words(card, reader)}"
    value = encode(card.ask_id)
    buttons = []
    if card.asked_name is not None:
        label = f"Send the ask to {_asked(card)}"
        buttons.append(kit.button("Send", Action.SEND_ASK, value=value, primary=primary, label=label))
    edit = "Edit" if card.asked_name is not None else "Choose who is asked"
    buttons.append(kit.button(edit, Action.EDIT_ASK, value=value, about=f"ask from {card.priority_name}"))
    if card.state != AskState.HELD:
        buttons.append(kit.button("Talk first", Action.TALK_FIRST, value=value, about=card.priority_name))
    return ((kit.section(said), kit.actions(*buttons)), f"{unmark(head)}: {card.text}")


def first_look_block(look: FirstLook) -> Block:
    """Below the choice of who is asked: who looks at it first."""
    names = [first_name(name) for name in look.names[:MOST_LOOKING]]
    who = listed(names, last="or") if names else "A coordinator"
    return kit.context(f"{own(who)} looks at asks to {own(look.asked_name)} first.", block_id=FIRST_LOOK)


def with_first_look(view: Mapping[str, Any], chosen_in: str, look: FirstLook | None) -> dict[str, Any]:
    """A form as Slack has it, with the note below the block in which somebody was chosen, or without it."""
    kept = ("type", "title", "submit", "close", "callback_id", "private_metadata", "notify_on_close")
    blocks: list[Block] = []
    for block in view["blocks"]:
        if block.get("block_id") != FIRST_LOOK:
            blocks.append(block)
        if block.get("block_id") == chosen_in and look is not None:
            blocks.append(first_look_block(look))
    return {name: view[name] for name in kept if view.get(name) is not None} | {"blocks": blocks}


def change_words(card: AskCard) -> str:
    """What a coordinator's press came to, in markup."""
    reader = reader_of(card)
    if card.state == AskState.HELD:
        return f"Held. {own(first_name(card.owner_name))} knows that you'll talk first."
    return _state_words(card, reader)


def _answers(card: AskCard) -> Block:
    value, about = encode(card.ask_id), f"ask from {card.priority_name}"
    return kit.actions(
        kit.button("I can help", Action.ASK_HELP, value=value, about=about),
        kit.button("Not us; try …", Action.ASK_ANOTHER, value=value, label=f"Not us, try somebody else: {about}"),
        kit.button("Let's talk", Action.ASK_TALK, value=value, about=about),
    )


def _follow_up(card: AskCard) -> tuple[Block, ...]:
    if card.answer != "can_help":
        return ()
    button = kit.button(
        "Make it an action", Action.ASK_ACTION, value=encode(card.ask_id), about=f"ask from {card.priority_name}"
    )
    return (kit.actions(button),)


def _ends(card: AskCard) -> tuple[Block, ...]:
    """What whoever asked may say of it: that it came through or not, or that nobody needs to answer any more."""
    if not card.may_end or card.is_over:
        return ()
    value, about = encode(card.ask_id), f"ask to {_asked(card)}"
    buttons = []
    if card.state in {AskState.SENT, AskState.ANSWERED}:
        buttons += [
            kit.button("It came through", Action.ASK_CAME_THROUGH, value=value, about=about),
            kit.button("It didn't", Action.ASK_FELL_THROUGH, value=value, label=f"It didn't come through: {about}"),
        ]
    if card.state != AskState.ANSWERED:
        question = kit.confirm(
            "Take this ask back?",
            "Nobody needs to answer it any more, and it leaves the digest. Its history is kept.",
            "Withdraw",
            "Not now",
            danger=True,
        )
        withdraw = kit.button("Withdraw", Action.WITHDRAW_ASK, value=value, danger=True, confirm=question, about=about)
        buttons.append(withdraw)
    return (kit.actions(*buttons),)


def _asked(card: AskCard) -> str:
    if card.asked_name is None:
        return "whoever can help"
    return with_article(card.asked_name) if card.asked_is_group else card.asked_name


def _from(card: AskCard, reader: Clock) -> str:
    on_behalf = f" for {own(card.owner_name)}" if card.by_another else ""
    worded = f" Worded by {own(card.decided_by_name)}." if card.edited and card.decided_by_name else ""
    return f"From {own(card.by_name)}{on_behalf}, {reader.day(card.said_on)}.{worded}"


def _answer_words(card: AskCard, reader: Clock) -> str:
    """What was answered, by whom and when, as a sentence."""
    on = f", {reader.day(reader.local(card.answered_at).date())}" if card.answered_at is not None else ""
    who = "You" if card.is_own_answer else own(card.answered_by_name or _asked(card))
    they = "you" if card.is_own_answer else own(_asked(card))
    if card.answer == "can_help":
        return f"{who} said {they} can help{on}."
    if card.answer == "talk":
        return f"{who} would like to talk about it{on}."
    if card.suggested_name is not None:
        suggested = with_article(card.suggested_name) if card.suggested_is_group else card.suggested_name
        return f"{who} suggested {own(suggested)}{on}."
    return f"{who} said {they} can't help with it{on}."


def _ended(card: AskCard, reader: Clock) -> str:
    """What came of it, behind its answer where it had one."""
    on = f", {reader.day(reader.local(card.ended_at).date())}" if card.ended_at is not None else ""
    who = own(card.ended_by_name) if card.ended_by_name is not None else "Whoever asked"
    if card.state == AskState.WITHDRAWN:
        return f"Taken back by {own(card.ended_by_name) if card.ended_by_name else 'whoever asked'}{on}."
    answer = f"{_answer_words(card, reader)} " if card.answer is not None else ""
    came = "came through" if card.state == AskState.CAME_THROUGH else "did not come through"
    return f"{answer}{who} said it {came}{on}."


def _know(card: AskCard) -> str:
    """What follows for whoever answered."""
    names = [first_name(name) for name in card.askers]
    if card.answer == "talk":
        whom = "you" if card.is_own_answer else own(first_name(card.answered_by_name or _asked(card)))
        return f"{own(names[0])} will write to {whom}."
    return f"{own(listed(names))} {'knows' if len(names) == 1 else 'know'}."


def _state_words(card: AskCard, reader: Clock) -> str:
    """How an ask stands, in markup."""
    by = f" by {own(card.decided_by_name)}" if card.decided_by_name else ""
    if card.state == AskState.WAITING:
        return "A coordinator looks at it before it goes out."
    if card.state == AskState.HELD:
        at = reader.token(card.decided_at, ", ") if card.decided_at is not None else ""
        return f"Held{by}, to talk first{at}."
    if card.is_over:
        return _ended(card, reader)
    if card.state == AskState.ANSWERED:
        return _answer_words(card, reader)
    if card.delivery is not None:
        return sent_words(card.delivery, reader, by=card.decided_by_name, may_mend=card.may_decide)
    to = own(card.receiver_name or _asked(card))
    at = reader.token(card.sent_at, ", ") if card.sent_at is not None else ""
    return f"Sent to {to}{by}{at}."
