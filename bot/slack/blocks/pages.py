"""Five things of a list, and the way to the next five; fewer where many lists share one view. What a list is about
stands with its noun."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from bot.domain.wording import part_of
from bot.slack.blocks import kit
from bot.slack.identifiers import Action
from bot.slack.message import Block
from bot.slack.metadata import encode, shown_pages

PAGE = 5


class Pages(dict[str, int]):
    """Which page of which list is shown, by the list's name, and how many things each page has."""

    size: int = PAGE


def paged(blocks: Sequence[Block], name: str, at: dict[str, int], *, each: int = 1) -> Iterator[Block]:
    """Five things of a list, and the way to the next five. `each` is how many blocks a thing takes."""
    size = at.size if isinstance(at, Pages) else PAGE
    count = len(blocks) // each
    page = min(at.get(name, 0), max(0, (count - 1) // size))
    start, end = page * size, min((page + 1) * size, count)
    yield from blocks[start * each : end * each]
    if count <= size:
        return
    following = page + 1 if end < count else 0
    yield kit.context(part_of(start, end - start, count))
    yield kit.actions(
        kit.button(
            "Next" if following else "First", Action.TURN_PAGE, value=encode(shown_pages({**at, name: following}))
        )
    )
