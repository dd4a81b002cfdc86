"""Words of a member to the coordinators: the form, how to type them, and that they were sent."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bot.domain.outbox import Whereabouts
from bot.domain.people import MOST_TEXT, NoteReadBack
from bot.slack.blocks import kit
from bot.slack.blocks.outbox import under_way
from bot.slack.forms import Form, Keeps, Text, about_one, note
from bot.slack.identifiers import Action, Submission
from bot.slack.message import Message
from bot.slack.moments import Clock
from bot.slack.mrkdwn import cut, own, quote, unmark
from bot.slack.names import first_name, listed


@dataclass(frozen=True, slots=True)
class NoteForm:
    """Who reads it, and the words that were typed before."""

    readers: tuple[str, ...]
    text: str = ""


NOTE_FORM: Form[NoteForm, str] = Form(
    str, Submission.NOTE, "Ask the coordinators", "Send",
    note(lambda form: f"Read by {own(listed(form.readers))}. Never published."),
    Text("text", "What should they know, or help with?", MOST_TEXT, multiline=True),
    keeps=Keeps(about_one),
)  # fmt: skip


def note_read_back_message(back: NoteReadBack) -> Message:
    """Words as they would go."""
    first = f"To {listed([first_name(name) for name in back.receivers])}, as a message from you:"
    buttons = (
        kit.button("Send", Action.SEND_NOTE, value=back.token, primary=True, label="Send these words"),
        kit.button("Change", Action.CHANGE_NOTE, value=back.token, label="Change these words"),
    )
    return Message.of(
        f"{first} “{cut(back.text, 300)}” Not sent yet.",
        kit.section(f"{own(first)}\n{quote(back.text)}"),
        kit.context("Not sent yet. Never published."),
        kit.actions(*buttons),
    )


def note_sent_message(wheres: Sequence[Whereabouts], reader: Clock, text: str, *, may_mend: bool) -> Message:
    """What the member reads."""
    readers, others = under_way(wheres, reader, may_mend=may_mend)
    names = own(listed([first_name(name) for name in readers]))
    sent = f"Sent to {names} as a message from you. They answer you directly." if readers else "Your words are kept."
    words = f"{sent} {others}".strip()
    return Message.of(unmark(words), kit.section(words), kit.context(quote(cut(text, 300))))


def note_hint_message(readers: tuple[str, ...]) -> Message:
    """Where no form can be opened."""
    words = f"Write “ask” and your words, and I bring them to {listed(readers)}. Such as: “ask Can we meet on Friday?”"
    button = kit.button("Write to them", Action.WRITE_TO_COORDINATORS)
    return Message.of(words, kit.section(own(words)), kit.actions(button))
