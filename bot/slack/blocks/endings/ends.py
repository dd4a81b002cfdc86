"""Something ends, on screen: the form with what hangs on it, what came of it, and the list of what has ended."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from bot.domain.endings import Ended, EndedList, EndForm, Ending
from bot.domain.record import Hanging
from bot.domain.wording import cut, full_day, near_day, plural
from bot.slack import limits
from bot.slack.blocks import kit
from bot.slack.blocks.endings.coalition import end_coalition_buttons
from bot.slack.blocks.endings.hung import LONGEST, everything_of
from bot.slack.forms import Choice, Day, Find, Form, about, each, note
from bot.slack.forms.form import Part
from bot.slack.identifiers import Action, Search, Submission
from bot.slack.message import Block, Message
from bot.slack.mrkdwn import bold, own, unmark
from bot.slack.names import listed

END_TITLE = "End"
ENDED_TITLE = "Ended"
_LINES = 20  # how many ended things one message holds
# What hangs on it, and what is asked about it.
_ASKED: dict[Hanging, tuple[str, str]] = {
    Hanging.MEMBERS: ("Members", "Where do the members go?"),
    Hanging.DECISIONS: ("Is to decide", "Who decides this from now on?"),
    Hanging.ISSUES: ("Issues with it", "Who takes the issues on?"),
    Hanging.WORK: ("Open work", "Where does the work go?"),
    Hanging.ROUNDS: ("Check-ins and meetings", "Who is asked and meets from now on?"),
    Hanging.MONEY: ("Money for it", "Where does the money go?"),
}


def _things(kind: Hanging) -> Callable[[EndForm], list[Block]]:
    def things(form: EndForm) -> list[Block]:
        question = form.questions.get(kind)
        names = [one.name for one in question.things] if question is not None else []
        return everything_of(_ASKED[kind][0], names, kinds=len(form.questions))

    return things


def _options(kind: Hanging) -> Callable[[EndForm], list[kit.Element]]:
    def options(form: EndForm) -> list[kit.Element]:
        question = form.questions[kind]
        found = [kit.option(words, way) for way, words in question.ways.items()]
        others = [kit.option(cut(one.name, limits.OPTION_TEXT), one.id) for one in question.others]
        return [*found, *others][: limits.OPTIONS]

    return options


def _hint(kind: Hanging) -> Callable[[EndForm], str | None]:
    """Where a list to choose from holds fewer than there are, a file can name the others."""

    def hint(form: EndForm) -> str | None:
        question = form.questions[kind]
        shown = limits.OPTIONS - len(question.ways)
        return f"{shown} of {len(question.others)} are listed." if len(question.others) > shown else None

    return hint


def _is_asked(kind: Hanging) -> Callable[[EndForm], bool]:
    return lambda form: kind in form.questions


def _parts() -> Iterator[Part[EndForm]]:
    for kind, (_label, question) in _ASKED.items():
        yield _things(kind)
        yield Choice(
            str(kind), question, _options(kind), when=_is_asked(kind),
            shows=lambda _form: None, placeholder="Choose one", hint=_hint(kind),
        )  # fmt: skip
        if kind is Hanging.MEMBERS:
            yield Find(
                "taker", "Who has what is theirs, if they leave?", Search.MEMBER, shows=lambda _form: None,
                hint="Their priorities, figures and open work. Empty if they stay.", optional=True,
                when=_is_asked(kind),
            )  # fmt: skip


END_FORM: Form[EndForm, Ending] = Form(
    Ending, Submission.END_THING, END_TITLE, "Save",
    note("What is chosen here goes over as soon as you save."),
    about(lambda form: f"{bold(form.name)} · {own(form.called)}\nIts history stays, and so do past digests."),
    Day("last_day", "Last day", shows=lambda form: form.last_day or form.today,
        hint="It goes on through this day. A day that has passed ends it now."),
    *_parts(),
    about(lambda form: f"*Taken back:* {plural(form.asks, 'open ask')}" if form.asks else ""),
    each(lambda form: form.notes),
    marks=lambda form: form.ref,
)  # fmt: skip


def ended_message(ended: Ended) -> Message:
    """What came of it, to whoever entered it."""
    name = bold(cut(ended.name, LONGEST))
    if ended.last_day is None:
        words = f"{name} is there again."
        return Message.of(unmark(words), kit.section(words))
    day = near_day(ended.last_day, ended.today)
    when = "then" if ended.last_day >= ended.today else "now"
    lines = [f"{name} {'ends' if ended.last_day >= ended.today else 'ended'} {day}."]
    lines += [own(cut(words, 400)) for words in ended.moved]
    lines += [
        f"The quorum of {bold(group)} {f'is {quorum}' if quorum is not None else 'is gone'} {when}."
        for group, quorum in ended.lowered
    ]
    words = "\n".join(lines)
    shown = [words] if len(words) <= limits.TEXT else lines
    button = kit.button("Reopen", Action.REOPEN_THING, value=ended.ref)
    return Message.of(unmark(words).replace("\n", " "), *map(kit.section, shown), kit.actions(button))


def ended_list_message(found: EndedList) -> Message:
    """What has ended or is about to, the latest first."""
    lines = found.lines
    heading = f"*{plural(len(lines), 'thing')} with an end*" if lines else "Nothing has ended."
    blocks: list[Block] = [*_coalition(found), kit.section(heading)]
    for one in lines[:_LINES]:
        words = f"{bold(cut(one.name, LONGEST))} · {own(one.called)}\nLast day: {full_day(one.last_day, found.today)}"
        blocks.append(kit.line(words, "Reopen", Action.REOPEN_THING, value=one.ref, label=f"Reopen {one.name}"))
    if len(lines) > _LINES:
        blocks.append(kit.context(f"1–{_LINES} of {len(lines)}, the latest first"))
    blocks.append(kit.context("To end something, type “coalition end” and its name."))
    if found.may_end_coalition and found.coalition_ends is None:
        blocks.append(kit.actions(kit.button("End the coalition", Action.END_COALITION)))
    names = listed(tuple(cut(one.name, LONGEST) for one in lines[:_LINES]))
    return Message.of(f"{unmark(heading)}: {names}" if lines else heading, *blocks)


def _coalition(found: EndedList) -> list[Block]:
    """The end of the coalition as a whole, where one is known."""
    last = found.coalition_ends
    if last is None:
        return []
    words = f"{bold(cut(found.coalition, LONGEST))} · the coalition\nLast day: {full_day(last, found.today)}"
    buttons = end_coalition_buttons(is_ahead=last >= found.today) if found.may_end_coalition else []
    return [kit.section(words), *kit.row(*buttons)]
