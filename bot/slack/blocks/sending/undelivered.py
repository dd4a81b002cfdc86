"""What did not arrive, on screen: the whole list by receiver, and the line that leads to it from Home and the brief."""

from __future__ import annotations

from bot.domain.sending import PAGE, Receiver, Undelivered, UndeliveredLine
from bot.domain.wording import plural
from bot.slack.blocks import kit
from bot.slack.blocks.outbox import state_words, trouble_words
from bot.slack.blocks.pages import next_or_first, turning
from bot.slack.blocks.sending.held import cut_off_words, held_blocks
from bot.slack.identifiers import Action
from bot.slack.limits import fit
from bot.slack.message import Block, Message
from bot.slack.moments import Clock
from bot.slack.mrkdwn import bold, own, unmark
from bot.slack.names import listed_some

TITLE = "Deliveries"
MOST_LINES = 6
MOST_NAMES = 5
MOST_HELD = 3


def undelivered_message(found: Undelivered, page: int = 0) -> Message:
    """The list, so many receivers a page."""
    reader = Clock(found.zone, found.now)
    if not found.receivers:
        words = "Everything of the last two weeks has arrived, or goes out by itself."
        return Message.of(words, kit.section(words))
    page = min(max(page, 0), (len(found.receivers) - 1) // PAGE)
    shown = found.receivers[page * PAGE : (page + 1) * PAGE]
    head = f"*Did not arrive: {_counted(found)}*" if found.count else "*Nothing was due there yet*"
    blocks: list[Block] = [kit.section(head)]
    texts = [unmark(head)]
    for one in shown:
        part = _receiver(one, reader)
        blocks += part
        texts.append(unmark(str(part[0]["text"]["text"])))
    since = reader.token(found.since, "What came too late or was refused is listed here since ")
    blocks.append(kit.context(f"{since}. For coordinators only."))
    turn = next_or_first(Action.TURN_DELIVERIES, lambda page: page)
    blocks += turning(page * PAGE, len(shown), len(found.receivers), page, turn)
    return fit(Message.of("\n".join(texts), *blocks))[0]


def undelivered_line(found: Undelivered) -> Block | None:
    """One line that leads to the list; None where everything arrived."""
    if not found.count:
        return None
    names = own(listed_some(found.names, MOST_NAMES))
    return kit.line(
        f"{bold(plural(found.count, 'message'))} did not arrive: {names}",
        "See",
        Action.DELIVERIES,
        label="See what did not arrive",
    )


def _counted(found: Undelivered) -> str:
    channels = sum(one.member is None for one in found.receivers)
    people = len(found.receivers) - channels
    whom = [plural(people, "person", "people")] if people else []
    whom += [plural(channels, "channel")] if channels else []
    return f"{plural(found.count, 'message')}, for {' and '.join(whom)}"


def _receiver(one: Receiver, reader: Clock) -> list[Block]:
    """Whom it was for, what keeps it from them with the mend, and each message."""
    if one.cut_off is not None:
        words = cut_off_words(one.cut_off, reader)
        lines = [line for line in one.lines if not _waits_there(line)]
    else:
        place = f" ({own(one.organization)})" if one.organization else ""
        words = f"{bold(one.name)}{place}"
        words += f": {trouble_words(one.trouble)}" if one.trouble is not None else ""
        lines = list(one.lines)
    told = [_line(line, reader, has_reason=one.trouble is None) for line in lines if line.notice is None]
    if len(told) > MOST_LINES:
        told = [*told[:MOST_LINES], f"• and {len(told) - MOST_LINES} more"]
    button = None
    if one.may_be_linked:
        button = kit.button("Pick account", Action.LINK_PEOPLE, label=f"Pick an account: {one.name}")
    blocks: list[Block] = [kit.section("\n".join([words, *told]), accessory=button)]
    for line in [line for line in lines if line.notice is not None][:MOST_HELD]:
        if line.notice is not None:
            blocks += held_blocks(line.notice)
    return blocks


def _waits_there(line: UndeliveredLine) -> bool:
    """Whether a channel's own words tell of it already."""
    return line.whereabouts.where == "cannot_arrive"


def _line(line: UndeliveredLine, reader: Clock, *, has_reason: bool) -> str:
    due = reader.token(line.whereabouts.due_at, "due ")
    state = state_words(line.whereabouts, reader)
    if line.whereabouts.where == "cannot_arrive":
        trouble = line.whereabouts.trouble
        why = f", {own(trouble.words)}" if has_reason and trouble is not None else ""
        return f"• {own(line.what)}, {state}{why}"
    return f"• {own(line.what)}, {due}: {state}"
