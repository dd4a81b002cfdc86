"""What a coalition does again and again, on screen: each with its next date, and the way to its end."""

from __future__ import annotations

from collections.abc import Iterator

from bot.domain.endings import Recurring, RecurringLine
from bot.domain.wording import cut, plural, sentence
from bot.slack.blocks import kit
from bot.slack.blocks.endings.hung import LONGEST
from bot.slack.blocks.last_days import end_buttons, last_day_words
from bot.slack.blocks.pages import roster_message
from bot.slack.identifiers import Action
from bot.slack.message import Block, Message
from bot.slack.moments import Clock
from bot.slack.mrkdwn import bold, own


def recurring_message(found: Recurring) -> Message:
    """A page of them. What has ended is a press away, where there is any."""
    reader = Clock(found.zone, found.now)
    heading = f"{plural(found.total, 'thing')} in the rhythm" if found.total else "Nothing comes round yet"
    rows = [block for one in found.lines for block in _rows(one, reader)]
    ended = kit.button(f"Ended ({found.ended})", Action.ENDED_THINGS) if found.ended else None
    return roster_message(
        found, heading, rows, [cut(one.name, LONGEST) for one in found.lines], Action.TURN_RHYTHM, ended
    )


def _rows(one: RecurringLine, reader: Clock) -> Iterator[Block]:
    """A line with its button; where there are two, they stand below it."""
    name = cut(one.name, LONGEST)
    parts = [own(one.called), own(sentence(one.rhythm)), _state(one, reader), last_day_words(one.end, reader.today)]
    words = f"{bold(name)}\n{' · '.join(part for part in parts if part)}"
    buttons = end_buttons(one.end, name)
    yield kit.section(words, accessory=buttons[0] if len(buttons) == 1 else None)
    if len(buttons) > 1:
        yield kit.actions(*buttons)


def _state(one: RecurringLine, reader: Clock) -> str:
    if one.paused_at is not None:
        return reader.token(one.paused_at, "paused since ")
    return reader.token(one.next_at, "next ") if one.next_at is not None else "it has no date ahead"
