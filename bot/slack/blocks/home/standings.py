"""How the priorities stand, in Home: all of them, one's own or the others, each with the way to its card; and the
latest digest. Their place in Home is in `page`."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from bot.domain.digests import PriorityPart, Query, priority_line
from bot.domain.home import HomePage, Overview
from bot.domain.wording import near_day
from bot.slack.blocks import kit
from bot.slack.blocks.digests import marked_up
from bot.slack.blocks.pages import headed, paged
from bot.slack.blocks.plan import WHOLE_PLAN, star_blocks
from bot.slack.identifiers import Action
from bot.slack.message import Block
from bot.slack.metadata import encode
from bot.slack.moments import Clock
from bot.slack.mrkdwn import cut, own

PRIORITIES = "priorities"
STANDINGS = "standings"


def plan_part(page: HomePage, at: dict[str, int], reader: Clock) -> Iterator[Block]:
    """The plan in short, for leadership: the north star with this year's goal, and a line a priority."""
    if page.overview is not None and page.overview.plan is not None:
        yield kit.header("The plan")
        yield from star_blocks(page.overview.plan)
    yield from standings_part(page, at, reader)


def way_to_plan(page: HomePage, _at: dict[str, int], _reader: Clock) -> Iterator[Block]:
    """The way to all of the plan, for those whose Home begins with other things."""
    if page.overview is not None and page.overview.plan is not None:
        yield kit.actions(kit.button(WHOLE_PLAN, Action.PLAN))


def standings_part(page: HomePage, at: dict[str, int], reader: Clock) -> Iterator[Block]:
    """Every priority, off track first, as of now."""
    if page.overview is not None and page.overview.standings:
        yield kit.header("Where the priorities stand")
        yield from paged(_lines(page.overview.standings, page.overview, reader), STANDINGS, at)


def other_standings_part(page: HomePage, at: dict[str, int], reader: Clock) -> Iterator[Block]:
    """Those that are somebody else's."""
    if page.overview is None:
        return
    own_ids = {part.id for part in page.overview.priorities}
    others = [part for part in page.overview.standings if part.id not in own_ids]
    yield from headed("The other priorities", _lines(others, page.overview, reader), STANDINGS, at)


def own_standings_part(page: HomePage, at: dict[str, int], reader: Clock) -> Iterator[Block]:
    """Those that this person owns."""
    overview = page.overview
    if overview is not None and overview.priorities:
        yield kit.header("My priority" if len(overview.priorities) == 1 else "My priorities")
        yield from paged(_lines(overview.priorities, overview, reader), PRIORITIES, at)


def digest_part(page: HomePage, at: dict[str, int], reader: Clock) -> Iterator[Block]:
    digest = page.overview.digest if page.overview is not None else None
    if digest is not None:
        yield kit.header(f"Latest digest, {near_day(reader.local(digest.published_at).date(), reader.today)}")
        yield kit.line(
            own(cut(digest.sentence, 600)),
            "Open",
            Action.DIGEST_OPEN,
            value=encode(Query(digest.id)),
            label="Open the latest digest",
        )


def _lines(parts: Sequence[PriorityPart], overview: Overview, reader: Clock) -> list[Block]:
    """A line each, with the way to the card of those that this person may open."""
    return [
        kit.section(
            cut(marked_up(priority_line(part, reader.today)), 2900),
            accessory=kit.button("Open", Action.PRIORITY_CARD, value=part.id, about=part.name)
            if part.id in overview.opens
            else None,
        )
        for part in parts
    ]
