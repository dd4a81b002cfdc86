"""Words instead of buttons: slash commands, messages to the bot, mentions, and "did you mean". One grammar for all."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from enum import Enum, auto

from bot.domain.home import HomePage
from bot.slack.blocks.home import coalition_message
from bot.slack.blocks.menu import check_ins_message, help_message, menu_message, nearest, unknown_message
from bot.slack.blocks.people import me_message
from bot.slack.identifiers import Command
from bot.slack.mrkdwn import unescape
from handlers import action_items, coalitions, metrics, people
from handlers.context import Call

_MENTION = re.compile(r"<@[^>]*>")
_ACTION_ID = re.compile("[Aa]-[0-9]+")
_NOT_WORDS = re.compile(r"[^\w' -]+")
# Beyond this many words somebody writes to the bot as to a person: the menu is the better answer.
_MOST_WORDS = 3


class Who(Enum):
    """Whom a line is offered to; whether it works is decided by the services."""

    EVERYBODY = auto()
    COORDINATOR = auto()
    CONFIGURES = auto()
    RECORDS = auto()
    ADDS = auto()


@dataclass(frozen=True, slots=True)
class Line:
    """Something that can be typed: after its noun, or to the bot as one of `words`."""

    noun: str
    verb: str
    what: str
    run: Callable[[Call], Awaitable[None]]
    who: Who = Who.EVERYBODY
    words: tuple[str, ...] = ()
    opens_modal: bool = False
    takes: Callable[[Call, str], Awaitable[None]] | None = None  # what runs where more was typed behind it
    usage: str = ""  # what more can be typed, for help
    hint: str = ""  # how it is typed to the bot, for the menu

    @property
    def text(self) -> str:
        return f"{self.noun} {self.verb}".strip()


async def _page(call: Call) -> HomePage:
    return await call.services.home.page(await call.actor())


async def show_menu(call: Call) -> None:
    page = await _page(call)
    await call.reply(menu_message(page, [line.hint or line.words[0] for line in _available(page) if line.words]))


async def _check_ins(call: Call) -> None:
    await call.reply(check_ins_message(await _page(call)))


async def _coalition(call: Call) -> None:
    await call.reply(coalition_message(await _page(call)))


async def _me(call: Call) -> None:
    await call.reply(me_message(await call.services.home.me(await call.actor())))


async def _help(call: Call) -> None:
    await _show_help(call, None)


async def _check_in_help(call: Call) -> None:
    await _show_help(call, "checkin")


async def _metric_help(call: Call) -> None:
    await _show_help(call, "metric")


async def _action_help(call: Call) -> None:
    await _show_help(call, "action")


async def _coalition_help(call: Call) -> None:
    await _show_help(call, "coalition")


LINES = (
    Line("checkin", "", "your open check-ins", _check_ins, words=("answer", "checkin", "check-in", "updates")),
    Line("checkin", "help", "what works with it", _check_in_help),
    Line(
        "metric",
        "",
        "your figures, or the one that you name",
        metrics.show_mine,
        words=("figures", "metric", "metrics", "numbers"),
        takes=metrics.show_card,
        usage="[NAME]",
    ),
    Line("metric", "list", "every figure that you may read", metrics.show_all),
    Line(
        "metric",
        "update",
        "record a figure; without more, a form opens",
        metrics.open_form,
        Who.RECORDS,
        ("update",),
        opens_modal=True,
        takes=metrics.update_line,
        usage="[NAME VALUE as of DATE provisional note …]",
        hint="update placed 48.5 as of Jun 30",
    ),
    Line("metric", "help", "what works with it", _metric_help),
    Line(
        "action",
        "",
        "your open actions, or the one that you name",
        action_items.show_mine,
        words=("my actions", "actions", "action"),
        takes=action_items.show,
        usage="[A-101]",
    ),
    Line(
        "action",
        "add",
        "a new action; without more, a form opens",
        action_items.open_form,
        Who.ADDS,
        ("add",),
        takes=action_items.add,
        usage="[WHAT @who by DATE in PRIORITY]",
        hint="add Call the college by Fri",
    ),
    Line(
        "action",
        "list",
        "one list of actions",
        action_items.show_mine,
        takes=action_items.show_list,
        usage="[mine | overdue | PRIORITY | @member | ORGANIZATION]",
    ),
    Line(
        "action",
        "done",
        "close one",
        action_items.show_mine,
        words=("done",),
        takes=action_items.complete_typed,
        usage="[A-101]",
        hint="done A-102",
    ),
    Line("action", "help", "what works with it", _action_help),
    Line("coalition", "", "the coalition and its state", _coalition, words=("coalition", "pause", "resume")),
    Line("coalition", "me", "who I think you are, and who reads what you say", _me, words=("me", "who")),
    Line(
        "coalition",
        "link",
        "people without an account",
        people.link_people,
        Who.COORDINATOR,
        ("link",),
        opens_modal=True,
    ),
    Line("coalition", "week", "the week ahead", coalitions.week, Who.COORDINATOR, ("week", "start"), opens_modal=True),
    Line("coalition", "pause", "stop all sending", coalitions.pause, Who.CONFIGURES),
    Line("coalition", "resume", "send again", coalitions.resume, Who.CONFIGURES),
    Line("coalition", "help", "what works with it", _coalition_help),
    Line("menu", "", "the menu", show_menu, words=("menu", "hi", "hello", "hey")),
    Line("help", "", "everything that can be typed", _help, words=("help",)),
)
_NOUNS = {
    Command.CHECKIN: "checkin",
    Command.ACTION: "action",
    Command.METRIC: "metric",
    Command.COALITION: "coalition",
}


def _available(page: HomePage) -> list[Line]:
    """The lines that this person is told about."""
    found = {Who.EVERYBODY}
    if page.coordination is not None:
        found.add(Who.COORDINATOR)
        if page.coordination.may_configure:
            found.add(Who.CONFIGURES)
    if page.may_record:
        found.add(Who.RECORDS)
    if page.may_add_actions:
        found.add(Who.ADDS)
    return [line for line in LINES if line.who in found]


async def command(call: Call) -> None:
    """A slash command, with or without a prefix. `/backbeat` takes a noun first."""
    name = str(call.body.get("command") or "")
    typed = str(call.body.get("text") or "")
    noun = next((noun for own, noun in _NOUNS.items() if name.endswith(own.removeprefix("/"))), "")
    await _run(call, f"{noun} {typed}", typed or noun, noun)


async def direct_message(call: Call) -> None:
    """Somebody wrote to the bot: the words that work, else the menu."""
    event = call.event
    # Edits, joins and what other apps write are no words to the bot.
    if event.get("channel_type") != "im" or event.get("bot_id") or event.get("subtype") not in {None, "file_share"}:
        return
    await _run(call, unescape(str(event.get("text") or "")), "", None)


async def mention(call: Call) -> None:
    """Somebody mentioned the bot in a channel: the same words, answered so that only they see it."""
    if call.event.get("bot_id") or call.event.get("channel_type") == "im":
        return
    await _run(call, unescape(_MENTION.sub(" ", str(call.event.get("text") or ""))), "", None)


async def say(call: Call) -> None:
    """[Yes] to "did you mean"."""
    text = str(call.action.get("value") or "")
    await _run(call, text, text, None)


async def _run(call: Call, text: str, said: str, noun: str | None) -> None:
    """Does what the words say. `noun` is the command's own, "" for `/backbeat`, None for words to the bot."""
    words = _normal(text)
    line = _line(words, noun)
    if line is None and await _run_with_more(call, text, noun):
        return
    if line is not None and not (line.opens_modal and not call.can_open):
        await line.run(call)
    elif line is not None or not words or (noun is None and len(words.split()) > _MOST_WORDS):
        await show_menu(call)
    else:
        await _not_understood(call, words, said or text.strip(), noun)


