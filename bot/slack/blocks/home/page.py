"""App Home: which of its parts come first, by what its reader came for. The parts are in `own` (what I owe, what
waits for me, what I may begin), `standings` (how the priorities stand) and `coordination` (the week).

A new part is a function of the page, given its place in the lists below; a part with nothing to say yields no block.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from bot.domain.home import HomePage
from bot.domain.wording import clock, near_day
from bot.slack import limits
from bot.slack.blocks import kit
from bot.slack.blocks.checkins import notes_part
from bot.slack.blocks.home.coordination import coalition_part, hands_part, start_part, week_part
from bot.slack.blocks.home.own import asked_part, buttons_part, issues_part, meetings_part, owed_part, waits_part
from bot.slack.blocks.home.standings import (
    digest_part,
    other_standings_part,
    own_standings_part,
    plan_part,
    standings_part,
    way_to_plan,
)
from bot.slack.blocks.nouns import noun_buttons
from bot.slack.blocks.pages import PAGE, Pages
from bot.slack.blocks.people import not_set_up_message, stranger_message
from bot.slack.identifiers import Action
from bot.slack.message import Block, View
from bot.slack.metadata import encode, shown_pages
from bot.slack.moments import Clock
from bot.slack.mrkdwn import escape, own

# How many things of each list are shown: fewer where all of them together are more than Slack takes.
SIZES = (PAGE, 3, 2, 1)
# A part of Home: its blocks for this page, given which page of which list is shown, and the reader's clock.
Part = Callable[[HomePage, dict[str, int], Clock], Iterator[Block]]


def _look_up(page: HomePage, at: dict[str, int], reader: Clock) -> Iterator[Block]:
    yield kit.header("Look up")
    yield kit.actions(*noun_buttons(page))


# The coalition's week first, then one's own things.
FOR_COORDINATORS: tuple[Part, ...] = (
    start_part,
    week_part,
    notes_part,
    standings_part,
    way_to_plan,
    hands_part,
    owed_part,
    waits_part,
    own_standings_part,
    asked_part,
    buttons_part,
    issues_part,
    meetings_part,
    digest_part,
    coalition_part,
)
FOR_OWNERS: tuple[Part, ...] = (
    owed_part,
    waits_part,
    own_standings_part,
    asked_part,
    buttons_part,
    issues_part,
    other_standings_part,
    way_to_plan,
    digest_part,
    meetings_part,
    _look_up,
)
FOR_LEADERSHIP: tuple[Part, ...] = (
    plan_part,
    waits_part,
    digest_part,
    owed_part,
    asked_part,
    buttons_part,
    issues_part,
    meetings_part,
    _look_up,
)
FOR_OTHERS: tuple[Part, ...] = (
    owed_part,
    waits_part,
    asked_part,
    buttons_part,
    issues_part,
    meetings_part,
    digest_part,
    _look_up,
)


def home_view(page: HomePage, pages: Mapping[str, int] | None = None, *, note: str | None = None) -> View:
    """Everything that this person sees first. `pages` says which page of which list, for those past their first one.

    `note` is what just happened here, in plain words.
    """
    at = Pages(pages or {})
    for at.size in SIZES:
        blocks = _blocks(page, at, note)
        if len(blocks) <= limits.VIEW_BLOCKS:
            break
    return View(blocks=tuple(blocks))


def _blocks(page: HomePage, at: Pages, note: str | None) -> list[Block]:
    reader = Clock(page.zone, page.now)
    blocks: list[Block] = [kit.section(own(note))] if note is not None else []
    if page.ended is not None and page.coordination is None:
        words = f"{page.coalition_name} ended {near_day(page.ended, reader.today)}."
        blocks.append(kit.section(own(f"{words} Everything can still be read; nothing new is asked or recorded.")))
    for part in parts_for(page):
        blocks += part(page, at, reader)
    return [
        *blocks,
        kit.context(f"As of {clock(reader.local(page.now))}"),
        kit.actions(
            kit.button("Refresh", Action.REFRESH, value=encode(shown_pages(at))),
            kit.button("My settings", Action.GO_SETTINGS, value="coalition me"),
            kit.button("Help", Action.GO_HELP, value="help"),
        ),
    ]


def parts_for(page: HomePage) -> tuple[Part, ...]:
    """The parts in the order of what this person came for."""
    if page.coordination is not None:
        return FOR_COORDINATORS
    overview = page.overview
    if overview is not None and overview.priorities:
        return FOR_OWNERS
    if overview is not None and overview.standings:
        return FOR_LEADERSHIP
    return FOR_OTHERS


def former_view(words: str) -> View:
    """Home of somebody who takes no part any more. `words` are plain."""
    return View(blocks=(kit.section(escape(words)),))


def stranger_view(coordinator: str | None, *, note: str | None = None) -> View:
    """Home of somebody whom the bot doesn't know. Without a `coordinator` there may be no coalition yet.

    `note` is what they have just asked for.
    """
    if coordinator is None:
        return View(blocks=not_set_up_message().blocks)
    return View(blocks=stranger_message(coordinator, note=note).blocks)
