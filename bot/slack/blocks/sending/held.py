"""What went wrong in sending, for coordinators: a message to decide about, one that was refused, a channel cut off."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from bot.domain.outbox import State
from bot.domain.sending import Alarm, BackAgain, CutOff, HeldNotice
from bot.slack.blocks import kit
from bot.slack.blocks.canvases import canvas_blocks, canvas_words
from bot.slack.blocks.outbox import state_words, trouble_words
from bot.slack.blocks.sending.recoveries import recovery_words
from bot.slack.identifiers import Action
from bot.slack.limits import fit
from bot.slack.message import Block, Message
from bot.slack.metadata import encode
from bot.slack.moments import Clock
from bot.slack.mrkdwn import bold, own, unescape, unmark
from bot.slack.names import first_name, listed_some

MOST = 10
MOST_NAMES = 5
MOST_WAITING = 4


def alarm_message(alarm: Alarm) -> Message:
    """What coordinators are told of in one message, and what it becomes; no more of it than a message holds."""
    reader = Clock(alarm.zone, alarm.now)
    words = [*(cut_off_words(one, reader) for one in alarm.cut_off), *(back_words(one, reader) for one in alarm.back)]
    brought_back = [recovery_words(one, reader) for one in alarm.recoveries]
    words = [*brought_back, *map(clock_words, alarm.clocks), *map(_clock_set_words, alarm.clocks_set), *words]
    said: list[tuple[tuple[Block, ...], str]] = [((kit.section(one),), unmark(one)) for one in words]
    for one in alarm.canvases:
        told = f"Canvas of {one.name}: {unmark(canvas_words(one, reader))}"
        said.append((tuple(canvas_blocks(one, reader, told=True)), told))
    # That the database was brought back explains what is held.
    first = len(brought_back)
    things = [*said[:first], *_held_ones(alarm.held), *said[first:]]
    blocks: list[Block] = []
    texts: list[str] = []
    if len(things) > 1:
        head = f"{len(things)} things that I could not send, or can't tell about:"
        blocks.append(kit.section(bold(head)))
        texts.append(head)
    for part, text in things[:MOST]:
        blocks += part
        texts.append(text)
    if len(things) > MOST:
        rest = f"{MOST} of {len(things)}; type “coalition deliveries” for all."
        blocks.append(kit.context(rest))
        texts.append(rest)
    return fit(Message.of(" ".join(texts).replace("\n", " "), *blocks))[0]


def held_message(notice: HeldNotice) -> Message:
    """One message to decide about, or what became of it."""
    outcome = _outcome(notice)
    if outcome is not None:
        return Message.of(
            f"{_head(notice)}: {_plain(notice)}. {outcome}", kit.section(f"{_what(notice)} {own(outcome)}")
        )
    return Message.of(f"Held: {_plain(notice)}. {_reason(notice)} Please say whether it arrived.", *held_blocks(notice))


def _held_ones(held: Sequence[HeldNotice]) -> list[tuple[tuple[Block, ...], str]]:
    """Each by itself, but what was refused for one reason and is of one kind together."""
    refused: dict[tuple[str, str], list[HeldNotice]] = {}
    for notice in held:
        key = (notice.what, notice.reason) if notice.is_refused else ("", str(notice.delivery_id))
        refused.setdefault(key, []).append(notice)
    shown = []
    for notices in refused.values():
        receivers = tuple(dict.fromkeys(one.to for one in notices))
        one = replace(notices[0], to=listed_some(receivers, MOST_NAMES))
        message = held_message(one)
        shown.append((message.blocks, unescape(message.text)))
    return shown


def cut_off_words(one: CutOff, reader: Clock) -> str:
    """A channel that takes no posts: why, what mends it, and what becomes of what waits then. In markup."""
    words = f"{bold(f'#{one.channel}:')} {trouble_words(one.trouble)}"
    if one.waiting:
        shown = [f"{own(post.what)}{reader.token(post.due_at, ', due ')}" for post in one.waiting[:MOST_WAITING]]
        if len(one.waiting) > len(shown):
            shown.append(f"and {len(one.waiting) - len(shown)} more")
        words += f"\nWaiting for it: {'; '.join(shown)}. {_then(one)}"
    elif one.following is not None:
        words += f"\nNext there: {own(one.following.what)}{reader.token(one.following.due_at, ', ')}."
    return words


def _then(one: CutOff) -> str:
    """What becomes of what waits once the channel takes posts."""
    digests = sum(post.is_digest for post in one.waiting)
    if not digests:
        return "Then it goes out, where it is of use by then."
    words = "Then it goes out at once, marked late."
    if digests > 1:
        words = "Then the newest digest goes out at once, marked late, and covers those before it."
    return words if digests == len(one.waiting) else f"{words} So does the rest, where it is of use by then."


def clock_words(machine: str) -> str:
    """A machine whose clock is wrong, what that stops, and what mends it. In markup."""
    return (
        f"{bold(f'The clock of {machine}')} is off by more than a minute, by Slack's time. I plan and send nothing new "
        "from there until it is right, then I go on by myself. Whoever runs me can let it follow the network's time."
    )


def _clock_set_words(machine: str) -> str:
    return f"{bold(f'The clock of {machine}')} is right again, and I go on there."


def back_words(one: BackAgain, reader: Clock) -> str:
    """A channel that takes posts again, and what became of those that had waited. In markup."""
    words = f"{bold(f'#{one.channel}:')} I can post there again."
    lines = [
        f"• {own(what)} {reader.token(where.due_at, 'of ')}: {state_words(where, reader)}" for what, where in one.posts
    ]
    return "\n".join([words, *lines])


def held_blocks(notice: HeldNotice) -> tuple[Block, ...]:
    """A held message with its buttons."""
    return (kit.section(f"{_what(notice)} {own(_reason(notice))}"), _buttons(notice))


def _plain(notice: HeldNotice) -> str:
    reader = Clock(notice.zone, notice.due_at)
    return f"{notice.what} to {notice.to}, due {reader.dated(notice.due_at)}"


def _what(notice: HeldNotice) -> str:
    reader = Clock(notice.zone, notice.due_at)
    return f"*{_head(notice)}:* {own(notice.what)} to {own(notice.to)}, {reader.token(notice.due_at, 'due ')}."


def _head(notice: HeldNotice) -> str:
    return "Not sent" if notice.is_refused else "Held"


def _reason(notice: HeldNotice) -> str:
    return f"I can't tell whether it arrived: {notice.reason.rstrip('.')}."


def _buttons(notice: HeldNotice) -> Block:
    value = encode(notice.delivery_id)
    arrived = kit.button("It arrived", Action.IT_ARRIVED, value=value, about=notice.what)
    if not notice.may_send_again:
        return kit.actions(arrived)
    again = kit.button(
        "Send again",
        Action.SEND_AGAIN,
        value=value,
        danger=True,
        confirm=kit.confirm(
            "Send it again?",
            f"If the first one arrived, {_twice(notice.to)} gets it twice.",
            "Send again",
            "Not now",
            danger=True,
        ),
        about=notice.what,
    )
    return kit.actions(arrived, again)


def _twice(to: str) -> str:
    return to if to.startswith("#") else first_name(to)


def _outcome(notice: HeldNotice) -> str | None:
    """What came of it; None while a coordinator is to decide."""
    if notice.state == State.HELD:
        return None
    who = f" by {notice.resolved_by}" if notice.resolved_by is not None else ""
    if notice.state == State.SENT:
        return f"Marked as arrived{who}." if notice.reason == "marked as arrived" else f"Sent again{who}."
    if notice.state in {State.PLANNED, State.CLAIMED, State.AMBIGUOUS}:
        return f"Being sent again{', asked' + who if who else ''}."
    if notice.is_refused:
        return f"The reason: {notice.reason.rstrip('.')}."
    return f"It will not be sent again: {notice.reason or 'it is too late'}."
