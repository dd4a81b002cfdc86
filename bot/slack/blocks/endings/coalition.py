"""The end of a coalition, on screen: the form with what it means, what was saved, and word to its coordinators."""

from __future__ import annotations

from collections.abc import Iterable

from bot.domain.endings import CoalitionEnd, CoalitionEnding, meaning_of_end
from bot.domain.wording import near_day
from bot.slack.blocks import kit
from bot.slack.forms import Day, Form, about, note
from bot.slack.identifiers import Action, Submission
from bot.slack.message import Block, Message
from bot.slack.moments import Clock
from bot.slack.mrkdwn import bold, own, unmark

END_COALITION_TITLE = "End the coalition"
_TAKE_ALONG = (
    "*Take it with you:* “coalition export” gives the whole record as a file, as `backbeat export` does; "
    "`backbeat backup FILE` copies the database."
)
_STAYS = (
    "Everything stays readable: digests, history, plan, cards. Nothing new is recorded until a lead or an admin brings "
    "the coalition back."
)


def _means(end: CoalitionEnd) -> str:
    return "\n".join(f"• {own(words)}" for words in meaning_of_end(end))


END_COALITION_FORM: Form[CoalitionEnd, CoalitionEnding] = Form(
    CoalitionEnding, Submission.END_COALITION, END_COALITION_TITLE, "Save",
    about(lambda end: bold(end.name)),
    Day("last_day", "Last day", shows=lambda end: end.last_day or end.today,
        hint="It goes on through this day."),
    about(lambda end: _means(end)),
    about(lambda _end: _STAYS),
    about(lambda _end: _TAKE_ALONG),
    note("Until then you can change the day. Afterwards a lead or an admin can bring it back."),
    marks=lambda _end: "coalition",
)  # fmt: skip


def coalition_ended_message(end: CoalitionEnd) -> Message:
    """What was saved, or that it goes on."""
    name = bold(end.name)
    if end.last_day is None:
        since = "Its rhythm starts from now; nothing of the time between is made up for."
        words = f"{name} goes on. {since if end.was_over else 'No last day is known now.'}"
        return Message.of(unmark(words), kit.section(words))
    words = f"{name} {_ends(end)}."
    blocks = [kit.section(words)]
    if end.last_day >= end.today:
        blocks.append(kit.section(_means(end)))
    blocks += [kit.section(_TAKE_ALONG), kit.actions(*end_coalition_buttons(is_ahead=end.last_day >= end.today))]
    return Message.of(unmark(words), *blocks)


def coalition_end_item(end: CoalitionEnd, _reader: Clock) -> tuple[Iterable[Block], str]:
    """What coordinators hear on the last day."""
    words = f"{bold(end.name)} {_ends(end)}. The last digest is out or on its way."
    return [kit.section(words), kit.section(_STAYS), kit.section(_TAKE_ALONG)], unmark(
        f"{words} {_STAYS} {_TAKE_ALONG}"
    )


def end_coalition_buttons(*, is_ahead: bool) -> list[kit.Element]:
    """What a lead may do about an end that is known."""
    question = kit.confirm(
        "Bring it back?" if not is_ahead else "Let it go on?",
        "People hear from me again from the next date on. Nothing of the time between is sent."
        if not is_ahead
        else "No last day is known then.",
        "Reopen" if not is_ahead else "Goes on",
        "Not now",
    )
    reopen = kit.button("Goes on" if is_ahead else "Reopen", Action.REOPEN_COALITION, confirm=question)
    return [kit.button("Change the last day", Action.END_COALITION), reopen] if is_ahead else [reopen]


def _ends(end: CoalitionEnd) -> str:
    assert end.last_day is not None, "it has a last day"
    return f"{'ends' if end.last_day >= end.today else 'ended'} {near_day(end.last_day, end.today)}"
