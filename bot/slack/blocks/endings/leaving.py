"""A member leaves, on screen: the form with what is theirs, what came of it, and what others take over."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from bot.domain.endings import NOT_REACHED, Erased, FormerMembers, HandedOver, Leaving, LeavingForm, Left
from bot.domain.record import Held, Holdings
from bot.domain.wording import cut, full_day, near_day, plural
from bot.slack import limits
from bot.slack.blocks import kit
from bot.slack.blocks.endings.hung import LONGEST, everything_of
from bot.slack.forms import Day, Find, Form, about, note
from bot.slack.identifiers import Action, Search, Submission
from bot.slack.message import Block, Message
from bot.slack.moments import Clock
from bot.slack.mrkdwn import bold, escape, own, unmark
from bot.slack.names import listed

LEAVING_TITLE = "Hand over and leave"
# How many things of a kind a message names, and how many former members one holds.
_NAMED = 5
_FORMER = 20


def _theirs(label: str, of: Callable[[LeavingForm], Sequence[Held]]) -> Callable[[LeavingForm], list[Block]]:
    """What is theirs of one kind, above the field that says who has it from now on; nothing where there is none."""
    return lambda form: everything_of(label, [one.name for one in of(form)], kinds=_kinds(form.holdings))


def _kinds(held: Holdings) -> int:
    """How many kinds of what is theirs the form asks about."""
    return sum(map(bool, (held.priorities, held.figures, held.work, held.chairs, held.principals)))


LEAVING_FORM: Form[LeavingForm, Leaving] = Form(
    Leaving, Submission.MEMBER_LEAVES, LEAVING_TITLE, "Save",
    note("Seen by you and the other coordinators. What is chosen here goes over as soon as you save."),
    about(lambda form: (
        f"{bold(form.name)} · {own(form.organization)}\n"
        f"What {own(form.name)} said and did stays as it is. Roles end as you save, seats in groups with the last day."
    )),
    Day("last_day", "Last day", shows=lambda form: form.last_day or form.today,
        hint="They take part through this day. A day that has passed ends it now."),
    _theirs("Owns", lambda form: form.holdings.priorities),
    Find("priorities", "Who owns this from now on?", Search.MEMBER, shows=lambda form: form.suggested,
        when=lambda form: bool(form.holdings.priorities)),
    _theirs("Looks after the figures", lambda form: form.holdings.figures),
    Find("figures", "Who looks after them?", Search.MEMBER, shows=lambda form: form.suggested,
        when=lambda form: bool(form.holdings.figures)),
    _theirs("Open work", lambda form: form.holdings.work),
    Find("work", "Who takes it on?", Search.MEMBER, shows=lambda form: form.suggested,
        hint="Of another organization they are asked first, action by action.",
        when=lambda form: bool(form.holdings.work)),
    _theirs("Chairs or co-chairs", lambda form: form.holdings.chairs),
    Find("chairs", "Who does that from now on?", Search.MEMBER, shows=lambda _form: None,
        hint="Empty: they keep it until the last day, then nobody.", optional=True,
        when=lambda form: bool(form.holdings.chairs)),
    _theirs("Stands in for", lambda form: form.holdings.principals),
    Find("stand_in", "Who stands in for them?", Search.MEMBER, shows=lambda _form: None,
        hint="Empty: nobody, until they choose.", optional=True, when=lambda form: bool(form.holdings.principals)),
    marks=lambda form: form.id,
)  # fmt: skip


def left_message(left: Left) -> Message:
    """What came of it, to whoever entered it."""
    lines = [_until(bold(cut(left.name, LONGEST)), left)]
    lines += [f"*With {own(cut(name, LONGEST))} from now on:* {_names(things)}." for name, things in left.taken]
    lines += [_quorum(name, quorum, left) for name, quorum in left.quorums]
    words = "\n".join(lines)
    # A section each, where together they would be more than one holds.
    shown = [words] if len(words) <= limits.TEXT else lines
    button = kit.button("Take part again", Action.TAKE_PART_AGAIN, value=left.id)
    return Message.of(_said(words), *map(kit.section, shown), kit.actions(button))


def former_message(found: FormerMembers) -> Message:
    """Those who left or are about to, the latest first."""
    former = found.lines
    heading = f"*{plural(len(former), 'former member')}*" if former else "Nobody has left."
    blocks: list[Block] = [kit.section(heading)]
    for one in former[:_FORMER]:
        day = full_day(one.last_day, found.today)
        words = f"{bold(one.name)} · {own(one.organization)}\nLast day: {day}"
        blocks.append(kit.line(words, "Open", Action.OPEN_MEMBER, value=one.id, label=f"Open {one.name}"))
    if len(former) > _FORMER:
        blocks.append(kit.context(f"1–{_FORMER} of {len(former)}, the latest first"))
    names = listed(tuple(one.name for one in former[:_FORMER]))
    return Message.of(f"{unmark(heading)}: {names}" if former else heading, *blocks)


def takes_part_message(name: str) -> Message:
    words = f"{bold(name)} takes part again. Seats are as before; other roles and what to look after are given anew."
    return Message.of(unmark(words), kit.section(words))


def erased_message(erased: Erased) -> Message:
    words = f"Erased: {erased.words}"
    return Message.of(f"{words} {NOT_REACHED}", kit.section(escape(words)), kit.context(NOT_REACHED))


def handed_over_item(news: HandedOver, reader: Clock) -> tuple[Iterable[Block], str]:
    """What somebody takes over from another who leaves."""
    until = f"takes part until {near_day(news.last_day, reader.today)}" if news.last_day else "hands over to you"
    first = f"{bold(news.name)} ({own(news.organization)}) {until}."
    parts = [
        ("You own", news.priorities),
        ("You chair", news.chairs),
        ("You look after", news.figures),
        ("Open work", news.work),
        ("You stand in for", news.principals),
    ]
    lines = [f"*{label}:* {_names(things)}." for label, things in parts if things]
    words = "\n".join([f"{first} With you from now on:" if lines else first, *lines])
    return (kit.section(words),), _said(words)


def _said(words: str) -> str:
    return unmark(words).replace("\n", " ")


def _until(name: str, left: Left) -> str:
    day = near_day(left.last_day, left.today)
    return f"{name} takes part until {day}." if left.last_day >= left.today else f"{name} took part until {day}."


def _quorum(name: str, quorum: int | None, left: Left) -> str:
    when = "then" if left.last_day >= left.today else "now"
    now = f"is {quorum} {when}" if quorum is not None else f"is gone {when}"
    return f"The quorum of {bold(name)} {now}: its members come from fewer organizations."


def _names(names: Iterable[str]) -> str:
    found = [own(cut(one, LONGEST)) for one in names]
    more = f" and {len(found) - _NAMED} more" if len(found) > _NAMED else ""
    return "; ".join(found[:_NAMED]) + more
