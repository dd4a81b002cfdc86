"""What lists, cards and lines read back of actions, issues and decisions share on screen. The words are each noun's."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any, Generic, TypeVar

from bot.domain.numbered import PAGE, NumberedList, NumberedReadBack
from bot.domain.wording import part_of
from bot.slack.blocks import kit
from bot.slack.blocks.worded import sight_blocks, worded
from bot.slack.identifiers import Action
from bot.slack.message import Block, Message, View
from bot.slack.metadata import encode
from bot.slack.mrkdwn import bold, own
from bot.slack.names import listed

ListT = TypeVar("ListT", bound=NumberedList[Any, Any])
Worded = Callable[[list[Block]], Message]


def _own_sight(found: NumberedList[Any, Any]) -> list[Block]:
    return sight_blocks(found.sight)


def _nothing_more(_found: object) -> Iterable[kit.Element]:
    return ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Lists(Generic[ListT]):
    """How one noun's lists look."""

    heading: Callable[[ListT], str]
    nothing: Callable[[ListT], str]  # in markup
    lines: Callable[[ListT], Iterable[Block]]
    turn: Action
    add: kit.Element  # what those may press who may make one
    others: str = ""  # what stands above everything, where somebody has none of their own
    sight: Callable[[ListT], list[Block]] = _own_sight
    more: Callable[[ListT], Iterable[kit.Element]] = _nothing_more  # buttons beside those of every list
    worded: Worded = worded

    def message(self, found: ListT) -> Message:
        """A page of a list, each line with its button."""
        add = [self.add] if found.may_add else []
        if not found.cards:
            ends = [kit.actions(*add)] if add else []
            return self.worded([kit.section(self.nothing(found)), *self.sight(found), *ends])
        blocks = [kit.section(self.others)] if found.has_none_of_own else []
        blocks += [kit.section(bold(self.heading(found))), *self.lines(found), *self.sight(found)]
        buttons = []
        if found.total > len(found.cards):
            blocks.append(kit.context(part_of(found.start, len(found.cards), found.total)))
            words = f"Next {min(found.left, PAGE)}" if found.left else "First"
            following = replace(found.query, page=found.query.page + 1 if found.left else 0)
            buttons.append(kit.button(words, self.turn, value=encode(following)))
        buttons += self.more(found)
        buttons += add if found.query.kind == "mine" or found.has_none_of_own else []
        return self.worded([*blocks, *kit.row(*buttons)])


def card_view(title: str, card: Iterable[Block], done: Block | None = None) -> View:
    """A card as a modal; `done` says what has just become of it."""
    first = (done, kit.divider()) if done is not None else ()
    return View(title=title, close="Close", blocks=(*first, *card))


def read_back_message(
    back: NumberedReadBack,
    lines: str,
    notes: Iterable[str],
    add: tuple[str, Action],
    change: Action,
    said: Worded = worded,
) -> Message:
    """One as it would be made, with what is unclear before `notes`; where something is, it is changed first."""
    words, action = add
    changing = kit.button("Change", change, value=back.token, primary=bool(back.problems))
    adding = kit.button(words, action, value=back.token, primary=True, about=back.title)
    unclear = (own(one) for one in (*back.problems, *back.doubts))
    buttons = [changing] if back.problems else [adding, changing]
    return said([kit.section(lines), kit.context(" ".join([*unclear, *notes])), kit.actions(*buttons)])


def act(text: str, action: Action, key: str, about: str, *, primary: bool = False) -> kit.Element:
    """A button of a card; read aloud it says of which."""
    return kit.button(text, action, value=key, primary=primary, about=about)


def who_sees(key: str, about: str | None) -> kit.Element:
    """The button of a card that opens the form in which is chosen who sees it."""
    return kit.button("Who sees it", Action.VISIBILITY, value=key, about=about or key)


def kept_to(readers: Sequence[str]) -> Iterable[Block]:
    """That only some see it, and who; nothing where whoever reads its priority does."""
    if readers:
        yield kit.context(f"Seen only by {own(listed(readers))}.")
