"""The coalition on one card: its state, and what may be done about it."""

from __future__ import annotations

from collections.abc import Iterator

from bot.domain.home import Coordination, HomePage
from bot.domain.vocabularies import CoalitionState
from bot.domain.wording import near_day
from bot.slack.blocks import kit
from bot.slack.blocks.endings import end_coalition_buttons
from bot.slack.blocks.menu import nothing_waits
from bot.slack.blocks.nouns import coalition_buttons
from bot.slack.blocks.people import set_up_button, to_link
from bot.slack.blocks.week import ask_pause_button
from bot.slack.identifiers import Action
from bot.slack.message import Message
from bot.slack.moments import Clock
from bot.slack.mrkdwn import bold, unmark


def coalition_message(page: HomePage) -> Message:
    """The coalition on one card, with what this person may do about it."""
    reader = Clock(page.zone, page.now)
    words = bold(page.coalition_name)
    if page.coordination is not None:
        words += f"\n{state_words(page.coordination, reader)}"
    elif not page.open_checkins:
        words += f"\n{nothing_waits(page)}"
    buttons = list(state_buttons(page.coordination, is_main=True)) if page.coordination is not None else []
    if page.coordination is not None and to_link(page.coordination.outside_slack):
        count = len(to_link(page.coordination.outside_slack))
        buttons.append(kit.button(f"Link people ({count})", Action.LINK_PEOPLE))
    buttons += _edit_buttons(page.coordination)
    buttons += _end_buttons(page.coordination)
    if page.open_checkins:
        count = len(page.open_checkins)
        has_primary = any(one.get("style") == "primary" for one in buttons)
        buttons.append(kit.button(f"Answer check-in ({count})", Action.ANSWER_OPEN, primary=not has_primary))
    blocks = [kit.section(words)]
    blocks += kit.row(*buttons)
    blocks.append(kit.actions(*coalition_buttons(page)))
    return Message.of(unmark(words).replace("\n", ". "), *blocks)


def _edit_buttons(coordination: Coordination | None) -> list[kit.Element]:
    """What a lead may change of a coalition that has not ended; while it is set up, the steps ask for it."""
    if coordination is None or not coordination.may_configure or coordination.in_setup:
        return []
    if coordination.state == CoalitionState.ENDED:
        return []
    return [kit.button("Edit", Action.EDIT_COALITION, label="Edit the coalition")]


def _end_buttons(coordination: Coordination | None) -> list[kit.Element]:
    """What a lead may do about the end of a coalition that goes on."""
    if coordination is None or not coordination.may_configure:
        return []
    if coordination.state not in {CoalitionState.LIVE, CoalitionState.PAUSED}:
        return []
    if coordination.ended is not None:
        return end_coalition_buttons(is_ahead=True)
    return [kit.button("End the coalition", Action.END_COALITION)]


def live_words(page: HomePage) -> str:
    """Since when it is live, in markup."""
    reader = Clock(page.zone, page.now)
    return state_words(page.coordination, reader) if page.coordination is not None else ""


def state_words(coordination: Coordination, reader: Clock) -> str:
    ends = f" Ends {near_day(coordination.ended, reader.today)}." if coordination.ended is not None else ""
    if coordination.state == CoalitionState.DRAFT:
        return f"Draft: nothing is sent until a coordinator presses Start.{ends}"
    if coordination.state == CoalitionState.PAUSED:
        since = reader.token(coordination.paused_at, " since ") if coordination.paused_at is not None else ""
        return f"Paused{since}: nothing goes out until somebody resumes.{ends}"
    if coordination.state == CoalitionState.ENDED:
        day = f" {near_day(coordination.ended, reader.today)}" if coordination.ended is not None else ""
        return f"Ended{day}: nothing is asked or sent. The record stays: “coalition export” gives it as a file."
    since = f"{reader.token(coordination.live_at, 'Live since ')}." if coordination.live_at is not None else "Live."
    return f"{since}{ends}"


def state_buttons(coordination: Coordination, *, is_main: bool) -> Iterator[kit.Element]:
    """`is_main`: nothing else on the surface is what most people come for."""
    if coordination.state == CoalitionState.DRAFT:
        if coordination.in_setup and coordination.may_configure:
            # There is no week to see yet, and nothing to start.
            yield set_up_button("Go on with setup", primary=is_main)
            return
        yield kit.button("See week one", Action.WEEK, primary=is_main and coordination.may_configure)
        return
    if coordination.state == CoalitionState.ENDED:
        if coordination.may_configure:
            yield from end_coalition_buttons(is_ahead=False)
        return
    yield kit.button("Week ahead", Action.WEEK)
    if coordination.may_configure and coordination.state == CoalitionState.LIVE:
        yield ask_pause_button()
    elif coordination.may_configure:
        yield kit.button("Resume", Action.ASK_RESUME, primary=is_main)
