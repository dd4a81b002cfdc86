"""The menu in the direct message, help, and what is said to words that the bot doesn't know."""

from __future__ import annotations

import difflib
from collections.abc import Sequence

from bot.domain.home import HomePage
from bot.domain.wording import plural
from bot.errors import Mistyped
from bot.slack import limits
from bot.slack.blocks import kit
from bot.slack.blocks.people import to_link
from bot.slack.identifiers import Action
from bot.slack.message import Message
from bot.slack.moments import Clock
from bot.slack.mrkdwn import cut, own
from bot.slack.names import first_name

_MOST_MEANT = 500  # characters that a button can carry back


def menu_message(page: HomePage, words: Sequence[str], *, unknown: str | None = None) -> Message:
    """What this person can do now. `words` are those that work when they are typed; `unknown` is what was written and
    not understood."""
    name = first_name(page.name)
    opened = len(page.open_checkins)
    buttons = []
    if opened:
        buttons.append(kit.button(f"Answer check-in ({opened})", Action.ANSWER_OPEN, primary=True))
    if page.actions:
        buttons.append(kit.button(f"My actions ({len(page.actions)})", Action.MY_ACTIONS))
    if page.decisions:
        buttons.append(kit.button(f"Answer decisions ({len(page.decisions)})", Action.MY_DECISIONS))
    if page.may_add_actions:
        buttons.append(kit.button("Add action", Action.NEW_ACTION))
    if page.may_record:
        buttons.append(kit.button("Update a figure", Action.FIGURE_UPDATE))
    buttons.append(kit.button("I'm away", Action.AWAY))
    if page.coordination is None:
        buttons.append(kit.button("Ask the coordinator", Action.WRITE_TO_COORDINATORS))
    else:
        waiting = len(to_link(page.coordination.outside_slack))
        buttons.append(kit.button(f"Link people ({waiting})" if waiting else "Link people", Action.LINK_PEOPLE))
        buttons.append(kit.button("Week ahead", Action.WEEK))
    typed = "Type " + " or ".join(f"“{word}”" for word in words) + "."
    state = f"{plural(opened, 'check-in is', 'check-ins are')} open." if opened else "No check-in is open."
    state = f"{state} {_waits(page)}".strip()
    lead = f"Hi {name}."
    if unknown is not None:
        lead = f"{lead} I'm not sure what to do with “{cut(' '.join(unknown.split()), 60)}”, so nothing has changed."
    return Message.of(
        f"{lead} {state} {typed}",
        kit.section(f"{own(lead)} {'' if opened else f'{nothing_waits(page)} '}What would you like to do?"),
        kit.actions(*buttons),
        kit.context("Typing works too: " + " · ".join(f"“{own(word)}”" for word in words)),
    )


def small_talk_message(page: HomePage, *, is_thanks: bool) -> Message:
    """The answer to thanks or "ok": what waits, where something does."""
    opened = len(page.open_checkins)
    waits = [f"{plural(opened, 'check-in is', 'check-ins are')} open."] if opened else []
    waits += [_waits(page)] if _waits(page) else []
    first = f"You're welcome, {first_name(page.name)}." if is_thanks else "Good."
    words = " ".join([first, *waits])
    return Message.of(words, kit.section(own(words)), kit.actions(_show_menu()))


def enough_message(page: HomePage) -> Message:
    """The answer to "stop": what somebody can do about messages. Nothing is done unasked."""
    words = "You decide what I write to you about. Nothing has changed yet."
    more = "In your settings you choose kinds of messages that wait in Home instead. While you're away I write nothing."
    buttons = [
        kit.button("My settings", Action.GO_SETTINGS, value="coalition me"),
        kit.button("I'm away", Action.AWAY),
    ]
    if page.coordination is None:
        buttons.append(kit.button("Ask the coordinator", Action.WRITE_TO_COORDINATORS))
    elif page.coordination.may_configure:
        buttons.append(kit.button("Pause all sending", Action.ASK_PAUSE))
    return Message.of(
        f"{words} {more} Type “settings” or “away …”.",
        kit.section(own(words)),
        kit.context(own(more)),
        kit.actions(*buttons),
    )


def help_message(title: str, entries: Sequence[tuple[str, str]], *, has_more: bool = False) -> Message:
    """What can be typed: pairs of the words and what they do. `has_more`: a button brings the rest."""
    lines = [f"`{own(words)}` {own(what)}" for words, what in entries]
    plain = "; ".join(f"{words}: {what}" for words, what in entries)
    sections = [own(title)]
    for line in lines:
        # Everything that can be typed is more than one section holds.
        if len(sections[-1]) + len(line) >= limits.TEXT:
            sections.append(line)
        else:
            sections[-1] += f"\n{line}"
    more = [kit.button("More", Action.SAY, value="help more", label="More that you can type")] if has_more else []
    hint = " Type “help more” for the rest." if has_more else ""
    message = Message.of(
        f"{title} {plain}.{hint}",
        *(kit.section(text) for text in sections),
        kit.actions(*more, kit.button("Show menu", Action.SHOW_MENU)),
    )
    return limits.fit(message)[0]


