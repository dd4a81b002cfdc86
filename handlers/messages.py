"""Words instead of buttons: slash commands, messages to the bot, mentions, and "did you mean". One grammar for all."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable
from dataclasses import replace

from bot.domain.home import HomePage
from bot.errors import Mistyped, Unclear
from bot.services.access import refusal
from bot.slack.blocks.menu import (
    choices_message,
    enough_message,
    form_message,
    help_message,
    menu_message,
    nearest,
    nearest_message,
    small_talk_message,
    unknown_message,
)
from bot.slack.blocks.people import not_set_up_message
from bot.slack.identifiers import Action, Command
from bot.slack.mrkdwn import as_written
from handlers import (
    action_items,
    asks,
    audit,
    away,
    briefs,
    canvases,
    checkin_answers,
    checkin_edits,
    checkin_rounds,
    checkins,
    coalition_files,
    coalition_particulars,
    coalitions,
    coordinator_notes,
    decisions,
    deliveries,
    digest_forwarding,
    digests,
    endings,
    first_contact,
    funding,
    health,
    home,
    issues,
    letters,
    meetings,
    members,
    menus,
    metric_plans,
    metric_tables,
    metrics,
    north_star,
    own_actions,
    own_settings,
    people,
    plan,
    priorities,
    pulses,
    question_sets,
    rosters,
    series,
    setup,
    visibility,
    what_comes,
)
from handlers.context import Call, Kind, NeedsPress
from handlers.helps import first_lines, verbs_by_noun
from handlers.listeners import Line, Listeners, Takes
from handlers.numbered import MOST_MEANT
from handlers.owed_words import is_said_to_bot
from handlers.phrases import ENOUGH, FINE, THANKS, days_away, meant_by, turned_round

_NOT_WORDS = re.compile(r"[^\w' -]+")
# Whoever writes more words than this is writing to a person, and the menu is the better answer.
_MOST_WORDS = 3
# How alike several words have to be to count as one slip of the finger, rather than a command with something behind it.
_SAME = 0.8


async def _page(call: Call) -> HomePage:
    return await call.services.home.page(await call.actor())


async def show_menu(call: Call) -> None:
    """What this person can do now."""
    await _show_menu(call, None)


async def _show_menu(call: Call, unknown: str | None) -> None:
    if await call.actor_if_known() is None and await call.services.people.coalition_of(call.team_id) is None:
        await call.reply(not_set_up_message())
        return
    page = await _page(call)
    hints = [line.hint for line in await _available(call) if line.hint]
    await call.reply(menu_message(page, hints, unknown=unknown))


def _help_of(noun: str | None) -> Callable[[Call], Awaitable[None]]:
    async def show(call: Call) -> None:
        await _show_help(call, noun)

    return show


async def show_nouns(call: Call) -> None:
    """Each noun with its verbs."""
    found = verbs_by_noun(await _available(call))
    entries = [(_spelled(call, typed), verbs) for typed, verbs in found]
    await call.reply(help_message("Each of these tells more:", entries))


# In the order in which help lists them.
NOUNS = (
    checkin_answers.LISTENERS,
    checkin_rounds.LISTENERS,
    checkin_edits.LISTENERS,
    pulses.LISTENERS,
    question_sets.LISTENERS,
    checkins.LISTENERS,
    away.LISTENERS,
    action_items.LISTENERS,
    own_actions.LISTENERS,
    metrics.LISTENERS,
    metric_plans.LISTENERS,
    metric_tables.LISTENERS,
    series.LISTENERS,
    meetings.LISTENERS,
    digests.LISTENERS,
    digest_forwarding.LISTENERS,
    asks.LISTENERS,
    letters.LISTENERS,
    briefs.LISTENERS,
    priorities.LISTENERS,
    canvases.LISTENERS,
    plan.LISTENERS,
    decisions.LISTENERS,
    issues.LISTENERS,
    visibility.LISTENERS,
    funding.LISTENERS,
    coalitions.LISTENERS,
    setup.LISTENERS,
    members.LISTENERS,
    endings.LISTENERS,
    rosters.ORGANIZATIONS,
    rosters.GROUPS,
    north_star.LISTENERS,
    coalition_particulars.LISTENERS,
    coalition_files.LISTENERS,
    audit.LISTENERS,
    people.LISTENERS,
    own_settings.LISTENERS,
    what_comes.LISTENERS,
    coordinator_notes.LISTENERS,
    first_contact.LISTENERS,
    deliveries.LISTENERS,
    health.LISTENERS,
    menus.LISTENERS,
    home.LISTENERS,
)
# Which noun a command stands for. `/backbeat` takes any of them first.
COMMAND_NOUNS = {
    Command.CHECKIN: "checkin",
    Command.ACTION: "action",
    Command.DECISION: "decision",
    Command.ISSUE: "issue",
    Command.METRIC: "metric",
    Command.MEETING: "meeting",
    Command.DIGEST: "digest",
    Command.PRIORITY: "priority",
    Command.FUNDING: "funding",
    Command.COALITION: "coalition",
}


def _lines() -> tuple[Line, ...]:
    """Every line: each noun's own, then its help."""
    own = [replace(line, noun=listeners.noun) for listeners in NOUNS for line in listeners.lines]
    nouns = tuple(dict.fromkeys(line.noun for line in own))
    return (
        *(line for noun in nouns for line in own if line.noun == noun),
        # A noun's help has no second page, so asking for more of it shows all nouns.
        *(Line("help", "what works with it", _help_of(noun), synonyms=("help more",), noun=noun) for noun in nouns),
        Line("", "the menu", show_menu, words=("menu", "hi", "hello", "hey"), noun="menu"),
        Line("", "what you can type", _help_of(None), words=("help",), noun="help"),
        Line("more", "every noun with its verbs", show_nouns, words=("help more", "more", "help all"), noun="help"),
    )


