"""Pausing and resuming on screen: what stops, and what taking it up again would send."""

from __future__ import annotations

from bot.domain.resuming import SendingState
from bot.domain.wording import plural
from bot.slack.blocks import kit
from bot.slack.blocks.week import pause_button
from bot.slack.identifiers import Action
from bot.slack.message import Message
from bot.slack.moments import Clock
from bot.slack.mrkdwn import escape, own, unmark
from bot.slack.names import listed, listed_some

MOST_NAMES = 8
LATE_RULES = (
    "What is late then: a check-in goes out if its round is open, and only the newest; a reminder if nobody has "
    "answered; a digest once, marked late; nothing about a meeting that has begun."
)


def pause_message(state: SendingState) -> Message:
    """The question before a pause."""
    words = (
        "*Pause all sending?*\nNo check-in, reminder or digest goes out until somebody resumes. "
        "Forms, lists and answers go on working."
    )
    if state.state == "paused":
        return resume_message(state)
    return Message(
        text=escape(unmark(words).replace("\n", " ")),
        blocks=(
            kit.section(words),
            kit.context(f"When somebody resumes, it goes on. {LATE_RULES}"),
            kit.actions(pause_button()),
        ),
    )


def resume_message(state: SendingState) -> Message:
    """What resuming would do, with the button that does it."""
    if state.state != "paused":
        words = "Sending isn't paused."
        return Message(text=escape(words), blocks=(kit.section(words),))
    reader = Clock(state.zone, state.now)
    first = f"*{reader.token(state.since, 'Paused since ')}.*" if state.since is not None else "*Paused.*"
    lines = [f"{first} When you resume:"]
    if state.asks:
        lines.append(f"• Asked now, while the round is open: {own(listed_some(state.asks, MOST_NAMES))}")
    if state.digests:
        lines.append(f"• Sent once, marked late: {own(listed(state.digests))}")
    if state.lapsed:
        lines.append(f"• Not made up for: {plural(state.lapsed, 'update')} whose round is over")
    if len(lines) == 1:
        lines.append("• Nothing came due meanwhile. It goes on with the next date.")
    words = "\n".join(lines)
    return Message(
        text=escape(unmark(words).replace("\n", " ")),
        blocks=(
            kit.section(words),
            kit.context(LATE_RULES),
            kit.actions(kit.button("Resume", Action.RESUME, primary=True), kit.button("Week ahead", Action.WEEK)),
        ),
    )
