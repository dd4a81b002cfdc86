"""One person's message with several things in it: first contact, the opening line, then each item in its own words."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from bot.domain.checkins import BundleItem, PromptItem, Prompts
from bot.domain.outbox import CHECKINS, NEWS, Item, Passing, Several
from bot.domain.wording import plural
from bot.slack.blocks import kit
from bot.slack.blocks.menus import folded
from bot.slack.blocks.people import IN_FIRST_CONTACT, first_contact_blocks, first_contact_text
from bot.slack.identifiers import IN_BUNDLE, Action
from bot.slack.limits import MESSAGE_BLOCKS, fit
from bot.slack.message import Block, Message, with_lasting_ids
from bot.slack.moments import Clock
from bot.slack.mrkdwn import escape, own, unmark
from bot.slack.names import first_name

_NUMBERS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")


# What opens with a greeting where it is alone; other items say themselves what they are.
_GREETED = frozenset({Item.ASK, Item.ACTION_LIST, Item.FIGURE})
# To stand in for somebody is asked of one person alone, and never in a channel.
_NEVER_NOTED = frozenset({Item.DELEGATE})
_ACTIONS = frozenset({Item.ACTION_REQUEST, Item.ACTION_LIST, Item.ACTION_DUE, Item.ACTION_MOVED})
_DECISIONS = frozenset({Item.DECISION, Item.DECISION_DUE})


@dataclass(frozen=True, slots=True, kw_only=True)
class BundleReader(Clock):
    """Who reads a message, on which clock. A renderer that needs no more of it may take a plain Clock."""

    receiver: str  # member id
    receiver_name: str
    is_alone: bool  # the item is the only one of its message
    may_be_primary: bool  # no item before it has the main button


# The blocks of an item, and the same in plain words, not escaped, as full sentences.
ItemRenderer = Callable[[Any, BundleReader], tuple[Iterable[Block], str]]


def bundle_message(prompts: Prompts, renderers: Mapping[Item, ItemRenderer]) -> Message:
    """First contact where it is the first message, then each item in the state that it is in, as many as one holds."""
    reader = Clock(prompts.zone, prompts.now)
    blocks: list[Block] = []
    texts: list[str] = []
    if prompts.first_contact is not None:
        blocks += [*first_contact_blocks(prompts, prompts.first_contact), kit.divider()]
        texts.append(first_contact_text(prompts, prompts.first_contact))
    opening = _opening(prompts, reader)
    if opening is not None:
        blocks += [kit.section(opening), kit.divider()]
        texts.append(unmark(opening))
    # Whoever meets the bot for the first time reads who it is, and has few buttons to choose from.
    is_folded = prompts.first_contact is not None and not prompts.first_contact.confirmed and not _is_begun(prompts)
    shown, has_primary = 0, False
    for item in prompts.items:
        part, words = renderers[item.item](
            item.value,
            BundleReader(
                zone=prompts.zone,
                now=prompts.now,
                receiver=prompts.receiver,
                receiver_name=prompts.receiver_name,
                is_alone=len(prompts.items) == 1,
                may_be_primary=not has_primary,
            ),
        )
        if is_folded:
            part = folded(part, keeps_primary=not has_primary, without=IN_FIRST_CONTACT)
        lines = [*([kit.divider()] if shown else []), *part]
        # One block is left for the line that says what is not shown.
        if len(blocks) + len(lines) >= MESSAGE_BLOCKS:
            break
        blocks += lines
        texts.append(words)
        shown += 1
        has_primary = has_primary or _has_primary(lines)
    if len(prompts.items) > shown:
        blocks.append(kit.context(f"{shown} of {len(prompts.items)} · the rest is in Home"))
        texts.append(f"These are {shown} of {len(prompts.items)}; the rest is in Home.")
    named = with_lasting_ids(blocks, prefix=IN_BUNDLE)
    return fit(Message.of(" ".join(texts), *named))[0]


def bundle_title(prompts: Prompts, renderers: Mapping[Item, ItemRenderer]) -> str:
    """What a person's message is about, plain: the first thing that is left to do, and how many more there are."""
    waiting = [item for item in prompts.items if not item.value.is_settled] or list(prompts.items)
    reader = BundleReader(
        zone=prompts.zone,
        now=prompts.now,
        receiver=prompts.receiver,
        receiver_name=prompts.receiver_name,
        is_alone=len(prompts.items) == 1,
        may_be_primary=True,
    )
    blocks, words = renderers[waiting[0].item](waiting[0].value, reader)
    texts = (str(block["text"]["text"]) for block in blocks if "text" in block)
    first = unmark(next(texts, words).split("\n")[0]).rstrip(".:")
    return f"{first}, and {len(waiting) - 1} more" if len(waiting) > 1 else first