LINES = _lines()


async def _available(call: Call) -> list[Line]:
    """The lines that this person is told about."""
    standing = (await call.actor()).standing
    return [line for line in LINES if standing.may_anywhere(line.right)]


async def command(call: Call) -> None:
    """A slash command, with or without a prefix. `/backbeat` takes a noun first."""
    name = str(call.body.get("command") or "")
    typed = str(call.body.get("text") or "")
    noun = next((noun for own, noun in COMMAND_NOUNS.items() if name.endswith(own.removeprefix("/"))), "")
    await _run(call, f"{noun} {typed}", typed or noun, noun)


async def direct_message(call: Call) -> None:
    """Somebody wrote to the bot: the words that work, else the menu."""
    event = call.event
    if not is_said_to_bot(event):
        return
    if event.get("files") and (await coalition_files.offer(call) or await metric_tables.offer(call)):
        return
    await _run(call, as_written(str(event.get("text") or "")), "", None)


async def mention(call: Call) -> None:
    """Somebody mentioned the bot in a channel: the same words, answered so that only they see it."""
    if not is_said_to_bot(call.event):
        return
    # The bot's own mention is no word; anybody else's says who is meant.
    own = re.compile(rf"<@{re.escape(str(call.context.bot_user_id or ''))}(?:\|[^>]*)?>")
    await _run(call, as_written(own.sub(" ", str(call.event.get("text") or ""))), "", None)


async def say(call: Call) -> None:
    """[Yes] to "did you mean", or a button that stands for a noun: in a modal its answer is called like it."""
    text = str(call.action.get("value") or "")
    if str(call.action.get("action_id") or "") in GO:
        call.title = str((call.action.get("text") or {}).get("text") or call.title)
    await call.open_in_home()
    await _run(call, text, text, None)


async def _run(call: Call, text: str, said: str, noun: str | None) -> None:
    """Does what the words say. `noun` is the command's own, "" for `/backbeat`, None for words to the bot."""
    words = _normal(text)
    if not noun and await _small_talk(call, words):
        return
    line = _line(words, noun) or _meant(words, noun)
    if line is None and await _run_with_more(call, text, said or text.strip(), noun):
        return
    if line is not None:
        await _start(call, line, text, line.run)
    elif not words:
        await show_menu(call)
    elif noun is None and (days := days_away(text)) is not None:
        await call.reply(unknown_message(text.strip(), f"away {days}"))
    elif noun is None and await _run_turned_round(call, text):
        return
    elif noun is None and len(words.split()) > _MOST_WORDS:
        await _show_menu(call, text.strip())
    else:
        await _not_understood(call, words, said or text.strip(), noun)


