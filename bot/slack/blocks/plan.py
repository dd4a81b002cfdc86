"""The plan on screen, page by page: all of it in short, each priority, the money. Its words are the domain's."""

from __future__ import annotations

from bot.domain.plan import MoneyChart, Plan, chart_of_money, money_page, plan_pages, star_lines
from bot.domain.wording import ASSESSMENT_MARKS
from bot.slack import limits
from bot.slack.blocks import kit
from bot.slack.blocks.digests import marked_up, page_messages
from bot.slack.identifiers import Action
from bot.slack.message import Block, Message
from bot.slack.metadata import encode
from bot.slack.mrkdwn import cut, escape

# Beside the blocks of a page there is room for its number, its buttons and a picture.
MOST_BLOCKS = limits.MESSAGE_BLOCKS - 3
WHOLE_PLAN = "The whole plan"


def plan_message(plan: Plan, number: int = 0) -> Message:
    """A page of the plan, with the way to the one before and the next; one that is not there is the last."""
    pages = [blocks for blocks, _is_money in _pages(plan)]
    number = _at(number, len(pages))
    blocks = list(pages[number])
    words = limits.text_of(blocks)
    for mark in ASSESSMENT_MARKS.values():
        words = words.replace(f"{mark} ", "")
    text = escape(words)
    if len(pages) > 1:
        blocks.append(kit.context(f"Page {number + 1} of {len(pages)}"))
        buttons = []
        if number > 0:
            buttons.append(kit.button("Back", Action.PLAN_BACK, value=encode(number - 1)))
        if number + 1 < len(pages):
            buttons.append(kit.button("Next", Action.PLAN_TURN, value=encode(number + 1)))
        blocks += kit.row(*buttons)
    return Message(text=cut(text, limits.MESSAGE_TEXT), blocks=tuple(blocks))


def picture_of_page(plan: Plan, number: int) -> MoneyChart | None:
    """The picture that belongs to a page: that of the money, with its first page."""
    pages = _pages(plan)
    is_money = pages[_at(number, len(pages))][1]
    return chart_of_money(plan.money, plan.currency) if is_money else None


def star_blocks(plan: Plan) -> tuple[Block, ...]:
    """The north star with this year's goal in a few lines, and the way to all of the plan, for Home."""
    words = "\n".join(marked_up(one) for one in star_lines(plan, later=False))
    return kit.section(cut(words, 2900)), kit.actions(kit.button(WHOLE_PLAN, Action.PLAN))


def _at(number: int, count: int) -> int:
    return min(max(number, 0), count - 1)


def _pages(plan: Plan) -> list[tuple[tuple[Block, ...], bool]]:
    """The blocks of each page, on as many as hold them, and whether it is the first one of the money."""
    found = []
    pages, has_money = plan_pages(plan), plan.money is not None and money_page(plan) is not None
    for place, page in enumerate(pages):
        blocks = [block for message in page_messages(page) for block in message.blocks]
        is_money = has_money and place == len(pages) - 1
        for start in range(0, len(blocks), MOST_BLOCKS):
            found.append((tuple(blocks[start : start + MOST_BLOCKS]), is_money and start == 0))
    return found