def form_message(typed: str) -> Message:
    """Where the answer to words to the bot is a form or a modal, which Slack opens only for a press."""
    words = "One press opens it."
    button = kit.button("Open", Action.SAY, value=typed, primary=True, about=typed)
    return Message(text=words, blocks=(kit.section(words), kit.actions(button)))


def unknown_message(said: str, suggestion: str | None, *, shown: str | None = None, hint: str = "") -> Message:
    """Words that the bot doesn't know. `suggestion` is what [Yes] does; `shown` is how it reads, such as a command.

    `hint` says what can be typed, where nothing is near.
    """
    said = cut(said, 60)
    if suggestion is None:
        return Message.of(
            f"I don't know “{said}”. {hint or 'Type “menu” to see what works.'}",
            kit.section(f"I don't know “{own(said)}”. {own(hint)}".rstrip()),
            kit.actions(_show_menu()),
        )
    name = shown or suggestion
    return Message.of(
        f"I don't know “{said}”. Did you mean “{name}”?",
        kit.section(f"I don't know “{own(said)}”. Did you mean *{own(name)}*?"),
        kit.actions(kit.button("Yes", Action.SAY, value=suggestion, about=name), _show_menu()),
    )


def nearest_message(mistyped: Mistyped, line: str, other: kit.Element | None = None) -> Message | None:
    """The question whether the nearest name was meant, with [Yes] that does the line with it; None without one.

    `other` stands beside it in place of the menu's button.
    """
    said = mistyped.mended(line.strip())
    if said is None or mistyped.name is None or len(said) > _MOST_MEANT:
        return None
    return Message.of(
        mistyped.message,
        kit.section(f"{own(mistyped.without_hint)} Did you mean *{own(mistyped.name)}*?"),
        kit.actions(kit.button("Yes", Action.SAY, value=said, about=mistyped.name), other or _show_menu()),
    )


def choices_message(message: str, choices: Sequence[tuple[str, str]]) -> Message:
    """A question with a button for each of its answers: pairs of what the button stands beside and what it says."""
    fitting = [(name, said) for name, said in choices if len(said) <= _MOST_MEANT]
    rows = [kit.line(own(name), "This one", Action.SAY, value=said, about=name) for name, said in fitting]
    return Message.of(message, kit.section(own(message)), *rows, kit.actions(_show_menu()))


def mistyped(noun: str, verbs: Sequence[str], typed: str, *, names: Sequence[str] = ()) -> Message | None:
    """The question for a name that nothing has and that begins much like one of the noun's verbs; None where it reads
    more like a word of one of these `names`."""
    first, _, rest = typed.partition(" ")
    verb = nearest(first, verbs)
    if verb is None or len(typed) > _MOST_MEANT:
        return None
    if nearest(first, [verb, *(word.casefold() for name in names for word in name.split())]) != verb:
        return None
    return unknown_message(typed, f"{noun} {verb} {rest}".strip())


def nearest(word: str, known: Sequence[str], likeness: float = 0.6) -> str | None:
    """The known word that was probably meant, if any; `likeness` from 0, anything, to 1, the same."""
    found = difflib.get_close_matches(word.casefold(), known, n=1, cutoff=likeness)
    return found[0] if found else None


def nothing_waits(page: HomePage) -> str:
    """One line for somebody with nothing to do, in markup."""
    waits = _waits(page) or "Nothing waits for you."
    if page.next_opens_at is None:
        return waits
    return f"{waits} {Clock(page.zone, page.now).token(page.next_opens_at, 'Next: ')}."


def _waits(page: HomePage) -> str:
    """What waits for this person beside check-ins and their own actions."""
    counts = (
        (len(page.due_figures), "figure is due", "figures are due"),
        (len(page.due_reports), "report to a funder is due", "reports to funders are due"),
        (len(page.decisions), "decision waits for your answer", "decisions wait for your answer"),
        (len(page.to_end), "decision waits for you to go on with it", "decisions wait for you to go on with them"),
        (len(page.asks), "ask waits for your answer", "asks wait for your answer"),
    )
    found = [plural(count, one, several) for count, one, several in counts if count]
    return f"{'; '.join(found)}." if found else ""


def _show_menu() -> kit.Element:
    return kit.button("Show menu", Action.SHOW_MENU)