async def _run_turned_round(call: Call, text: str) -> bool:
    """Runs what begins with an id, or offers its card; False where it doesn't."""
    turned = turned_round(text)
    if turned is None:
        return False
    noun, verb, key, *_ = turned.split()
    if any(f"{noun} {verb}" in line.texts for line in LINES):
        return await _run_with_more(call, turned, turned, None)
    await call.reply(unknown_message(text.strip(), key))
    return True


def _meant(words: str, noun: str | None) -> Line | None:
    """The line whose button, or whose meaning in other words, this is; after a command only one of its own noun."""
    said = words.removeprefix(noun).strip() if noun else words
    meant = meant_by(said)
    found = _line(meant, None) if meant is not None else None
    return found if found is not None and (not noun or found.noun == noun) else None


async def _small_talk(call: Call, words: str) -> bool:
    """Thanks, "ok" and "stop" are answered; nothing is changed by them."""
    if words in ENOUGH:
        await call.reply(enough_message(await _page(call)))
    elif words in THANKS or words in FINE:
        await call.reply(small_talk_message(await _page(call), is_thanks=words in THANKS))
    else:
        return False
    return True


async def _start(call: Call, line: Line, text: str, run: Callable[[Call], Awaitable[None]]) -> None:
    """Does what the line says. If that is a form, which Slack opens only for a press, offers a button for it."""
    try:
        if line.opens_modal and not call.can_open and run is line.run:
            raise NeedsPress
        await run(call)
    except Mistyped as mistyped:
        question = nearest_message(mistyped, text)
        if question is None:
            raise
        await call.reply(question)
    except Unclear as unclear:
        choices = unclear.chosen(text)
        if not choices:
            raise
        await call.reply(choices_message(unclear.message, choices))
    except NeedsPress:
        if not (await call.actor()).standing.may_anywhere(line.right):
            raise refusal(line.right) from None
        await (call.reply(form_message(text.strip())) if len(text) <= MOST_MEANT else show_menu(call))


async def _run_with_more(call: Call, text: str, said: str, noun: str | None) -> bool:
    """Runs a line that takes what was typed behind it, as written; a figure's name alone shows its card.

    A line that takes nothing is offered without what was typed behind it.
    """
    typed = text.split()
    beginnings = [
        (beginning.split(), line)
        for line in LINES
        if line.takes is not None or line.verb
        for beginning in (*line.texts, *(line.words if not noun and line.takes is not None else ()))
    ]
    for beginning, line in sorted(beginnings, key=lambda one: -len(one[0])):
        if len(typed) > len(beginning) and [word.casefold() for word in typed[: len(beginning)]] == beginning:
            takes, more = line.takes, text.split(maxsplit=len(beginning))[len(beginning)].strip()
            is_slip = not line.verb and nearest(more, [one.verb for one in LINES if one.noun == line.noun]) is not None
            if is_slip and (other := await _of_verb(call, more)) is not None and other.noun != line.noun:
                await call.reply(unknown_message(said, other.text, shown=_spelled(call, other.text)))
                return True
            if takes is None:
                await call.reply(unknown_message(said, line.text, shown=_spelled(call, line.text)))
                return True

            async def run(call: Call, takes: Takes = takes, more: str = more) -> None:
                await takes(call, more)

            await _start(call, line, text, run)
            return True
    if noun or not typed:
        return False
    for listeners in NOUNS:
        if listeners.finds is not None and await listeners.finds(call, text):
            return True
    return False


async def _of_verb(call: Call, word: str) -> Line | None:
    """The line of the one noun that has this verb: "audit" is near to "edit" by its letters only."""
    found = [line for line in await _available(call) if line.verb == word.casefold()]
    return found[0] if len(found) == 1 else None


