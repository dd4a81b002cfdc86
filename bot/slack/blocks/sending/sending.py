"""Pausing and resuming on screen: what stops, and what taking it up again would send."""

from __future__ import annotations

from bot.domain.checkins import SendingState
from bot.domain.vocabularies import CoalitionState
from bot.domain.week import WeekPreview
from bot.domain.wording import plural
from bot.slack.blocks import kit
from bot.slack.blocks.checkins import owed_lines
from bot.slack.blocks.week import sent_days
from bot.slack.identifiers import Action
from bot.slack.message import Message
from bot.slack.moments import Clock
from bot.slack.mrkdwn import own, unmark
from bot.slack.names import listed, listed_some

MOST_NAMES = 8
LATE_RULES = (
    "What is late then: a check-in goes out if its round is open, and only the newest; a reminder if nobody has "
    "answered; a digest once, marked late; nothing about a meeting that has begun."
)


def pause_message(ahead: WeekPreview) -> Message:
    """The question before a pause, with what it keeps back of the seven days ahead."""
    days = sent_days(ahead)
    words = "*Pause all sending?*\nForms, lists and answers go on working. "
    words += "Until somebody resumes, this does not go out:" if days else "Nothing is planned in the next seven days."
    button = kit.button("Pause sending", Action.PAUSE, primary=True)
    return Message.of(
        unmark("\n".join([words, *days])).replace("\n", " "),
        kit.section(words),
        *(kit.section(day) for day in days),
        kit.context(f"Nor does anything that comes up meanwhile. When somebody resumes, it goes on. {LATE_RULES}"),
        kit.actions(button),
    )


def resume_message(state: SendingState) -> Message:
    """What resuming would do, with the button that does it."""
    if state.state != CoalitionState.PAUSED:
        words = "Sending isn't paused."
        return Message.of(words, kit.section(words))
    reader = Clock(state.zone, state.now)
    first = f"*{reader.token(state.since, 'Paused since ')}.*" if state.since is not None else "*Paused.*"
    lines = [f"{first} When you resume:"]
    if state.asks:
        lines.append(f"• Asked now, while the round is open: {own(listed_some(state.asks, MOST_NAMES))}")
    if state.owed:
        lines += owed_lines(state.owed, reader)
    if state.others:
        lines.append(f"• Sent now: {plural(state.others, 'further message')}")
    if state.digests:
        lines.append(f"• Sent once, marked late: {own(listed(state.digests))}")
    if state.lapsed:
        lines.append(f"• Not made up for: {plural(state.lapsed, 'update')} whose round is over")
    if len(lines) == 1:
        lines.append("• Nothing came due meanwhile. It goes on with the next date.")
    buttons = [kit.button("Resume", Action.RESUME, primary=True)]
    if state.digests:
        # The next one may be due in a day or two.
        buttons.append(kit.button("Resume without digest", Action.RESUME_WITHOUT_DIGEST))
    buttons.append(kit.button("Week ahead", Action.WEEK))
    words = "\n".join(lines)
    return Message.of(
        unmark(words).replace("\n", " "),
        kit.section(words),
        kit.context(LATE_RULES),
        kit.actions(*buttons),
    )