def note_message(prompts: Prompts, renderers: Mapping[Item, ItemRenderer]) -> Message | None:
    """A note in a channel, seen only by whoever Slack takes no direct message to: what waits, in one line, with the
    buttons to do it. None where nothing of it may be told in a channel."""
    told = tuple(one for one in prompts.items if one.item not in _NEVER_NOTED and not one.value.is_settled)
    if not told:
        return None
    title = bundle_title(replace(prompts, items=told), renderers)
    words = f"I can't write to you directly here, so this note tells you what waits: {title}."
    kinds = {one.item for one in told}
    buttons = (
        kit.button("Answer check-in", Action.ANSWER_OPEN, primary=True) if kinds & CHECKINS else None,
        kit.button("My actions", Action.MY_ACTIONS) if kinds & _ACTIONS else None,
        kit.button("Answer decisions", Action.MY_DECISIONS) if kinds & _DECISIONS else None,
    )
    shown = [one for one in buttons if one is not None]
    blocks = [
        kit.section(escape(words)),
        *kit.row(*shown),
        kit.context("Only you see this note. A coordinator can answer for you too."),
    ]
    return Message.of(unmark(words), *blocks)


def _is_begun(prompts: Prompts) -> bool:
    """Whether this person has done something in the message already."""
    return any(_count(item, prompts.receiver)[2] for item in prompts.items)


def number_word(count: int) -> str:
    """A small number as a word."""
    return _NUMBERS[count] if count < len(_NUMBERS) else str(count)


def _opening(prompts: Prompts, reader: Clock) -> str | None:
    """The first line of a message with several things, or of one that asks for an update."""
    to_do = [item for item in prompts.items if item.item not in NEWS]
    waiting = [item for item in to_do if not item.value.is_settled]
    counts = [_count(item, prompts.receiver) for item in to_do]
    things, left, done = (sum(one) for one in zip(*counts, strict=True)) if counts else (0, 0, 0)
    if not waiting and (things <= 1 or not done):
        return None
    if not waiting:
        # The next round asks the owner: a stand-in hears of it only when they are needed.
        own_ones = [one for one in prompts.checkins if one.owner == prompts.receiver]
        next_at = min((one.next_opens_at for one in own_ones if one.next_opens_at), default=None)
        following = f" {reader.token(next_at, 'Next: ')}." if next_at else ""
        return f"{'All done, thank you.' if done == things else 'Thank you. Nothing is left to do here.'}{following}"
    if len(prompts.items) == 1 and (waiting[0].item not in _GREETED or prompts.first_contact is not None):
        return None
    minutes = sum(item.value.minutes for item in waiting)
    time = f", about {plural(minutes, 'minute')}" if minutes else ""
    if done:
        # What merely passed is neither done nor left.
        return f"{done} of {things - sum(map(_has_lapsed, to_do))} done{f'{time} left' if time else ''}."
    words = f"{number_word(left).capitalize()} {'thing' if left == 1 else 'things'}{time}."
    if prompts.first_contact is not None:
        return words
    return f"{reader.greeting}, {own(first_name(prompts.receiver_name))}. {words}"


def _count(item: BundleItem, receiver: str) -> tuple[int, int, int]:
    """As how many things an item counts, how many of them are left, and how many this person has done."""
    value = item.value
    if isinstance(value, Several):
        return value.things, value.waiting, value.things - value.waiting
    if not value.is_settled:
        return 1, 1, 0
    # What merely passed, and what somebody else said, is nothing to give thanks for.
    by_another = isinstance(value, PromptItem) and value.answer is not None and value.answer.by != receiver
    return 1, 0, int(not _has_lapsed(item) and not by_another)


def _has_lapsed(item: BundleItem) -> bool:
    return isinstance(item.value, Passing) and item.value.has_lapsed


def _has_primary(blocks: Iterable[Block]) -> bool:
    return any(
        element.get("style") == "primary"
        for block in blocks
        for element in (*block.get("elements", ()), block.get("accessory") or {})
    )
