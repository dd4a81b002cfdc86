"""What open rounds owe, a line for each kind and moment, and the question before a check-in is paused."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from bot.domain.checkins import Owed, PauseQuestion
from bot.domain.outbox import Item
from bot.slack.blocks import kit
from bot.slack.identifiers import Action
from bot.slack.message import Message
from bot.slack.moments import Clock
from bot.slack.mrkdwn import bold, own, unmark
from bot.slack.names import listed_some

MOST_NAMES = 8
_WHAT = {
    Item.ASK: "Check-in to",
    Item.REMINDER: "Reminder to",
    Item.DELEGATE: "Stand-in request to",
    Item.AGAIN: "One more ask to",
}


def owed_lines(owed: Sequence[Owed], reader: Clock) -> list[str]:
    """In markup, the earliest first; what is due by now has no time."""
    grouped: dict[tuple[str, datetime], dict[str, str]] = {}
    for one in owed:
        grouped.setdefault((one.what, one.at), {})[one.member] = one.name
    lines = []
    for (what, at), names in grouped.items():
        when = reader.token(at, ", ") if at > reader.now else ", now"
        lines.append(f"• {_WHAT[Item(what)]} {own(listed_some(list(names.values()), MOST_NAMES))}{when}")
    return lines


def pause_question_message(question: PauseQuestion) -> Message:
    """What a pause keeps back, with the button that makes it; for one that is paused already, the way out of it."""
    reader = Clock(question.zone, question.now)
    if question.paused_at is not None:
        words = f"{bold(question.name)} {reader.token(question.paused_at, 'was paused ')}. Nobody is asked or reminded."
        resume = kit.button("Resume", Action.RESUME_CHECKIN, value=question.id)
        return Message.of(unmark(words), kit.section(words), kit.actions(resume))
    kept = owed_lines(question.owed, reader)
    if question.next_at is not None:
        kept.append(f"• {reader.token(question.next_at, 'The round of ')}, unless it is resumed by then")
    words = f"*Pause {own(question.name)}?*\n"
    words += "\n".join(["Not sent until somebody resumes it:", *kept]) if kept else "Nothing of it is planned now."
    notes = ["Meetings, digests and other messages go on."]
    if question.open_until is not None:
        notes.insert(0, f"The open round takes answers {reader.token(question.open_until, 'until ')}, paused or not.")
        notes.append("Resumed before then, what is late goes out at once, where nobody has answered.")
    pause = kit.button("Pause", Action.PAUSE_CHECKIN, value=question.id, primary=True, about=question.name)
    return Message.of(
        unmark(words).replace("\n", " "), kit.section(words), kit.context(" ".join(notes)), kit.actions(pause)
    )