async def _not_understood(call: Call, words: str, said: str, noun: str | None) -> None:
    lines = await _available(call)
    known = {word: line.text for line in lines for word in (*line.words, line.text)}
    first, _, rest = said.partition(" ")
    of_verb = await _of_verb(call, first)
    if of_verb is not None and (not rest or of_verb.takes is not None) and len(said) <= MOST_MEANT:
        meant = f"{of_verb.text} {rest}".strip()
        await call.reply(unknown_message(said, meant, shown=_spelled(call, meant)))
        return
    whole = nearest(words, list(known), likeness=_SAME) if not noun and rest else None
    if whole is not None:
        await call.reply(unknown_message(said, known[whole], shown=whole if noun is None else None))
        return
    begun = {word: line for line in lines if line.takes is not None for word in line.words}
    beginning = nearest(first, list(begun)) if not noun and rest else None
    if beginning is not None and len(said) <= MOST_MEANT:
        await call.reply(unknown_message(said, f"{beginning} {rest}"))
        return
    if noun:
        verb = nearest(
            words.removeprefix(noun).strip(), [line.verb for line in lines if line.noun == noun and line.verb]
        )
        found = f"{noun} {verb}" if verb is not None else None
    else:
        word = nearest(words, list(known))
        found = known[word] if word is not None else None
        if found is None and noun is None:
            await _show_menu(call, said)
            return
        if noun is None and word is not None:
            await call.reply(unknown_message(said, found, shown=word))
            return
    shown = _spelled(call, found) if found is not None else None
    helping = _spelled(call, f"{noun} help" if noun else "help")
    hint = f"Type “{helping}” for what works."
    await call.reply(unknown_message(said, found, shown=shown, hint=hint))


def _spelled(call: Call, text: str) -> str:
    """How it is typed here: as a command, or as words to the bot, for whom some have no commands."""
    if call.kind is Kind.EVENT or call.is_in_direct_message:
        return text
    return f"{_prefix(call)}{'' if text.split()[0] in COMMAND_NOUNS.values() else 'backbeat '}{text}"


def _prefix(call: Call) -> str:
    """A slash and whatever stands before this installation's command names."""
    name = str(call.body.get("command") or "/")
    for own in Command:
        if name.endswith(own.removeprefix("/")):
            return name.removesuffix(own.removeprefix("/"))
    return "/"


async def _show_help(call: Call, noun: str | None) -> None:
    """A noun's lines; without one the five that fit this person, and a button for the rest."""
    lines = await _available(call)
    if noun is None:
        shown = first_lines((await call.actor()).standing, lines)
    else:
        shown = [line for line in lines if line.noun == noun]
    entries = [(f"{_spelled(call, line.text)} {line.usage}".strip(), line.what) for line in shown]
    is_written = call.kind is Kind.EVENT
    every = "You can write these to me:" if is_written else "You can type these, or just write to me:"
    await call.reply(help_message(every if noun is None else "This works:", entries, has_more=noun is None))


def _normal(text: str) -> str:
    """Words in lower case with single spaces, without quotes, commas and the like."""
    return " ".join(_NOT_WORDS.sub(" ", text.casefold().replace("’", "'")).split())


def _line(words: str, noun: str | None) -> Line | None:
    """What is meant. A command's own noun comes first; the words that work in a message work after /backbeat too."""
    exact = next((line for line in LINES if words in line.texts), None)
    if exact is not None:
        return exact
    if noun:
        rest = words.removeprefix(noun).strip()
        own = next((line for line in LINES if line.noun == noun and rest in line.words), None)
        return own
    if noun == "" and not words:
        return next(line for line in LINES if line.noun == "help")
    return next((line for line in LINES if words in line.words), None)


# Buttons that stand for words. Each needs a name of its own so that several fit into one row.
GO = tuple(action for action in Action if action.startswith("go_"))
LISTENERS = Listeners(actions={Action.SAY: say, Action.SHOW_MENU: show_menu, **dict.fromkeys(GO, say)})
