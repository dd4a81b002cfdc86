"""Packs on screen: the post in the channel of the group that meets, and page by page for whoever reads one. Their words
are the domain's."""

from __future__ import annotations

from bot.domain.digests import WeekChart, chart_of_week
from bot.domain.packs import Pack, PackPage, PageChart, pack_in_short, pack_pages
from bot.domain.wording import ASSESSMENT_MARKS
from bot.slack import limits
from bot.slack.blocks import kit
from bot.slack.blocks.digests import page_message, page_messages
from bot.slack.identifiers import Action
from bot.slack.message import Block, Message
from bot.slack.metadata import PackKey, encode
from bot.slack.mrkdwn import cut, escape, own

PACK_TITLE = "Pack"
# Beside the blocks of a page there is room for its number, its buttons and a picture.
MOST_BLOCKS = limits.MESSAGE_BLOCKS - 4


def pack_post(pack: Pack) -> Message:
    """What a channel shows of it, with the way to all of it and to the agenda."""
    shown = page_message(pack_in_short(pack))
    if pack.skipped:
        return shown
    read = "Read the agenda" if pack.is_for_funders else "Read the pack"
    buttons = [kit.button(read, Action.READ_PACK, value=encode(pack.ref), primary=True)]
    if not pack.is_for_funders:
        buttons.append(_agenda(pack))
    blocks = (*shown.blocks[: limits.MESSAGE_BLOCKS - 1], kit.actions(*buttons))
    return Message(text=shown.text, blocks=blocks)


def chart_of_pack(pack: Pack) -> WeekChart | None:
    """The picture of the post: how every priority's figure stands on its path; funders have theirs on the pages."""
    return None if pack.skipped or pack.is_for_funders else chart_of_week(pack.digest)


def pack_message(pack: Pack, number: int = 0) -> Message:
    """A page of it for one reader, with the way to the one before, the next, and the agenda."""
    pages = _pages(pack)
    number = _at(number, len(pages))
    blocks = list(pages[number][0])
    words = limits.text_of(blocks)
    for mark in ASSESSMENT_MARKS.values():
        words = words.replace(f"{mark} ", "")
    if len(pages) > 1:
        blocks.append(kit.context(f"{own(pack.title)} · page {number + 1} of {len(pages)}"))
    buttons = []
    if number > 0:
        buttons.append(kit.button("Back", Action.PACK_BACK, value=encode(PackKey(pack.ref, number - 1))))
    if number + 1 < len(pages):
        buttons.append(kit.button("Next", Action.PACK_TURN, value=encode(PackKey(pack.ref, number + 1))))
    buttons.append(_agenda(pack))
    return Message(text=cut(escape(words), limits.MESSAGE_TEXT), blocks=(*blocks, kit.actions(*buttons)))


def picture_of_pack(pack: Pack, number: int) -> PageChart | None:
    """The picture that belongs to a page."""
    pages = _pages(pack)
    return pages[_at(number, len(pages))][1]


def _agenda(pack: Pack) -> kit.Element:
    return kit.button("Agenda", Action.MEETING_AGENDA, value=encode(pack.ref))


def _at(number: int, count: int) -> int:
    return min(max(number, 0), count - 1)


def _pages(pack: Pack) -> list[tuple[tuple[Block, ...], PageChart | None]]:
    """The blocks of each page, on as many as hold them, and the picture of each."""
    found: list[tuple[tuple[Block, ...], PageChart | None]] = []
    for one in pack_pages(pack):
        blocks = _blocks(one)
        for start in range(0, len(blocks), MOST_BLOCKS):
            found.append((tuple(blocks[start : start + MOST_BLOCKS]), one.chart if start == 0 else None))
    return found


def _blocks(one: PackPage) -> list[Block]:
    return [block for message in page_messages(one.page) for block in message.blocks]
