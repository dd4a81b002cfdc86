"""Notes to the coordinators only, wherever a coordinator reads them: the words, who has seen them, Reply and Seen."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from bot.domain.home import HomePage
from bot.domain.people import PrivateNote
from bot.slack.blocks import kit
from bot.slack.blocks.pages import headed
from bot.slack.identifiers import Action
from bot.slack.message import Block, Message
from bot.slack.metadata import encode
from bot.slack.moments import Clock
from bot.slack.mrkdwn import bold, fitted, own, quote, unmark
from bot.slack.names import listed

NOTES = "notes"
MOST = 5
_HEAD = "To the coordinators only"


def note_blocks(note: PrivateNote, reader: Clock) -> tuple[Block, ...]:
    """One note: two blocks while there is something to do about it."""
    value = encode(note.id)
    buttons = []
    if not note.is_own:
        label = f"Reply to {note.author_name} on {note.priority_name}"
        buttons.append(kit.button("Reply", Action.REPLY_TO_NOTE, value=value, label=label))
    if note.waits:
        label = f"Seen: note of {note.author_name} on {note.priority_name}"
        buttons.append(kit.button("Seen", Action.SEE_NOTE, value=value, label=label))
    section = kit.section(fitted(_lines(note, reader)))
    return (section, kit.actions(*buttons)) if buttons else (section,)


def notes_blocks(notes: Sequence[PrivateNote], reader: Clock) -> list[Block]:
    """Several notes; beyond a few it is said where the rest is."""
    blocks = [block for note in notes[:MOST] for block in note_blocks(note, reader)]
    if len(notes) > MOST:
        blocks.append(kit.context(f"{MOST} of {len(notes)} notes; what you haven't seen is in Home."))
    return blocks


def notes_text(notes: Sequence[PrivateNote]) -> str:
    """The same in plain words, for a message's fallback."""
    return " ".join(f"{_HEAD}, from {note.author_name}: “{note.text}”" for note in notes[:MOST])


def notes_part(page: HomePage, at: dict[str, int], reader: Clock) -> Iterator[Block]:
    """Home's part of the notes that its reader has not seen."""
    notes = page.coordination.notes if page.coordination is not None else ()
    blocks = [block for note in notes for block in note_blocks(note, reader)]
    yield from headed("Written to the coordinators", blocks, NOTES, at, each=2)


def seen_message(note: PrivateNote, reader: Clock) -> Message:
    """What a press on [Seen] came to, where the screen with the button stays as it is."""
    words = _seen(note, reader)
    return Message.of(unmark(words), kit.section(words))


def _lines(note: PrivateNote, reader: Clock) -> list[str]:
    who = own(note.author_name) + (f" for {own(note.for_name)}" if note.for_name else "")
    lines = [f"{bold(_HEAD)}, from {who} on {own(note.priority_name)}{reader.token(note.written_at, ', ')}"]
    lines.append(quote(note.text))
    if note.seen:
        lines.append(_seen(note, reader))
    return lines


def _seen(note: PrivateNote, reader: Clock) -> str:
    seen = [f"{own(one.name)}{reader.token(one.at, ', ')}" for one in note.seen]
    return f"Seen by {listed(seen)}."
