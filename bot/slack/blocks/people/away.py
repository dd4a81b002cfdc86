"""Days away: the form, the list, and what was just done."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from bot.domain.checkins import AwayPage, AwaySpan
from bot.domain.wording import near_day
from bot.slack.blocks import kit
from bot.slack.forms import Day, Form, note
from bot.slack.identifiers import Action, Submission
from bot.slack.message import Block, Message
from bot.slack.metadata import encode
from bot.slack.mrkdwn import own, unmark
from bot.slack.names import listed

MOST = 10


@dataclass(frozen=True, slots=True)
class DaysAway:
    """What is entered: both days count."""

    start: date
    end: date


AWAY_FORM: Form[AwayPage, DaysAway] = Form(
    DaysAway, Submission.AWAY, "Days away", "Save",
    note(lambda page: own(_what_follows(page))),
    Day("start", "First day", shows=lambda page: page.today),
    Day("end", "Last day", hint="Both days count."),
    lambda page: _list(page),
)  # fmt: skip


def away_message(page: AwayPage) -> Message:
    """What was just done, and the days away from today on."""
    lines = _done(page)
    if not page.spans and not lines:
        lines = ["No days away are noted. Type “away Dec 20 to Jan 3”, or press the button."]
    blocks: list[Block] = [kit.section("\n".join(lines))] if lines else []
    blocks += _list(page)
    if page.of is not None:
        blocks.append(kit.context(_what_they_hear(own(page.of), page)))
    elif page.spans and page.what != "cancelled":
        blocks.append(kit.context(own(_what_follows(page))))
    if page.of is None:
        blocks.append(kit.actions(kit.button("Add days away", Action.AWAY)))
    spans = "; ".join(_span(one, page) for one in page.spans)
    text = " ".join([*(unmark(line) for line in lines), *([f"Days away: {spans}."] if spans else [])])
    return Message.of(text, *blocks)


def _what_they_hear(name: str, page: AwayPage) -> str:
    """What follows for somebody whose days away a coordinator notes or takes back."""
    if page.what == "cancelled":
        return f"{name} is asked again on these days. Please tell them; I don't."
    if page.is_told:
        return f"{name} hears of it, and nothing is asked of them on these days."
    if page.what == "added":
        return f"Nothing is asked of {name} on these days. I can't reach them, so please tell them."
    return f"Nothing is asked of {name} on these days."


def _done(page: AwayPage) -> list[str]:
    changed = _span(page.changed, page) if page.changed is not None else ""
    if page.what == "added":
        whose = f" for {own(page.of)}" if page.of is not None else ""
        lines = [f"*Noted{whose}: away {own(changed)}.*"]
        if page.handed_over:
            names = own(listed(page.handed_over))
            own_update = "your update" if page.of is None else "the update"
            lines.append(f"{own(page.stand_in or '')} is asked for {own_update} on {names} now.")
        return lines
    if page.what == "same":
        return [f"Already noted: away {own(changed)}."]
    if page.what == "back":
        if page.changed is None:
            return ["No days away are noted for today, so nothing was changed."]
        lines = ["*Welcome back.* You're asked again from now on."]
        if page.open_again:
            lines.append(f"Open: your update on {own(listed(page.open_again))}. Type “answer” to give it.")
        return lines
    if page.what == "cancelled":
        return [f"Taken back: away {own(changed)}." if page.changed else "That was already taken back."]
    return []


def _list(page: AwayPage) -> list[Block]:
    blocks: list[Block] = []
    for one in page.spans[:MOST]:
        button = (
            kit.button("I'm back", Action.COME_BACK, about=f"end {_span(one, page)}")
            if one.is_now and page.of is None
            else kit.button("Take back", Action.CANCEL_AWAY, value=encode(one.id), about=_span(one, page))
        )
        blocks.append(kit.section(f"{'Away now' if one.is_now else 'Away'}: {own(_span(one, page))}", accessory=button))
    if len(page.spans) > MOST:
        blocks.append(kit.context(f"1–{MOST} of {len(page.spans)}"))
    return blocks


def _what_follows(page: AwayPage) -> str:
    """What happens on those days."""
    if not page.owns_priorities:
        return "On these days I write nothing to you."
    if page.stand_in is None:
        return "On these days I ask you nothing, and nothing counts as missing. Nobody stands in for you yet."
    return f"On these days I ask you nothing, and nothing counts as missing. {page.stand_in} is asked instead."


def _span(one: AwaySpan | None, page: AwayPage | None) -> str:
    if one is None:
        return ""
    today = page.today if page is not None else one.start
    first, last = near_day(one.start, today), near_day(one.end, today)
    return first if one.start == one.end else f"{first} to {last}"
