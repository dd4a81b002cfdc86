"""Five things of a list, and the way to the next five; fewer where many lists share one view. What a list is about
stands with its noun."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Protocol

from bot.domain.wording import part_of
from bot.slack.blocks import kit
from bot.slack.identifiers import Action
from bot.slack.message import Block, Message
from bot.slack.metadata import encode, shown_pages

PAGE = 5


class Listed(Protocol):
    """A page of a list that the coordinators keep."""

    @property
    def lines(self) -> Sequence[object]: ...
    @property
    def start(self) -> int: ...
    @property
    def total(self) -> int: ...
    @property
    def page(self) -> int: ...


def roster_message(
    found: Listed,
    heading: str,
    rows: Iterable[Block],
    names: Iterable[str],
    turn: Action,
    *buttons: kit.Element | None,
) -> Message:
    """A page of such a list, with the way to the next one; its text is the heading and the names."""
    blocks, shown, pressed = [kit.section(f"*{heading}*"), *rows], len(found.lines), [one for one in buttons if one]
    if found.total > shown:
        following = found.page + 1 if found.start + shown < found.total else 0
        blocks.append(kit.context(part_of(found.start, shown, found.total)))
        pressed.insert(0, kit.button("Next" if following else "First", turn, value=encode(following)))
    blocks += kit.row(*pressed)
    said = "; ".join(names)
    return Message.of(f"{heading}: {said}." if said else f"{heading}.", *blocks)


def turning(start: int, shown: int, total: int, page: int, turn: Callable[[int, bool], kit.Element]) -> list[Block]:
    """Which part of a list is shown, and the way to the next page or back to the first; nothing where all of it is.

    `turn` makes the button that leads to a page, and is told whether there is one after this.
    """
    if total <= shown:
        return []
    following = page + 1 if start + shown < total else 0
    return [kit.context(part_of(start, shown, total)), kit.actions(turn(following, bool(following)))]


def next_or_first(action: Action, value: Callable[[int], object]) -> Callable[[int, bool], kit.Element]:
    """The button to another page, which carries that."""
    return lambda page, is_next: kit.button("Next" if is_next else "First", action, value=encode(value(page)))


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
    turn = next_or_first(Action.TURN_PAGE, lambda page: shown_pages({**at, name: page}))
    yield from turning(start, end - start, count, page, turn)


def headed(head: str, blocks: Sequence[Block], name: str, at: dict[str, int], *, each: int = 1) -> Iterator[Block]:
    """The same below a heading; nothing where the list is empty."""
    if blocks:
        yield kit.header(head)
        yield from paged(blocks, name, at, each=each)
