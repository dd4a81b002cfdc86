"""The end of a thing on its card, the same for every noun: its last day, and the button that asks about it."""

from __future__ import annotations

from datetime import date

from bot.domain.record import EndOf
from bot.domain.wording import near_day
from bot.slack.blocks import kit
from bot.slack.identifiers import Action


def last_day_words(end: EndOf | None, today: date) -> str | None:
    """ "Ends Dec 31"; None where no end is known."""
    return f"Ends {near_day(end.ended, today)}" if end is not None and end.ended is not None else None


def end_buttons(end: EndOf | None, name: str) -> list[kit.Element]:
    """What somebody may do about its end."""
    if end is None or not end.may_end:
        return []
    words = "End" if end.ended is None else "Change the end"
    found = [kit.button(words, Action.END_THING, value=end.ref, about=name)]
    if end.ended is not None:
        found.append(kit.button("Goes on", Action.REOPEN_THING, value=end.ref, about=name))
    return found
