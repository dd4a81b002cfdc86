"""What comes to somebody by itself, as messages or by e-mail: what they may stop, with a button each, and what comes
always, with why."""

from __future__ import annotations

from datetime import date, datetime, time

from bot.domain.checkins import PersonalSettings
from bot.domain.digests import Copy, Overview
from bot.domain.sending import ALWAYS, IN_WORDS
from bot.domain.vocabularies import MessageKind
from bot.domain.wording import clock, sentence
from bot.slack import limits
from bot.slack.blocks import kit
from bot.slack.blocks.digests import edition_name
from bot.slack.blocks.people import WHAT_IN_THEM
from bot.slack.identifiers import Action
from bot.slack.message import Block, Message
from bot.slack.metadata import CopiesWanted, KindWanted, encode
from bot.slack.mrkdwn import bold, cut

WHAT_COMES_TITLE = "What comes to you"
MOST_COPIES = 40


def what_comes_message(settings: PersonalSettings, digests: Overview) -> Message:
    """The list. `digests` are those that this person may have copies of."""
    shown = digests.copies[:MOST_COPIES]
    way = "e-mail" if settings.by_mail else "direct message"
    waits = "on your page “My week”" if settings.by_mail else "in Home"
    blocks: list[Block] = []
    if shown:
        blocks.append(kit.section(f"*Digests by {way}*, when one goes out"))
        blocks += [_digest(one) for one in shown]
    if len(digests.copies) > len(shown):
        blocks.append(kit.context(f"{len(shown)} of {len(digests.copies)}"))
    blocks.append(kit.section(f"*What you may stop*: it waits {waits} then"))
    blocks += [_kind(kind, kind not in settings.no_messages_about) for kind in IN_WORDS]
    always = "\n".join(f"• {one.words}: {one.why}" for one in ALWAYS if one.words)
    blocks.append(kit.section(f"*What comes always*\n{always}"))
    quiet = f"from {_time(settings.quiet_from)} to {_time(settings.quiet_to)} your time"
    blocks.append(
        kit.context(
            f"No messages {quiet}, nor on days away; a link that you asked for comes at once. What you choose here is "
            "seen by you and the coordinators."
        )
    )
    blocks.append(
        kit.actions(kit.button("My settings", Action.MY_SETTINGS), kit.button("I'm away", Action.AWAY)),
    )
    return Message.of(cut(limits.text_of(blocks), 3000), *blocks)


def _digest(one: Copy) -> Block:
    name = edition_name(one.edition)
    value = encode(CopiesWanted(one.edition.key, not one.is_subscribed))
    return _line(bold(name), name, Action.COPY_WANTED, value, comes=one.is_subscribed)


def _kind(kind: MessageKind, comes: bool) -> Block:
    name = sentence(IN_WORDS[kind])
    more = WHAT_IN_THEM.get(kind)
    words = f"{bold(name)} ({more[:1].lower()}{more[1:]})" if more else bold(name)
    return _line(words, name, Action.KIND_WANTED, encode(KindWanted(kind, not comes)), comes=comes)


def _line(words: str, name: str, action: Action, value: str, *, comes: bool) -> Block:
    state, text = ("comes to you", "Stop it") if comes else ("*not sent to you*", "Send it to me")
    return kit.section(f"{words} · {state}", accessory=kit.button(text, action, value=value, about=name))


def _time(at: time) -> str:
    return clock(datetime.combine(date.min, at))