async def _run_with_more(call: Call, text: str, noun: str | None) -> bool:
    """Runs a line that takes what was typed behind it, as written; a figure's name alone shows its card."""
    typed = text.split()
    beginnings = [
        (beginning.split(), line)
        for line in LINES
        if line.takes is not None
        for beginning in (line.text, *(line.words if not noun else ()))
    ]
    for beginning, line in sorted(beginnings, key=lambda one: -len(one[0])):
        if len(typed) > len(beginning) and [word.casefold() for word in typed[: len(beginning)]] == beginning:
            assert line.takes is not None
            await line.takes(call, text.split(maxsplit=len(beginning))[len(beginning)].strip())
            return True
    if not noun and _ACTION_ID.fullmatch(text.strip()):
        await action_items.show(call, text)
        return True
    return not noun and bool(typed) and await metrics.show_named(call, text)


async def _not_understood(call: Call, words: str, said: str, noun: str | None) -> None:
    page = await _page(call)
    lines = _available(page)
    first, _, rest = said.partition(" ")
    begun = {word: line for line in lines if line.takes is not None for word in line.words}
    beginning = nearest(first, list(begun)) if not noun and rest else None
    if beginning is not None and len(said) <= action_items.MOST_MEANT:
        await call.reply(unknown_message(said, f"{beginning} {rest}"))
        return
    if noun:
        verb = nearest(
            words.removeprefix(noun).strip(), [line.verb for line in lines if line.noun == noun and line.verb]
        )
        found = f"{noun} {verb}" if verb is not None else None
    else:
        known = {word: line.text for line in lines for word in (*line.words, line.text)}
        word = nearest(words, list(known))
        found = known[word] if word is not None else None
        if found is None and noun is None:
            await show_menu(call)
            return
        if noun is None and word is not None:
            await call.reply(unknown_message(said, found, shown=word))
            return
    await call.reply(unknown_message(said, found, shown=f"{_prefix(call)}{found}" if found is not None else None))


def _prefix(call: Call) -> str:
    """A slash and whatever stands before this installation's command names."""
    name = str(call.body.get("command") or "/")
    for own in Command:
        if name.endswith(own.removeprefix("/")):
            return name.removesuffix(own.removeprefix("/"))
    return "/"


async def _show_help(call: Call, noun: str | None) -> None:
    lines = [line for line in _available(await _page(call)) if noun is None or line.noun == noun]
    prefix = _prefix(call)
    nouns = set(_NOUNS.values())
    entries = [
        (f"{prefix}{'' if line.noun in nouns else 'backbeat '}{line.text} {line.usage}".strip(), line.what)
        for line in lines
    ]
    title = "You can type these, or just write to me:" if noun is None else "This works:"
    await call.reply(help_message(title, entries))


def _normal(text: str) -> str:
    """Words in lower case with single spaces, without quotes, commas and the like."""
    return " ".join(_NOT_WORDS.sub(" ", text.casefold()).split())


def _line(words: str, noun: str | None) -> Line | None:
    """What is meant. A command's own noun comes first; the words that work in a message work after /backbeat too."""
    exact = next((line for line in LINES if line.text == words), None)
    if exact is not None:
        return exact
    if noun:
        rest = words.removeprefix(noun).strip()
        own = next((line for line in LINES if line.noun == noun and rest in line.words), None)
        return own
    if noun == "" and not words:
        return next(line for line in LINES if line.noun == "help")
    return next((line for line in LINES if words in line.words), None)
